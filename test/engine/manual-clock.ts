/** A clock that a test moves by hand. */
import type { Clock } from '../../engine/ports/clock.ts'

export class ManualClock implements Clock {
  #nowMs = 1_000_000
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>()

  nowMs(): number {
    return this.#nowMs
  }

  timestampOf(nowMs: number): number {
    return nowMs
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  at(atMs: number, callback: () => void): () => void {
    const timer = { atMs, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  soon(callback: () => void): () => void {
    return this.at(this.#nowMs, callback)
  }

  /** How many timers are set. */
  get waiting(): number {
    return this.#timers.size
  }

  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs)
      if (next === undefined) break
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      this.#timers.delete(next)
      next.callback()
    }
    this.#nowMs = untilMs
  }
}
