/**
 * The answer to a question that a page asks, and asks again. While it is asked again the last
 * answer stays; a failure stands beside it instead of taking its place.
 */
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import {
  ContractError,
  type CommandName,
  type InputOf,
  type ItemOf,
  type OutputOf,
  type Problem,
  type StreamInputOf,
  type StreamName,
} from '../../src-main/contract/define.ts'
import { sayProblem } from '../i18n/problems.ts'
import { Store } from '../ui/store.ts'
import { openLasting } from './lasting-stream.ts'

export interface Answer<T> {
  /** Null until the first answer. */
  readonly value: T | null
  /** Why the last attempt did not succeed; null when it did. */
  readonly problem: Problem | null
  /** True from the question until its answer. */
  readonly asking: boolean
}

const UNASKED: Answer<never> = { value: null, problem: null, asking: true }

type Ask<T> = (before: T | null, signal: AbortSignal) => Promise<T>

/**
 * Asks at `open`, then every `intervalMs` while the page is visible, and on `refresh`. An answer may say
 * itself when it is worth asking again: `againMs`.
 */
export class Asked<T> extends Store<Answer<T>> {
  readonly #question: Ask<T>
  readonly #intervalMs: number | null
  #abort: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = true

  constructor(question: Ask<T>, intervalMs: number | null = null) {
    super(UNASKED)
    this.#question = question
    this.#intervalMs = intervalMs
  }

  open(): void {
    this.#closed = false
    this.refresh()
  }

  readonly refresh = (): void => {
    if (!this.#closed) void this.#ask()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#abort?.abort()
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer)
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    this.replace({ ...this.snapshot(), asking: true })
    try {
      const value = await this.#question(this.snapshot().value, abort.signal)
      if (abort.signal.aborted) return
      this.replace({ value, problem: null, asking: false })
    } catch (error) {
      // What went wrong is shown; a question of our own that we took back is not.
      if (abort.signal.aborted) return
      this.replace({ ...this.snapshot(), problem: problemOf(error), asking: false })
    }
    if (this.#intervalMs !== null && !this.#closed)
      this.#timer = setTimeout(() => this.#again(), this.#pauseMs(this.#intervalMs))
  }

  #pauseMs(intervalMs: number): number {
    const { value } = this.snapshot()
    const told = typeof value === 'object' && value !== null && 'againMs' in value
    return told ? Math.max(intervalMs, Number(value.againMs)) : intervalMs
  }

  /** A page in a hidden tab waits instead of asking. */
  #again(): void {
    if (document.visibilityState === 'visible') this.refresh()
    else document.addEventListener('visibilitychange', () => this.refresh(), { once: true })
  }
}

/** A command that is asked again and again with one input. */
export class AskedAnswer<N extends CommandName<ApplicationApi>> extends Asked<
  OutputOf<ApplicationApi, N>
> {
  constructor(
    client: ApplicationClient,
    name: N,
    input: InputOf<ApplicationApi, N>,
    intervalMs: number | null = null,
  ) {
    super((_before, signal) => client.call(name, input, signal), intervalMs)
  }
}

/** The newest item of a stream. Each item is whole, so nothing is missing after an interruption. */
export class StreamedAnswer<N extends StreamName<ApplicationApi>> extends Store<
  Answer<ItemOf<ApplicationApi, N>>
> {
  readonly #client: ApplicationClient
  readonly #name: N
  readonly #input: StreamInputOf<ApplicationApi, N>
  #stop: (() => void) | null = null

  constructor(client: ApplicationClient, name: N, input: StreamInputOf<ApplicationApi, N>) {
    super(UNASKED)
    this.#client = client
    this.#name = name
    this.#input = input
  }

  readonly refresh = (): void => {
    this.close()
    this.open()
  }

  open(): void {
    const failed = (problem: Problem | null) =>
      this.replace({
        ...this.snapshot(),
        problem: problem === null ? null : sayProblem(problem),
        asking: false,
      })
    this.#stop = openLasting(this.#client, this.#name, () => this.#input, {
      onItem: value => this.replace({ value, problem: null, asking: false }),
      onBreak: failed,
      onEnd: failed,
    })
  }

  close(): void {
    this.#stop?.()
    this.#stop = null
  }
}

/** Whatever was thrown, as something that can be shown, in the reader's language. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ContractError) return sayProblem(error.problem)
  const message = error instanceof Error ? error.message : String(error)
  const details = error instanceof Error ? error.stack : undefined
  return { code: 'INTERNAL', message, ...(details === undefined ? {} : { details }) }
}
