/** The histogram of what is looked at. While another is asked for, the one before stays. */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { recordApi } from '../../../../src-main/contract/api/record.ts'
import type { InputOf, Problem } from '../../../../src-main/contract/define.ts'
import type { RecordHistogram } from '../../../../src-main/contract/model/record.ts'
import { problemOf } from '../../../connection/answer.ts'
import { Attempts, passesByItself } from '../../../connection/attempts.ts'
import { Store } from '../../../ui/store.ts'

export type HistogramInput = InputOf<typeof recordApi, 'record.histogram'>

interface HistogramState {
  readonly value: RecordHistogram | null
  readonly problem: Problem | null
}

const LIVE_INTERVAL_MS = 5_000

export class HistogramStore extends Store<HistogramState> {
  readonly #client: ApplicationClient
  #key = ''
  #abort = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #attempts = new Attempts()

  constructor(client: ApplicationClient) {
    super({ value: null, problem: null })
    this.#client = client
  }

  open(): void {
    // Asks when it is told what for.
  }

  close(): void {
    this.#abort.abort()
    this.#attempts.cancel()
    clearTimeout(this.#timer)
  }

  /** Another `key` is another question; a live one is asked again and again. */
  readonly ask = (key: string, input: () => HistogramInput, live: boolean): void => {
    if (key === this.#key && !this.#abort.signal.aborted) return
    this.#key = key
    this.#abort.abort()
    this.#attempts.cancel()
    clearTimeout(this.#timer)
    this.#abort = new AbortController()
    void this.#ask(input, live, this.#abort.signal)
  }

  async #ask(input: () => HistogramInput, live: boolean, signal: AbortSignal): Promise<void> {
    try {
      const value = await this.#client.call('record.histogram', input(), signal)
      if (signal.aborted) return
      this.replace({ value, problem: null })
    } catch (error) {
      // It stands above the table, which does not need it.
      if (signal.aborted) return
      const problem = problemOf(error)
      this.replace({ value: null, problem })
      if (passesByItself(problem) && !live)
        return this.#attempts.later(() => void this.#ask(input, live, signal))
    }
    this.#attempts.succeeded()
    if (live) this.#timer = setTimeout(() => void this.#ask(input, live, signal), LIVE_INTERVAL_MS)
  }
}
