/** Where the past of groups is kept. Two ways: a database in the data folder, or memory. */
import type { Rebalance } from '../../contract/model/group.ts'
import type { RebalanceDraft } from '../rebalance-diary.ts'
import type { LagPoint, WatchedSpan } from './points.ts'

/** One lag at one time; topic null for the sum over all. */
export interface LagRow {
  readonly cluster: string
  readonly groupId: string
  readonly topic: string | null
  readonly lag: number
  readonly lagTimeMs: number | null
}

export interface Keeping {
  readonly store: 'database' | 'memory'
  readonly note: string | null
  readonly sizeBytes: number
  readonly sizeMaxBytes: number
  readonly oldestMs: number | null
  readonly keptMs: number
}

export interface SeriesName {
  readonly cluster: string
  readonly groupId: string
  readonly topic: string | null
}

export interface HistoryStore {
  /** What changed in one look at a cluster's groups. */
  append(atMs: number, rows: readonly LagRow[]): void
  /** Somebody has looked from then until now; a span that overlaps an earlier one extends it. */
  watched(cluster: string, span: WatchedSpan): void
  /** Points in the order of time, from the last one before `fromMs` on. */
  points(series: SeriesName, fromMs: number, untilMs: number): readonly LagPoint[]
  spans(cluster: string, fromMs: number): readonly WatchedSpan[]
  topics(cluster: string, groupId: string): readonly string[]
  /** Replaces the entry of the same group, start and generation. */
  putRebalance(cluster: string, groupId: string, draft: RebalanceDraft): void
  /** The newest first. */
  rebalances(cluster: string, groupId: string, limit: number): readonly Rebalance[]
  /** Puts old points together and forgets the oldest; some work at a time, until it says false. */
  tidy(nowMs: number): boolean
  keeping(): Keeping
  close(): void
}

export const REBALANCES_PER_GROUP_MAX = 200
export const REBALANCES_MAX = 20_000
