/** Looks at every record of a scan, and at nothing of it but sizes, times and keys. */
import { NO_TIMESTAMP } from '../../engine/protocol/records/record-batch.ts'
import { timestampsOf } from '../../engine/protocol/records/record-reader.ts'
import type { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import { bufferOf } from '../filter/record-at-hand.ts'
import { visitRecords, type ScanBatch } from '../scan/scan-batch.ts'
import type { ScanVisitor } from '../scan/scan-context.ts'
import type { PartitionScan } from '../scan/partition-scan.ts'
import { HeavySketch } from './heavy-sketch.ts'
import { HourTally } from './hour-tally.ts'
import { hashKey } from './key-hash.ts'
import { RecordTally, type TalliedRecord } from './record-tally.ts'

/** 16 KB for a standard error of 0.8 %, and 4 KB for 1.6 %. */
export const TOTAL_DISTINCT_BITS = 14
export const PARTITION_DISTINCT_BITS = 12
/** Longer keys are told apart by their beginning, their length and their hash. */
const KEY_BYTES_MAX = 256

export class StatisticsVisitor implements ScanVisitor {
  readonly total = new RecordTally(TOTAL_DISTINCT_BITS)
  readonly hours = new HourTally()
  readonly byCount = new HeavySketch()
  readonly byBytes = new HeavySketch()
  readonly #partitions = new Map<PartitionScan, RecordTally>()
  readonly #hash = { high: 0, low: 0 }
  readonly #record: TalliedRecord = {
    keySize: -1,
    valueSize: -1,
    headerCount: 0,
    recordSize: 0,
    timestampMs: -1,
  }

  tallyOf(scan: PartitionScan): RecordTally {
    const known = this.#partitions.get(scan)
    if (known !== undefined) return known
    const made = new RecordTally(PARTITION_DISTINCT_BITS)
    this.#partitions.set(scan, made)
    return made
  }

  visit(batch: ScanBatch): null {
    const tally = this.tallyOf(batch.scan)
    const timestamps = timestampsOf(batch.bytes, batch.at)
    const payload = bufferOf(batch.payload)
    for (const each of [tally, this.total]) {
      each.batches += 1
      each.storedBytes += batch.size
    }
    visitRecords(batch, cursor => {
      const timestampMs = timestamps(cursor)
      this.#look(batch.scan.partition, tally, payload, cursor, timestampMs)
    })
    return null
  }

  #look(
    partition: number,
    tally: RecordTally,
    payload: Buffer,
    cursor: RecordCursor,
    timestampMs: bigint,
  ): void {
    const record = this.#record
    const { keyLength, keyStart, valueLength, headerCount } = cursor
    record.keySize = keyLength
    record.valueSize = valueLength
    record.headerCount = headerCount
    const headers = headerCount === 0 ? 0 : cursor.end - cursor.headersStart
    record.recordSize = Math.max(keyLength, 0) + Math.max(valueLength, 0) + headers
    record.timestampMs = timestampMs === NO_TIMESTAMP ? -1 : Number(timestampMs)
    const hash = keyLength < 0 ? null : this.#hash
    if (hash !== null) {
      hashKey(payload, keyStart, keyStart + keyLength, hash)
      const name = nameOf(payload, keyStart, keyLength, hash)
      this.byCount.add(name, partition, 1)
      this.byBytes.add(name, partition, record.recordSize)
    }
    tally.add(record, hash)
    this.total.add(record, hash)
    this.hours.add(record.timestampMs, record.recordSize)
  }
}

function nameOf(
  payload: Buffer,
  start: number,
  length: number,
  { high, low }: { readonly high: number; readonly low: number },
): string {
  if (length <= KEY_BYTES_MAX) return payload.toString('latin1', start, start + length)
  return `${payload.toString('latin1', start, start + KEY_BYTES_MAX)}\0${length}\0${high}\0${low}`
}

/** The key's bytes, its beginning only where it is long. */
export function keyOfName(name: string): {
  readonly bytes: Uint8Array
  readonly truncated: boolean
} {
  const bytes = Buffer.from(name, 'latin1')
  return { bytes: bytes.subarray(0, KEY_BYTES_MAX), truncated: bytes.length > KEY_BYTES_MAX }
}
