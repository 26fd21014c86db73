/** What the control address says. Types only; the command line and the server share them. */
import type { NodeState } from '../../engine/cluster/worker-node.ts'

export const nodeActions = ['kill', 'stop', 'pause', 'resume', 'start'] as const
export type NodeAction = (typeof nodeActions)[number]

/** An answer to `power-cut`: what was taken of each node that lost its power. */
export type { NodePowerCut } from '../../engine/cluster/cluster.ts'

/** The nodes as their supervisor knows them; what the cluster says of itself is asked of it. */
export interface ControlStatus {
  readonly clusterId: string
  /** `host:port` of every broker, comma-separated, whether it runs or not. */
  readonly bootstrap: string
  readonly dataFolder: string
  readonly brokers: readonly BrokerStatus[]
  readonly controllers: readonly NodeStatus[]
}

export interface NodeStatus {
  readonly id: number
  readonly state: NodeState
  /** Why it failed, in words; null while it did not. */
  readonly failure: string | null
  /** `host:port`. */
  readonly address: string
}

export interface BrokerStatus extends NodeStatus {
  /** Of its present life; null while it does not run. */
  readonly brokerEpoch: bigint | null
}
