/**
 * One search as the page sees it: its progress as it comes, and the rows that are visible. The
 * search itself belongs to the application and goes on without the page.
 */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { Problem } from '../../../../src-main/contract/define.ts'
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import type { SearchProgress } from '../../../../src-main/contract/model/search.ts'
import { problemOf } from '../../../connection/answer.ts'
import { Store } from '../../../ui/store.ts'
import type { RowSource } from '../../../ui/table/column.ts'
import { DIGITS_MIN } from '../table/offset-digits.ts'
import { NO_ROWS, type RecordLine } from '../table/record-line.ts'
import type { KeyOfRow } from '../table/record-key.ts'
import { ResultRows, type ResultOrder } from './result-rows.ts'

export interface SearchRunState {
  readonly progress: SearchProgress | null
  readonly rows: RowSource<RecordLine>
  /** Of the largest offset that was seen. */
  readonly digits: number
  /** Found and not in the table yet, because someone reads in it. */
  readonly newCount: number
  /** Why it cannot be watched or read; `NOT_FOUND` when it was closed. */
  readonly problem: Problem | null
}

export interface SearchRunOptions {
  readonly client: ApplicationClient
  readonly searchId: string
  readonly order: ResultOrder
  readonly live: boolean
  readonly keyOf: KeyOfRow
}

export class SearchRun extends Store<SearchRunState> {
  readonly #options: SearchRunOptions
  readonly #rows: ResultRows
  #wanted = { first: 0, end: 60 }
  #follows = true
  #working = false
  #stop: (() => void) | null = null
  #abort = new AbortController()

  constructor(options: SearchRunOptions) {
    super({ progress: null, rows: NO_ROWS, digits: DIGITS_MIN, newCount: 0, problem: null })
    this.#options = options
    const { order, live, keyOf } = options
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

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    const { client, searchId, order, live } = this.#options
    const { signal } = this.#abort
    try {
      let wish = this.#rows.wanted(this.#wanted.first, this.#wanted.end)
      while (wish !== null && !signal.aborted) {
        const asked = wish
        const answer = await client.call(
          'search.rows',
          { searchId, order: live ? 'found' : order, ...asked },
          signal,
        )
        if (signal.aborted) return
        this.#rows.take(asked.from, answer.rows, answer.kept)
        this.#publish({})
        wish = this.#rows.wanted(this.#wanted.first, this.#wanted.end)
        // The same page again: rows came in while it was read, and the next progress will ask.
        if (wish !== null && wish.from === asked.from) return
      }
    } catch (error) {
      if (!signal.aborted) this.replace({ ...this.snapshot(), problem: problemOf(error) })
    } finally {
      this.#working = false
    }
  }

  #publish(change: Partial<SearchRunState>): void {
    const rows = this.#rows.source<RecordLine>(row => row)
    const { waiting: newCount, digits } = this.#rows
    this.replace({ ...this.snapshot(), rows, newCount, digits, ...change })
  }
}
