/** The nodes of a cluster that runs here: their states, and what can be done to them. */
import type { NodeAct, NodeKind, NodeState } from '../contract/model/replication.ts'

export interface LocalNode {
  readonly id: number
  readonly kind: NodeKind
  readonly state: Extract<
    NodeState,
    'starting' | 'running' | 'paused' | 'stopping' | 'stopped' | 'failed'
  >
  /** Why it failed. */
  readonly reason: string | null
  readonly brokerEpoch: bigint | null
}

export interface LocalNodes {
  list(): Promise<readonly LocalNode[]>
  /** Resolves when the node is where the act brings it. Rejects with an `OperationalError`. */
  act(kind: 'broker' | 'controller', id: number, act: NodeAct): Promise<void>
}

/** The likely one first: what a button of one click would do. */
export function actsOf({ state }: Pick<LocalNode, 'state'>): readonly NodeAct[] {
  switch (state) {
    case 'running':
      return ['stop', 'kill', 'pause']
    case 'paused':
      return ['resume', 'kill']
    case 'starting':
      return ['kill']
    case 'stopping':
      return ['kill']
    case 'stopped':
    case 'failed':
      return ['start']
  }
}
