/**
 * Writes records one after the other into the bytes of one batch, magic 2. The way for millions of
 * them: no object and no bigint for a record, and without compression no copy at the end. For a
 * few records see `buildBatch`, whose bytes these equal.
 */
import { codecId, compress, type Codec } from '../../engine/protocol/records/compression.ts'
import {
  BATCH_HEADER_BYTES,
  BATCH_OVERHEAD_BYTES,
  MAGIC_V2,
  NO_LEADER_EPOCH,
  NO_SEQUENCE,
  stampCrc,
} from '../../engine/protocol/records/record-batch.ts'
import type { MadeRecord } from './made-record.ts'

const VARINT_BYTES_MAX = 10
const CAPACITY_MIN = 4_096

export class BatchWriter {
  #buffer: Buffer
  #at = BATCH_HEADER_BYTES
  #count = 0
  #baseTimestampMs = 0
  #maxTimestampMs = -1

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(capacity, CAPACITY_MIN))
  }

  get count(): number {
    return this.#count
  }

  /** Of the batch as it would be without compression. */
  get sizeBytes(): number {
    return this.#at
  }

  add({ key, value, headers, timestampMs }: MadeRecord): void {
    if (this.#count === 0) this.#baseTimestampMs = timestampMs
    if (timestampMs > this.#maxTimestampMs) this.#maxTimestampMs = timestampMs
    const timestampDelta = zigzag(timestampMs - this.#baseTimestampMs)
    const offsetDelta = this.#count * 2
    this.#count += 1

    let size = 1 + sizeOfVarint(timestampDelta) + sizeOfVarint(offsetDelta)
    size += sizeOfField(key) + sizeOfField(value) + sizeOfVarint(headers.length * 2)
    for (const header of headers) size += sizeOfField(header.key) + sizeOfField(header.value)

    this.#reserve(size + VARINT_BYTES_MAX)
    this.#varint(size * 2)
    this.#buffer[this.#at++] = 0
    this.#varint(timestampDelta)
    this.#varint(offsetDelta)
    this.#field(key)
    this.#field(value)
    this.#varint(headers.length * 2)
    for (const header of headers) {
      this.#field(header.key)
      this.#field(header.value)
    }
  }

  /** The batch, of no producer; this writer is done with. */
  finish(codec: Codec): Uint8Array {
    const end = this.#at
    let batch = this.#buffer.subarray(0, end)
    if (codec !== 'none') {
      const payload = compress(codec, this.#buffer.subarray(BATCH_HEADER_BYTES, end))
      batch = Buffer.allocUnsafeSlow(BATCH_HEADER_BYTES + payload.length)
      batch.set(payload, BATCH_HEADER_BYTES)
    }
    batch.writeBigInt64BE(0n, 0)
    batch.writeInt32BE(batch.length - BATCH_OVERHEAD_BYTES, 8)
    batch.writeInt32BE(NO_LEADER_EPOCH, 12)
    batch.writeInt8(MAGIC_V2, 16)
    batch.writeInt16BE(codecId(codec), 21)
    batch.writeInt32BE(this.#count - 1, 23)
    batch.writeBigInt64BE(BigInt(this.#baseTimestampMs), 27)
    batch.writeBigInt64BE(BigInt(this.#maxTimestampMs), 35)
    stampProducer(batch, { producerId: -1n, producerEpoch: -1, baseSequence: NO_SEQUENCE })
    batch.writeInt32BE(this.#count, 57)
    return batch
  }

  #field(bytes: Uint8Array | null): void {
    if (bytes === null) {
      this.#buffer[this.#at++] = 1
      return
    }
    this.#varint(bytes.length * 2)
    this.#buffer.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** Of what is zig-zagged already. */
  #varint(zigzagged: number): void {
    let rest = zigzagged
    while (rest > 0x7f) {
      this.#buffer[this.#at++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.#buffer[this.#at++] = rest
  }

  #reserve(size: number): void {
    const needed = this.#at + size
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
  }
}

export interface ProducerStamp {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
}

/** Sets whose batch it is, and the checksum after it. */
export function stampProducer(batch: Uint8Array, stamp: ProducerStamp): void {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength)
  view.setBigInt64(43, stamp.producerId)
  view.setInt16(51, stamp.producerEpoch)
  view.setInt32(53, stamp.baseSequence)
  stampCrc(batch, 0)
}

/** Deltas of timestamps have at most 53 bits and a sign. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

function sizeOfVarint(zigzagged: number): number {
  let size = 1
  for (let rest = zigzagged; rest > 0x7f; rest = Math.floor(rest / 128)) size += 1
  return size
}

function sizeOfField(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length * 2) + bytes.length
}
