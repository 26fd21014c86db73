/** Arithmetic on cuts: places between the records of several partitions. See `RecordPage`. */

/** An offset for each slot of a view, in ascending order of slots; see `slot.ts`. */
export type Offsets = ReadonlyMap<number, bigint>

/** How many offsets lie between `base` and `offsets`. A slot that `base` lacks counts none. */
export function positionOf(offsets: Offsets, base: Offsets): bigint {
  let position = 0n
  for (const [slot, start] of base) position += (offsets.get(slot) ?? start) - start
  return position
}

/** Every offset moved into [low, high]; a slot that `offsets` lacks starts at `low`. */
export function clamp(offsets: Offsets, low: Offsets, high: Offsets): Offsets {
  return new Map(
    [...low].map(([slot, lowest]) => {
      const highest = larger(high.get(slot) ?? lowest, lowest)
      return [slot, smaller(larger(offsets.get(slot) ?? lowest, lowest), highest)]
    }),
  )
}

/**
 * The cut at `target` on the straight line between two cuts, exactly: what division leaves over
 * goes to the first slots that have room.
 */
export function between(low: Offsets, high: Offsets, target: bigint, base: Offsets): Offsets {
  const lowPosition = positionOf(low, base)
  const span = positionOf(high, base) - lowPosition
  const wanted = smaller(larger(target - lowPosition, 0n), span)
  if (span === 0n) return low

  let left = wanted
  const offsets = new Map<number, bigint>()
  for (const [slot, lowest] of low) {
    const share = (((high.get(slot) ?? lowest) - lowest) * wanted) / span
    offsets.set(slot, lowest + share)
    left -= share
  }
  for (const [slot, offset] of offsets) {
    if (left === 0n) break
    const room = smaller((high.get(slot) ?? offset) - offset, left)
    offsets.set(slot, offset + room)
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
