/** What goes on for every cluster that runs, whether a page is open or not. */
import type { ClusterRegistry } from '../clusters/cluster-registry.ts'
import type { GroupThread } from '../groups/thread/group-thread.ts'
import type { ClusterRates } from '../rates/cluster-rates.ts'

export interface BackgroundOptions {
  readonly clusters: ClusterRegistry
  readonly groups: GroupThread
  readonly rates: ClusterRates
}

/** Begins for those that are registered; returns what ends it. */
export function runBackground({ clusters, groups, rates }: BackgroundOptions): () => void {
  const begin = () => {
    for (const { id, kind, state } of clusters.list()) {
      if (state !== 'running') continue
      rates.samplerOf(clusters.get(id))
      groups.know({ cluster: id, hasJournal: kind === 'local', ...clusters.connectionOf(id) })
    }
  }
  const ends = [
    clusters.onChange(begin),
    clusters.onUnregister(id => {
      groups.forget(id)
      rates.forget(id)
    }),
    groups.onConsumed(({ cluster, atMs, topics, counts }) => {
      const pairs = topics.map((topic, index) => [topic, counts[index]!] as const)
      rates.consumed(cluster, { atMs, counts: new Map(pairs) })
    }),
  ]
  begin()
  return () => {
    for (const end of ends) end()
    rates.close()
  }
}
