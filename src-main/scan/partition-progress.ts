/** The books of one scan over all its runs: what each partition has done, and how fast it goes. */
import type { Problem } from '../contract/define.ts'
import type { PartitionProblem } from '../contract/model/record.ts'
import {
  PARTITIONS_SHOWN_MAX,
  type PartitionScanProgress,
  type ScanProgress,
  type UnreadableOffsets,
} from '../contract/model/search.ts'
import { RateWindow, timeLeftMs } from '../jobs/rate-window.ts'
import type { Direction, ScanRange } from './partition-scan.ts'
import type { ScanPlan } from './plan-scan.ts'
import type { PartitionUpdate, ScanUpdate } from './scan-api.ts'

const UNREADABLE_MAX = 1_000

interface Book {
  readonly range: ScanRange
  state: PartitionScanProgress['state']
  at: bigint
  records: number
  bytes: number
  found: number
  problem: Problem | null
  /** What it had when the run began. */
  before: { readonly records: number; readonly bytes: number; readonly found: number }
  rate: RateWindow | null
}

/** Those of a run that has ended stand still. */
const atWork: ReadonlySet<string> = new Set(['running', 'waiting', 'silent'])

export class PartitionProgress {
  readonly #books: Book[]
  readonly #direction: Direction
  /** What could not be planned, and so has no book. */
  readonly #unplanned: readonly PartitionProblem[]
  #chosen: (topic: string, partition: number) => boolean = () => true
  readonly #records = new RateWindow()
  readonly #bytes = new RateWindow()
  readonly #offsets = new RateWindow()
  #unreadable: UnreadableOffsets[] = []
  #unreadableCount = 0n
  /** Time of runs that have ended, and when the one that goes on began. */
  #spentMs = 0
  #begunMs: number | null = null

