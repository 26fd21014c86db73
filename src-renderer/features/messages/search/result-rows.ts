/**
 * The rows that a search has kept, by their place, fetched in pages round the visible ones. While
 * a search runs its rows may still change their order; what is visible is then asked for again.
 * A live search shows its rows upside down, the newest on top, and only as many as it was let.
 * No React, no client: pages come in, questions go out.
 */
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import type { RowLook } from '../../../../src-main/contract/model/search.ts'
import type { RowSource } from '../../../ui/table/column.ts'
import { DIGITS_MIN, digitsOf } from '../table/offset-digits.ts'

export const PAGE_ROWS = 200
const PAGES_KEPT_MAX = 60

export type ResultOrder = 'found' | 'oldest-first' | 'newest-first'

interface KeptPage {
  readonly rows: readonly RecordRow[]
  /** What its rows were drawn with. */
  readonly look: RowLook
  /** How many rows the search had when the page was read. */
  readonly kept: number
}

export interface PageWish {
  readonly from: number
  readonly limit: number
}

export class ResultRows {
  readonly #pages = new Map<number, KeptPage>()
  readonly #places = new Map<string, number>()
  readonly #keyOf: (row: RecordRow) => string
  readonly #order: ResultOrder
  /** Upside down: the last found is the first row. */
  readonly #mirrored: boolean
  #digits = DIGITS_MIN
  /** Rows that the search has. */
  #kept = 0
  /** Rows that the table has. */
  #shown = 0

  constructor(options: {
    readonly order: ResultOrder
    readonly mirrored: boolean
    readonly keyOf: (row: RecordRow) => string
  }) {
    this.#order = options.order
    this.#mirrored = options.mirrored
    this.#keyOf = options.keyOf
  }

  /** Of the largest offset so far. */
  get digits(): number {
    return this.#digits
  }

  /** Rows that are there and not shown yet. */
  get waiting(): number {
    return this.#kept - this.#shown
  }

  /** The search has so many rows now; `follows` lets them into the table. */
  grow(kept: number, follows: boolean): void {
    this.#kept = kept
    if (follows || !this.#mirrored || kept < this.#shown) this.#shown = kept
  }

  take(from: number, { rows, kept, look }: KeptPage): void {
    const page = Math.floor(from / PAGE_ROWS)
    this.#digits = digitsOf(rows, this.#digits)
    this.#pages.delete(page)
    this.#pages.set(page, { rows, kept, look })
    for (const [place, row] of rows.entries()) this.#places.set(this.#keyOf(row), from + place)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= PAGES_KEPT_MAX) break
      for (const row of this.#pages.get(oldest)?.rows ?? []) this.#places.delete(this.#keyOf(row))
      this.#pages.delete(oldest)
    }
  }

  /** The next page to ask for, of those that hold visible rows; null when all are there. */
  wanted(first: number, end: number): PageWish | null {
    const [low, high] = this.#found(first, end)
    for (let page = Math.floor(low / PAGE_ROWS); page * PAGE_ROWS < high; page += 1)
      if (this.#isStale(page)) return { from: page * PAGE_ROWS, limit: PAGE_ROWS }
    return null
  }

  /** A new source for each change, so that the table draws what has arrived. */
  source<Line>(lineOf: (row: RecordRow, look: RowLook) => Line): RowSource<Line> {
    const at = (index: number) => this.#at(this.#placeOf(index))
    return {
      count: this.#shown,
      at: index => {
        const found = at(index)
        return found === undefined ? undefined : lineOf(found.row, found.look)
      },
      keyAt: index => {
        const found = at(index)
        return found === undefined ? `#${this.#placeOf(index)}` : this.#keyOf(found.row)
      },
      indexOf: key => {
        const place = key.startsWith('#') ? Number(key.slice(1)) : (this.#places.get(key) ?? -1)
        if (place < 0 || place >= this.#shown) return -1
        return this.#mirrored ? this.#shown - 1 - place : place
      },
    }
  }

  /** `#7` as the name of the row at that place, once it is loaded. */
  resolve(key: string): string {
    if (!key.startsWith('#')) return key
    const found = this.#at(Number(key.slice(1)))
    return found === undefined ? key : this.#keyOf(found.row)
  }

  /** Rows that are at hand, for what is derived from them. */
  *loaded(): Iterable<RecordRow> {
    for (const { rows } of this.#pages.values()) yield* rows
  }

  /** Those of the visible rows that are at hand. */
  *visible(first: number, end: number): Iterable<{ row: RecordRow; look: RowLook }> {
    const [low, high] = this.#found(first, end)
    for (let place = low; place < high; place += 1) {
      const found = this.#at(place)
      if (found !== undefined) yield found
    }
  }

  #at(place: number): { readonly row: RecordRow; readonly look: RowLook } | undefined {
    const page = this.#pages.get(Math.floor(place / PAGE_ROWS))
    const row = page?.rows[place % PAGE_ROWS]
    return page === undefined || row === undefined ? undefined : { row, look: page.look }
  }

  #placeOf(index: number): number {
    return this.#mirrored ? this.#shown - 1 - index : index
  }

  #found(first: number, end: number): readonly [number, number] {
    const low = Math.min(Math.max(first, 0), this.#shown)
    const high = Math.min(Math.max(end, low), this.#shown)
    return this.#mirrored ? [this.#shown - high, this.#shown - low] : [low, high]
  }

  /** In the order of finding a full page stays as it is; by time a new row may stand anywhere. */
  #isStale(page: number): boolean {
    const known = this.#pages.get(page)
    if (known === undefined) return true
    if (this.#order === 'found' && known.rows.length === PAGE_ROWS) return false
    return known.kept !== this.#kept
  }
}
