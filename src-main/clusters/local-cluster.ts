/** What only a cluster inside this process can tell: an addition, offered where it exists. */
import type { Cluster, ClusterEvent } from '../../engine/cluster/cluster.ts'

export type WireEvent = Extract<ClusterEvent, { readonly type: 'wire' }>

export interface LocalCluster {
  readonly ask: Cluster['ask']
  readonly tapWire: Cluster['tapWire']
  onWire(listener: (event: WireEvent) => void): () => void
}
