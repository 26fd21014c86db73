/**
 * Walks the records of one decompressed payload, field by field, making no object for a record.
 *
 * `skip` reads a record's length, timestamp and offset and jumps over the rest; `read` also finds
 * key, value and headers and checks that they add up. Every length is checked against its record
 * before it is believed; what does not fit is INVALID_RECORD, as in Apache Kafka.
 */
import { KafkaError } from '../errors.ts'

export class RecordCursor {
  readonly bytes: Uint8Array
  readonly #end: number
  #at: number
  /** The low and high parts of the zig-zagged timestamp delta. */
  #deltaLow = 0
  #deltaHigh = 0

  /** Where the record's length begins, and where the record ends. */
  start = 0
  end = 0
  attributes = 0
  offsetDelta = 0
  /** -1 where there is no key. */
  keyLength = -1
  keyStart = 0
  /** -1 where there is no value. */
  valueLength = -1
  valueStart = 0
  headerCount = 0
  headersStart = 0

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes
    this.#at = start
    this.#end = end
  }

  /** Bytes that no record has taken yet. */
  get remaining(): number {
    return this.#end - this.#at
  }

  /** Exact below 2^53, which every real timestamp delta is; see `timestampDelta`. */
  get timestampDeltaNumber(): number {
    const raw = this.#deltaHigh * 0x1000_0000 + this.#deltaLow
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  get timestampDelta(): bigint {
    const raw = BigInt.asUintN(64, (BigInt(this.#deltaHigh) << 28n) | BigInt(this.#deltaLow))
    return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n))
  }

  /** Moves to the next record without looking at its key, value and headers. */
  skip(): void {
    this.#beginRecord()
    this.#at = this.end
  }

  /** Moves to the next record and finds its parts. */
  read(): void {
    this.#beginRecord()
    const { end } = this
    this.keyLength = this.#varint(end)
    this.keyStart = this.#at
    this.#pass(this.keyLength, end)
    this.valueLength = this.#varint(end)
    this.valueStart = this.#at
    this.#pass(this.valueLength, end)
    this.headerCount = this.#varint(end)
    this.headersStart = this.#at
    if (this.headerCount < 0 || this.headerCount > end - this.#at)
      throw invalid(`record with ${this.headerCount} headers in ${end - this.#at} bytes`)
    for (let n = 0; n < this.headerCount; n++) {
      const keyLength = this.#varint(end)
      if (keyLength < 0) throw invalid('header without a key')
      this.#pass(keyLength, end)
      this.#pass(this.#varint(end), end)
    }
    if (this.#at !== end) throw invalid(`record with ${end - this.#at} bytes too many`)
  }

  key(): Uint8Array | null {
    return this.#part(this.keyStart, this.keyLength)
  }

  value(): Uint8Array | null {
    return this.#part(this.valueStart, this.valueLength)
  }

  /** The headers of the record that `read` moved to. */
  headers(): RecordHeader[] {
    const after = this.#at
    this.#at = this.headersStart
    const headers: RecordHeader[] = []
    for (let n = 0; n < this.headerCount; n++) {
      const keyLength = this.#varint(this.end)
      const key = this.#part(this.#at, keyLength)!
      this.#at += keyLength
      const valueLength = this.#varint(this.end)
      const value = this.#part(this.#at, valueLength)
      this.#at += Math.max(valueLength, 0)
      headers.push({ key: Buffer.from(key).toString('utf8'), value })
    }
    this.#at = after
    return headers
  }

  #beginRecord(): void {
    this.start = this.#at
    const length = this.#varint(this.#end)
    if (length < 0 || length > this.#end - this.#at)
      throw invalid(`record of ${length} bytes with ${this.#end - this.#at} left`)
    const end = this.#at + length
    this.end = end
    if (length === 0) throw invalid('record of 0 bytes')
    this.attributes = this.bytes[this.#at++]!
    this.#timestampDelta(end)
    this.offsetDelta = this.#varint(end)
  }

  #timestampDelta(end: number): void {
    let low = 0
    let high = 0
    for (let read = 0; ; read++) {
      if (read === 10 || this.#at >= end) throw invalid('timestamp delta is no varlong')
      const byte = this.bytes[this.#at++]!
      if (read < 4) low += (byte & 0x7f) * 2 ** (7 * read)
      else high += (byte & 0x7f) * 2 ** (7 * (read - 4))
      if (byte < 0x80) break
    }
    this.#deltaLow = low
    this.#deltaHigh = high
  }

  #varint(end: number): number {
    const { bytes } = this
    let at = this.#at
    if (at >= end) throw invalid('record is cut short')
    let byte = bytes[at++]!
    let raw = byte & 0x7f
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (shift > 28 || at >= end) throw invalid('length is no varint')
      byte = bytes[at++]!
      raw |= (byte & 0x7f) << shift
    }
    this.#at = at
    return (raw >>> 1) ^ -(raw & 1)
  }

  #pass(length: number, end: number): void {
    if (length < -1 || length > end - this.#at)
      throw invalid(`field of ${length} bytes with ${end - this.#at} left`)
    if (length > 0) this.#at += length
  }

  #part(start: number, length: number): Uint8Array | null {
    return length < 0 ? null : this.bytes.subarray(start, start + length)
  }
}

export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

function invalid(what: string): KafkaError {
  return new KafkaError('INVALID_RECORD', what)
}
