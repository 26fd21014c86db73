/**
 * Builds record batches, magic 2: what coordinators append, what the client side produces, and what
 * tests lay out. Brokers never rebuild what clients sent; they stamp it.
 */
import { assert } from '../../support/assert.ts'
import { Writer } from '../writer.ts'
import { codecId, compress, type Codec } from './compression.ts'
import {
  BATCH_HEADER_BYTES,
  BATCH_OVERHEAD_BYTES,
  MAGIC_V2,
  NO_LEADER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  stampCrc,
} from './record-batch.ts'

export interface RecordInput {
  readonly timestampMs: bigint
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | null }[]
  /** Its distance from the base offset; its index when not given. */
  readonly offsetDelta?: number
}

export interface BatchInput {
  readonly records: readonly RecordInput[]
  readonly baseOffset?: bigint
  readonly leaderEpoch?: number
  readonly compression?: Codec
  /** Stamps LogAppendTime with this time; the records' own are then not seen by readers. */
  readonly logAppendTimeMs?: bigint
  readonly producerId?: bigint
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly transactional?: boolean
  readonly control?: boolean
  /** The last offset delta where the last records were compacted away. */
  readonly lastOffsetDelta?: number
}

const payloadWriter = new Writer(64 * 1024)
const recordWriter = new Writer(1024)

export function buildBatch(input: BatchInput): Uint8Array {
  const { records, compression = 'none' } = input
  const first = records[0]
  const baseTimestampMs = first?.timestampMs ?? -1n
  payloadWriter.reset()
  let maxTimestampMs = -1n
  let lastOffsetDelta = -1
  for (const record of records) {
    const offsetDelta = record.offsetDelta ?? lastOffsetDelta + 1
    assert(offsetDelta > lastOffsetDelta, 'the offsets of a batch increase')
    lastOffsetDelta = offsetDelta
    if (record.timestampMs > maxTimestampMs) maxTimestampMs = record.timestampMs
    writeRecord(payloadWriter, record, record.timestampMs - baseTimestampMs, offsetDelta)
  }
  const payload = compress(compression, payloadWriter.finish())

  const writer = new Writer(BATCH_HEADER_BYTES + payload.length)
  writer.int64(input.baseOffset ?? 0n)
  writer.int32(BATCH_HEADER_BYTES - BATCH_OVERHEAD_BYTES + payload.length)
  writer.int32(input.leaderEpoch ?? NO_LEADER_EPOCH)
  writer.int8(MAGIC_V2)
  writer.uint32(0)
  writer.int16(attributesFor(input, compression))
  writer.int32(input.lastOffsetDelta ?? Math.max(lastOffsetDelta, 0))
  writer.int64(baseTimestampMs)
  writer.int64(input.logAppendTimeMs ?? maxTimestampMs)
  writer.int64(input.producerId ?? NO_PRODUCER_ID)
  writer.int16(input.producerEpoch ?? -1)
  writer.int32(input.baseSequence ?? NO_SEQUENCE)
  writer.int32(records.length)
  writer.raw(payload)
  const batch = writer.finish()
  stampCrc(batch, 0)
  return batch
}

function attributesFor(input: BatchInput, compression: Codec): number {
  return (
    codecId(compression) |
    (input.logAppendTimeMs === undefined ? 0 : 0x08) |
    (input.transactional === true ? 0x10 : 0) |
    (input.control === true ? 0x20 : 0)
  )
}

function writeRecord(
  payload: Writer,
  record: RecordInput,
  timestampDelta: bigint,
  offsetDelta: number,
): void {
  const body = recordWriter
  body.reset()
  body.int8(0)
  body.varlong(timestampDelta)
  body.varint(offsetDelta)
  writeBytes(body, record.key)
  writeBytes(body, record.value)
  const headers = record.headers ?? []
  body.varint(headers.length)
  for (const { key, value } of headers) {
    const length = Buffer.byteLength(key)
    body.varint(length)
    body.utf8(key, length)
    writeBytes(body, value)
  }
  payload.varint(body.position)
  payload.raw(body.finish())
}

function writeBytes(writer: Writer, bytes: Uint8Array | null): void {
  writer.varint(bytes === null ? -1 : bytes.length)
  if (bytes !== null) writer.raw(bytes)
}
