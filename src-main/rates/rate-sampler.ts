/**
 * Takes a cluster's offsets, and keeps two minutes of what moved, so that every page has its chart
 * at once. While nobody watches it does so less often. What groups consume it is told: their
 * offsets are looked at by their own thread.
 */
import type { Client } from '../../engine/client/client.ts'
import type { ClusterTraffic } from '../clusters/cluster-traffic.ts'
import type { RatesSample, RatesUpdate } from '../contract/model/rates.ts'
import { readCatalogue, type Catalogue } from '../lookups/catalogue.ts'
import type { TopicLeaders } from '../lookups/cluster-topics.ts'
import { LATEST, listOffsets } from '../lookups/list-offsets.ts'
import type { Wait } from '../lookups/watch.ts'
import type { ConsumedCounts } from './consumed.ts'
import { ratesBetween, type OffsetsSnapshot } from './rates.ts'

export const SAMPLE_INTERVAL_MS = 1_000
/** While nobody watches. */
const UNWATCHED_INTERVAL_MS = 3_000
/** Rates are over this window: consumers commit every five seconds unless told otherwise. */
export const RATES_WINDOW_MS = 5_000
/** A little over the two minutes that a chart shows. */
const HISTORY_MS = 150_000
/** Topics are looked for anew this often. */
const SURVEY_MS = 5_000
/** A survey that takes long is made less often: at most a twentieth of the time. */
const SURVEY_SHARE = 20
/** A larger cluster is asked every five seconds instead of every one. */
const PARTITIONS_PER_SECOND_MAX = 5_000
const SLOW_INTERVAL_MS = 5_000

interface Survey {
  readonly validUntilMs: number
  readonly catalogue: Catalogue
  readonly internalTopics: ReadonlySet<string>
  /** Those whose offsets are asked for: none where the brokers count for themselves. */
  readonly topics: readonly TopicLeaders[]
  readonly partitionCount: number
}

export interface RateSamplerOptions {
  readonly client: Client
  readonly traffic: ClusterTraffic | null
  readonly consumed: ConsumedCounts
  readonly nowMs: () => number
  readonly wait: Wait
}

export class RateSampler {
  readonly #client: Client
  readonly #traffic: ClusterTraffic | null
  readonly #consumed: ConsumedCounts
  readonly #nowMs: () => number
  readonly #wait: Wait
  readonly #listeners = new Set<(sample: RatesSample) => void>()
  #snapshots: OffsetsSnapshot[] = []
  #samples: RatesSample[] = []
  #survey: Survey | null = null
  readonly #closing = new AbortController()
  /** Ends the pause between two samples: someone has begun to watch. */
  #hurry: AbortController | null = null

  constructor({ client, traffic, consumed, nowMs, wait }: RateSamplerOptions) {
    this.#client = client
    this.#traffic = traffic
    this.#consumed = consumed
    this.#nowMs = nowMs
    this.#wait = wait
    void this.#run(this.#closing.signal)
  }

  close(): void {
    this.#closing.abort()
    this.#hurry?.abort()
  }

  get source(): RatesUpdate['source'] {
    return this.#traffic === null ? 'offsets' : 'counters'
  }

  /** The last two minutes. */
  get history(): readonly RatesSample[] {
    return this.#samples
  }

  /** Topics that a sample names even when nothing happens in them. */
  readonly topics = new Map<string, number>()

  watch(listener: (sample: RatesSample) => void): () => void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#hurry?.abort()
    return () => this.#listeners.delete(listener)
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedMs = this.#nowMs()
      try {
        const snapshot = await this.#takeSnapshot()
        if (signal.aborted) return
        this.#add(snapshot)
      } catch {
        // The cluster is away: there is no sample for this second, and the chart has a hole.
        this.#survey = null
        this.#snapshots = []
      }
      this.#hurry = new AbortController()
      const pauseMs = Math.max(this.#intervalMs() - (this.#nowMs() - startedMs), 50)
      await this.#wait(pauseMs, this.#hurry.signal)
    }
  }

  #intervalMs(): number {
    if ((this.#survey?.partitionCount ?? 0) > PARTITIONS_PER_SECOND_MAX) return SLOW_INTERVAL_MS
    return this.#listeners.size > 0 ? SAMPLE_INTERVAL_MS : UNWATCHED_INTERVAL_MS
  }

  #add(snapshot: OffsetsSnapshot): void {
    const { atMs } = snapshot
    this.#snapshots.push(snapshot)
    // The newest one that is a whole window old stays: rates are measured against it.
    while (this.#snapshots.length > 2 && this.#snapshots[1]!.atMs <= atMs - RATES_WINDOW_MS)
      this.#snapshots.shift()
    const [first] = this.#snapshots
    if (first === undefined || first === snapshot) return
    const consumption = this.#consumed.window(atMs)
    const sample = ratesBetween(first, snapshot, consumption, new Set(this.topics.keys()))
    const oldestMs = BigInt(atMs - HISTORY_MS)
    this.#samples = [...this.#samples.filter(each => each.atMs >= oldestMs), sample]
    for (const listener of this.#listeners) listener(sample)
  }

  async #takeSnapshot(): Promise<OffsetsSnapshot> {
    const survey = await this.#surveyed()
    const table = await listOffsets(this.#client, survey.topics, LATEST)
    const ends = [...table].map(([topic, found]) => {
      const known = [...found].flatMap(([partition, answer]): [number, bigint][] =>
        answer.type === 'found' ? [[partition, answer.offset]] : [],
      )
      return [topic, new Map(known)] as const
    })
    return {
      atMs: this.#nowMs(),
      ends: new Map(ends),
      internalTopics: survey.internalTopics,
      traffic: this.#traffic?.totals() ?? null,
    }
  }

  async #surveyed(): Promise<Survey> {
    const nowMs = this.#nowMs()
    if (this.#survey !== null && nowMs < this.#survey.validUntilMs) return this.#survey
    const catalogue = await readCatalogue(this.#client)
    const known = this.#survey?.catalogue === catalogue ? this.#survey : null
    const topics = known?.topics ?? (this.#traffic === null ? usersTopics(catalogue) : [])
    this.#survey = {
      validUntilMs: nowMs + Math.max(SURVEY_MS, (this.#nowMs() - nowMs) * SURVEY_SHARE),
      catalogue,
      internalTopics: known?.internalTopics ?? internalTopics(catalogue),
      topics,
      partitionCount: topics.reduce((total, { leaders }) => total + leaders.size, 0),
    }
    return this.#survey
  }
}

function usersTopics({ topics }: Catalogue): TopicLeaders[] {
  const users = topics.filter(({ internal, errorCode }) => !internal && errorCode === 0)
  return users.map(({ name, leaders }) => ({ topic: name, leaders }))
}

function internalTopics({ topics }: Catalogue): ReadonlySet<string> {
  return new Set(topics.flatMap(({ name, internal }) => (internal ? name : [])))
}
