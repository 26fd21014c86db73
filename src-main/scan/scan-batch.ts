/**
 * One batch as a scan hands it on: checked, decompressed, and with the part of it that lies in the
 * range. Records are not touched here, since most batches hold nothing that anyone looks for.
 */
import {
  baseOffsetOf,
  lastOffsetDeltaOf,
  recordCountOf,
} from '../../engine/protocol/records/record-batch.ts'
import { recordsOf, visitOffsets } from '../../engine/protocol/records/record-reader.ts'
import { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import type { FilterBatch } from '../filter/filter-batch.ts'
import type { PartitionScan } from './partition-scan.ts'

export interface ScanBatch extends FilterBatch {
  readonly scan: PartitionScan
  readonly size: number
  /** All its records are in the range. */
  readonly whole: boolean
}

export interface BatchRange {
  readonly from: bigint
  readonly to: bigint
}

/** Throws INVALID_RECORD where the payload does not decompress. */
export function openBatch(
  scan: PartitionScan,
  bytes: Uint8Array,
  { at, size }: { readonly at: number; readonly size: number },
  range: BatchRange,
): ScanBatch {
  const baseOffset = baseOffsetOf(bytes, at)
  const lastDelta = lastOffsetDeltaOf(bytes, at)
  const fromDelta = range.from <= baseOffset ? 0 : Number(range.from - baseOffset)
  const toDelta = Math.min(lastDelta + 1, Number(range.to - baseOffset))
  return {
    scan,
    bytes,
    at,
    size,
    payload: recordsOf(bytes, at),
    baseOffset,
    recordCount: checkedCount(bytes, at),
    fromDelta,
    toDelta,
    whole: fromDelta === 0 && toDelta === lastDelta + 1,
  }
}

/** Records of the batch that lie in its range. */
export function countInRange(batch: ScanBatch): number {
  const { payload, recordCount, fromDelta, toDelta, whole } = batch
  if (whole) return recordCount
  let count = 0
  visitOffsets(payload, recordCount, delta => {
    if (delta >= fromDelta && delta < toDelta) count++
  })
  return count
}

/** Moves the cursor to each record in the range; `visit` gives false to end. */
export function visitRecords(
  { payload, recordCount, fromDelta, toDelta }: ScanBatch,
  visit: (cursor: RecordCursor) => boolean | void,
): void {
  const cursor = new RecordCursor(payload)
  for (let index = 0; index < recordCount; index++) {
    cursor.read()
    if (cursor.offsetDelta < fromDelta) continue
    if (cursor.offsetDelta >= toDelta || visit(cursor) === false) return
  }
}

function checkedCount(bytes: Uint8Array, at: number): number {
  const count = recordCountOf(bytes, at)
  if (count >= 0) return count
  throw new KafkaError('INVALID_RECORD', `a batch of ${count} records`)
}
