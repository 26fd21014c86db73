/** One timer that is set again and again, for a machine that knows its next deadline. */
import type { Clock } from '../ports/clock.ts'

export class Timer {
  readonly #clock: Clock
  readonly #ring: () => void
  #atMs = Infinity
  #cancel: () => void = () => {}

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Rings at that time, or earlier where it is set to. */
  setAtMost(atMs: number): void {
    if (atMs >= this.#atMs) return
    this.#cancel()
    this.#atMs = atMs
    this.#cancel = this.#clock.at(atMs, () => {
      this.#atMs = Infinity
      this.#ring()
    })
  }

  cancel(): void {
    this.#cancel()
    this.#atMs = Infinity
  }
}
