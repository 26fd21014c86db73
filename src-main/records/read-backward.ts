/**
 * Reads the rows before a cut, merged over partitions, the newest first.
 *
 * Kafka reads forward only, so each partition is read in ranges that end where the last one began.
 * A range starts small and grows with what it turned out to hold, so that neither a million tiny
 * records nor one of a megabyte costs more than the page needs.
 */
import type { Problem } from '../contract/define.ts'
import { larger, smaller } from './cut.ts'
import { placeRows } from './merge-rows.ts'
import { decodeRows, mergeRuns, problemsOf, type ReadRun } from './merge-runs.ts'
import type { ReadBudget } from './read-budget.ts'
import type { ReadRows, ReadWindow } from './read-forward.ts'
import type { LooseRow, ReadPartition, RecordSource, RowBatch } from './record-source.ts'

const RANGE_OFFSETS_FIRST = 16
const RANGE_GROWTH = 8
const RANGE_BYTES = 2 * 1024 * 1024
const RANGE_BYTES_MAX = 8 * 1024 * 1024

export async function readBackward(
  source: RecordSource,
  { base, cut, bound, limit }: ReadWindow,
  budget: ReadBudget,
): Promise<ReadRows> {
  const runs = [...cut].map(
    ([slot, offset]) => new BackwardRun(slot, bound.get(slot) ?? offset, offset),
  )
  const rows = await mergeRuns({
    direction: 'backward',
    source,
    runs,
    limit,
    budget,
    readOn: (short, left) => readRanges(source, short, Math.ceil(left / runs.length), budget),
  })
  for (const taken of rows.values()) taken.reverse()
  const before = new Map(runs.map(run => [run.slot, smaller(run.reached, cut.get(run.slot)!)]))
  return { before, after: cut, rows: placeRows(rows, before, base), problems: problemsOf(runs) }
}

/** One range of each. */
async function readRanges(
  source: RecordSource,
  short: readonly BackwardRun[],
  rangeOffsets: number,
  budget: ReadBudget,
): Promise<void> {
  for (const run of short) run.beginRange(rangeOffsets)
  for (let open = short; open.length > 0; open = open.filter(run => run.inRange)) {
    const maxBytes = budget.nextBytes(open.length)
    const answers = await source.read(
      open.map(({ slot, readAt }) => ({ slot, offset: readAt, maxBytes })),
    )
    let progressed = false
    for (const run of open) progressed = run.receive(answers.get(run.slot), budget) || progressed
    // Below the end offset, but nothing comes: what is left holds no record.
    if (!progressed) for (const run of open) run.finishRange()
  }
}

/** One partition's part in a backward merge. */
class BackwardRun implements ReadRun {
  readonly slot: number
  readonly #start: bigint
  /** From it on everything is taken. */
  #takenFrom: bigint
  /** From it on everything is decoded. */
  #decodedFrom: bigint
  /** From it on everything is read: the end of the next range. */
  #readFrom: bigint
  #rangeStart: bigint
  #rangeOffsets = 0
  #rangeBytes = 0
  #rangeHasRows = false
  /** Where the range is being read; its end when that is done. */
  readAt: bigint
  #batches: RowBatch[] = []
  #rows: readonly LooseRow[] = []
  #left = 0
  problem: Problem | null = null

  constructor(slot: number, start: bigint, end: bigint) {
    this.slot = slot
    this.#start = start
    this.#takenFrom = end
    this.#decodedFrom = end
    this.#readFrom = end
    this.#rangeStart = end
    this.readAt = end
  }

  get next(): LooseRow | undefined {
    return this.#rows[this.#left - 1]
  }

  /** Offsets that hold no record belong to the row before them, at the start to the first one. */
  get reached(): bigint {
    const over = this.problem === null && this.#empty && this.#readFrom <= this.#start
    return over ? smaller(this.#start, this.#takenFrom) : this.#takenFrom
  }

  get #empty(): boolean {
    return this.next === undefined && this.#batches.length === 0
  }

  get wantsBatches(): boolean {
    return this.#empty && this.problem === null && this.#readFrom > this.#start
  }

  get inRange(): boolean {
    return this.problem === null && this.readAt < this.#readFrom
  }

  take(): void {
    this.#takenFrom = this.next!.offset
    this.#left -= 1
  }

  beginRange(needed: number): void {
    this.#rangeOffsets = this.#nextRangeOffsets(needed)
    this.#rangeHasRows = false
    this.#rangeBytes = 0
    this.#rangeStart = larger(this.#readFrom - BigInt(this.#rangeOffsets), this.#start)
    this.readAt = this.#rangeStart
  }

  /** After a range without records the next is eight times as long: offsets can lie far apart. */
  #nextRangeOffsets(needed: number): number {
    const last = this.#rangeOffsets
    if (last === 0) return RANGE_OFFSETS_FIRST
    if (!this.#rangeHasRows) return Math.min(last * RANGE_GROWTH, Number.MAX_SAFE_INTEGER)
    const fitting = Math.floor((RANGE_BYTES * last) / Math.max(this.#rangeBytes, 1))
    return Math.max(1, Math.min(last * RANGE_GROWTH, fitting, Math.max(needed, last)))
  }

  /** Returns whether anything was learned. */
  receive(answer: ReadPartition | undefined, budget: ReadBudget): boolean {
    if (answer === undefined) return false
    if (answer.type === 'problem') {
      this.problem = answer.problem
      return true
    }
    budget.spend(answer.sizeBytes)
    this.#rangeBytes += answer.sizeBytes
    const fresh = answer.batches.filter(
      batch => batch.nextOffset > this.readAt && batch.baseOffset < this.#readFrom,
    )
    this.#batches.push(...fresh)
    const last = answer.batches.at(-1)
    if (last !== undefined) this.readAt = larger(last.nextOffset, this.readAt)
    else if (answer.endOffset <= this.readAt) this.readAt = this.#readFrom
    else return false
    if (!this.inRange) this.finishRange()
    else if (this.#rangeBytes > RANGE_BYTES_MAX) this.#shortenRange()
    return true
  }

  /** Far more lies in the range than a page needs: only its newer half is read on. */
  #shortenRange(): void {
    this.readAt += (this.#readFrom - this.readAt) / 2n
    this.#rangeStart = this.readAt
    this.#rangeBytes = 0
    this.#batches = []
  }

  /** The first batch may begin before the range: then so much more is read. */
  finishRange(): void {
    const first = this.#batches[0]?.baseOffset ?? this.#rangeStart
    this.#readFrom = larger(smaller(first, this.#rangeStart), this.#start)
    this.readAt = this.#readFrom
  }

  /** The last first. */
  decode(max: number, budget: ReadBudget): void {
    if (max === 0) return
    while (this.next === undefined && this.#batches.length > 0) {
      const batch = this.#batches.at(-1)!
      const range = { from: this.#start, to: this.#decodedFrom, max, keep: 'last' } as const
      const { rows, problem } = decodeRows(batch, range, budget)
      this.#rows = rows
      if (problem !== null) {
        this.problem = problem
        this.#batches = []
      }
      this.#left = this.#rows.length
      this.#rangeHasRows ||= this.#left > 0
      const [first] = this.#rows
      // As many rows as were wanted: the batch may hold more.
      if (first !== undefined && this.#rows.length === max) this.#decodedFrom = first.offset
      else {
        this.#batches.pop()
        this.#decodedFrom = smaller(this.#decodedFrom, batch.baseOffset)
      }
    }
  }
}
