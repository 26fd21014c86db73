/**
 * A store that outlives its file: where the database turns out damaged while it is used, it is set
 * aside and another begins; where it is full or the disk is, points are left out until there is
 * room, and the page says why.
 */
import type { Rebalance } from '../../contract/model/group.ts'
import type { RebalanceDraft } from '../rebalance-diary.ts'
import type { HistoryStore, Keeping, LagRow, SeriesName } from './history-store.ts'
import type { LagPoint, WatchedSpan } from './points.ts'

export interface GuardOptions {
  readonly store: HistoryStore
  /** Another store after this damage. */
  readonly replace: (damage: unknown) => HistoryStore
  readonly isDamage: (error: unknown) => boolean
}

export class GuardedStore implements HistoryStore {
  readonly #options: GuardOptions
  #store: HistoryStore
  #trouble: string | null = null

  constructor(options: GuardOptions) {
    this.#options = options
    this.#store = options.store
  }

  append(atMs: number, rows: readonly LagRow[]): void {
    this.#guard(store => store.append(atMs, rows), undefined)
  }

  watched(cluster: string, span: WatchedSpan): void {
    this.#guard(store => store.watched(cluster, span), undefined)
  }

  points(series: SeriesName, fromMs: number, untilMs: number): readonly LagPoint[] {
    return this.#guard(store => store.points(series, fromMs, untilMs), [])
  }

  spans(cluster: string, fromMs: number): readonly WatchedSpan[] {
    return this.#guard(store => store.spans(cluster, fromMs), [])
  }

  topics(cluster: string, groupId: string): readonly string[] {
    return this.#guard(store => store.topics(cluster, groupId), [])
  }

  putRebalance(cluster: string, groupId: string, draft: RebalanceDraft): void {
    this.#guard(store => store.putRebalance(cluster, groupId, draft), undefined)
  }

  rebalances(cluster: string, groupId: string, limit: number): readonly Rebalance[] {
    return this.#guard(store => store.rebalances(cluster, groupId, limit), [])
  }

  tidy(nowMs: number): boolean {
    return this.#guard(store => store.tidy(nowMs), false)
  }

  keeping(): Keeping {
    const keeping = this.#store.keeping()
    return { ...keeping, note: this.#trouble ?? keeping.note }
  }

  close(): void {
    this.#store.close()
  }

  #guard<T>(work: (store: HistoryStore) => T, otherwise: T): T {
    try {
      const result = work(this.#store)
      this.#trouble = null
      return result
    } catch (error) {
      // Waiting for what a disk does to a database; the groups are shown without their past.
      if (this.#options.isDamage(error)) this.#store = this.#options.replace(error)
      else this.#trouble = `Not kept now: ${error instanceof Error ? error.message : String(error)}`
      return otherwise
    }
  }
}
