/**
 * Finds the cut with a given position: where a table is when someone drags its scroll bar there.
 *
 * With one partition it is a subtraction. With several it is a search over time: brokers know the
 * offset of a timestamp without reading, so the interval of time that holds the position is halved
 * until few rows are left, and the rest is shared out over the partitions. The result's position
 * is exact, and the same for the same log.
 */
import { between, positionOf, type Offsets } from './cut.ts'

/** Rows in the last interval at most, unless they all have one timestamp. */
const INTERVAL_ROWS = 500n
const STEPS_MAX = 48

interface Bounds {
  readonly base: Offsets
  readonly start: Offsets
  readonly end: Offsets
}

export async function seekPosition(
  target: bigint,
  { base, start, end }: Bounds,
  offsetsAtTime: (timestampMs: bigint) => Promise<Offsets>,
): Promise<Offsets> {
  if (base.size <= 1) return between(start, end, target, base)

  let low = start
  let high = end
  // Every real timestamp lies in between; most searches end long before the interval is 1 ms.
  let lowMs = 0n
  let highMs = 1n << 44n
  for (let step = 0; step < STEPS_MAX && highMs - lowMs > 1n; step++) {
    if (positionOf(high, base) - positionOf(low, base) <= INTERVAL_ROWS) break
    const middleMs = (lowMs + highMs) / 2n
    const middle = await offsetsAtTime(middleMs)
    if (positionOf(middle, base) <= target) {
      low = middle
      lowMs = middleMs
    } else {
      high = middle
      highMs = middleMs
    }
  }
  return between(low, high, target, base)
}
