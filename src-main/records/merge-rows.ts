/**
 * Merges the records of several partitions by time.
 *
 * Forward, the partition goes next whose first unread record is the oldest; backward, the one whose
 * last record is the newest; equal timestamps go by partition. Where producers' clocks run back
 * within a partition the two directions may interleave differently, so a page's rows are always
 * put into forward order between its two cuts: pages tile whatever the timestamps are.
 */
import type { RecordRow } from '../contract/model/record.ts'
import { positionOf, type Offsets } from './cut.ts'
import type { LooseRow } from './record-source.ts'

/** The partition to take from next, or null when all are empty. */
export function nextForward(heads: Iterable<LooseRow>): LooseRow | null {
  let oldest: LooseRow | null = null
  for (const row of heads) if (oldest === null || compare(row, oldest) < 0) oldest = row
  return oldest
}

export function nextBackward(tails: Iterable<LooseRow>): LooseRow | null {
  let newest: LooseRow | null = null
  for (const row of tails) if (newest === null || compare(row, newest) > 0) newest = row
  return newest
}

function compare(a: LooseRow, b: LooseRow): number {
  if (a.timestampMs !== b.timestampMs) return a.timestampMs < b.timestampMs ? -1 : 1
  return a.partition - b.partition
}

/**
 * Puts rows, which lie between a cut and a later one, into forward order with their positions.
 * Each partition's rows are in order of offsets. Offsets without a record count before the next
 * record of their partition.
 */
export function placeRows(
  rowsByPartition: ReadonlyMap<number, readonly LooseRow[]>,
  before: Offsets,
  base: Offsets,
): RecordRow[] {
  const taken = new Map<number, number>()
  const heads = new Map<number, LooseRow>()
  for (const [partition, rows] of rowsByPartition)
    if (rows[0] !== undefined) heads.set(partition, rows[0])

  const placed: RecordRow[] = []
  const reached = new Map(before)
  let position = positionOf(before, base)
  for (;;) {
    const row = nextForward(heads.values())
    if (row === null) return placed
    const { partition, offset } = row
    position += offset - (reached.get(partition) ?? offset)
    placed.push({ ...row, position })
    position += 1n
    reached.set(partition, offset + 1n)

    const next = (taken.get(partition) ?? 0) + 1
    taken.set(partition, next)
    const head = rowsByPartition.get(partition)?.[next]
    if (head === undefined) heads.delete(partition)
    else heads.set(partition, head)
  }
}
