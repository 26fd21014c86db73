/**
 * Merges the records of several partitions by time.
 *
 * Forward, the partition goes next whose first unread record is the oldest; backward, the one whose
 * last record is the newest; equal timestamps go by slot. Where producers' clocks run back within a
 * partition the two directions may interleave differently, so a page's rows are always put into
 * forward order between its two cuts: pages tile whatever the timestamps are.
 */
import { positionOf, type Offsets } from './cut.ts'
import type { LooseRow, PlacedRow } from './record-source.ts'

/** One partition's part in a merge: the row it would give next. */
export interface MergeRun {
  readonly next: LooseRow | undefined
}

/** The runs that have a row, with the one on top whose row goes next. */
export class MergeHeap<R extends MergeRun> {
  readonly #runs: R[] = []
  readonly #sign: 1 | -1

  constructor(direction: 'forward' | 'backward') {
    this.#sign = direction === 'forward' ? 1 : -1
  }

  get top(): R | undefined {
    return this.#runs[0]
  }

  /** A run without a row is not taken in. */
  push(run: R): void {
    if (run.next === undefined) return
    this.#runs.push(run)
    for (let at = this.#runs.length - 1; at > 0;) {
      const parent = (at - 1) >> 1
      if (!this.#goesBefore(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  /** After the top run's row was taken: the run is put where its next row belongs. */
  settle(): void {
    if (this.top?.next === undefined) {
      const last = this.#runs.pop()
      if (this.#runs.length === 0 || last === undefined) return
      this.#runs[0] = last
    }
    for (let at = 0; ;) {
      const left = 2 * at + 1
      const right = left + 1
      const count = this.#runs.length
      const child = right < count && this.#goesBefore(right, left) ? right : left
      if (child >= count || !this.#goesBefore(child, at)) return
      this.#swap(at, child)
      at = child
    }
  }

  #goesBefore(a: number, b: number): boolean {
    return this.#sign * compare(this.#runs[a]!.next!, this.#runs[b]!.next!) < 0
  }

  #swap(a: number, b: number): void {
    const run = this.#runs[a]!
    this.#runs[a] = this.#runs[b]!
    this.#runs[b] = run
  }
}

function compare(a: LooseRow, b: LooseRow): number {
  if (a.timestampMs !== b.timestampMs) return a.timestampMs < b.timestampMs ? -1 : 1
  return a.slot - b.slot
}

/**
 * Puts rows, which lie between a cut and a later one, into forward order with their positions.
 * Each slot's rows are in order of offsets. Offsets without a record count before the next record
 * of their partition.
 */
export function placeRows(
  rowsBySlot: ReadonlyMap<number, readonly LooseRow[]>,
  before: Offsets,
  base: Offsets,
): PlacedRow[] {
  const heap = new MergeHeap<RowList>('forward')
  for (const rows of rowsBySlot.values()) heap.push(new RowList(rows))

  const placed: PlacedRow[] = []
  const reached = new Map(before)
  let position = positionOf(before, base)
  for (let list = heap.top; list !== undefined; list = heap.top) {
    const { slot, offset, timestampMs, show } = list.next!
    position += offset - (reached.get(slot) ?? offset)
    placed.push({ slot, offset, timestampMs, show, position })
    position += 1n
    reached.set(slot, offset + 1n)
    list.take()
    heap.settle()
  }
  return placed
}

class RowList implements MergeRun {
  readonly #rows: readonly LooseRow[]
  #index = 0

  constructor(rows: readonly LooseRow[]) {
    this.#rows = rows
  }

  get next(): LooseRow | undefined {
    return this.#rows[this.#index]
  }

  take(): void {
    this.#index += 1
  }
}
