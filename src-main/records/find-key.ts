/** The first or the last record of one batch that has a certain key. */
import {
  baseOffsetOf,
  isControl,
  recordCountOf,
} from '../../engine/protocol/records/record-batch.ts'
import { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import { recordsOf, timestampsOf } from '../../engine/protocol/records/record-reader.ts'

export interface KeyMatch {
  readonly offset: bigint
  readonly timestampMs: bigint
}

export interface KeyRange {
  readonly from: bigint
  /** Exclusive. */
  readonly to: bigint
  readonly keep: 'first' | 'last'
}

export interface SearchedBatch {
  readonly match: KeyMatch | null
  readonly unpackedBytes: number
}

const MARKER: SearchedBatch = { match: null, unpackedBytes: 0 }

export function findKey(
  bytes: Uint8Array,
  at: number,
  key: Uint8Array | null,
  { from, to, keep }: KeyRange,
): SearchedBatch {
  if (isControl(bytes, at)) return MARKER
  const baseOffset = baseOffsetOf(bytes, at)
  const [lowest, highest] = [Number(from - baseOffset), Number(to - baseOffset)]
  const timestamps = timestampsOf(bytes, at)
  const payload = recordsOf(bytes, at)
  const cursor = new RecordCursor(payload)
  let match: KeyMatch | null = null
  for (let left = recordCountOf(bytes, at); left > 0; left--) {
    cursor.read()
    if (cursor.offsetDelta >= highest) break
    if (cursor.offsetDelta < lowest || !hasKey(cursor, key)) continue
    const offset = baseOffset + BigInt(cursor.offsetDelta)
    match = { offset, timestampMs: timestamps(cursor) }
    if (keep === 'first') break
  }
  return { match, unpackedBytes: payload.length }
}

function hasKey({ bytes, keyStart, keyLength }: RecordCursor, key: Uint8Array | null): boolean {
  if (key === null || keyLength < 0) return key === null && keyLength < 0
  if (keyLength !== key.length) return false
  for (let index = 0; index < keyLength; index++)
    if (bytes[keyStart + index] !== key[index]) return false
  return true
}
