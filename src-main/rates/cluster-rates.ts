/** The rates of every cluster, taken from when it is registered until it is not. */
import type { ClusterRegistry, RegisteredCluster } from '../clusters/cluster-registry.ts'
import type { Wait } from '../lookups/watch.ts'
import { ConsumedCounts } from './consumed.ts'
import { RateSampler, RATES_WINDOW_MS } from './rate-sampler.ts'
import type { ConsumedSnapshot } from './rates.ts'

export interface ClusterRatesOptions {
  readonly clusters: ClusterRegistry
  readonly nowMs: () => number
  readonly wait: Wait
}

interface Taken {
  readonly cluster: RegisteredCluster
  readonly sampler: RateSampler
  readonly consumed: ConsumedCounts
}

export class ClusterRates {
  readonly #options: ClusterRatesOptions
  readonly #taken = new Map<string, Taken>()

  constructor(options: ClusterRatesOptions) {
    this.#options = options
  }

  /** Begins to take the rates of a cluster where nobody has. */
  samplerOf(cluster: RegisteredCluster): RateSampler {
    const known = this.#taken.get(cluster.id)
    if (known?.cluster.client === cluster.client) return known.sampler
    known?.sampler.close()
    const { nowMs, wait } = this.#options
    const consumed = new ConsumedCounts(RATES_WINDOW_MS)
    const { client, traffic } = cluster
    const sampler = new RateSampler({ client, traffic: traffic ?? null, consumed, nowMs, wait })
    this.#taken.set(cluster.id, { cluster, sampler, consumed })
    return sampler
  }

  /** Tells how far the groups of a cluster have come. */
  consumed(cluster: string, snapshot: ConsumedSnapshot): void {
    this.#taken.get(cluster)?.consumed.add(snapshot)
  }

  forget(cluster: string): void {
    this.#taken.get(cluster)?.sampler.close()
    this.#taken.delete(cluster)
  }

  close(): void {
    for (const cluster of this.#taken.keys()) this.forget(cluster)
  }
}
