/**
 * Takes a cluster's offsets once a second for as long as someone watches its rates, and keeps two
 * minutes of them, so that a page that is opened again has its chart at once.
 */
import type { Client } from '../../engine/client/client.ts'
import type { RatesSample, RatesUpdate } from '../contract/model/rates.ts'
import type { ClusterTraffic } from '../clusters/cluster-traffic.ts'
import { readCatalogue, type Catalogue } from '../lookups/catalogue.ts'
import type { TopicLeaders } from '../lookups/cluster-topics.ts'
import { committedOffsets } from '../groups/group-offsets.ts'
import { listGroups } from '../groups/groups.ts'
import { LATEST, listOffsets } from '../lookups/list-offsets.ts'
import { ratesBetween, type OffsetsSnapshot } from './rates.ts'
import type { Wait } from '../lookups/watch.ts'

export const SAMPLE_INTERVAL_MS = 1_000
/** Rates are over this window: consumers commit every five seconds unless told otherwise. */
const WINDOW_MS = 5_000
const HISTORY_MS = 120_000
/** Topics and groups are looked for anew this often. */
const SURVEY_MS = 5_000
/** A survey that takes long is made less often: at most a twentieth of the time. */
const SURVEY_SHARE = 20
/** A larger cluster is asked every five seconds instead of every one. */
const PARTITIONS_PER_SECOND_MAX = 5_000
const GROUPS_PER_SECOND_MAX = 50
const SLOW_INTERVAL_MS = 5_000

interface Survey {
  readonly validUntilMs: number
  readonly catalogue: Catalogue
  readonly internalTopics: ReadonlySet<string>
  /** Those whose offsets are asked for: none where the brokers count for themselves. */
  readonly topics: readonly TopicLeaders[]
  readonly partitionCount: number
  readonly groupIds: readonly string[]
}

export interface RateSamplerOptions {
  readonly client: Client
  readonly traffic: ClusterTraffic | null
  readonly nowMs: () => number
  readonly wait: Wait
}

export class RateSampler {
  readonly #client: Client
  readonly #traffic: ClusterTraffic | null
  readonly #nowMs: () => number
  readonly #wait: Wait
  readonly #listeners = new Set<(sample: RatesSample) => void>()
  #snapshots: OffsetsSnapshot[] = []
  #samples: RatesSample[] = []
  #survey: Survey | null = null
  #running: AbortController | null = null

  constructor({ client, traffic, nowMs, wait }: RateSamplerOptions) {
    this.#client = client
    this.#traffic = traffic
    this.#nowMs = nowMs
    this.#wait = wait
  }

  get source(): RatesUpdate['source'] {
    return this.#traffic === null ? 'offsets' : 'counters'
  }

  /** The last two minutes, as far as they were watched. */
  get history(): readonly RatesSample[] {
    return this.#samples
  }

  /** Topics that a sample names even when nothing happens in them. */
  readonly topics = new Map<string, number>()

  watch(listener: (sample: RatesSample) => void): () => void {
    this.#listeners.add(listener)
    if (this.#running === null) {
      this.#running = new AbortController()
      void this.#run(this.#running.signal)
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#running?.abort()
      this.#running = null
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    // After a pause the old offsets would make one long, flat window.
    this.#snapshots = []
    while (!signal.aborted) {
      const startedMs = this.#nowMs()
      try {
        const snapshot = await this.#takeSnapshot()
        if (!signal.aborted) this.#add(snapshot)
      } catch {
        // The cluster is away: there is no sample for this second, and the chart has a hole.
        this.#survey = null
      }
      const slow =
        (this.#survey?.partitionCount ?? 0) > PARTITIONS_PER_SECOND_MAX ||
        (this.#survey?.groupIds.length ?? 0) > GROUPS_PER_SECOND_MAX
      const intervalMs = slow ? SLOW_INTERVAL_MS : SAMPLE_INTERVAL_MS
      await this.#wait(Math.max(intervalMs - (this.#nowMs() - startedMs), 50), signal)
    }
  }

  #add(snapshot: OffsetsSnapshot): void {
    const { atMs } = snapshot
    this.#snapshots.push(snapshot)
    // The newest one that is a whole window old stays: rates are measured against it.
    while (this.#snapshots.length > 2 && this.#snapshots[1]!.atMs <= atMs - WINDOW_MS)
      this.#snapshots.shift()
    const [first] = this.#snapshots
    if (first === undefined || first === snapshot) return
    const sample = ratesBetween(first, snapshot, new Set(this.topics.keys()))
    const oldestMs = BigInt(atMs - HISTORY_MS)
    this.#samples = [...this.#samples.filter(each => each.atMs >= oldestMs), sample]
    for (const listener of this.#listeners) listener(sample)
  }

  async #takeSnapshot(): Promise<OffsetsSnapshot> {
    const survey = await this.#surveyed()
    const [table, committed] = await Promise.all([
      listOffsets(this.#client, survey.topics, LATEST),
      Promise.all(survey.groupIds.map(groupId => this.#committed(groupId))),
    ])
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
      committed: new Map(committed),
      traffic: this.#traffic?.totals() ?? null,
    }
  }

  async #committed(
    groupId: string,
  ): Promise<readonly [string, ReadonlyMap<string, ReadonlyMap<number, bigint>>]> {
    const topics = new Map<string, Map<number, bigint>>()
    // A group whose coordinator is moving has no progress for a moment.
    const offsets = await committedOffsets(this.#client, groupId).catch(() => [])
    for (const { topic, partition, offset } of offsets) {
      const known = topics.get(topic) ?? new Map<number, bigint>()
      topics.set(topic, known.set(partition, offset))
    }
    return [groupId, topics]
  }

  async #surveyed(): Promise<Survey> {
    const nowMs = this.#nowMs()
    if (this.#survey !== null && nowMs < this.#survey.validUntilMs) return this.#survey
    const [catalogue, groups] = await Promise.all([
      readCatalogue(this.#client),
      listGroups(this.#client),
    ])
    const known = this.#survey?.catalogue === catalogue ? this.#survey : null
    const topics = known?.topics ?? (this.#traffic === null ? usersTopics(catalogue) : [])
    this.#survey = {
      validUntilMs: nowMs + Math.max(SURVEY_MS, (this.#nowMs() - nowMs) * SURVEY_SHARE),
      catalogue,
      internalTopics: known?.internalTopics ?? internalTopics(catalogue),
      topics,
      partitionCount: topics.reduce((total, { leaders }) => total + leaders.size, 0),
      groupIds: groups.map(({ groupId }) => groupId),
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
