/**
 * A view of records as a table of any length: as many rows as offsets, of which the pages round
 * the visible ones are held. Newest first when one looks from the newest, else in the order of
 * time. While it is live its end grows; whether the table follows is the reader's to say.
 */
import type { Seek, ViewEnd } from '../../../../src-main/contract/api/record.ts'
import { packCut, partitionCount, unpackCut } from '../../../../src-main/contract/cut.ts'
import type {
  Cut,
  PositionedCut,
  RecordPage,
  RecordRow,
} from '../../../../src-main/contract/model/record.ts'
import type { RowLook } from '../../../../src-main/contract/model/search.ts'
import { problemOf } from '../../../connection/answer.ts'
import { Attempts, passesByItself } from '../../../connection/attempts.ts'
import { Store } from '../../../ui/store.ts'
import { readPlace } from '../query/address.ts'
import { pageHolding } from './page-holding.ts'
import { watchLiveEnd } from './live-end.ts'
import { PageAsker } from './page-asker.ts'
import { MARGIN_ROWS, nextPage, PAGE_ROWS, type NextPage } from './next-page.ts'
import { RecordRun } from './record-run.ts'
import { positionsOnScreen, rowOf, seesNewest, type Places } from './row-places.ts'
import {
  pageFigures,
  UNOPENED,
  type RecordViewOptions,
  type RecordViewState,
} from './record-view-state.ts'
import { viewRows } from './view-rows.ts'

const ROWS_KEPT_MAX = 12_000
const ROWS_BEFORE = 6n

export class RecordView extends Store<RecordViewState> {
  readonly #options: RecordViewOptions
  readonly #run: RecordRun
  readonly #asker: PageAsker
  #look: RowLook
  /** The rows at hand were drawn for another look. */
  #outdated = false
  #base: Cut | null = null
  /** As the first page resolved it. */
  #until: ViewEnd
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
  /** Grows when the view is opened anew. */
  #openings = 0
  #working = false
  #stuck = false
  readonly #attempts = new Attempts()
  #abort = new AbortController()
  #stops: (() => void)[] = []
  #stopLive: (() => void) | null = null

