/** The past of groups in memory: bounded, and gone with the application. */
import type { Rebalance } from '../../contract/model/group.ts'
import type { RebalanceDraft } from '../rebalance-diary.ts'
import {
  REBALANCES_MAX,
  REBALANCES_PER_GROUP_MAX,
  type HistoryStore,
  type Keeping,
  type LagRow,
  type SeriesName,
} from './history-store.ts'
import { KEPT_MS, thinned, TIERS, type LagPoint, type WatchedSpan } from './points.ts'

const POINTS_MAX = 500_000
const POINT_BYTES = 48

export class MemoryStore implements HistoryStore {
  readonly #note: string | null
  readonly #series = new Map<string, Map<string | null, LagPoint[]>>()
  readonly #spans = new Map<string, WatchedSpan[]>()
  readonly #rebalances = new Map<string, Rebalance[]>()
  #pointCount = 0
  #rebalanceCount = 0
  #nextId = 1

  constructor(note: string | null) {
    this.#note = note
  }

  append(atMs: number, rows: readonly LagRow[]): void {
    for (const { cluster, groupId, topic, lag, lagTimeMs } of rows) {
      const key = keyOf(cluster, groupId)
      const topics = this.#series.get(key) ?? new Map<string | null, LagPoint[]>()
      const points = topics.get(topic) ?? []
      points.push({ atMs, lag, peak: lag, lagTimeMs })
      this.#series.set(key, topics.set(topic, points))
    }
    this.#pointCount += rows.length
    if (this.#pointCount > POINTS_MAX) this.#halve()
  }

  watched(cluster: string, span: WatchedSpan): void {
    const spans = this.#spans.get(cluster) ?? []
    this.#spans.set(cluster, spans)
    const last = spans.at(-1)
    if (last !== undefined && span.fromMs <= last.untilMs)
      spans[spans.length - 1] = { fromMs: last.fromMs, untilMs: span.untilMs }
    else spans.push(span)
  }

  points({ cluster, groupId, topic }: SeriesName, fromMs: number, untilMs: number) {
    const points = this.#series.get(keyOf(cluster, groupId))?.get(topic) ?? []
    const first = points.findLastIndex(({ atMs }) => atMs < fromMs)
    return points.slice(Math.max(first, 0)).filter(({ atMs }) => atMs <= untilMs)
  }

  spans(cluster: string, fromMs: number): readonly WatchedSpan[] {
    return (this.#spans.get(cluster) ?? []).filter(({ untilMs }) => untilMs >= fromMs)
  }

  topics(cluster: string, groupId: string): readonly string[] {
    const topics = this.#series.get(keyOf(cluster, groupId))?.keys() ?? []
    return [...topics].filter(topic => topic !== null).sort()
  }

  putRebalance(cluster: string, groupId: string, draft: RebalanceDraft): void {
    const key = keyOf(cluster, groupId)
    const list = this.#rebalances.get(key) ?? []
    this.#rebalances.delete(key)
    this.#rebalances.set(key, list)
    const known = list.findIndex(
      each => each.startedMs === draft.startedMs && each.generationId === draft.generationId,
    )
    if (known >= 0) {
      list[known] = { ...draft, id: list[known]!.id }
      return
    }
    list.unshift({ ...draft, id: this.#nextId++ })
    this.#rebalanceCount++
    if (list.length > REBALANCES_PER_GROUP_MAX) {
      list.pop()
      this.#rebalanceCount--
    }
    const [oldest] = this.#rebalances
    if (this.#rebalanceCount <= REBALANCES_MAX || oldest === undefined) return
    this.#rebalances.delete(oldest[0])
    this.#rebalanceCount -= oldest[1].length
  }

  rebalances(cluster: string, groupId: string, limit: number): readonly Rebalance[] {
    return (this.#rebalances.get(keyOf(cluster, groupId)) ?? []).slice(0, limit)
  }

  tidy(nowMs: number): boolean {
    for (const [key, topics] of this.#series) {
      for (const [topic, points] of topics) {
        const kept = aged(points, nowMs)
        this.#pointCount += kept.length - points.length
        if (kept.length === 0) topics.delete(topic)
        else topics.set(topic, kept)
      }
      if (topics.size === 0) this.#series.delete(key)
    }
    return false
  }

  keeping(): Keeping {
    const oldest = [...this.#spans.values()].flatMap(spans => spans[0]?.fromMs ?? [])
    return {
      store: 'memory',
      note: this.#note,
      sizeBytes: this.#pointCount * POINT_BYTES,
      sizeMaxBytes: POINTS_MAX * POINT_BYTES,
      oldestMs: oldest.length === 0 ? null : Math.min(...oldest),
      keptMs: KEPT_MS,
    }
  }

  close(): void {}

  /** Over the bound, every series loses its older half. */
  #halve(): void {
    for (const topics of this.#series.values())
      for (const [topic, points] of topics) {
        const kept = points.slice(points.length >> 1)
        this.#pointCount += kept.length - points.length
        topics.set(topic, kept)
      }
  }
}

/** Points as their age leaves them. */
function aged(points: readonly LagPoint[], nowMs: number): LagPoint[] {
  const [raw, minute, last] = TIERS
  const recent = points.filter(({ atMs }) => atMs >= nowMs - raw.keptMs)
  const middle = points.filter(
    ({ atMs }) => atMs < nowMs - raw.keptMs && atMs >= nowMs - minute.keptMs,
  )
  const old = points.filter(({ atMs }) => atMs < nowMs - minute.keptMs && atMs >= nowMs - KEPT_MS)
  return [...thinned(old, last.stepMs), ...thinned(middle, minute.stepMs), ...recent]
}

function keyOf(cluster: string, groupId: string): string {
  return `${cluster} ${groupId}`
}
