/** Holds a rate: how many records may go now, so that after each second as many went as shall. */

/** What was not sent in time is made up for, but no more than this much of it. */
const ARREARS_MS_MAX = 1_000

export class Pacer {
  readonly #perMs: number
  #beginMs: number
  #given = 0

  /** `rate` in records a second. */
  constructor(rate: number, nowMs: number) {
    this.#perMs = rate / 1_000
    this.#beginMs = nowMs
  }

  /** Records that may go now, at least 0. The first goes at once. */
  allowed(nowMs: number): number {
    const due = (nowMs - this.#beginMs) * this.#perMs
    const behindMs = (due - this.#given) / this.#perMs
    if (behindMs > ARREARS_MS_MAX) this.#beginMs += behindMs - ARREARS_MS_MAX
    return Math.max(Math.floor((nowMs - this.#beginMs) * this.#perMs) + 1 - this.#given, 0)
  }

  gave(count: number): void {
    this.#given += count
  }

  /** Until the next may go. */
  waitMs(nowMs: number): number {
    return Math.max(this.#given / this.#perMs - (nowMs - this.#beginMs), 0)
  }
}
