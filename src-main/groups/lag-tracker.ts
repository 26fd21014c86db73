/**
 * What was seen of a cluster's offsets over the last minutes: the ends of partitions and the
 * commits of groups, from the background's looks and from pages that watch a group. Trends, waits
 * and "about when was this committed" come from here.
 */
import type { CommitTime, LagTime, LagTrend } from '../contract/model/group.ts'
import { sampledLagTime, trendOf } from './lag-figures.ts'
import { OffsetHistory } from './offset-history.ts'

/** Ends are shared by all groups of a topic, and tell about waits of hours. */
const END_POINTS_MAX = 48
const COMMIT_POINTS_MAX = 14

interface Committed {
  readonly history: OffsetHistory
  offset: bigint
  seenMs: number
  /** Between which two looks it took its present offset; null while it has not moved. */
  moved: { readonly afterMs: number; readonly atMs: number } | null
}

type ByPartition<T> = Map<string, Map<number, T>>

export class LagTracker {
  readonly #ends: ByPartition<OffsetHistory> = new Map()
  readonly #commits = new Map<string, ByPartition<Committed>>()
  readonly #consumed = new Map<string, number>()

  sawEnd(topic: string, partition: number, end: bigint, atMs: number): void {
    const history = valueIn(this.#ends, topic, partition, () => new OffsetHistory(END_POINTS_MAX))
    history.add(atMs, Number(end))
  }

  sawCommit(
    groupId: string,
    at: { readonly topic: string; readonly partition: number; readonly offset: bigint },
    atMs: number,
  ): void {
    const { topic, partition, offset } = at
    let topics = this.#commits.get(groupId)
    if (topics === undefined) this.#commits.set(groupId, (topics = new Map()))
    const known = valueIn(topics, topic, partition, () => ({
      history: new OffsetHistory(COMMIT_POINTS_MAX),
      offset,
      seenMs: atMs,
      moved: null,
    }))
    const progress = offset - known.offset
    if (progress !== 0n) known.moved = { afterMs: known.seenMs, atMs }
    known.offset = offset
    known.seenMs = atMs
    known.history.add(atMs, Number(offset))
    // One that went back was reset, and its way back is no reading.
    if (progress > 0n)
      this.#consumed.set(topic, (this.#consumed.get(topic) ?? 0) + Number(progress))
  }

  /** By topic, how many records all groups have come on since this began. */
  get consumed(): ReadonlyMap<string, number> {
    return this.#consumed
  }

  trend(groupId: string, topic: string, partition: number, nowMs: number): LagTrend | null {
    const committed = this.#commits.get(groupId)?.get(topic)?.get(partition)
    const end = this.#ends.get(topic)?.get(partition)
    return committed === undefined || end === undefined
      ? null
      : trendOf(committed.history, end, nowMs)
  }

  lagTime(
    at: { readonly topic: string; readonly partition: number; readonly offset: bigint },
    lag: bigint | null,
    nowMs: number,
  ): LagTime | null {
    const end = this.#ends.get(at.topic)?.get(at.partition)
    return end === undefined ? null : sampledLagTime(lag, at.offset, end, nowMs)
  }

  commitTime(groupId: string, topic: string, partition: number): CommitTime | null {
    const moved = this.#commits.get(groupId)?.get(topic)?.get(partition)?.moved ?? null
    if (moved === null) return null
    return { type: 'seen', afterMs: BigInt(moved.afterMs), atMs: BigInt(moved.atMs) }
  }

  /** Groups that were seen with a commit for the topic. */
  groupsOf(topic: string): readonly string[] {
    return [...this.#commits].flatMap(([groupId, topics]) => (topics.has(topic) ? groupId : []))
  }

  /** Forgets groups and topics that are not there any more. */
  keepOnly(groupIds: ReadonlySet<string>, topics: ReadonlySet<string>): void {
    for (const groupId of this.#commits.keys())
      if (!groupIds.has(groupId)) this.#commits.delete(groupId)
    for (const topic of this.#ends.keys()) if (!topics.has(topic)) this.#ends.delete(topic)
  }
}

function valueIn<T>(where: ByPartition<T>, topic: string, partition: number, make: () => T): T {
  let partitions = where.get(topic)
  if (partitions === undefined) where.set(topic, (partitions = new Map()))
  let value = partitions.get(partition)
  if (value === undefined) partitions.set(partition, (value = make()))
  return value
}
