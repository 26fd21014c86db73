/**
 * The application's service: every command and stream of the contract, over the registered
 * clusters, put together from one file per area. Desktop and browser mode hand it their ports; it
 * knows neither.
 */
import type { GroupJournalEvent } from '../../engine/group/group-events.ts'
import type { ClusterRegistry } from '../clusters/cluster-registry.ts'
import { applicationApi, type ApplicationApi, type ApplicationHandlers } from '../contract/api.ts'
import type { FramePort, Problem } from '../contract/define.ts'
import { EventHub } from '../contract/event-hub.ts'
import type { ApplicationInfo, ControlAddress } from '../contract/model/application.ts'
import { serve } from '../contract/serve.ts'
import type { ExportTarget } from '../export/export-target.ts'
import { GroupThread } from '../groups/thread/group-thread.ts'
import { Jobs } from '../jobs/jobs.ts'
import type { Wait } from '../lookups/watch.ts'
import { ProduceThread } from '../produce/thread/produce-thread.ts'
import { ClusterRates } from '../rates/cluster-rates.ts'
import { InspectWorkers } from '../workers/inspect-workers.ts'
import { runBackground } from './background.ts'
import { applicationHandlers, type SampleControl } from './application-handlers.ts'
import { clusterHandlers } from './cluster-handlers.ts'
import { configurationHandlers } from './configuration-handlers.ts'
import { decodeHandlers } from './decode-handlers.ts'
import { exportHandlers } from './export-handlers.ts'
import { groupHandlers } from './group-handlers.ts'
import type { ServiceContext } from './handlers.ts'
import { jobHandlers } from './job-handlers.ts'
import { offsetHandlers } from './offset-handlers.ts'
import { preferenceHandlers } from './preference-handlers.ts'
import { produceHandlers } from './produce-handlers.ts'
import { recordHandlers } from './record-handlers.ts'
import { replicationHandlers } from './replication-handlers.ts'
import { searchHandlers } from './search-handlers.ts'
import { statisticsHandlers } from './statistics-handlers.ts'
import { topicHandlers } from './topic-handlers.ts'
import { storageHandlers } from './storage-handlers.ts'
import { wireHandlers } from './wire-handlers.ts'

export interface ApplicationServerOptions {
  readonly clusters: ClusterRegistry
  readonly sample: SampleControl
  readonly info: () => Promise<ApplicationInfo>
  /** Where the command line and a shell reach the application; null where nothing listens. */
  readonly control?: ControlAddress
  readonly nowMs: () => number
  readonly wait: Wait
  /** The folder that keeps groups' offsets before a change; without one they cannot be changed. */
  readonly offsetSnapshots?: string
  /** The folder for what users keep under names; without one it is forgotten at the end. */
  readonly preferences?: string
  /** Where the past of groups is kept; in memory where none is given. */
  readonly historyPath?: string
  /** Whether a browser can come for downloads; see `download`. */
  readonly downloads?: boolean
  /** Told of mistakes of ours, for the log. */
  readonly onMistake?: (problem: Problem) => void
}

export interface ApplicationServer {
  readonly handlers: ApplicationHandlers
  readonly events: EventHub<ApplicationApi>
  /** The threads that read records; also for those who are no page. */
  readonly workers: InspectWorkers
  /** Serves one page until its port closes; returns what closes it. */
  serveFrames(port: FramePort): () => void
  /** Takes what a coordinator of a local cluster tells of its groups. */
  groupJournal(cluster: string, event: GroupJournalEvent): void
  /** Tells pages that a node of a local cluster is in another state. */
  nodesChanged(cluster: string): void
  /** Answers a browser with an export; false where no such one waits for it. */
  readonly download: (exportId: string, open: (fileName: string) => ExportTarget) => boolean
  /** Closes every port and ends the inspect workers; clusters stay as they are. */
  close(): Promise<void>
}

export function createApplicationServer(options: ApplicationServerOptions): ApplicationServer {
  const { clusters, sample, nowMs, wait } = options
  const events = new EventHub<ApplicationApi>()
  const unlisten = [
    clusters.onChange(() => events.emit('clusters.changed', clusters.list())),
    sample.onChange(status => events.emit('sample.changed', status)),
  ]
  const jobs = new Jobs(nowMs)
  const workers = new InspectWorkers({
    connectionOf: cluster => clusters.connectionOf(cluster),
    onEnded: problem => options.onMistake?.(problem),
  })
  unlisten.push(clusters.onUnregister(cluster => workers.forget(cluster)))
  const context: ServiceContext = { clusters, events, jobs, workers, nowMs, wait }
  const application = applicationHandlers(sample, options.info, options.control ?? null)
  const groups = new GroupThread({
    historyPath: options.historyPath ?? null,
    nowMs,
    onEnded: problem => options.onMistake?.(problem),
  })
  const rates = new ClusterRates({ clusters, nowMs, wait })
  unlisten.push(runBackground({ clusters, groups, rates }))
  const cluster = clusterHandlers(context, rates)
  const topic = topicHandlers(context)
  const configuration = configurationHandlers(context)
  const record = recordHandlers(context)
  const search = searchHandlers(context)
  const { searches } = search
  const statistics = statisticsHandlers(context)
  const exported = exportHandlers(context, { searches, downloads: options.downloads ?? false })
  const decoding = decodeHandlers(context)
  const producing = new ProduceThread({
    connectionOf: cluster => clusters.connectionOf(cluster),
    onEnded: problem => options.onMistake?.(problem),
  })
  const produce = produceHandlers(context, producing)
  const preference = preferenceHandlers(options.preferences ?? null)
  const group = groupHandlers(groups)
  const offset = offsetHandlers(context, options.offsetSnapshots ?? null)
  const job = jobHandlers(jobs, wait)
  const wire = wireHandlers(context)
  const storage = storageHandlers(context)
  const replication = replicationHandlers(context)
  const handlers: ApplicationHandlers = {
    commands: {
      ...application.commands,
      ...cluster.commands,
      ...topic.commands,
      ...configuration.commands,
      ...record.commands,
      ...search.commands,
      ...exported.commands,
      ...statistics.commands,
      ...produce.commands,
      ...preference.commands,
      ...decoding.commands,
      ...group.commands,
      ...offset.commands,
      ...job.commands,
      ...wire.commands,
      ...storage.commands,
      ...replication.commands,
    },
    streams: {
      ...cluster.streams,
      ...topic.streams,
      ...record.streams,
      ...search.streams,
      ...exported.streams,
      ...statistics.streams,
      ...produce.streams,
      ...preference.streams,
      ...group.streams,
      ...offset.streams,
      ...job.streams,
      ...wire.streams,
    },
  }
  const open = new Set<() => void>()
  return {
    handlers,
    events,
    workers,
    serveFrames(port) {
      const onMistake = (problem: Problem) => options.onMistake?.(problem)
      const close = serve({ contract: applicationApi, handlers, events, port, onMistake })
      open.add(close)
      port.onClose(() => open.delete(close))
      return close
    },
    groupJournal: (id, event) => groups.journal(id, event),
    nodesChanged: id => events.emit('nodes.changed', { cluster: id }),
    download: (exportId, open) => exported.exporting.download(exportId, open),
    async close() {
      for (const stop of unlisten) stop()
      jobs.close()
      for (const close of open) close()
      await Promise.all([workers.close(), groups.close(), producing.close()])
    },
  }
}
