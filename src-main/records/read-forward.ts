/**
 * Reads the next rows after a cut, merged over partitions. Partitions whose rows run out are read
 * on, all that are short of rows in one round; nothing is read past what the limit needs.
 */
import type { Problem } from '../contract/define.ts'
import { larger, type Offsets } from './cut.ts'
import { placeRows } from './merge-rows.ts'
import { decodeRows, mergeRuns, problemsOf, type ReadRun } from './merge-runs.ts'
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
  const rows = await mergeRuns({
    direction: 'forward',
    source,
    runs,
    limit,
    budget,
    readOn: short => readOn(source, short, budget),
  })
  return {
    before: cut,
    after: new Map(runs.map(run => [run.slot, run.reached])),
    rows: placeRows(rows, cut, base),
    problems: problemsOf(runs),
  }
}

async function readOn(
  source: RecordSource,
  short: readonly ForwardRun[],
  budget: ReadBudget,
): Promise<void> {
  const maxBytes = budget.nextBytes(short.length)
  const answers = await source.read(
    short.map(({ slot, readAt }) => ({ slot, offset: readAt, maxBytes })),
  )
  let progressed = false
  for (const run of short) progressed = run.receive(answers.get(run.slot), budget) || progressed
  // Below the end offset, but nothing comes: what is left holds no record.
  if (!progressed) for (const run of short) run.finish()
}

/** One partition's part in a forward merge. */
class ForwardRun implements ReadRun {
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

  decode(max: number, budget: ReadBudget): void {
    if (max === 0) return
    while (this.next === undefined && this.#batches.length > 0) {
      const [batch] = this.#batches as [RowBatch]
      this.#index = 0
      const range = { from: this.#decodedTo, to: this.#end, max, keep: 'first' } as const
      const { rows, problem } = decodeRows(batch, range, budget)
      this.#rows = rows
      if (problem !== null) {
        this.problem = problem
        this.#batches = []
      }
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
}
