/**
 * Reads the next rows after a cut, merged over partitions. Partitions whose rows run out are read
 * on, all that are short of rows in one round; nothing is read past what the limit needs.
 */
import type { Problem } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'
import { larger, type Offsets } from './cut.ts'
import { MergeHeap, placeRows, type MergeRun } from './merge-rows.ts'
import type { ReadBudget } from './read-budget.ts'
import type { LooseRow, PlacedRow, ReadPartition, RecordSource, RowBatch } from './record-source.ts'

export interface ReadWindow {
  readonly base: Offsets
  /** Where to begin. */
  readonly cut: Offsets
  /** Where to stop at the latest, in the direction of reading. */
  readonly bound: Offsets
  readonly limit: number
}

export interface ReadRows {
  readonly before: Offsets
  readonly after: Offsets
  readonly rows: readonly PlacedRow[]
  readonly problems: readonly SlotProblem[]
}

export interface SlotProblem {
  readonly slot: number
  readonly problem: Problem
}

export async function readForward(
  source: RecordSource,
  { base, cut, bound, limit }: ReadWindow,
  budget: ReadBudget,
): Promise<ReadRows> {
  const runs = [...cut].map(
    ([slot, offset]) => new ForwardRun(slot, offset, bound.get(slot) ?? offset),
  )
  const rows = new Map<number, LooseRow[]>(runs.map(({ slot }) => [slot, []]))
  const heap = new MergeHeap<ForwardRun>('forward')
  await fill(source, runs, limit, budget)
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
    if (left > 0 && run.wantsBatches) await fill(source, [run], left, budget)
    heap.settle()
  }
  return {
    before: cut,
    after: new Map(runs.map(run => [run.slot, run.reached])),
    rows: placeRows(rows, cut, base),
    problems: runs.flatMap(({ slot, problem }) => (problem === null ? [] : { slot, problem })),
  }
}

/** Sees to it that each of these shows a row, or has none left. */
async function fill(
  source: RecordSource,
  runs: readonly ForwardRun[],
  limit: number,
  budget: ReadBudget,
): Promise<void> {
  for (;;) {
    for (const run of runs) {
      run.decode(limit, budget)
      if (budget.takeBreath()) await source.pause()
    }
    const short = runs.filter(run => run.wantsBatches)
    if (short.length === 0) return

    const maxBytes = budget.nextBytes(short.length)
    const answers = await source.read(
      short.map(({ slot, readAt }) => ({ slot, offset: readAt, maxBytes })),
    )
    let progressed = false
    for (const run of short) progressed = run.receive(answers.get(run.slot), budget) || progressed
    // Below the end offset, but nothing comes: what is left holds no record.
    if (!progressed) for (const run of short) run.finish()
  }
}

/** One partition's part in a forward merge. */
class ForwardRun implements MergeRun {
  readonly slot: number
  readonly #end: bigint
  /** Where the next read begins. */
  readAt: bigint
  /** Below it everything is decoded. */
  #decodedTo: bigint
  /** Below it everything is taken. */
  #takenTo: bigint
  #batches: RowBatch[] = []
  #rows: readonly LooseRow[] = []
  #index = 0
  problem: Problem | null = null

  constructor(slot: number, start: bigint, end: bigint) {
    this.slot = slot
    this.#end = end
    this.readAt = start
    this.#decodedTo = start
    this.#takenTo = start
  }

  get next(): LooseRow | undefined {
    return this.#rows[this.#index]
  }

  /** Offsets that hold no record belong to the row after them, at the end to the last one. */
  get reached(): bigint {
    const over = this.problem === null && this.#empty && this.readAt >= this.#end
    return over ? larger(this.#end, this.#takenTo) : this.#takenTo
  }

  get #empty(): boolean {
    return this.next === undefined && this.#batches.length === 0
  }

  get wantsBatches(): boolean {
    return this.#empty && this.problem === null && this.readAt < this.#end
  }

  take(): void {
    this.#takenTo = this.next!.offset + 1n
    this.#index += 1
  }

  /** Turns batches into rows until there is one; at most `max` are wanted. */
  decode(max: number, budget: ReadBudget): void {
    if (max === 0) return
    while (this.next === undefined && this.#batches.length > 0) {
      const [batch] = this.#batches as [RowBatch]
      this.#index = 0
      const before = batch.unpackedBytes
      this.#rows = this.#attempt(() =>
        batch.rows({ from: this.#decodedTo, to: this.#end, max, keep: 'first' }),
      )
      budget.unpack(batch.unpackedBytes - before)
      const last = this.#rows.at(-1)
      // As many rows as were wanted: the batch may hold more.
      if (last !== undefined && this.#rows.length === max) this.#decodedTo = last.offset + 1n
      else {
        this.#batches.shift()
        this.#decodedTo = larger(this.#decodedTo, batch.nextOffset)
      }
    }
  }

  /** Returns whether anything was learned. */
  receive(answer: ReadPartition | undefined, budget: ReadBudget): boolean {
    if (answer === undefined) return false
    if (answer.type === 'problem') {
      this.problem = answer.problem
      return true
    }
    budget.spend(answer.sizeBytes)
    this.#batches = answer.batches.filter(batch => batch.nextOffset > this.readAt)
    const last = this.#batches.at(-1)
    if (last !== undefined) this.readAt = last.nextOffset
    else if (answer.endOffset <= this.readAt) this.finish()
    else return false
    return true
  }

  finish(): void {
    this.readAt = this.#end
  }

  #attempt(rows: () => readonly LooseRow[]): readonly LooseRow[] {
    try {
      return rows()
    } catch (error) {
      // A batch that cannot be decoded ends its own partition's part, and the page says so.
      this.problem = problemOf(error)
      this.#batches = []
      return []
    }
  }
}
