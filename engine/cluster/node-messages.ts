/** What the supervisor and its worker threads say to each other. Types, and a number or two. */
import type { GroupJournalEvent } from '../group/group-events.ts'
import type { LogDescription } from '../log/describe-log.ts'
import type { Address } from '../ports/network.ts'
import type { LogSummary, ReplicaReport } from '../broker/inspection.ts'
import type { TopicTraffic } from '../broker/traffic.ts'
import type { TappedFrames, TappedRequest } from '../server/wire-tap.ts'
import type { EndCell } from '../support/thread-end.ts'

/** What a thread is started with. */
export interface NodeWorkerData<Node> {
  readonly node: Node
  /** Holds `PAUSED` while the thread is to stand still; the supervisor wakes it. */
  readonly pauseCell: Int32Array<SharedArrayBuffer>
  readonly endCell: EndCell
  /** Where the thread notes what it has not flushed: see runtime/unflushed-files.ts. */
  readonly unflushed: { readonly memory: SharedArrayBuffer; readonly root: string }
}

/** What a thread's pause cell says. */
export const GOING = 0
export const PAUSED = 1

export interface ControllerWorkerData {
  readonly nodeId: number
  readonly clusterId: string
  readonly folderPath: string
  readonly address: Address
  readonly staticConfigs: ReadonlyMap<string, string>
  /** Ids of the voters that a new metadata log is made with; an existing log's voters win. */
  readonly voters: readonly number[]
  /** The whole cluster starts: no broker that the log knows can still be running. */
  readonly brokersAreDown: boolean
  readonly ephemeral: boolean
}

export interface BrokerWorkerData {
  readonly brokerId: number
  readonly clusterId: string
  readonly folderPath: string
  readonly address: Address
  readonly advertisedHost: string
  readonly rack: string | null
  /** Of two in one thread. */
  readonly isCombined: boolean
  readonly ephemeral: boolean
  readonly staticConfigs: ReadonlyMap<string, string>
}

/** A broker and a controller in one thread, of one id: they stop, pause and die together. */
export interface CombinedWorkerData {
  readonly controller: ControllerWorkerData
  readonly broker: BrokerWorkerData
}

export type NodeRole = 'broker' | 'controller'

export type ToWorker =
  /**
   * Where each controller listens, by its id. Nodes wait for it, since ports are known only when
   * all are bound; it comes again when a controller was started again.
   */
  | { readonly type: 'controllers-listen'; readonly addresses: ReadonlyMap<number, Address> }
  | { readonly type: 'stop' }
  /** To a combined node, before `stop`: its broker leaves while there still is a quorum. */
  | { readonly type: 'leave' }
  /** Stands still until the supervisor changes the pause cell. */
  | { readonly type: 'pause' }
  /** Whether somebody looks at the broker's requests. */
  | { readonly type: 'tap-wire'; readonly open: boolean }
  | { readonly type: 'ask'; readonly id: number; readonly question: BrokerQuestion }

/** What only the broker's own thread knows; each with the type of its answer. */
export interface BrokerAnswers {
  /** What the controller gave this life of the broker. */
  readonly registration: { readonly brokerEpoch: bigint }
  readonly connections: readonly ConnectionDescription[]
  /** Null where they are no longer kept. */
  readonly 'wire-frames': TappedFrames | null
  /** Null where the broker holds no replica of it. */
  readonly log: LogDescription | null
  readonly logs: readonly LogSummary[]
  readonly replicas: readonly ReplicaReport[]
}

export type BrokerQuestion =
  | { readonly type: 'registration' }
  | { readonly type: 'connections' }
  | { readonly type: 'wire-frames'; readonly sequence: number }
  | { readonly type: 'log'; readonly topic: string; readonly partition: number }
  /** Every log of the broker. */
  | { readonly type: 'logs' }
  /** The topic's replicas that this broker holds. */
  | {
      readonly type: 'replicas'
      readonly topic: string
      /** Of these partitions alone. */
      readonly partitions?: readonly number[]
    }

export interface ConnectionDescription {
  readonly id: number
  /** `host:port` of the other side. */
  readonly remote: string
  /** As its last request gave it. */
  readonly clientId: string | null
  /** From ApiVersions (KIP-511), as `librdkafka 2.16.0`. */
  readonly software: string | null
  readonly openedAtMs: number
  readonly requests: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Handed to the system and not taken by the other side yet. */
  readonly queuedBytes: number
}

/** Totals since the broker started. */
export interface TrafficReport {
  readonly atMs: number
  readonly byTopic: ReadonlyMap<string, Readonly<TopicTraffic>>
  readonly connectionCount: number
}

export type FromWorker =
  | { readonly type: 'listens'; readonly role: 'broker'; readonly address: Address }
  | {
      readonly type: 'listens'
      readonly role: 'controller'
      readonly address: Address
      /** Of its folder. */
      readonly directoryId: string
    }
  | { readonly type: 'traffic'; readonly report: TrafficReport }
  | { readonly type: 'group-journal'; readonly event: GroupJournalEvent }
  | {
      readonly type: 'wire'
      readonly requests: readonly TappedRequest[]
      /** Requests that came too fast to be told of. */
      readonly lost: number
    }
  | { readonly type: 'told'; readonly id: number; readonly answer: unknown }
  | {
      readonly type: 'log'
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
    }
  /** It could not start or go on, for a reason outside of the program. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  /** The answer to `leave`. */
  | { readonly type: 'left' }
  | { readonly type: 'stopped' }
