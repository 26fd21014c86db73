/** Clusters, their brokers, and what moves in them. */
import {
  clusterOverview,
  describeBroker,
  type OverviewOptions,
} from '../brokers/cluster-overview.ts'
import { LogDirsWatch } from '../brokers/log-dirs-watch.ts'
import type { RegisteredCluster } from '../clusters/cluster-registry.ts'
import { plainDigest, watch } from '../lookups/watch.ts'
import type { ClusterRates } from '../rates/cluster-rates.ts'
import { SAMPLE_INTERVAL_MS } from '../rates/rate-sampler.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

const OVERVIEW_INTERVAL_MS = 2_000

export function clusterHandlers({ clusters, nowMs, wait }: ServiceContext, rates: ClusterRates) {
  const samplerOf = (cluster: RegisteredCluster) => rates.samplerOf(cluster)
  const logDirs = new WeakMap<RegisteredCluster, LogDirsWatch>()
  const overview = (cluster: RegisteredCluster) => {
    const watched = logDirs.get(cluster) ?? new LogDirsWatch(cluster.client, nowMs)
    logDirs.set(cluster, watched)
    return overviewOf(cluster, { nowMs: nowMs(), logDirs: watched })
  }
  const commands = {
    'cluster.list': async () => clusters.list(),
    'cluster.overview': async ({ cluster }) => overview(clusters.get(cluster)),
    'broker.describe': async ({ cluster, brokerId }) =>
      describeBroker(clusters.get(cluster).client, brokerId),
  } satisfies Commands
  const streams = {
    'cluster.watch': async ({ cluster, intervalMs = OVERVIEW_INTERVAL_MS }, sink) => {
      const registered = clusters.get(cluster)
      const read = () => overview(registered)
      await watch({ sink, intervalMs, nowMs, wait, read, digest: plainDigest })
    },
    'rates.watch': async ({ cluster, topics, intervalMs = SAMPLE_INTERVAL_MS }, sink) => {
      const sampler = samplerOf(clusters.get(cluster))
      for (const topic of topics) sampler.topics.set(topic, (sampler.topics.get(topic) ?? 0) + 1)
      sink.emit({ source: sampler.source, samples: sampler.history })
      let sentAtMs = -Infinity
      const stop = sampler.watch(sample => {
        // A sample comes a little early or late; one that is nearly due is not left out.
        if (nowMs() - sentAtMs < intervalMs * 0.9 || sink.congested) return
        sentAtMs = nowMs()
        sink.emit({ source: sampler.source, samples: [sample] })
      })
      await new Promise(resolve => sink.signal.addEventListener('abort', resolve))
      stop()
      for (const topic of topics) forget(sampler.topics, topic)
    },
  } satisfies Streams
  return { commands, streams }
}

function overviewOf(cluster: RegisteredCluster, options: OverviewOptions) {
  const { client, local } = cluster
  return clusterOverview(client, local === undefined ? options : { ...options, nodes: local.nodes })
}

function forget(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1
  if (left > 0) counts.set(key, left)
  else counts.delete(key)
}
