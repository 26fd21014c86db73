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
  /** Committed offsets by group, topic and partition. */
  readonly committed: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, bigint>>>
  /** The brokers' counters by broker and topic, or null where there are none. */
  readonly traffic: ReadonlyMap<string, TrafficTotals> | null
}

const TOPICS_MAX = 100

/**
 * Progress between two snapshots. What is in one of them only, or went back (a topic made anew,
 * offsets reset), counts as no progress.
 */
export function ratesBetween(
  before: OffsetsSnapshot,
  after: OffsetsSnapshot,
  alwaysTopics: ReadonlySet<string> = new Set(),
): RatesSample {
  const windowMs = Math.max(after.atMs - before.atMs, 1)
  const perSecond = (count: bigint) => (Number(count) * 1_000) / windowMs
  const produced = new Map<string, bigint>()
  const consumed = new Map<string, bigint>()

  for (const [topic, ends] of after.ends)
    produced.set(topic, progress(before.ends.get(topic), ends))
  for (const [place, { topic, recordsIn }] of after.traffic ?? [])
    if (!after.internalTopics.has(topic) && !after.ends.has(topic)) {
      const since = recordsIn - (before.traffic?.get(place)?.recordsIn ?? 0)
      produced.set(topic, (produced.get(topic) ?? 0n) + BigInt(Math.max(since, 0)))
    }
  for (const [groupId, topics] of after.committed)
    for (const [topic, offsets] of topics) {
      // Internal topics are read by brokers' tools only, and would look like load.
      if (after.internalTopics.has(topic)) continue
      const since = progress(before.committed.get(groupId)?.get(topic), offsets)
      consumed.set(topic, (consumed.get(topic) ?? 0n) + since)
    }

  const names = new Set([...produced.keys(), ...consumed.keys(), ...alwaysTopics])
  const topics = [...names].map((topic): TopicRates => ({
    topic,
    producedRecordsPerSecond: perSecond(produced.get(topic) ?? 0n),
    consumedRecordsPerSecond: perSecond(consumed.get(topic) ?? 0n),
  }))
  return {
    atMs: BigInt(after.atMs),
    windowMs,
    producedRecordsPerSecond: perSecond(sum(produced)),
    producedBytesPerSecond: bytesPerSecond(before, after, 'bytesIn'),
    consumedRecordsPerSecond: perSecond(sum(consumed)),
    consumedBytesPerSecond: bytesPerSecond(before, after, 'bytesOut'),
    topics: busiest(topics, alwaysTopics),
  }
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

function sum(counts: ReadonlyMap<string, bigint>): bigint {
  return [...counts.values()].reduce((total, count) => total + count, 0n)
}

function busiest(topics: readonly TopicRates[], always: ReadonlySet<string>): TopicRates[] {
  const load = (each: TopicRates) => each.producedRecordsPerSecond + each.consumedRecordsPerSecond
  const sorted = [...topics].sort((a, b) => load(b) - load(a))
  return sorted.filter(
    (each, index) => always.has(each.topic) || (index < TOPICS_MAX && load(each) > 0),
  )
}
