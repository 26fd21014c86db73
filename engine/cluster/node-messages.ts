/** What the supervisor and its worker threads say to each other. Types only. */
import type { GroupJournalEvent } from '../group/group-events.ts'
import type { Address } from '../ports/network.ts'
import type { TopicTraffic } from '../broker/traffic.ts'

export interface ControllerWorkerData {
  readonly nodeId: number
  readonly clusterId: string
  readonly folderPath: string
  readonly address: Address
  readonly staticConfigs: ReadonlyMap<string, string>
}

export interface BrokerWorkerData {
  readonly brokerId: number
  readonly clusterId: string
  readonly folderPath: string
  readonly address: Address
  readonly advertisedHost: string
  readonly rack: string | null
  readonly ephemeral: boolean
  readonly staticConfigs: ReadonlyMap<string, string>
}

export type ToWorker =
  /** Brokers wait for it: the controller's port is known only when it listens. */
  { readonly type: 'controller-listens'; readonly address: Address } | { readonly type: 'stop' }

/** Totals since the broker started. */
export interface TrafficReport {
  readonly atMs: number
  readonly byTopic: ReadonlyMap<string, Readonly<TopicTraffic>>
  readonly connectionCount: number
}

export type FromWorker =
  | { readonly type: 'listens'; readonly address: Address }
  | { readonly type: 'traffic'; readonly report: TrafficReport }
  | { readonly type: 'group-journal'; readonly event: GroupJournalEvent }
  | {
      readonly type: 'log'
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
    }
  /** It could not start or go on, for a reason outside of the program. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'stopped' }
