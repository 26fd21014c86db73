/**
 * The loop that reading forward and reading backward share: the run whose row goes next gives it,
 * and is read on when it has none left. Each direction brings its own runs and its own filling.
 */
import type { Problem } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'
import { MergeHeap, type MergeRun } from './merge-rows.ts'
import type { ReadBudget } from './read-budget.ts'
import type { LooseRow, RecordSource, RowBatch } from './record-source.ts'

/** One partition's part in a page. */
export interface ReadRun extends MergeRun {
  readonly slot: number
  readonly problem: Problem | null
  /** It has no row and no batch, and there is more to read. */
  readonly wantsBatches: boolean
  take(): void
  /** Turns batches into rows until there is one; at most `max` are wanted. */
  decode(max: number, budget: ReadBudget): void
}

export interface Merge<R extends ReadRun> {
  readonly direction: 'forward' | 'backward'
  readonly source: RecordSource
  readonly runs: readonly R[]
  readonly limit: number
  readonly budget: ReadBudget
  /** Reads on what is short of batches, once. */
  readonly readOn: (short: readonly R[], left: number) => Promise<void>
}

/** Rows by slot, in the order in which they were taken. */
export async function mergeRuns<R extends ReadRun>(
  merge: Merge<R>,
): Promise<ReadonlyMap<number, LooseRow[]>> {
  const { direction, source, runs, limit, budget } = merge
  const rows = new Map<number, LooseRow[]>(runs.map(({ slot }) => [slot, []]))
  const heap = new MergeHeap<R>(direction)
  await fill(merge, runs, limit)
  for (const run of runs) heap.push(run)
  for (let left = limit - 1; left >= 0; left--) {
    const run = heap.top
    if (run === undefined) break
    rows.get(run.slot)!.push(run.next!)
    run.take()
    run.decode(left, budget)
    if (budget.takeBreath()) await source.pause()
    // The next row by time is unknown until this run shows one, so the page ends here.
    if (left > 0 && run.wantsBatches && budget.spent) break
    if (left > 0 && run.wantsBatches) await fill(merge, [run], left)
    heap.settle()
  }
  return rows
}

/** Sees to it that each of these shows a row, or has none left. */
async function fill<R extends ReadRun>(
  { source, budget, readOn }: Merge<R>,
  runs: readonly R[],
  left: number,
): Promise<void> {
  for (;;) {
    for (const run of runs) {
      run.decode(left, budget)
      if (budget.takeBreath()) await source.pause()
    }
    const short = runs.filter(run => run.wantsBatches)
    if (short.length === 0) return
    await readOn(short, left)
  }
}

export function problemsOf(runs: readonly ReadRun[]) {
  return runs.flatMap(({ slot, problem }) => (problem === null ? [] : { slot, problem }))
}

export type DecodedRows =
  | { readonly rows: readonly LooseRow[]; readonly problem: null }
  | { readonly rows: readonly []; readonly problem: Problem }

/** A batch that cannot be decoded ends its own partition's part, and the page says so. */
export function decodeRows(
  batch: RowBatch,
  range: Parameters<RowBatch['rows']>[0],
  budget: ReadBudget,
): DecodedRows {
  const before = batch.unpackedBytes
  try {
    return { rows: batch.rows(range), problem: null }
  } catch (error) {
    return { rows: [], problem: problemOf(error) }
  } finally {
    budget.unpack(batch.unpackedBytes - before)
  }
}
