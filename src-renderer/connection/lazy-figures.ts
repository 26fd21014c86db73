/**
 * Figures that cost the cluster requests, asked only for the rows that are wanted now, in
 * bounded batches, one at a time. What was known stays until something newer arrives.
 */
import type { Problem } from '../../src-main/contract/define.ts'
import { Store } from '../ui/store.ts'
import { problemOf } from './answer.ts'

export const BATCH_NAMES_MAX = 200
const REFRESH_MS = 3_000
/** For names out of sight, whose figures only put the list in order. */
const REFRESH_UNSEEN_MS = 60_000
const STANDSTILL_MS = 60

export interface Figures<F> {
  readonly byName: ReadonlyMap<string, F>
  readonly problem: Problem | null
}

export class LazyFigures<F> extends Store<Figures<F>> {
  readonly #ask: (names: readonly string[], signal: AbortSignal) => Promise<readonly F[]>
  readonly #nameOf: (figures: F) => string
  #order: readonly string[] = []
  #all = false
  #first = 0
  #end = 0
  #askedAtMs = new Map<string, number>()
  #busy = false
  #abort = new AbortController()
  #timer: ReturnType<typeof setInterval> | undefined
  #pause: ReturnType<typeof setTimeout> | undefined

  constructor(
    ask: (names: readonly string[], signal: AbortSignal) => Promise<readonly F[]>,
    nameOf: (figures: F) => string,
  ) {
    super({ byName: new Map(), problem: null })
    this.#ask = ask
    this.#nameOf = nameOf
  }

  open(): void {
    this.#abort = new AbortController()
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.#work()
    }, REFRESH_MS / 3)
    void this.#work()
  }

  close(): void {
    clearInterval(this.#timer)
    clearTimeout(this.#pause)
    this.#abort.abort()
  }

  /** All names in the order of the list; with `all`, figures of each are wanted to keep the order. */
  arrange(names: readonly string[], all: boolean): void {
    this.#order = names
    this.#all = all
    void this.#work()
  }

  /** The part of the list that is on screen, first and one past last. */
  readonly show = (first: number, end: number): void => {
    this.#first = first
    this.#end = end
    // Rows that only fly past are not asked for.
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => void this.#work(), STANDSTILL_MS)
  }

  /** Asks again at once for whatever is wanted. */
  readonly refresh = (): void => {
    this.#askedAtMs.clear()
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      for (let batch = this.#due(); batch.length > 0; batch = this.#due()) await this.#fetch(batch)
    } finally {
      this.#busy = false
    }
  }

  #due(): readonly string[] {
    if (this.#abort.signal.aborted) return []
    const visible = this.#order.slice(this.#first, this.#end)
    const due = visible.filter(name => this.#isOlder(name, REFRESH_MS)).slice(0, BATCH_NAMES_MAX)
    if (!this.#all) return due
    const taken = new Set(due)
    for (const name of this.#order) {
      if (due.length >= BATCH_NAMES_MAX) break
      if (!taken.has(name) && this.#isOlder(name, REFRESH_UNSEEN_MS)) due.push(name)
    }
    return due
  }

  #isOlder(name: string, ageMs: number): boolean {
    return (this.#askedAtMs.get(name) ?? -Infinity) <= performance.now() - ageMs
  }

  async #fetch(batch: readonly string[]): Promise<void> {
    const now = performance.now()
    for (const name of batch) this.#askedAtMs.set(name, now)
    try {
      const answers = await this.#ask(batch, this.#abort.signal)
      const byName = new Map(this.snapshot().byName)
      for (const answer of answers) byName.set(this.#nameOf(answer), answer)
      this.replace({ byName, problem: null })
    } catch (error) {
      // Shown beside the rows; the next turn asks again.
      if (!this.#abort.signal.aborted)
        this.replace({ ...this.snapshot(), problem: problemOf(error) })
    }
  }
}
