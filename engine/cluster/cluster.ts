/** A running cluster as its owner sees it. Types only. */
import type { GroupJournalEvent } from '../group/group-events.ts'
import type { Address } from '../ports/network.ts'
import type { TappedRequest } from '../server/wire-tap.ts'
import type { BrokerAnswers, BrokerQuestion, NodeRole, TrafficReport } from './node-messages.ts'
import type { NodeState } from './worker-node.ts'

export type ClusterEvent =
  | { readonly type: 'broker-state-changed'; readonly brokerId: number; readonly state: NodeState }
  | {
      readonly type: 'controller-state-changed'
      readonly nodeId: number
      readonly state: NodeState
    }
  | { readonly type: 'traffic'; readonly brokerId: number; readonly report: TrafficReport }
  | {
      readonly type: 'group-journal'
      readonly brokerId: number
      readonly event: GroupJournalEvent
    }
  | {
      readonly type: 'wire'
      readonly brokerId: number
      readonly requests: readonly TappedRequest[]
      readonly lost: number
    }
  | {
      readonly type: 'log'
      readonly node: string
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
    }

export interface ClusterBroker {
  readonly brokerId: number
  readonly address: Address
  readonly folder: string
  readonly state: NodeState
  /** Why it failed, in words; null while it did not. */
  readonly failure: string | null
}

export interface ClusterController {
  readonly nodeId: number
  readonly address: Address
  readonly folder: string
  readonly state: NodeState
  readonly failure: string | null
}

/**
 * What one may do to a node. Each settles when it is done, and rejects with an `OperationalError`
 * where the node's state does not allow it or the node does not get there.
 */
export interface NodeControl {
  /** Ends it without a farewell, as a crash does. It stays down. */
  kill(): Promise<void>
  /** A clean stop: it leaves the cluster and closes its logs. It stays down. */
  stop(): Promise<void>
  /**
   * Ends it as `kill` does, and with it what was written to its folder and not flushed: what the
   * system still held when the power went. Also of a node that is down already. It stays down.
   */
  powerCut(options?: PowerCutOptions): Promise<NodePowerCut>
  /** As SIGSTOP: it stands still, its sockets stay open, nothing is answered. */
  pause(): Promise<void>
  /** After `pause`: it goes on where it stood. */
  resume(): Promise<void>
  /** A new life on the same folder and the same port. */
  start(): Promise<void>
}

export interface PowerCutOptions {
  /**
   * Leaves a part of what was not flushed, as real disks may: the same seed leaves the same parts.
   * Nothing is left when not given.
   */
  readonly tornTailSeed?: number
}

/** What a power cut took of a node. */
export interface NodePowerCut {
  /** As `broker 2`, `controller 3000`; `node 1` for one that is both. */
  readonly node: string
  readonly id: number
  readonly roles: readonly NodeRole[]
  readonly droppedBytes: number
  readonly droppedFileCount: number
  /** Of the files that lost something, the hundred that lost most. */
  readonly files: readonly DroppedFile[]
}

export interface DroppedFile {
  /** Below the cluster's folder, as `broker-1/orders-0/00000000000000000000.log`. */
  readonly path: string
  readonly keptBytes: number
  readonly droppedBytes: number
}

export interface Cluster {
  readonly clusterId: string
  /** `host:port` of every broker, joined by commas: what clients call bootstrap servers. */
  readonly bootstrap: string
  readonly brokers: readonly ClusterBroker[]
  /** Nodes of their own, or the same threads as brokers of their ids: what Metadata calls the controller is any broker, as in KRaft. */
  readonly controllers: readonly ClusterController[]
  readonly dataDir: string
  /** Throws an `OperationalError` for an id that no broker has. */
  broker(brokerId: number): NodeControl
  /** Throws an `OperationalError` for an id that no controller has. */
  controller(nodeId: number): NodeControl
  /**
   * A further controller, on a folder of its own: it has a vote when this resolves with its id, and
   * is there again at the next start. Rejects with an `OperationalError` where the cluster's
   * controllers share its brokers' threads, and where the quorum does not take it.
   */
  addController(): Promise<number>
  /**
   * Takes a controller's vote, then ends it, and removes its folder; one that is down may go too.
   * Rejects with an `OperationalError` for the last one, and where the quorum keeps its vote.
   */
  removeController(nodeId: number): Promise<void>
  /** Has `wire` events sent for every request of every broker, until it is told otherwise. */
  tapWire(open: boolean): void
  /** Rejects with an `OperationalError` when that broker does not run, ends or is paused meanwhile. */
  ask<Q extends BrokerQuestion>(brokerId: number, question: Q): Promise<BrokerAnswers[Q['type']]>
  /** Stops all nodes cleanly. No socket, thread or file handle of the cluster is left. */
  stop(): Promise<void>
  /**
   * Cuts the power of all nodes at once, and starts those again that ran: see
   * `NodeControl.powerCut`. Resolves when they listen.
   */
  powerCut(options?: PowerCutOptions): Promise<readonly NodePowerCut[]>
  /** Ends all nodes without a farewell, as the end of the process does; nothing written is lost. */
  kill(): Promise<void>
}
