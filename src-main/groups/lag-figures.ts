/** Trend and time to drain from where offsets stood: arithmetic alone. */
import type { Drain, LagTime, LagTrend } from '../contract/model/group.ts'
import type { OffsetHistory } from './offset-history.ts'

/** What rates are measured over: consumers commit every five seconds unless told otherwise. */
export const TREND_WINDOW_MS = 60_000
/** Less than two commits of a consumer say nothing about its speed. */
const TREND_SHORTEST_MS = 10_000
/** Of the largest of the latest commits: what waits before a commit that is as large, or a late one. */
const KEEPING_UP_STEPS = 2
/** Slower than this is standing still: a record in a quarter of an hour. */
const PER_SECOND_MIN = 0.001

/** Null until the partition has been looked at for long enough. */
export function trendOf(
  committed: OffsetHistory,
  end: OffsetHistory,
  nowMs: number,
): LagTrend | null {
  if (committed.firstMs === null || end.firstMs === null) return null
  const fromMs = Math.max(nowMs - TREND_WINDOW_MS, committed.firstMs, end.firstMs)
  const untilMs = Math.min(committed.last!.atMs, end.last!.atMs)
  const windowMs = untilMs - fromMs
  if (windowMs < TREND_SHORTEST_MS) return null
  const perSecond = (history: OffsetHistory) =>
    Math.max((history.offsetAt(untilMs)! - history.offsetAt(fromMs)!) / (windowMs / 1_000), 0)
  return {
    windowMs,
    producedPerSecond: perSecond(end),
    consumedPerSecond: perSecond(committed),
    commitStep: committed.latestStep,
  }
}

/** Rates of several partitions together, over the shortest of their windows. */
export function totalTrend(trends: readonly (LagTrend | null)[]): LagTrend | null {
  const known = trends.filter(each => each !== null)
  if (known.length === 0) return null
  return {
    windowMs: Math.min(...known.map(({ windowMs }) => windowMs)),
    producedPerSecond: known.reduce((sum, each) => sum + each.producedPerSecond, 0),
    consumedPerSecond: known.reduce((sum, each) => sum + each.consumedPerSecond, 0),
    commitStep: known.reduce((sum, each) => sum + each.commitStep, 0),
  }
}

/**
 * How long until nothing waits, if all goes on as in the trend's window. A group commits every some
 * seconds, so its lag rises and falls, and rates are no nearer to the truth than one commit.
 */
export function drainOf(lag: bigint | null, trend: LagTrend | null): Drain {
  if (lag === null) return { type: 'unknown' }
  if (lag === 0n) return { type: 'drained' }
  if (trend === null) return { type: 'unknown' }
  const { windowMs, commitStep, consumedPerSecond, producedPerSecond } = trend
  if (Number(lag) <= KEEPING_UP_STEPS * commitStep) return { type: 'keeping-up' }
  const perSecond = consumedPerSecond - producedPerSecond
  if (perSecond >= PER_SECOND_MIN) return { type: 'in', ms: (Number(lag) / perSecond) * 1_000 }
  const grownBy = -perSecond * (windowMs / 1_000)
  const reason = perSecond <= -PER_SECOND_MIN && grownBy > commitStep ? 'growing' : 'standing'
  return { type: 'never', reason }
}

/** Without members and without commits, nobody reads, whatever the rates were. */
export function drainWithout(members: boolean, drain: Drain, trend: LagTrend | null): Drain {
  if (members || drain.type === 'drained' || trend === null || trend.consumedPerSecond > 0)
    return drain
  return { type: 'never', reason: 'nobody' }
}

/** A group is through when its slowest partition is. */
export function slowestDrain(drains: readonly Drain[]): Drain {
  let slowest: Drain | null = null
  for (const drain of drains)
    if (slowest === null || weightOf(drain) > weightOf(slowest)) slowest = drain
  return slowest ?? { type: 'unknown' }
}

function weightOf(drain: Drain): number {
  switch (drain.type) {
    case 'drained':
      return -2
    case 'keeping-up':
      return -1
    case 'in':
      return drain.ms
    case 'unknown':
      return Number.MAX_VALUE
    case 'never':
      return Infinity
  }
}

export interface Waiting {
  readonly lag: bigint | null
  readonly lagTime: LagTime | null
}

/** The longest of those that are known; null where partitions lag and none of their waits is. */
export function longestLagTime(partitions: readonly Waiting[]): LagTime | null {
  const lagging = partitions.some(({ lag }) => lag !== null && lag > 0n)
  let longest: LagTime | null = null
  for (const { lag, lagTime } of partitions) {
    // What does not lag waits for nothing, and says nothing about those that do.
    if (lagTime === null || (lagging && lag === 0n)) continue
    if (longest === null || lagTime.ms > longest.ms) longest = lagTime
  }
  return longest
}

/** From when the end was at the committed offset; null where that was before anyone looked. */
export function sampledLagTime(
  lag: bigint | null,
  committedOffset: bigint,
  end: OffsetHistory,
  nowMs: number,
): LagTime | null {
  if (lag === null) return null
  if (lag === 0n) return { ms: 0, source: 'samples' }
  const passed = end.passedAt(Number(committedOffset))
  if (passed === null || passed.type === 'before') return null
  return { ms: Math.max(nowMs - passed.atMs, 0), source: 'samples' }
}