  constructor({ ranges, problems }: Pick<ScanPlan, 'ranges' | 'problems'>, direction: Direction) {
    this.#direction = direction
    this.#unplanned = problems
    this.#books = ranges.map(range => ({
      range,
      state: isComplete(range, range.at, direction) ? 'done' : 'idle',
      at: range.at,
      records: 0,
      bytes: 0,
      found: 0,
      problem: null,
      before: { records: 0, bytes: 0, found: 0 },
      rate: null,
    }))
  }

  get found(): number {
    return this.#books.reduce((total, { found }) => total + found, 0)
  }

  get failures(): readonly Problem[] {
    return this.#books.flatMap(({ state, problem }) =>
      state === 'failed' && problem !== null ? problem : [],
    )
  }

  /** Every partition that was not skipped has failed. */
  get allFailed(): boolean {
    const read = this.#books.filter(({ state }) => state !== 'skipped')
    return read.length > 0 && read.every(({ state }) => state === 'failed')
  }

  get live(): boolean {
    return this.#books.some(({ range }) => range.end === null)
  }

  /** Partitions that are waited for in a live scan are at the end, all of them. */
  get caughtUp(): boolean {
    const open = this.#books.filter(({ state }) => !['failed', 'skipped', 'silent'].includes(state))
    return open.every(({ state }) => state === 'waiting' || state === 'done')
  }

  /** Leaves out those that are not chosen; what was left out before comes in again. */
  choose(chosen: (topic: string, partition: number) => boolean): void {
    this.#chosen = chosen
    for (const book of this.#books) {
      const { topic, partition } = book.range
      if (!chosen(topic, partition)) book.state = 'skipped'
      else if (book.state === 'skipped') book.state = 'idle'
    }
  }

  /** What is left, by the number of its book. Those that failed are tried again. */
  begin(nowMs: number): readonly { readonly book: number; readonly range: ScanRange }[] {
    this.#begunMs = nowMs
    this.mark(nowMs)
    return this.#books.flatMap((book, index) => {
      const over = book.state === 'skipped' || isComplete(book.range, book.at, this.#direction)
      if (over) return []
      book.state = 'idle'
      book.problem = null
      book.before = { records: book.records, bytes: book.bytes, found: book.found }
      return [{ book: index, range: { ...book.range, at: book.at } }]
    })
  }

  take(books: readonly number[], { partitions, unreadable }: ScanUpdate): void {
    for (const update of partitions) this.#takePartition(this.#books[books[update.index]!]!, update)
    // Going on backward meets again what retention took while it went on before.
    const fresh = unreadable.filter(each => !this.#unreadable.some(known => same(known, each)))
    this.#unreadable = [...this.#unreadable, ...fresh].slice(0, UNREADABLE_MAX)
    for (const { from, to } of fresh) this.#unreadableCount += to - from
  }

  /** A run is over: nobody reads any more. */
  end(nowMs: number): void {
    this.mark(nowMs)
    this.#spentMs = this.elapsedMs(nowMs)
    this.#begunMs = null
    for (const book of this.#books) {
      if (atWork.has(book.state)) {
        book.state = 'idle'
        book.problem = null
      }
      book.rate = null
    }
  }

  elapsedMs(nowMs: number): number {
    return this.#spentMs + (this.#begunMs === null ? 0 : nowMs - this.#begunMs)
  }

  /** Notes where everything stands, for the rates. */
  mark(atMs: number): void {
    const { records, bytes, done } = this.#sums()
    this.#records.add({ atMs, done: BigInt(records) })
    this.#bytes.add({ atMs, done: BigInt(bytes) })
    this.#offsets.add({ atMs, done })
    for (const book of this.#books) {
      if (book.state !== 'running') continue
      book.rate ??= new RateWindow()
      book.rate.add({ atMs, done: BigInt(book.records) })
    }
  }

  progress(nowMs: number): ScanProgress {
    const { records, bytes, done, total } = this.#sums()
    const elapsedMs = this.elapsedMs(nowMs)
    const whole = (amount: number) => (elapsedMs > 0 ? (amount * 1_000) / elapsedMs : 0)
    const running = this.#begunMs !== null
    const unread = this.#unread()
    const rate = (window: RateWindow, amount: number) =>
      (running ? window.ratePerSecond() : null) ?? whole(amount)
    return {
      doneOffsets: done,
      totalOffsets: total,
      percent: total === null ? null : percentOf(done, total),
      recordsRead: BigInt(records),
      bytesRead: bytes,
      recordsPerSecond: rate(this.#records, records),
      bytesPerSecond: rate(this.#bytes, bytes),
      timeLeftMs:
        running && done !== total
          ? timeLeftMs(done, total, rate(this.#offsets, Number(done)))
          : null,
      elapsedMs,
      partitions: this.#shown(),
      partitionCount: this.#books.length,
      unreadable: this.#unreadable,
      unreadableCount: this.#unreadableCount,
      unread: unread.slice(0, PARTITIONS_SHOWN_MAX),
      unreadCount: unread.length,
    }
  }

  #takePartition(book: Book, update: PartitionUpdate): void {
    book.state = update.state
    book.at = update.at
    book.records = book.before.records + update.records
    book.bytes = book.before.bytes + update.bytes
    book.found = book.before.found + update.found
    book.problem = update.problem
  }

  #unread(): readonly PartitionProblem[] {
    const failed = this.#books.flatMap(({ range: { topic, partition }, problem }) =>
      problem === null ? [] : { topic, partition, problem },
    )
    const unplanned = this.#unplanned.filter(
      ({ topic, partition }) => partition === null || this.#chosen(topic, partition),
    )
    return [...failed, ...unplanned]
  }

  #sums() {
    let records = 0
    let bytes = 0
    let done = 0n
    let total: bigint | null = 0n
    for (const book of this.#books) {
      records += book.records
      bytes += book.bytes
      if (book.state === 'skipped') continue
      const { start, end } = book.range
      done += doneOf(book, this.#direction)
      total = total === null || end === null ? null : total + (end - start)
    }
    return { records, bytes, done, total }
  }

  #shown(): readonly PartitionScanProgress[] {
    const shown =
      this.#books.length <= PARTITIONS_SHOWN_MAX
        ? this.#books
        : [...this.#books].sort((a, b) => rank(a) - rank(b)).slice(0, PARTITIONS_SHOWN_MAX)
    return shown.map(book => ({
      topic: book.range.topic,
      partition: book.range.partition,
      state: book.state,
      start: book.range.start,
      end: book.range.end,
      at: book.at,
      doneOffsets: doneOf(book, this.#direction),
      recordsRead: BigInt(book.records),
      bytesRead: book.bytes,
      recordsPerSecond: book.rate?.ratePerSecond() ?? 0,
      found: BigInt(book.found),
      problem: book.problem,
    }))
  }
}

function same(a: UnreadableOffsets, b: UnreadableOffsets): boolean {
  return a.topic === b.topic && a.partition === b.partition && a.from === b.from && a.to === b.to
}

function rank({ state }: Book): number {
  return ['failed', 'silent', 'running', 'waiting', 'idle', 'done', 'skipped'].indexOf(state)
}

function doneOf({ range, at }: Book, direction: Direction): bigint {
  return direction === 'backward' ? (range.end ?? at) - at : at - range.start
}

function isComplete({ start, end }: ScanRange, at: bigint, direction: Direction): boolean {
  return direction === 'backward' ? at <= start : end !== null && at >= end
}

/** Never 100 before everything is done. */
function percentOf(done: bigint, total: bigint): number {
  if (done >= total) return 100
  return Math.min(Number((done * 100_000n) / total) / 1_000, 99.999)
}
