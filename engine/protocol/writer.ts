/**
 * Writes Kafka's primitive types into one growing buffer. `finish()` hands out a view of it, which
 * stays valid until `reset()`; a writer that is not reset may simply be dropped.
 */
import { assert } from '../support/assert.ts'
import { KafkaError } from './errors.ts'
import { STRING_BYTES_MAX } from './reader.ts'
import { setInt64At } from './records/bytes.ts'

export class Writer {
  #buffer: Buffer
  position = 0

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity)
  }

  reset(): void {
    this.position = 0
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.position)
  }

  /** Makes room for `length` bytes and returns where they begin. */
  reserve(length: number): number {
    const at = this.position
    const needed = at + length
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, 0, at)
      this.#buffer = larger
    }
    this.position = needed
    return at
  }

  /** The underlying bytes, for whoever fills a reserved place; `reserve` may replace them. */
  get buffer(): Buffer {
    return this.#buffer
  }

  int8(value: number): void {
    const at = this.reserve(1)
    this.#buffer.writeInt8(value, at)
  }

  int16(value: number): void {
    const at = this.reserve(2)
    this.#buffer.writeInt16BE(value, at)
  }

  uint16(value: number): void {
    const at = this.reserve(2)
    this.#buffer.writeUInt16BE(value, at)
  }

  int32(value: number): void {
    const at = this.reserve(4)
    this.#buffer.writeInt32BE(value, at)
  }

  /** Fills an int32 reserved earlier, as frame lengths are. */
  int32At(value: number, at: number): void {
    this.#buffer.writeInt32BE(value, at)
  }

  uint32(value: number): void {
    const at = this.reserve(4)
    this.#buffer.writeUInt32BE(value, at)
  }

  int64(value: bigint): void {
    const at = this.reserve(8)
    setInt64At(this.#buffer, at, value)
  }

  float64(value: number): void {
    const at = this.reserve(8)
    this.#buffer.writeDoubleBE(value, at)
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0)
  }

  unsignedVarint(value: number): void {
    assert(value >= 0 && value <= 0xffff_ffff, 'an unsigned varint has 32 bits')
    let rest = value
    while (rest > 0x7f) {
      this.#byte((rest % 128) + 0x80)
      rest = Math.floor(rest / 128)
    }
    this.#byte(rest)
  }

  varint(value: number): void {
    this.unsignedVarint(((value << 1) ^ (value >> 31)) >>> 0)
  }

  varlong(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    while (rest > 0x7fn) {
      this.#byte(Number(rest & 0x7fn) + 0x80)
      rest >>= 7n
    }
    this.#byte(Number(rest))
  }

  raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length)
    this.#buffer.set(bytes, at)
  }

  utf8(text: string, length: number): void {
    const at = this.reserve(length)
    this.#buffer.write(text, at, length, 'utf8')
  }

  /** An id in Kafka's notation: 22 characters of URL-safe base64. */
  uuid(value: string): void {
    const at = this.reserve(16)
    const written = this.#buffer.write(value, at, 16, 'base64url')
    assert(written === 16, `${value} is 16 bytes of base64`)
  }

  arrayLength(length: number, flexible: boolean): void {
    if (flexible) this.unsignedVarint(length + 1)
    else this.int32(length)
  }

  /**
   * @throws KafkaError UNKNOWN_SERVER_ERROR for a string that no Kafka reads. A client can bring
   * that about: bytes that are no UTF-8 grow when they are read, three to one.
   */
  string(value: string | null, flexible: boolean): void {
    const length = value === null ? -1 : Buffer.byteLength(value)
    if (length > STRING_BYTES_MAX)
      throw new KafkaError(
        'UNKNOWN_SERVER_ERROR',
        `a string of ${length} bytes is longer than ${STRING_BYTES_MAX}`,
      )
    if (flexible) this.unsignedVarint(length + 1)
    else this.int16(length)
    if (value !== null) this.utf8(value, length)
  }

  bytes(value: Uint8Array | null, flexible: boolean): void {
    const length = value === null ? -1 : value.length
    if (flexible) this.unsignedVarint(length + 1)
    else this.int32(length)
    if (value !== null) this.raw(value)
  }

  #byte(value: number): void {
    const at = this.reserve(1)
    this.#buffer[at] = value
  }
}
