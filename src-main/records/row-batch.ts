/**
 * One batch of an answer as rows of a table. It is decompressed when the first row is asked for,
 * and once; keys and values are cut to what a row shows and copied, so that no row keeps its batch.
 */
import { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import {
  baseOffsetOf,
  baseTimestampOf,
  isControl,
  isLogAppendTime,
  lastOffsetOf,
  recordCountOf,
  sizeOf,
} from '../../engine/protocol/records/record-batch.ts'
import { recordsOf, timestampsOf } from '../../engine/protocol/records/record-reader.ts'
import type { BytesPreview, TimestampType } from '../contract/model/record.ts'
import type { LooseRow, RowBatch, RowRange } from './record-source.ts'

export interface RowBatchOptions {
  readonly partition: number
  /** Bytes of a key and of a value that a row carries. */
  readonly previewBytes: number
}

export function rowBatch(bytes: Uint8Array, at: number, options: RowBatchOptions): RowBatch {
  let payload: Uint8Array | null = null
  return {
    baseOffset: baseOffsetOf(bytes, at),
    nextOffset: lastOffsetOf(bytes, at) + 1n,
    sizeBytes: sizeOf(bytes, at),
    rows(range) {
      // Markers of transactions are no records of anyone's.
      if (isControl(bytes, at)) return []
      payload ??= recordsOf(bytes, at)
      return readRows(bytes, at, payload, range, options)
    },
  }
}

function readRows(
  bytes: Uint8Array,
  at: number,
  payload: Uint8Array,
  range: RowRange,
  { partition, previewBytes }: RowBatchOptions,
): LooseRow[] {
  const baseOffset = baseOffsetOf(bytes, at)
  const timestampType = timestampTypeOf(bytes, at)
  const timestamps = timestampsOf(bytes, at)
  const rows: LooseRow[] = []
  for (const delta of deltasInRange(bytes, at, payload, range)) {
    const { cursor } = delta
    rows.push({
      partition,
      offset: baseOffset + BigInt(cursor.offsetDelta),
      timestampMs: timestamps(cursor),
      timestampType,
      key: preview(cursor.key(), previewBytes),
      value: preview(cursor.value(), previewBytes),
      headerCount: cursor.headerCount,
      sizeBytes:
        Math.max(cursor.keyLength, 0) + Math.max(cursor.valueLength, 0) + headerBytes(cursor),
    })
  }
  return rows
}

/** Moves a cursor to each record that is wanted, and reads only those in full. */
function* deltasInRange(
  bytes: Uint8Array,
  at: number,
  payload: Uint8Array,
  { from, to, max, keep }: RowRange,
): Generator<{ readonly cursor: RecordCursor }> {
  const baseOffset = baseOffsetOf(bytes, at)
  const lowest = Number(from - baseOffset)
  const highest = Number(to - baseOffset)
  const count = recordCountOf(bytes, at)

  const starts: number[] = []
  const scout = new RecordCursor(payload)
  for (let index = 0; index < count; index++) {
    scout.skip()
    if (scout.offsetDelta >= highest) break
    if (scout.offsetDelta < lowest) continue
    starts.push(scout.start)
    if (keep === 'first' && starts.length === max) break
  }
  for (const start of keep === 'last' ? starts.slice(-max) : starts) {
    const cursor = new RecordCursor(payload, start)
    cursor.read()
    yield { cursor }
  }
}

export function timestampTypeOf(bytes: Uint8Array, at: number): TimestampType {
  if (isLogAppendTime(bytes, at)) return 'append'
  return baseTimestampOf(bytes, at) < 0n ? 'none' : 'create'
}

/** Copies, so that the bytes do not keep a whole answer alive. */
export function preview(bytes: Uint8Array | null, previewBytes: number): BytesPreview | null {
  if (bytes === null) return null
  return { bytes: new Uint8Array(bytes.subarray(0, previewBytes)), sizeBytes: bytes.length }
}

function headerBytes(cursor: RecordCursor): number {
  return cursor.headerCount === 0 ? 0 : cursor.end - cursor.headersStart
}
