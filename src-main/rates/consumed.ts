/** How far groups came, look by look: enough of them to say how fast. */
import type { ConsumedSnapshot, ConsumedWindow } from './rates.ts'

export class ConsumedCounts {
  readonly #windowMs: number
  #snapshots: ConsumedSnapshot[] = []

  /** Rates are over this window, or over two looks where those are further apart. */
  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  add(snapshot: ConsumedSnapshot): void {
    const last = this.#snapshots.at(-1)
    // Counts that went back are those of a thread that began anew.
    if (last !== undefined && wentBack(last, snapshot)) this.#snapshots = []
    this.#snapshots.push(snapshot)
    const { atMs } = snapshot
    while (this.#snapshots.length > 2 && this.#snapshots[1]!.atMs <= atMs - this.#windowMs)
      this.#snapshots.shift()
  }

  /** Null while there was one look at most, or where the last one is long ago. */
  window(nowMs: number): ConsumedWindow | null {
    const [before] = this.#snapshots
    const after = this.#snapshots.at(-1)
    if (before === undefined || after === undefined || before === after) return null
    const apartMs = after.atMs - before.atMs
    return nowMs - after.atMs > Math.max(2 * apartMs, 3 * this.#windowMs) ? null : { before, after }
  }
}

function wentBack(before: ConsumedSnapshot, after: ConsumedSnapshot): boolean {
  for (const [topic, count] of before.counts)
    if ((after.counts.get(topic) ?? 0) < count) return true
  return false
}
