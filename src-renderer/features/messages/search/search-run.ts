/**
 * One search as the page sees it: its progress as it comes, and the rows that are visible. The
 * search itself belongs to the application and goes on without the page.
 */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import { PLACES_MAX } from '../../../../src-main/contract/api/record.ts'
import type { Problem } from '../../../../src-main/contract/define.ts'
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import type { RowLook, SearchProgress } from '../../../../src-main/contract/model/search.ts'
import { problemOf } from '../../../connection/answer.ts'
import { Attempts, passesByItself } from '../../../connection/attempts.ts'
import { Store } from '../../../ui/store.ts'
import type { RowSource } from '../../../ui/table/column.ts'
import { DIGITS_MIN } from '../table/offset-digits.ts'
import { NO_ROWS, type RecordLine } from '../table/record-line.ts'
import type { KeyOfRow } from '../table/record-key.ts'
import { RedrawnRows } from './redrawn-rows.ts'
import { ResultRows, type PageWish, type ResultOrder } from './result-rows.ts'

/** Rows that are drawn anew on either side of those on screen, so that scrolling shows them. */
const MARGIN_ROWS = 20

export interface SearchRunState {
  readonly progress: SearchProgress | null
  readonly rows: RowSource<RecordLine>
  /** Of the largest offset that was seen. */
  readonly digits: number
  /** Found and not in the table yet, because someone reads in it. */
  readonly newCount: number
  /** Why it cannot be watched or read; `NOT_FOUND` when it was closed. */
  readonly problem: Problem | null
  /** Why rows could not be drawn with the chosen columns and decoders. */
  readonly redrawProblem: Problem | null
}

export interface SearchRunOptions {
  readonly client: ApplicationClient
  readonly cluster: string
  readonly searchId: string
  readonly order: ResultOrder
  readonly live: boolean
  readonly look: RowLook
  readonly keyOf: KeyOfRow
}

export class SearchRun extends Store<SearchRunState> {
  readonly #options: SearchRunOptions
  readonly #rows: ResultRows
  readonly #redrawn: RedrawnRows
  #wanted = { first: 0, end: 60 }
  #follows = true
  #working = false
  #stop: (() => void) | null = null
  readonly #attempts = new Attempts()
  #abort = new AbortController()

  constructor(options: SearchRunOptions) {
    super({
      progress: null,
      rows: NO_ROWS,
      digits: DIGITS_MIN,
      newCount: 0,
      problem: null,
      redrawProblem: null,
    })
    this.#options = options
    const { order, live, look, keyOf } = options
    this.#redrawn = new RedrawnRows(keyOf, look)
    this.#rows = new ResultRows({ order: live ? 'found' : order, mirrored: live, keyOf })
  }

  get searchId(): string {
    return this.#options.searchId
  }

