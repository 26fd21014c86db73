/** Clusters, their brokers, and what moves in them. */
import { array, object } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { BrokerDescription, ClusterOverview, ClusterSummary } from '../model/cluster.ts'
import type { RatesUpdate } from '../model/rates.ts'
import { cluster, topic, brokerId, intervalMs } from './names.ts'

export const clusterApi = {
  commands: {
    'cluster.list': { input: object({}), output: returns<readonly ClusterSummary[]>() },
    'cluster.overview': { input: object({ cluster }), output: returns<ClusterOverview>() },
    'broker.describe': {
      input: object({ cluster, brokerId }),
      output: returns<BrokerDescription>(),
    },
  },
  streams: {
    /** The last two minutes where known, then a sample each interval (1 s when not given). */
    'rates.watch': {
      input: object({ cluster, topics: array(topic, { maxLength: 500 }), intervalMs }),
      item: returns<RatesUpdate>(),
    },
    'cluster.watch': {
      input: object({ cluster, intervalMs }),
      item: returns<ClusterOverview>(),
    },
  },
  events: {
    'clusters.changed': returns<readonly ClusterSummary[]>(),
  },
} as const satisfies Contract
