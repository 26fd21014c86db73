/**
 * How fast a cluster is written and read, from what every Kafka cluster tells: end offsets and
 * committed offsets now and a few seconds ago. Pure arithmetic; `rate-sampler.ts` asks.
 */
import type { RatesSample, TopicRates } from '../contract/model/rates.ts'
import type { TrafficTotals } from '../clusters/cluster-traffic.ts'

export interface OffsetsSnapshot {
  readonly atMs: number
  /** High watermarks of each topic's partitions; left empty where there are counters. */
  readonly ends: ReadonlyMap<string, ReadonlyMap<number, bigint>>
  /** Topics that are not looked at: the cluster's own. */
  readonly internalTopics: ReadonlySet<string>
  /** The brokers' counters by broker and topic, or null where there are none. */
  readonly traffic: ReadonlyMap<string, TrafficTotals> | null
}

/** How far all groups have come since someone began to look, by topic. */
export interface ConsumedSnapshot {
  readonly atMs: number
  readonly counts: ReadonlyMap<string, number>
}

/** Two looks at the groups' offsets, a whole window apart where there are such. */
export interface ConsumedWindow {
  readonly before: ConsumedSnapshot
  readonly after: ConsumedSnapshot
}

const TOPICS_MAX = 100

/**
 * Progress between two snapshots. What is in one of them only, or went back (a topic made anew),
 * counts as no progress. Groups are looked at on their own time: null where they were not yet.
 */
export function ratesBetween(
  before: OffsetsSnapshot,
  after: OffsetsSnapshot,
  consumption: ConsumedWindow | null,
  alwaysTopics: ReadonlySet<string> = new Set(),
): RatesSample {
  const windowMs = Math.max(after.atMs - before.atMs, 1)
  const produced = new Map<string, number>()
  for (const [topic, ends] of after.ends)
    produced.set(topic, Number(progress(before.ends.get(topic), ends)))
  for (const [place, { topic, recordsIn }] of after.traffic ?? [])
    if (!after.internalTopics.has(topic) && !after.ends.has(topic)) {
      const since = recordsIn - (before.traffic?.get(place)?.recordsIn ?? 0)
      produced.set(topic, (produced.get(topic) ?? 0) + Math.max(since, 0))
    }
  const producedPerSecond = (topic: string) => ((produced.get(topic) ?? 0) * 1_000) / windowMs
  const consumed = consumedPerSecond(consumption, after.internalTopics)

  const names = new Set([...produced.keys(), ...consumed.keys(), ...alwaysTopics])
  const topics = [...names].map((topic): TopicRates => ({
    topic,
    producedRecordsPerSecond: producedPerSecond(topic),
    consumedRecordsPerSecond: consumed.get(topic) ?? 0,
  }))
  return {
    atMs: BigInt(after.atMs),
    windowMs,
    producedRecordsPerSecond: (sum(produced) * 1_000) / windowMs,
    producedBytesPerSecond: bytesPerSecond(before, after, 'bytesIn'),
    consumedRecordsPerSecond: sum(consumed),
    consumedBytesPerSecond: bytesPerSecond(before, after, 'bytesOut'),
    topics: busiest(topics, alwaysTopics),
  }
}

function consumedPerSecond(
  consumption: ConsumedWindow | null,
  internalTopics: ReadonlySet<string>,
): Map<string, number> {
  const rates = new Map<string, number>()
  if (consumption === null) return rates
  const { before, after } = consumption
  const windowMs = Math.max(after.atMs - before.atMs, 1)
  for (const [topic, count] of after.counts) {
    // Internal topics are read by brokers' tools only, and would look like load.
    if (internalTopics.has(topic)) continue
    const since = count - (before.counts.get(topic) ?? 0)
    if (since > 0) rates.set(topic, (since * 1_000) / windowMs)
  }
  return rates
}

/** What went through the brokers, internal topics too. A counter that went back began anew. */
function bytesPerSecond(
  before: OffsetsSnapshot,
  after: OffsetsSnapshot,
  counter: 'bytesIn' | 'bytesOut',
): number | null {
  if (before.traffic === null || after.traffic === null) return null
  let bytes = 0
  for (const [place, totals] of after.traffic)
    bytes += Math.max(totals[counter] - (before.traffic.get(place)?.[counter] ?? 0), 0)
  return (bytes * 1_000) / Math.max(after.atMs - before.atMs, 1)
}

function progress(
  before: ReadonlyMap<number, bigint> | undefined,
  after: ReadonlyMap<number, bigint>,
): bigint {
  let total = 0n
  for (const [partition, offset] of after) {
    const earlier = before?.get(partition)
    if (earlier !== undefined && offset > earlier) total += offset - earlier
  }
  return total
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}

function busiest(topics: readonly TopicRates[], always: ReadonlySet<string>): TopicRates[] {
  const load = (each: TopicRates) => each.producedRecordsPerSecond + each.consumedRecordsPerSecond
  const sorted = [...topics].sort((a, b) => load(b) - load(a))
  return sorted.filter(
    (each, index) => always.has(each.topic) || (index < TOPICS_MAX && load(each) > 0),
  )
}
