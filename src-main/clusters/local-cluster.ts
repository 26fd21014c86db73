/** What only a cluster inside this process can tell: an addition, offered where it exists. */
import type { Cluster, ClusterEvent } from '../../engine/cluster/cluster.ts'
import { ContractError } from '../contract/define.ts'
import { localNodesOf, type LocalNodes } from './local-nodes.ts'
import type { RegisteredCluster } from './cluster-registry.ts'

export type WireEvent = Extract<ClusterEvent, { readonly type: 'wire' }>

export interface LocalCluster {
  readonly nodes: LocalNodes
  readonly ask: Cluster['ask']
  readonly tapWire: Cluster['tapWire']
  onWire(listener: (event: WireEvent) => void): () => void
}

/** The cluster as pages may ask it; whoever started it passes its events on. */
export function localClusterOf(cluster: Cluster): {
  readonly local: LocalCluster
  readonly onEvent: (event: ClusterEvent) => void
} {
  const listeners = new Set<(event: WireEvent) => void>()
  return {
    local: {
      nodes: localNodesOf(cluster),
      ask: (brokerId, question) => cluster.ask(brokerId, question),
      tapWire: open => cluster.tapWire(open),
      onWire(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    onEvent(event) {
      if (event.type === 'wire') for (const listener of listeners) listener(event)
    },
  }
}

/** Throws a `ContractError` UNSUPPORTED for a cluster that runs elsewhere. */
export function localOf({ local, name }: RegisteredCluster): LocalCluster {
  if (local !== undefined) return local
  throw new ContractError({
    code: 'UNSUPPORTED',
    message: `${name} is a remote cluster, whose brokers tell this to nobody`,
    remedy: 'Wire log, connections and storage are there for clusters that run inside Odradek.',
  })
}
