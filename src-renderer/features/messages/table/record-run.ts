/**
 * One unbroken run of pages of a view. Pages tile: each begins at the cut where the one before it
 * ended, so the run can be extended at both ends and shortened at both ends, and never has a hole.
 */
import type {
  PositionedCut,
  RecordPage,
  RecordRow,
} from '../../../../src-main/contract/model/record.ts'
import { DIGITS_MIN, digitsOf } from './offset-digits.ts'
import type { KeyOfRow } from './record-key.ts'

/** A row, `gap` for an offset that holds no record, undefined for one that is not loaded. */
export type RowAt = RecordRow | 'gap' | undefined

type Tile = Pick<RecordPage, 'before' | 'after' | 'rows'>

export class RecordRun {
  readonly #keyOf: KeyOfRow
  #tiles: Tile[] = []
  #digits = DIGITS_MIN
  readonly #positions = new Map<string, bigint>()

  constructor(keyOf: KeyOfRow) {
    this.#keyOf = keyOf
  }

  /** Of the largest offset so far. */
  get digits(): number {
    return this.#digits
  }

  /** Rows that are at hand, for what is derived from them. */
  *rows(): Iterable<RecordRow> {
    for (const { rows } of this.#tiles) yield* rows
  }

  /** Where the run begins and ends; null while it is empty. */
  get before(): PositionedCut | null {
    return this.#tiles[0]?.before ?? null
  }

  get after(): PositionedCut | null {
    return this.#tiles.at(-1)?.after ?? null
  }

  get rowCount(): number {
    return this.#tiles.reduce((sum, tile) => sum + tile.rows.length, 0)
  }

  /** Begins anew: after a jump nothing is known about what lies between. */
  restart(page: Tile): void {
    this.#tiles = []
    this.#positions.clear()
    this.#insert(page, 'after')
  }

  /** The page was asked for from this run's own end or beginning. */
  extend(page: Tile, side: 'before' | 'after'): void {
    const edge = side === 'after' ? this.after : this.before
    const meets = side === 'after' ? page.before : page.after
    // The run was restarted while the page was under way: it belongs to the old one.
    if (edge === null || edge.position !== meets.position) return
    this.#insert(page, side)
  }

  at(position: bigint): RowAt {
    const tile = this.#tileAt(position)
    if (tile === undefined) return undefined
    return rowIn(tile, position) ?? 'gap'
  }

  positionOf(key: string): bigint | null {
    return this.#positions.get(key) ?? null
  }

  /** Drops pages at the end further from `wanted`, while more rows are kept than allowed. */
  shorten(wanted: bigint, rowsMax: number): void {
    while (this.#tiles.length > 1 && this.rowCount > rowsMax) {
      const first = this.#tiles[0]
      const last = this.#tiles.at(-1)
      if (first === undefined || last === undefined) return
      const fromFirst = wanted - first.after.position
      const fromLast = last.before.position - wanted
      const dropped = fromFirst > fromLast ? this.#tiles.shift() : this.#tiles.pop()
      for (const row of dropped?.rows ?? []) this.#positions.delete(this.#keyOf(row))
    }
  }

  #insert(page: Tile, side: 'before' | 'after'): void {
    const { rows } = page
    const [before, after] = [ownCut(page.before), ownCut(page.after)]
    if (side === 'after') this.#tiles.push({ before, after, rows })
    else this.#tiles.unshift({ before, after, rows })
    this.#digits = digitsOf(rows, this.#digits)
    for (const row of rows) this.#positions.set(this.#keyOf(row), row.position)
  }

  #tileAt(position: bigint): Tile | undefined {
    let low = 0
    let high = this.#tiles.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const tile = this.#tiles[middle]
      if (tile === undefined) return undefined
      if (position < tile.before.position) high = middle - 1
      else if (position >= tile.after.position) low = middle + 1
      else return tile
    }
    return undefined
  }
}

/** Without gaps a row stands at its distance from the beginning; with gaps it is before that. */
function rowIn({ before, rows }: Tile, position: bigint): RecordRow | undefined {
  const straight = rows[Number(position - before.position)]
  if (straight?.position === position) return straight
  let low = 0
  let high = rows.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row === undefined) return undefined
    if (row.position === position) return row
    if (row.position < position) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

/** As it came it is a view of a whole frame, which would stay in memory with it. */
function ownCut({ cut, position }: PositionedCut): PositionedCut {
  return { cut: cut.slice(), position }
}