  open(): void {
    const { client, searchId } = this.#options
    this.#abort = new AbortController()
    this.#stop = client.stream(
      'search.watch',
      { searchId },
      {
        onItem: progress => this.#onProgress(progress),
        onEnd: problem => {
          if (problem !== null) this.replace({ ...this.snapshot(), problem })
        },
      },
    )
  }

  close(): void {
    this.#abort.abort()
    this.#attempts.cancel()
    this.#stop?.()
    this.#stop = null
  }

  /** Tells which rows are on screen, first and one past last. */
  readonly show = (first: number, end: number): void => {
    this.#wanted = { first, end }
    void this.#work()
  }

  /** While it follows, what a live search finds enters the table at once; else it is counted. */
  setFollow(follows: boolean): void {
    this.#follows = follows
    if (follows) this.takeNew()
  }

  readonly takeNew = (): void => {
    this.#rows.grow(this.snapshot().progress?.kept ?? 0, true)
    this.#publish({})
    void this.#work()
  }

  /** Draws what was found with other columns or decoders: the visible rows, as they come. */
  setLook(look: RowLook): void {
    if (!this.#redrawn.setLook(look)) return
    this.redraw()
  }

  readonly redraw = (): void => {
    this.#publish({ redrawProblem: null })
    void this.#work()
  }

  readonly stop = (): Promise<void> => this.#order('search.stop')
  readonly continue = (): Promise<void> => this.#order('search.continue')

  /** The key of a row that was not loaded when the cursor reached it. */
  resolve(key: string | null): string | null {
    return key === null ? null : this.#rows.resolve(key)
  }

  loaded(): Iterable<RecordRow> {
    return this.#rows.loaded()
  }

  async #order(name: 'search.stop' | 'search.continue'): Promise<void> {
    const { client, searchId } = this.#options
    try {
      const { progress } = await client.call(name, { searchId })
      this.#onProgress(progress)
    } catch (error) {
      // The scan line says why, beside what was found so far.
      this.replace({ ...this.snapshot(), problem: problemOf(error) })
    }
  }

  #onProgress(progress: SearchProgress): void {
    this.#rows.grow(progress.kept, this.#follows)
    this.#publish({ progress, problem: null })
    void this.#work()
  }

  /** Reads the pages that visible rows lack, then draws anew what was found under another look. */
  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    const { signal } = this.#abort
    try {
      let asked: PageWish | null = null
      while (!signal.aborted) {
        const wish = this.#rows.wanted(this.#wanted.first, this.#wanted.end)
        // The same page again: rows came in while it was read, and the next progress will ask.
        const isNew = wish !== null && wish.from !== asked?.from
        const outdated = isNew ? [] : this.#toRedraw()
        // Nothing to wait for: whoever shows other rows in the meantime begins anew.
        if (!isNew && outdated.length === 0) return
        if (isNew) {
          asked = wish
          await this.#readPage(wish, signal)
        } else await this.#redraw(outdated, signal)
      }
    } catch (error) {
      if (!signal.aborted) this.replace({ ...this.snapshot(), problem: problemOf(error) })
    } finally {
      this.#working = false
    }
  }

  async #readPage(wish: PageWish, signal: AbortSignal): Promise<void> {
    const { client, searchId, order, live } = this.#options
    const input = { searchId, order: live ? ('found' as const) : order, ...wish }
    const answer = await client.call('search.rows', input, signal)
    if (signal.aborted) return
    this.#rows.take(wish.from, answer)
    this.#publish({})
  }

  async #redraw(rows: readonly RecordRow[], signal: AbortSignal): Promise<void> {
    const { client, cluster } = this.#options
    const { look } = this.#redrawn
    const places = rows.map(({ topic, partition, offset }) => ({ topic, partition, offset }))
    try {
      const redrawn = await client.call('record.rows', { cluster, places, ...look }, signal)
      if (signal.aborted) return
      this.#attempts.succeeded()
      this.#redrawn.take(look, rows, redrawn)
      this.#publish({})
    } catch (error) {
      // What was found stays as it is; the notice above it offers to try again.
      if (signal.aborted) return
      const redrawProblem = problemOf(error)
      this.#publish({ redrawProblem })
      if (passesByItself(redrawProblem)) this.#attempts.later(this.redraw)
    }
  }

  /** Rows in view, or nearly, that were found under another look; none while that is in trouble. */
  #toRedraw(): readonly RecordRow[] {
    const rows: RecordRow[] = []
    if (this.snapshot().redrawProblem !== null) return rows
    const [first, end] = [this.#wanted.first - MARGIN_ROWS, this.#wanted.end + MARGIN_ROWS]
    for (const { row, look } of this.#rows.visible(first, end)) {
      if (rows.length === PLACES_MAX) break
      if (this.#redrawn.lacks(row, look)) rows.push(row)
    }
    return rows
  }

  #publish(change: Partial<SearchRunState>): void {
    const rows = this.#rows.source((row, look) => this.#redrawn.lineOf(row, look))
    const { waiting: newCount, digits } = this.#rows
    this.replace({ ...this.snapshot(), rows, newCount, digits, ...change })
  }
}
