/**
 * A view of records as a table of any length: as many rows as offsets, of which the pages round
 * the visible ones are held. Newest first when one looks from the newest, else in the order of
 * time. While it is live its end grows; whether the table follows is the reader's to say.
 */
import type { Cut, PositionedCut, RecordPage } from '../../../src-main/contract/model/record.ts'
import { problemOf } from '../../connection/answer.ts'
import { Store } from '../../ui/store.ts'
import type { RowSource } from '../../ui/table/column.ts'
import {
  lineOf,
  NO_ROWS,
  pageFigures,
  type RecordLine,
  type RecordViewOptions,
  type RecordViewState,
} from './record-view-state.ts'
import { pageHolding, type Seek } from './page-holding.ts'
import { recordKey, RecordRun } from './record-run.ts'

export const PAGE_ROWS = 300
const ROWS_KEPT_MAX = 12_000
const MARGIN_ROWS = 120n
/** What one line of the table can show of a key or a value. */
const ROW_PREVIEW_BYTES = 512
const ROWS_BEFORE = 6n

export class RecordView extends Store<RecordViewState> {
  readonly #options: RecordViewOptions
  readonly #run = new RecordRun()
  #base: Cut | null = null
  #start = 0n
  /** The end of the table. */
  #end = 0n
  /** The end of the logs, as far as it is known. */
  #liveEnd = 0n
  #endCut: PositionedCut | null = null
  #wanted = { first: 0, end: 40 }
  #activeKey: string | null = null
  #activePosition: bigint | null = null
  #follows = false
  #working = false
  #stuck = false
  #abort = new AbortController()
  #stops: (() => void)[] = []
  #stopLive: (() => void) | null = null

  constructor(options: RecordViewOptions) {
    super({
      opened: false,
      rows: NO_ROWS,
      order: options.from.type === 'newest' ? 'newest-first' : 'oldest-first',
      beginAt: undefined,
      newCount: 0n,
      problem: null,
      partitionProblems: [],
      lastPage: null,
    })
    this.#options = options
  }

