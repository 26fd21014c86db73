/** Arithmetic on cuts: places between the records of several partitions. See `RecordPage`. */
import type { Cut, PositionedCut } from '../contract/model/record.ts'

/** Offsets by partition, in ascending order of partitions. */
export type Offsets = ReadonlyMap<number, bigint>

export function offsetsOf(cut: Cut): Offsets {
  const sorted = [...cut].sort((a, b) => a.partition - b.partition)
  return new Map(sorted.map(({ partition, offset }) => [partition, offset]))
}

export function cutOf(offsets: Offsets): Cut {
  return [...offsets].map(([partition, offset]) => ({ partition, offset }))
}

/** How many offsets lie between `base` and `offsets`. A partition that `base` lacks counts none. */
export function positionOf(offsets: Offsets, base: Offsets): bigint {
  let position = 0n
  for (const [partition, start] of base) position += (offsets.get(partition) ?? start) - start
  return position
}

export function positioned(offsets: Offsets, base: Offsets): PositionedCut {
  return { cut: cutOf(offsets), position: positionOf(offsets, base) }
}

/** Every offset moved into [low, high]; a partition that `offsets` lacks starts at `low`. */
export function clamp(offsets: Offsets, low: Offsets, high: Offsets): Offsets {
  return new Map(
    [...low].map(([partition, lowest]) => {
      const highest = larger(high.get(partition) ?? lowest, lowest)
      return [partition, smaller(larger(offsets.get(partition) ?? lowest, lowest), highest)]
    }),
  )
}

/**
 * The cut at `target` on the straight line between two cuts, exactly: what division leaves over
 * goes to the first partitions that have room.
 */
export function between(low: Offsets, high: Offsets, target: bigint, base: Offsets): Offsets {
  const lowPosition = positionOf(low, base)
  const span = positionOf(high, base) - lowPosition
  const wanted = smaller(larger(target - lowPosition, 0n), span)
  if (span === 0n) return low

  let left = wanted
  const offsets = new Map<number, bigint>()
  for (const [partition, lowest] of low) {
    const share = (((high.get(partition) ?? lowest) - lowest) * wanted) / span
    offsets.set(partition, lowest + share)
    left -= share
  }
  for (const [partition, offset] of offsets) {
    if (left === 0n) break
    const room = smaller((high.get(partition) ?? offset) - offset, left)
    offsets.set(partition, offset + room)
    left -= room
  }
  return offsets
}

export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
