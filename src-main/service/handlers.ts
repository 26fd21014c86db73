/** What every area's handlers are made from, and the shape that they give. */
import type { ClusterRegistry } from '../clusters/cluster-registry.ts'
import type { ApplicationApi, ApplicationHandlers } from '../contract/api.ts'
import type { EventHub } from '../contract/event-hub.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Wait } from '../lookups/watch.ts'
import type { InspectWorkers } from '../workers/inspect-workers.ts'

export interface ServiceContext {
  readonly clusters: ClusterRegistry
  readonly events: EventHub<ApplicationApi>
  readonly jobs: Jobs
  readonly workers: InspectWorkers
  readonly nowMs: () => number
  readonly wait: Wait
}

export type Commands = Partial<ApplicationHandlers['commands']>
export type Streams = Partial<ApplicationHandlers['streams']>
