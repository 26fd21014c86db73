/**
 * One batch of an answer as rows of a table. It is decompressed when the first row is asked for,
 * and once; a row is decoded when it is shown.
 */
import { codecById } from '../../engine/protocol/records/compression.ts'
import {
  baseOffsetOf,
  baseTimestampOf,
  compressionIdOf,
  isControl,
  isLogAppendTime,
  lastOffsetOf,
  producerIdOf,
  recordCountOf,
  sizeOf,
} from '../../engine/protocol/records/record-batch.ts'
import { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import { recordsOf, timestampsOf } from '../../engine/protocol/records/record-reader.ts'
import type { BytesPreview, TimestampType } from '../contract/model/record.ts'
import type { LooseRow, RowBatch, RowRange } from './record-source.ts'
import { showRecord, type BatchContents } from './show-record.ts'
import type { ShowOptions } from './show-options.ts'

export interface RowBatchOptions {
  readonly slot: number
  readonly topic: string
  readonly show: ShowOptions
}

export function rowBatch(bytes: Uint8Array, at: number, options: RowBatchOptions): RowBatch {
  let payload: Uint8Array | null = null
  return {
    baseOffset: baseOffsetOf(bytes, at),
    nextOffset: lastOffsetOf(bytes, at) + 1n,
    sizeBytes: sizeOf(bytes, at),
    get unpackedBytes() {
      return payload?.length ?? 0
    },
    rows(range) {
      // Markers of transactions are no records of anyone's.
      if (isControl(bytes, at)) return []
      payload ??= recordsOf(bytes, at)
      return readRows(bytes, at, payload, range, options)
    },
  }
}

/** A batch whose records nobody is to see: those of a transaction that was aborted. */
export function emptyBatch(bytes: Uint8Array, at: number): RowBatch {
  return {
    baseOffset: baseOffsetOf(bytes, at),
    nextOffset: lastOffsetOf(bytes, at) + 1n,
    sizeBytes: sizeOf(bytes, at),
    unpackedBytes: 0,
    rows: () => [],
  }
}

function readRows(
  bytes: Uint8Array,
  at: number,
  payload: Uint8Array,
  { from, to, max, keep }: RowRange,
  { slot, topic, show }: RowBatchOptions,
): LooseRow[] {
  const baseOffset = baseOffsetOf(bytes, at)
  const lowest = Number(from - baseOffset)
  const highest = Number(to - baseOffset)
  const count = recordCountOf(bytes, at)
  const timestamps = timestampsOf(bytes, at)
  const batch = batchContents(bytes, at, topic)
  return startsInRange(payload, count, { lowest, highest, max, keep }).map(start => {
    const cursor = new RecordCursor(payload, start)
    cursor.skip()
    return {
      slot,
      offset: baseOffset + BigInt(cursor.offsetDelta),
      timestampMs: timestamps(cursor),
      show: () => showRecord(payload, start, batch, show),
    }
  })
}

/** What every record of a batch shows of it. */
export function batchContents(bytes: Uint8Array, at: number, topic: string): BatchContents {
  const producerId = producerIdOf(bytes, at)
  return {
    topic,
    timestampType: timestampTypeOf(bytes, at),
    codec: codecById(compressionIdOf(bytes, at)),
    producerId: producerId < 0n ? null : producerId,
  }
}

interface DeltaRange {
  readonly lowest: number
  /** Exclusive. */
  readonly highest: number
  readonly max: number
  readonly keep: 'first' | 'last'
}

/** Where the wanted records begin in the payload. */
function startsInRange(
  payload: Uint8Array,
  count: number,
  { lowest, highest, max, keep }: DeltaRange,
): number[] {
  const starts: number[] = []
  const cursor = new RecordCursor(payload)
  for (let index = 0; index < count; index++) {
    cursor.skip()
    if (cursor.offsetDelta >= highest) break
    if (cursor.offsetDelta < lowest) continue
    starts.push(cursor.start)
    if (keep === 'first' && starts.length === max) break
  }
  return keep === 'last' ? starts.slice(-max) : starts
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
