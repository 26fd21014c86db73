/**
 * Offsets by time, exact to the record: the indexes lead near, then batches are walked, and the
 * records of the one that matters, decompressed where it is.
 *
 * No index makes this fast by itself: timestamps need not increase with offsets.
 */
import { RecordCursor } from '../protocol/records/record-cursor.ts'
import {
  baseOffsetOf,
  lastOffsetOf,
  leaderEpochOf,
  maxTimestampOf,
  recordCountOf,
} from '../protocol/records/record-batch.ts'
import { recordsOf, timestampsOf } from '../protocol/records/record-reader.ts'
import { scanHeaders } from './batch-scan.ts'
import type { Segment } from './segment.ts'

export interface TimestampedOffset {
  readonly offset: bigint
  readonly timestampMs: bigint
  readonly leaderEpoch: number
}

/** The first record of a segment at or after a time, and at or above `startOffset`. */
export function firstAtOrAfter(
  segment: Segment,
  timestampMs: bigint,
  startOffset: bigint,
): TimestampedOffset | null {
  const before = segment.timeIndex.lastBefore(timestampMs)
  const fromTime = before === null ? 0 : segment.offsetIndex.floorPosition(before.relativeOffset)
  const relativeStart = startOffset > segment.baseOffset ? startOffset - segment.baseOffset : 0n
  const fromOffset =
    relativeStart > 0x7fff_ffffn ? 0 : segment.offsetIndex.floorPosition(Number(relativeStart))
  const range = { start: Math.max(fromTime, fromOffset), end: segment.sizeBytes }
  let found: TimestampedOffset | null = null
  scanHeaders(segment.file, range, (bytes, at, position, size) => {
    if (maxTimestampOf(bytes, at) < timestampMs || lastOffsetOf(bytes, at) < startOffset)
      return true
    found = firstInBatch(readBatch(segment, position, size), (recordMs, offset) => {
      return recordMs >= timestampMs && offset >= startOffset
    })
    return found === null
  })
  return found
}

/** The first record with the greatest timestamp of a segment. */
export function firstWithMaxTimestamp(segment: Segment): TimestampedOffset | null {
  const max = segment.maxTimestamp()
  const place = segment.findBatch(max.offset)
  if (place === null || max.timestampMs < 0n) return null
  return firstInBatch(readBatch(segment, place.position, place.size), recordMs => {
    return recordMs === max.timestampMs
  })
}

function readBatch(segment: Segment, position: number, size: number): Uint8Array {
  const batch = Buffer.allocUnsafe(size)
  return batch.subarray(0, segment.file.read(batch, 0, size, position))
}

function firstInBatch(
  batch: Uint8Array,
  matches: (timestampMs: bigint, offset: bigint) => boolean,
): TimestampedOffset | null {
  const baseOffset = baseOffsetOf(batch, 0)
  const timestampOf = timestampsOf(batch, 0)
  const cursor = new RecordCursor(recordsOf(batch, 0))
  const count = recordCountOf(batch, 0)
  for (let index = 0; index < count; index++) {
    cursor.skip()
    const timestampMs = timestampOf(cursor)
    const offset = baseOffset + BigInt(cursor.offsetDelta)
    if (matches(timestampMs, offset))
      return { offset, timestampMs, leaderEpoch: leaderEpochOf(batch, 0) }
  }
  return null
}
