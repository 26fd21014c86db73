/**
 * The records of a batch as objects, for screens, coordinators and lookups by time. Scans that
 * touch millions of records use `RecordCursor` over `recordsOf` themselves.
 */
import { KafkaError } from '../errors.ts'
import { codecById, decompress } from './compression.ts'
import { RecordCursor, type RecordHeader } from './record-cursor.ts'
import {
  BATCH_HEADER_BYTES,
  baseOffsetOf,
  baseTimestampOf,
  compressionIdOf,
  hasDeleteHorizon,
  isLogAppendTime,
  maxTimestampOf,
  recordCountOf,
  sizeOf,
  wholeBatches,
} from './record-batch.ts'

export interface LogRecord {
  readonly offset: bigint
  /** -1 where the producer gave none. */
  readonly timestampMs: bigint
  /** Views of the payload, valid as long as the batch's bytes are. */
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

/** The decompressed payload of the batch at `at`: a view when it was not compressed. */
export function recordsOf(
  bytes: Uint8Array,
  at: number,
  options: { readonly maxBytes?: number } = {},
): Uint8Array {
  const payload = bytes.subarray(at + BATCH_HEADER_BYTES, at + sizeOf(bytes, at))
  return decompress(codecById(compressionIdOf(bytes, at)), payload, options)
}

/** All records of the batch at `at`. Throws INVALID_RECORD where they are not what it declares. */
export function readRecords(
  bytes: Uint8Array,
  at: number,
  options: { readonly maxBytes?: number } = {},
): LogRecord[] {
  const payload = recordsOf(bytes, at, options)
  const cursor = new RecordCursor(payload)
  const count = declaredCount(bytes, at, payload.length)
  const baseOffset = baseOffsetOf(bytes, at)
  const timestamps = timestampsOf(bytes, at)
  const records: LogRecord[] = []
  for (let index = 0; index < count; index++) {
    cursor.read()
    records.push({
      offset: baseOffset + BigInt(cursor.offsetDelta),
      timestampMs: timestamps(cursor),
      key: cursor.key(),
      value: cursor.value(),
      headers: cursor.headers(),
    })
  }
  if (cursor.remaining !== 0)
    throw new KafkaError('INVALID_RECORD', `${cursor.remaining} bytes after ${count} records`)
  return records
}

/** The records of all whole batches in a buffer, in order. Control batches are among them. */
export function* readAllRecords(bytes: Uint8Array): Generator<LogRecord> {
  for (const { at } of wholeBatches(bytes)) yield* readRecords(bytes, at)
}

/**
 * Visits the offset of every record in a payload: the delta, and the bytes it takes. The fast way
 * through records whose contents do not matter.
 */
export function visitOffsets(
  payload: Uint8Array,
  count: number,
  visit: (offsetDelta: number, start: number, end: number) => void,
): void {
  const cursor = new RecordCursor(payload)
  for (let index = 0; index < count; index++) {
    cursor.skip()
    visit(cursor.offsetDelta, cursor.start, cursor.end)
  }
}

/** How a record's timestamp follows from its batch: its own, or the one the broker stamped. */
export function timestampsOf(bytes: Uint8Array, at: number): (cursor: RecordCursor) => bigint {
  if (isLogAppendTime(bytes, at)) {
    const stamped = maxTimestampOf(bytes, at)
    return () => stamped
  }
  const base = baseTimestampOf(bytes, at)
  // Compaction put its own time into the base (KIP-534); deltas still count from it.
  if (hasDeleteHorizon(bytes, at)) return cursor => base + cursor.timestampDelta
  if (base < 0n || base > 0xffff_ffff_ffffn) return cursor => base + cursor.timestampDelta
  const plain = Number(base)
  return cursor => {
    const sum = plain + cursor.timestampDeltaNumber
    return Number.isSafeInteger(sum) ? BigInt(sum) : base + cursor.timestampDelta
  }
}

/** No record takes fewer than seven bytes, so a larger count is a lie that would cost time. */
function declaredCount(bytes: Uint8Array, at: number, payloadBytes: number): number {
  const count = recordCountOf(bytes, at)
  if (count < 0 || count * RECORD_BYTES_MIN > payloadBytes)
    throw new KafkaError('INVALID_RECORD', `${count} records declared in ${payloadBytes} bytes`)
  return count
}

const RECORD_BYTES_MIN = 7