  constructor(options: RecordViewOptions) {
    const order = options.from.type === 'newest' ? 'newest-first' : 'oldest-first'
    super({ ...UNOPENED, order })
    this.#options = options
    this.#run = new RecordRun(options.keyOf)
    this.#asker = new PageAsker(options, slow => {
      if (slow !== this.snapshot().slow) this.replace({ ...this.snapshot(), slow })
    })
    this.#look = options.look
    this.#until = options.until
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
    this.#attempts.cancel()
    this.#stopLive?.()
    this.#stopLive = null
    for (const stop of this.#stops) stop()
  }

  readonly retry = (): void => {
    this.#stuck = false
    this.replace({ ...this.snapshot(), problem: null })
    void (this.snapshot().opened ? this.#work() : this.#begin())
  }

  /** Draws the same records otherwise. What is on screen stays until it has come anew. */
  setLook(look: RowLook): void {
    if (JSON.stringify(look) === JSON.stringify(this.#look)) return
    this.#look = look
    this.#outdated = true
    this.#stuck = false
    void this.#work()
  }

  /** Rows that are at hand, for what is derived from them. */
  loaded(): Iterable<RecordRow> {
    return this.#run.rows()
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
    return row === undefined || row === 'gap' ? null : this.#options.keyOf(row)
  }

  setLive(live: boolean): void {
    if (!live) {
      this.#stopLive?.()
      this.#stopLive = null
      this.#follows = false
      this.replace({ ...this.snapshot(), interruption: null })
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
    const backward = from.type === 'newest'
    try {
      const page = await this.#ask(from, backward ? 'backward' : 'forward', null)
      if (signal.aborted) return
      this.#openings += 1
      this.#base = page.base
      this.#until = page.until === null ? until : { type: 'cut', cut: page.until.cut }
      this.#run.restart(page)
      this.#start = page.logStart.position > 0n ? page.logStart.position : 0n
      this.#end = (page.until ?? page.end).position
      this.#liveEnd = this.#end
      this.#endCut = page.end
      const first = await this.#locate()
      if (signal.aborted) return
      this.#publish({
        opened: true,
        problem: null,
        ...pageFigures(page),
        beginAt: first === null ? undefined : { row: rowOf(this.#places, first), align: 'start' },
      })
      this.#heal(page)
      if (this.#stopLive !== null) {
        this.#stopLive()
        this.#openLive()
      }
      void this.#work()
    } catch (error) {
      // The page shows what went wrong instead of the table.
      if (!signal.aborted) this.#failed(error)
    }
  }

  /**
   * Finds the record that a link points at. Its time leads near it, and the page there has it
   * unless hundreds share that time; then the view stays where it begins and the record is shown
   * beside it all the same. Answers a position a few rows before, so that it does not stick to
   * the edge.
   */
  async #locate(): Promise<bigint | null> {
    const { client, cluster, keyOf } = this.#options
    // Opened again, the view is at the record that is being read.
    const at = this.#activeKey === null ? this.#options.at : readPlace(this.#activeKey)
    if (at === null) return null
    const place = { ...at, topic: at.topic ?? this.#options.topic }
    const key = keyOf(place)
    if (this.#run.positionOf(key) === null) {
      const detail = { cluster, ...place, previewBytes: 0 }
      const page = await pageHolding(place, {
        base: unpackCut(this.#base ?? packCut([])),
        end: this.#end,
        context: MARGIN_ROWS,
        ask: from => this.#ask(from, 'forward', this.#base),
        timestampOf: async () =>
          (await client.call('record.get', detail, this.#abort.signal)).timestampMs,
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
        const look = this.#look
        const opening = this.#openings
        const page = await this.#ask(next.from, next.direction, this.#base)
        if (signal.aborted) return
        // Rows of two looks, or of two views, would stand side by side.
        if (look !== this.#look || opening !== this.#openings) continue
        if (next.place === 'anew') this.#outdated = false
        this.#take(page, next.place)
      }
    } catch (error) {
      // Rows that are there stay; the notice above them offers to try again.
      if (!signal.aborted) {
        this.#stuck = true
        this.#failed(error)
      }
    } finally {
      this.#working = false
    }
  }

  #next(): NextPage | null {
    const { before, after } = this.#run
    if (this.#stuck || before === null || after === null) return null
    return nextPage({
      before,
      after,
      places: this.#places,
      onScreen: this.#wanted,
      follows: this.#follows,
      liveEnd: this.#liveEnd,
      outdated: this.#outdated,
    })
  }

  #take(page: RecordPage, place: NextPage['place']): void {
    const { before, after: reached } = this.#run
    this.#heal(page)
    if (place === 'anew') this.#run.restart(page)
    else this.#run.extend(page, place)
    // A page that brings nothing would be asked for for ever.
    if (this.#run.before === before && this.#run.after === reached) this.#stuck = true
    const [low] = positionsOnScreen(this.#places, this.#wanted)
    this.#run.shorten(low, ROWS_KEPT_MAX)
    if (page.logStart.position > this.#start && this.snapshot().order === 'newest-first')
      this.#start = page.logStart.position
    if (this.#stopLive !== null && page.end.position > this.#liveEnd)
      this.#liveEnd = page.end.position
    const sawEnd = seesNewest(this.#places, this.#wanted)
    const after = this.#run.after?.position ?? 0n
    const grew = this.#follows && after > this.#end
    if (grew) this.#end = after
    this.#publish({
      problem: null,
      ...pageFigures(page),
      ...(grew && sawEnd ? { beginAt: this.#endRow() } : {}),
    })
  }

  /** Trouble that passes by itself is tried again without anybody asking for it. */
  #failed(error: unknown): void {
    const problem = problemOf(error)
    this.replace({ ...this.snapshot(), problem })
    if (passesByItself(problem)) this.#attempts.later(this.retry)
  }

  /** Partitions that are missing from a page are looked for until they are back. */
  #heal({ problems }: RecordPage): void {
    if (problems.some(({ problem }) => passesByItself(problem)))
      this.#attempts.later(() => void this.#lookForMissing())
    else this.#attempts.succeeded()
  }

  async #lookForMissing(): Promise<void> {
    const signal = this.#abort.signal
    try {
      const page = await this.#ask({ type: 'newest' }, 'backward', null, 1)
      if (signal.aborted) return
      this.#heal(page)
      if (page.problems.some(({ problem }) => passesByItself(problem))) return
      // What had no start when the view was opened has no places in it.
      if (partitionCount(page.base) !== partitionCount(this.#base)) return void this.#begin()
      this.#outdated = true
      this.#stuck = false
      this.#publish({ partitionProblems: page.problems })
      void this.#work()
    } catch (error) {
      if (!signal.aborted) this.#failed(error)
    }
  }

  #openLive(): void {
    this.#stopLive = watchLiveEnd({
      client: this.#options.client,
      input: () => ({
        ...this.#view(),
        base: this.#base,
        from: { type: 'cut', cut: this.#endCut?.cut ?? packCut([]) },
        show: 'counts',
      }),
      onPosition: end => {
        if (end <= this.#liveEnd) return
        this.#liveEnd = end
        this.#stuck = false
        if (this.#follows) void this.#work()
        else this.#publish({})
      },
      onInterruption: interruption => this.replace({ ...this.snapshot(), interruption }),
      onProblems: partitionProblems => this.replace({ ...this.snapshot(), partitionProblems }),
      onFailed: problem => {
        this.#stopLive = null
        this.replace({ ...this.snapshot(), problem })
      },
    })
  }

  #ask(
    from: Seek,
    direction: 'forward' | 'backward',
    base: Cut | null,
    limit = PAGE_ROWS,
  ): Promise<RecordPage> {
    const wanted = { from, direction, base, limit, until: this.#until, look: this.#look }
    return this.#asker.ask(wanted, this.#abort.signal)
  }

  #view() {
    const { cluster, sources, isolation } = this.#options
    return { cluster, sources, isolation }
  }

  #publish(change: Partial<RecordViewState>): void {
    // A new source for each change, so that the table draws what has arrived.
    const rows = viewRows({
      places: this.#places,
      at: position => this.#run.at(position),
      keyOf: this.#options.keyOf,
      positionOf: key => this.#positionOf(key),
    })
    if (this.#activeKey !== null) this.#activePosition = this.#positionOf(this.#activeKey)
    const waiting = this.#liveEnd - this.#end
    const newCount = waiting > 0n ? waiting : 0n
    const { digits } = this.#run
    this.replace({ ...this.snapshot(), rows, newCount, digits, liveEnd: this.#liveEnd, ...change })
  }

  #positionOf(key: string): bigint | null {
    if (key.startsWith('#')) return BigInt(key.slice(1))
    return this.#run.positionOf(key) ?? (this.#activeKey === key ? this.#activePosition : null)
  }

  get #places(): Places {
    return { order: this.snapshot().order, start: this.#start, end: this.#end }
  }

  #endRow(): { readonly row: number; readonly align: 'start' } {
    return { row: rowOf(this.#places, this.#end - 1n), align: 'start' }
  }
}
