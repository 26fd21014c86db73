/** Decides which lags are worth a point: what stands still is not written again and again. */
import type { HistoryStore, LagRow } from './history-store.ts'

/** What does not change is written once an hour, so that no range is without a point for long. */
const REPEAT_MS = 3_600_000
/** A wait that is off what it would be by itself, by more than this and a tenth, is a change. */
const WAIT_CHANGE_MS = 5_000
const WAIT_CHANGE_SHARE = 0.1
/** Looks further apart than this many intervals leave a gap. */
const INTERVALS_MAX = 3

interface Written {
  readonly atMs: number
  readonly lag: number
  readonly lagTimeMs: number | null
}

export class LagRecorder {
  readonly #store: HistoryStore
  readonly #cluster: string
  #written = new Map<string, Written>()
  #spanFromMs: number | null = null
  #lastMs = 0

  constructor(store: HistoryStore, cluster: string) {
    this.#store = store
    this.#cluster = cluster
  }

  /** Takes all lags of one look at the cluster. Returns how many points it wrote. */
  record(atMs: number, intervalMs: number, lags: Iterable<Omit<LagRow, 'cluster'>>): number {
    const pause = atMs - this.#lastMs > Math.max(INTERVALS_MAX * intervalMs, 15_000)
    if (this.#spanFromMs === null || pause) {
      this.#spanFromMs = atMs
      this.#written = new Map()
    }
    const rows: LagRow[] = []
    const seen = new Map<string, Written>()
    for (const each of lags) {
      const key = `${each.groupId} ${each.topic ?? ''}`
      const before = this.#written.get(key)
      const worth = before === undefined || differs(before, each, atMs)
      const { lag, lagTimeMs } = each
      seen.set(key, worth ? { atMs, lag, lagTimeMs } : before)
      if (worth) rows.push({ cluster: this.#cluster, ...each })
    }
    // Groups that are gone are forgotten with the map.
    this.#written = seen
    this.#store.append(atMs, rows)
    this.#store.watched(this.#cluster, { fromMs: this.#spanFromMs, untilMs: atMs })
    this.#lastMs = atMs
    return rows.length
  }
}

function differs(
  before: Written,
  now: { readonly lag: number; readonly lagTimeMs: number | null },
  atMs: number,
): boolean {
  if (now.lag !== before.lag || atMs - before.atMs >= REPEAT_MS) return true
  if (now.lagTimeMs === null || before.lagTimeMs === null) return now.lagTimeMs !== before.lagTimeMs
  const off = Math.abs(now.lagTimeMs - before.lagTimeMs)
  return off > WAIT_CHANGE_MS + before.lagTimeMs * WAIT_CHANGE_SHARE
}
