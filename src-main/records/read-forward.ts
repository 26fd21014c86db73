/**
 * Reads the next rows after a cut, merged over partitions. Partitions whose rows run out are read
 * on, all that are short of rows in one round; nothing is read past what the limit needs.
 */
import type { PartitionProblem, RecordRow } from '../contract/model/record.ts'
import { problemOf } from '../contract/problem.ts'
import { larger, type Offsets } from './cut.ts'
import { nextForward, placeRows } from './merge-rows.ts'
import type { ReadBudget } from './read-budget.ts'
import type { LooseRow, ReadPartition, RecordSource, RowBatch } from './record-source.ts'

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
  readonly rows: readonly RecordRow[]
  readonly problems: readonly PartitionProblem[]
}

export async function readForward(
  source: RecordSource,
  { base, cut, bound, limit }: ReadWindow,
  budget: ReadBudget,
): Promise<ReadRows> {
  const runs = [...cut].map(
    ([partition, offset]) => new ForwardRun(partition, offset, bound.get(partition) ?? offset),
  )
  const rows = new Map<number, LooseRow[]>(runs.map(({ partition }) => [partition, []]))
  for (let count = 0; count < limit; count++) {
    if (!(await fill(source, runs, limit, count > 0, budget))) break
    const row = nextForward(runs.flatMap(({ head }) => head ?? []))
    if (row === null) break
    runs.find(({ partition }) => partition === row.partition)!.take()
    rows.get(row.partition)!.push(row)
  }
  return {
    before: cut,
    after: new Map(runs.map(run => [run.partition, run.reached])),
    rows: placeRows(rows, cut, base),
    problems: runs.flatMap(({ problem }) => problem ?? []),
  }
}

/** Sees to it that every partition with rows left shows one; false when the budget is spent. */
async function fill(
  source: RecordSource,
  runs: readonly ForwardRun[],
  limit: number,
  mayStop: boolean,
  budget: ReadBudget,
): Promise<boolean> {
  for (;;) {
    for (const run of runs) run.decode(limit)
    const short = runs.filter(run => run.wantsBatches)
    if (short.length === 0) return true
    if (mayStop && budget.spent) return false

    const maxBytes = budget.nextBytes(short.length)
    const answers = await source.read(
      short.map(({ partition, readAt }) => ({ partition, offset: readAt, maxBytes })),
    )
    let progressed = false
    for (const run of short)
      progressed = run.receive(answers.get(run.partition), budget) || progressed
    // Below the high watermark, but nothing comes: what is left holds no record.
    if (!progressed) for (const run of short) run.finish()
  }
}

/** One partition's part in a forward merge. */
class ForwardRun {
  readonly partition: number
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
  problem: PartitionProblem | null = null

  constructor(partition: number, start: bigint, end: bigint) {
    this.partition = partition
    this.#end = end
    this.readAt = start
    this.#decodedTo = start
    this.#takenTo = start
  }

  get head(): LooseRow | undefined {
    return this.#rows[this.#index]
  }

  /** Offsets that hold no record belong to the row after them, at the end to the last one. */
  get reached(): bigint {
    const over = this.problem === null && this.#empty && this.readAt >= this.#end
    return over ? larger(this.#end, this.#takenTo) : this.#takenTo
  }

  get #empty(): boolean {
    return this.head === undefined && this.#batches.length === 0
  }

  get wantsBatches(): boolean {
    return this.#empty && this.problem === null && this.readAt < this.#end
  }

  take(): void {
    this.#takenTo = this.head!.offset + 1n
    this.#index += 1
  }

  /** Turns batches into rows until there is one. */
  decode(max: number): void {
    while (this.head === undefined && this.#batches.length > 0) {
      const [batch] = this.#batches as [RowBatch]
      this.#index = 0
      this.#rows = this.#attempt(() =>
        batch.rows({ from: this.#decodedTo, to: this.#end, max, keep: 'first' }),
      )
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
      this.problem = { partition: this.partition, problem: answer.problem }
      return true
    }
    budget.spend(answer.sizeBytes)
    this.#batches = answer.batches.filter(batch => batch.nextOffset > this.readAt)
    const last = this.#batches.at(-1)
    if (last !== undefined) this.readAt = last.nextOffset
    else if (answer.highWatermark <= this.readAt) this.finish()
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
      this.problem = { partition: this.partition, problem: problemOf(error) }
      this.#batches = []
      return []
    }
  }
}
