/**
 * The records of a log as values, a piece at a time: how coordinators and controllers load their
 * state. Control records are markers of the log itself and are left out.
 */
import { isControl, wholeBatches } from '../protocol/records/record-batch.ts'
import { leaderEpochOf } from '../protocol/records/record-batch.ts'
import { readRecords, type LogRecord } from '../protocol/records/record-reader.ts'
import { OwnMemory } from './log-reader.ts'
import type { PartitionLog } from './partition-log.ts'

export interface ScannedRecord extends LogRecord {
  readonly leaderEpoch: number
}

export interface ScannedRecords {
  readonly records: readonly ScannedRecord[]
  /** Where to go on; `fromOffset` itself when there was nothing. */
  readonly nextOffset: bigint
}

export function scanRecords(
  log: PartitionLog,
  range: { readonly fromOffset: bigint; readonly upToOffset: bigint; readonly bytesMax: number },
): ScannedRecords {
  const { fromOffset, upToOffset, bytesMax } = range
  const into = new OwnMemory()
  const { length, nextOffset } = log.read(
    { fetchOffset: fromOffset, maxBytes: bytesMax, upToOffset, minOneBatch: true },
    into,
  )
  const bytes = into.target
  const records: ScannedRecord[] = []
  for (const { at } of wholeBatches(bytes.subarray(0, length))) {
    if (isControl(bytes, at)) continue
    const leaderEpoch = leaderEpochOf(bytes, at)
    for (const record of readRecords(bytes, at))
      if (record.offset >= fromOffset) records.push({ ...record, leaderEpoch })
  }
  return { records, nextOffset }
}
