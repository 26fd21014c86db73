/**
 * Where an offset stood over time, in a bounded number of points: all of the last ones, and ever
 * fewer of those before. Pure; who asks a cluster hands the offsets in.
 *
 * Offsets are numbers here: they serve estimates of time and rates, never as offsets.
 */
export class OffsetHistory {
  readonly #pointsMax: number
  #times: number[] = []
  #offsets: number[] = []

  constructor(pointsMax: number) {
    this.#pointsMax = pointsMax
  }

  get count(): number {
    return this.#times.length
  }

  get firstMs(): number | null {
    return this.#times[0] ?? null
  }

  get last(): { readonly atMs: number; readonly offset: number } | null {
    const atMs = this.#times.at(-1)
    return atMs === undefined ? null : { atMs, offset: this.#offsets.at(-1)! }
  }

  /** Takes what was seen. An offset that went back (topic made anew, group reset) starts over. */
  add(atMs: number, offset: number): void {
    const times = this.#times
    const offsets = this.#offsets
    const count = times.length
    if (count > 0 && atMs <= times[count - 1]!) return
    if (count > 0 && offset < offsets[count - 1]!) {
      this.#times = [atMs]
      this.#offsets = [offset]
      return
    }
    // While nothing moves, the first and the last sight of it say all.
    if (count > 1 && offset === offsets[count - 1] && offset === offsets[count - 2]) {
      times[count - 1] = atMs
      return
    }
    times.push(atMs)
    offsets.push(offset)
    if (times.length > this.#pointsMax) this.#thin()
  }

  /** Where the offset stood then, between two sights of it; null before the first. */
  offsetAt(atMs: number): number | null {
    const times = this.#times
    if (times.length === 0 || atMs < times[0]!) return null
    const after = times.findIndex(each => each > atMs)
    if (after < 0) return this.#offsets.at(-1)!
    return between(
      atMs,
      { x: times[after - 1]!, y: this.#offsets[after - 1]! },
      { x: times[after]!, y: this.#offsets[after]! },
    )
  }

  /**
   * About when this offset was passed, which for a log's end is when the record at it was written.
   * `before`: it had been passed when it was first looked at. Null: it has not been passed.
   */
  passedAt(
    offset: number,
  ):
    | { readonly type: 'about'; readonly atMs: number }
    | { readonly type: 'before'; readonly atMs: number }
    | null {
    const offsets = this.#offsets
    if (offsets.length === 0 || offset >= offsets.at(-1)!) return null
    if (offset < offsets[0]!) return { type: 'before', atMs: this.#times[0]! }
    const after = offsets.findIndex(each => each > offset)
    const atMs = between(
      offset,
      { x: offsets[after - 1]!, y: this.#times[after - 1]! },
      { x: offsets[after]!, y: this.#times[after]! },
    )
    return { type: 'about', atMs }
  }

  /** The farthest that it came between two of the latest sights, which are still all there. */
  get latestStep(): number {
    const offsets = this.#offsets
    let step = 0
    for (let place = Math.max(offsets.length >> 1, 1); place < offsets.length; place++)
      step = Math.max(step, offsets[place]! - offsets[place - 1]!)
    return step
  }

  /** Every second point of the older half goes: time resolution falls with age, the span stays. */
  #thin(): void {
    const half = this.#times.length >> 1
    const kept = (_: number, place: number) => place >= half || place % 2 === 0
    this.#times = this.#times.filter(kept)
    this.#offsets = this.#offsets.filter(kept)
  }
}

interface Place {
  readonly x: number
  readonly y: number
}

function between(x: number, a: Place, b: Place): number {
  return b.x === a.x ? b.y : a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y)
}
