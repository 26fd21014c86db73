/**
 * Finds the cut with a given position: where a table is when someone drags its scroll bar there.
 *
 * With one partition it is a subtraction. With several it is a search over time: brokers know the
 * offset of a timestamp without reading, so the interval of time that holds the position is
 * narrowed until few rows are left, and the rest is shared out over the partitions. The result's position
 * is exact, and the same for the same log.
 */
import { between, larger, positionOf, smaller, type Offsets } from './cut.ts'

/** The search ends this close, unless more rows than that have one timestamp. */
const INTERVAL_ROWS = 500n
const STEPS_MAX = 64

interface Bounds {
  readonly base: Offsets
  readonly start: Offsets
  readonly end: Offsets
}

export interface TimeIndex {
  /** Of the oldest and the newest record, or null where there is none. */
  range(): Promise<{ readonly firstMs: bigint; readonly lastMs: bigint } | null>
  /** Before each partition's first record that is not older. */
  offsetsAt(timestampMs: bigint): Promise<Offsets>
}

export async function seekPosition(
  target: bigint,
  { base, start, end }: Bounds,
  index: TimeIndex,
): Promise<Offsets> {
  if (base.size <= 1) return between(start, end, target, base)
  const range = await index.range()
  if (range === null) return between(start, end, target, base)

  let low = { cut: start, atMs: range.firstMs }
  let high = { cut: end, atMs: range.lastMs + 1n }
  for (let step = 0; step < STEPS_MAX && high.atMs - low.atMs > 1n; step++) {
    const lowPosition = positionOf(low.cut, base)
    const rows = positionOf(high.cut, base) - lowPosition
    if (rows <= INTERVAL_ROWS) break
    const span = high.atMs - low.atMs
    // Where the rate is even, the share of rows is the share of time. Halving every other time
    // bounds the steps where it is not.
    const share = step % 2 === 0 ? (span * (target - lowPosition)) / rows : span / 2n
    const atMs = low.atMs + larger(smaller(share, span - 1n), 1n)
    const cut = await index.offsetsAt(atMs)
    const ahead = target - positionOf(cut, base)
    if (ahead >= 0n) low = { cut, atMs }
    else high = { cut, atMs }
    // Close enough on one side: the few rows in between are shared out.
    if (ahead <= INTERVAL_ROWS && -ahead <= INTERVAL_ROWS) break
  }
  return between(low.cut, high.cut, target, base)
}
