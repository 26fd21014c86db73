/** How fast a count grows, over the last few seconds. Pure: moments come in. */

export const RATE_WINDOW_MS = 5_000

interface Sample {
  readonly atMs: number
  readonly count: bigint
}

export class RateMeter {
  #samples: Sample[] = []

  /** Counts never run back; one that does begins anew. */
  add(atMs: number, count: bigint): void {
    const last = this.#samples.at(-1)
    if (last !== undefined && count < last.count) this.#samples = []
    this.#samples.push({ atMs, count })
    // The last one before the window stays: it is where the window begins.
    while ((this.#samples[1]?.atMs ?? Infinity) <= atMs - RATE_WINDOW_MS) this.#samples.shift()
  }

  /** Null until there are two moments to compare. */
  perSecond(nowMs: number): number | null {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined || nowMs - first.atMs < 500) return null
    const spanMs = Math.max(nowMs - first.atMs, 1)
    return (Number(last.count - first.count) * 1_000) / spanMs
  }
}
