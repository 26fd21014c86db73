/** How fast something grows: over the last seconds, from what it stood at. Pure arithmetic. */

export interface Mark {
  readonly atMs: number
  readonly done: bigint
}

const WINDOW_MS = 5_000
/** Marks closer together than this say nothing new. */
const SPACING_MS = 200
/** Below it a rate would be made of one or two steps. */
const SPAN_MS_MIN = 250

export class RateWindow {
  #marks: Mark[] = []

  add(mark: Mark): void {
    const last = this.#marks.at(-1)
    const beforeLast = this.#marks.at(-2)
    // The newest mark always counts; what it replaces lies too close to its neighbour.
    if (last !== undefined && beforeLast !== undefined && last.atMs - beforeLast.atMs < SPACING_MS)
      this.#marks.pop()
    this.#marks.push(mark)
    const oldest = this.#marks.findLastIndex(({ atMs }) => atMs <= mark.atMs - WINDOW_MS)
    if (oldest > 0) this.#marks = this.#marks.slice(oldest)
  }

  /** Null until there is enough to tell. */
  ratePerSecond(): number | null {
    return rateBetween(this.#marks[0], this.#marks.at(-1))
  }
}

export function rateBetween(first: Mark | undefined, last: Mark | undefined): number | null {
  if (first === undefined || last === undefined) return null
  const spanMs = last.atMs - first.atMs
  return spanMs < SPAN_MS_MIN ? null : (Number(last.done - first.done) * 1_000) / spanMs
}

/** Null where it would take for ever, or nobody knows how much is left. */
export function timeLeftMs(
  done: bigint,
  total: bigint | null,
  ratePerSecond: number | null,
): number | null {
  if (total === null || ratePerSecond === null || ratePerSecond <= 0) return null
  const left = total - done
  return left <= 0n ? 0 : (Number(left) / ratePerSecond) * 1_000
}