  open(): void {
    this.#abort = new AbortController()
    this.#stops = [
      this.#options.client.onState(state => {
        if (state.type === 'open' && this.snapshot().problem !== null) this.retry()
      }),
    ]
    void this.#begin()
  }

  close(): void {
    this.#abort.abort()
    this.#stopLive?.()
    this.#stopLive = null
    for (const stop of this.#stops) stop()
  }

  readonly retry = (): void => {
    this.#stuck = false
    this.replace({ ...this.snapshot(), problem: null })
    void (this.snapshot().opened ? this.#work() : this.#begin())
  }

  /** Tells which rows are on screen, first and one past last. */
  readonly show = (first: number, end: number): void => {
    this.#wanted = { first, end }
    this.#stuck = false
    void this.#work()
  }

  /** Keeps knowing where the cursor stands when its page is dropped. */
  remember(key: string | null): void {
    this.#activeKey = key
    this.#activePosition = key === null ? null : this.#positionOf(key)
  }

  /** The key of a row that was not loaded when the cursor reached it. */
  resolve(key: string): string | null {
    if (!key.startsWith('#')) return key
    const row = this.#run.at(BigInt(key.slice(1)))
    return row === undefined || row === 'gap' ? null : recordKey(row)
  }

  setLive(live: boolean): void {
    if (!live) {
      this.#stopLive?.()
      this.#stopLive = null
      this.#follows = false
      return
    }
    if (this.#stopLive !== null || !this.snapshot().opened) return
    this.#openLive()
  }

  /** While it follows, new records enter the table at once; else they are counted. */
  setFollow(follows: boolean): void {
    this.#follows = follows
    if (follows) void this.#work()
  }

  /** Takes in what is waiting, once. */
  readonly takeNew = (): void => {
    this.#end = this.#liveEnd
    this.#publish({ beginAt: this.#endRow() })
    void this.#work()
  }

  async #begin(): Promise<void> {
    const { from, until } = this.#options
    const signal = this.#abort.signal
    try {
      const backward = from.type === 'newest' && until.type === 'now'
      let page = await this.#ask(
        backward ? { type: 'newest' } : from,
        backward ? 'backward' : 'forward',
        null,
      )
      this.#base = page.base
      let end = page.end.position
      if (until.type !== 'now') {
        const limit = await this.#options.client.call(
          'record.seek',
          { ...this.#view(), base: this.#base, to: until },
          signal,
        )
        end = limit.position < end ? limit.position : end
        if (from.type === 'newest')
          page = await this.#ask({ type: 'cut', cut: limit.cut }, 'backward', this.#base)
      }
      if (signal.aborted) return
      this.#run.restart(page)
      this.#start = page.logStart.position
      this.#end = end
      this.#liveEnd = end
      this.#endCut = page.end
      const named = from.type === 'offset' || from.type === 'timestamp'
      const found = await this.#locate()
      if (signal.aborted) return
      const first = found ?? (named ? page.before.position : null)
      this.#publish({
        opened: true,
        problem: null,
        ...pageFigures(page),
        beginAt: first === null ? undefined : { row: this.#rowOf(first), align: 'start' },
      })
      void this.#work()
    } catch (error) {
      // The page shows what went wrong instead of the table.
      if (!signal.aborted) this.replace({ ...this.snapshot(), problem: problemOf(error) })
    }
  }

  /**
   * Finds the record that a link points at. Its time leads near it, and the page there has it
   * unless hundreds share that time; then the view stays where it begins and the record is shown
   * beside it all the same. Answers a position a few rows before, so that it does not stick to
   * the edge.
   */
  async #locate(): Promise<bigint | null> {
    const { at } = this.#options
    if (at === null) return null
    const key = recordKey(at)
    if (this.#run.positionOf(key) === null) {
      const { client, cluster, topic } = this.#options
      const page = await pageHolding(at, {
        base: this.#base ?? [],
        end: this.#end,
        context: MARGIN_ROWS,
        ask: from => this.#ask(from, 'forward', this.#base),
        timestampOf: async () =>
          (
            await client.call(
              'record.get',
              { cluster, topic, ...at, previewBytes: 0 },
              this.#abort.signal,
            )
          ).timestampMs,
      })
      if (page !== null) this.#run.restart(page)
    }
    const position = this.#run.positionOf(key)
    if (position === null) return null
    const context = this.snapshot().order === 'newest-first' ? ROWS_BEFORE : -ROWS_BEFORE
    return position + context < this.#start ? this.#start : position + context
  }

  /** Fetches what the visible rows lack, one page at a time, until they lack nothing. */
  async #work(): Promise<void> {
    if (this.#working || !this.snapshot().opened) return
    this.#working = true
    const signal = this.#abort.signal
    try {
      for (let next = this.#next(); next !== null && !signal.aborted; next = this.#next()) {
        const page = await this.#ask(next.from, next.direction, this.#base)
        if (signal.aborted) return
        this.#take(page, next.place)
      }
    } catch (error) {
      // Rows that are there stay; the notice above them offers to try again.
      if (!signal.aborted) {
        this.#stuck = true
        this.replace({ ...this.snapshot(), problem: problemOf(error) })
      }
    } finally {
      this.#working = false
    }
  }

  #next(): NextPage | null {
    if (this.#stuck) return null
    const { before, after } = this.#run
    if (before === null || after === null) return null
    if (this.#follows && after.position < this.#liveEnd) {
      if (this.#liveEnd - after.position > BigInt(PAGE_ROWS) && this.#seesEnd())
        return { from: { type: 'newest' }, direction: 'backward', place: 'anew' }
      if (this.#seesEnd() || after.position >= this.#end)
        return { from: { type: 'cut', cut: after.cut }, direction: 'forward', place: 'after' }
    }
    const [low, high] = this.#wantedPositions()
    if (low >= high) return null
    const far = BigInt(PAGE_ROWS)
    if (high < before.position - far || low > after.position + far) {
      const from = low - MARGIN_ROWS > this.#start ? low - MARGIN_ROWS : this.#start
      return { from: { type: 'position', position: from }, direction: 'forward', place: 'anew' }
    }
    const needsBefore = low < before.position
    const needsAfter = high > after.position
    const wantsBefore = low - MARGIN_ROWS < before.position && before.position > this.#start
    const wantsAfter = high + MARGIN_ROWS > after.position && after.position < this.#end
    if (wantsAfter && (needsAfter || !needsBefore))
      return { from: { type: 'cut', cut: after.cut }, direction: 'forward', place: 'after' }
    if (wantsBefore)
      return { from: { type: 'cut', cut: before.cut }, direction: 'backward', place: 'before' }
    return null
  }

  #take(page: RecordPage, place: NextPage['place']): void {
    const { before, after: reached } = this.#run
    if (place === 'anew') this.#run.restart(page)
    else this.#run.extend(page, place)
    // A page that brings nothing would be asked for for ever.
    if (this.#run.before === before && this.#run.after === reached) this.#stuck = true
    const [low] = this.#wantedPositions()
    this.#run.shorten(low, ROWS_KEPT_MAX)
    if (page.logStart.position > this.#start && this.snapshot().order === 'newest-first')
      this.#start = page.logStart.position
    if (
      this.#options.until.type === 'now' &&
      page.end.position > this.#liveEnd &&
      this.#stopLive !== null
    )
      this.#liveEnd = page.end.position
    const sawEnd = this.#seesEnd()
    const after = this.#run.after?.position ?? 0n
    const grew = this.#follows && after > this.#end
    if (grew) this.#end = after
    this.#publish({
      problem: null,
      ...pageFigures(page),
      ...(grew && sawEnd ? { beginAt: this.#endRow() } : {}),
    })
  }

  #openLive(): void {
    this.#stopLive = this.#options.client.stream(
      'record.live',
      () => ({
        ...this.#view(),
        base: this.#base,
        from: { type: 'cut', cut: this.#endCut?.cut ?? [] },
        show: 'counts',
      }),
      {
        onItem: ({ at, waitingCount }) => {
          const end = at.position + waitingCount
          if (end <= this.#liveEnd) return
          this.#liveEnd = end
          this.#stuck = false
          if (this.#follows) void this.#work()
          else this.#publish({})
        },
        onEnd: problem => {
          this.#stopLive = null
          if (problem !== null) this.replace({ ...this.snapshot(), problem })
        },
      },
    )
  }

  async #ask(from: Seek, direction: 'forward' | 'backward', base: Cut | null): Promise<RecordPage> {
    return await this.#options.client.call(
      'record.page',
      { ...this.#view(), base, from, direction, limit: PAGE_ROWS, previewBytes: ROW_PREVIEW_BYTES },
      this.#abort.signal,
    )
  }

  #view() {
    const { cluster, topic, partitions } = this.#options
    return { cluster, topic, partitions }
  }

  #publish(change: Partial<RecordViewState>): void {
    const count = Number(this.#end - this.#start)
    // A new source for each change, so that the table draws what has arrived.
    const rows: RowSource<RecordLine> = {
      count,
      at: index => lineOf(this.#run.at(this.#positionAt(index)), this.#positionAt(index)),
      keyAt: index => {
        const position = this.#positionAt(index)
        const row = this.#run.at(position)
        return row === undefined || row === 'gap' ? `#${position}` : recordKey(row)
      },
      indexOf: key => {
        const position = this.#positionOf(key)
        return position === null ? -1 : this.#rowOf(position)
      },
    }
    if (this.#activeKey !== null) this.#activePosition = this.#positionOf(this.#activeKey)
    const waiting = this.#liveEnd - this.#end
    this.replace({ ...this.snapshot(), rows, newCount: waiting > 0n ? waiting : 0n, ...change })
  }

  #positionOf(key: string): bigint | null {
    if (key.startsWith('#')) return BigInt(key.slice(1))
    return this.#run.positionOf(key) ?? (this.#activeKey === key ? this.#activePosition : null)
  }

  #positionAt(index: number): bigint {
    return this.snapshot().order === 'newest-first'
      ? this.#end - 1n - BigInt(index)
      : this.#start + BigInt(index)
  }

  #rowOf(position: bigint): number {
    return this.snapshot().order === 'newest-first'
      ? Number(this.#end - 1n - position)
      : Number(position - this.#start)
  }

  #endRow(): { readonly row: number; readonly align: 'start' } {
    return { row: this.#rowOf(this.#end - 1n), align: 'start' }
  }

  /** Whether the newest row is on screen. */
  #seesEnd(): boolean {
    const count = Number(this.#end - this.#start)
    return this.snapshot().order === 'newest-first'
      ? this.#wanted.first === 0
      : this.#wanted.end >= count
  }

  #wantedPositions(): readonly [bigint, bigint] {
    const count = Number(this.#end - this.#start)
    const first = Math.min(this.#wanted.first, count)
    const end = Math.min(this.#wanted.end, count)
    if (first >= end) return [0n, 0n]
    const a = this.#positionAt(first)
    const b = this.#positionAt(end - 1)
    return a < b ? [a, b + 1n] : [b, a + 1n]
  }
}

interface NextPage {
  readonly from: Seek
  readonly direction: 'forward' | 'backward'
  readonly place: 'anew' | 'before' | 'after'
}
