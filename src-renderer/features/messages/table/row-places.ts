/**
 * Rows of a table and positions of a view: the one counts from the top, the other from the oldest
 * record. Pure arithmetic.
 */

export interface Places {
  readonly order: 'newest-first' | 'oldest-first'
  /** Position of the oldest row, and one past that of the newest. */
  readonly start: bigint
  readonly end: bigint
}

/** Rows on screen, first and one past last. */
export interface RowsOnScreen {
  readonly first: number
  readonly end: number
}

export function rowCount({ start, end }: Places): number {
  return Number(end - start)
}

export function positionAt({ order, start, end }: Places, row: number): bigint {
  return order === 'newest-first' ? end - 1n - BigInt(row) : start + BigInt(row)
}

export function rowOf({ order, start, end }: Places, position: bigint): number {
  return Number(order === 'newest-first' ? end - 1n - position : position - start)
}

/** Whether the newest row is on screen. */
export function seesNewest(places: Places, { first, end }: RowsOnScreen): boolean {
  return places.order === 'newest-first' ? first === 0 : end >= rowCount(places)
}

/** The lowest position on screen and one past the highest; twice the same where there is none. */
export function positionsOnScreen(places: Places, rows: RowsOnScreen): readonly [bigint, bigint] {
  const count = rowCount(places)
  const first = Math.min(rows.first, count)
  const end = Math.min(rows.end, count)
  if (first >= end) return [0n, 0n]
  const a = positionAt(places, first)
  const b = positionAt(places, end - 1)
  return a < b ? [a, b + 1n] : [b, a + 1n]
}
