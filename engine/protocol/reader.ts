/**
 * Reads Kafka's primitive types from one frame.
 *
 * Every length is checked against what is left before anything is allocated, so that a frame which
 * lies about its contents costs no memory. Byte fields are views of the frame, not copies: whoever
 * keeps one beyond the frame's life copies it first.
 */
import { assert } from '../support/assert.ts'
import { InvalidFrameError } from './invalid-frame.ts'
import { knownUuid } from './known-uuids.ts'

/** Kafka 4.4 refuses longer arrays and more tagged fields before allocating for them. */
export const ARRAY_ELEMENTS_MAX = 1_000_000
export const TAGGED_FIELDS_MAX = 10_000
/** The longest string that Kafka reads or writes, in compact form too. */
export const STRING_BYTES_MAX = 0x7fff

/**
 * Frames come out of the same receive buffer again and again, and a view of it costs 150 ns. A
 * large buffer is not kept alive for that.
 */
const VIEWED_BYTES_MAX = 1024 * 1024
let lastView: DataView = new DataView(new ArrayBuffer(0))

function viewOf(memory: ArrayBufferLike): DataView {
  if (lastView.buffer === memory) return lastView
  const view = new DataView(memory)
  if (memory.byteLength <= VIEWED_BYTES_MAX) lastView = view
  return view
}

export class Reader {
  readonly bytes: Uint8Array
  /** Over the whole memory that the frame is in, where the frame begins at `#base`. */
  readonly #view: DataView
  readonly #base: number
  readonly #buffer: Buffer
  position: number
  readonly end: number

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    assert(start <= end && end <= bytes.length, 'a reader stays inside its bytes')
    this.bytes = bytes
    this.#view = viewOf(bytes.buffer)
    this.#base = bytes.byteOffset
    this.#buffer =
      bytes instanceof Buffer
        ? bytes
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = start
    this.end = end
  }

  get remaining(): number {
    return this.end - this.position
  }

  /** Moves past `length` bytes and returns where they began. */
  skip(length: number): number {
    const at = this.position
    if (length < 0 || length > this.end - at)
      throw new InvalidFrameError(`needs ${length} bytes at ${at}, has ${this.end - at}`)
    this.position = at + length
    return at
  }

  int8(): number {
    return this.#view.getInt8(this.#base + this.skip(1))
  }

  int16(): number {
    return this.#view.getInt16(this.#base + this.skip(2))
  }

  uint16(): number {
    return this.#view.getUint16(this.#base + this.skip(2))
  }

  int32(): number {
    return this.#view.getInt32(this.#base + this.skip(4))
  }

  uint32(): number {
    return this.#view.getUint32(this.#base + this.skip(4))
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#base + this.skip(8))
  }

  float64(): number {
    return this.#view.getFloat64(this.#base + this.skip(8))
  }

  boolean(): boolean {
    return this.#view.getInt8(this.#base + this.skip(1)) !== 0
  }

  /** UNSIGNED_VARINT: seven bits a byte, least significant first, at most five bytes. */
  unsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.#buffer[this.skip(1)]!
      if (shift === 28 && (byte & 0xf0) !== 0) break
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new InvalidFrameError(`varint at ${this.position - 5} is longer than five bytes`)
  }

  /** VARINT: zig-zag over UNSIGNED_VARINT. */
  varint(): number {
    const raw = this.unsignedVarint()
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  /** VARLONG: zig-zag, at most ten bytes. */
  varlong(): bigint {
    let value = 0n
    for (let shift = 0n; shift <= 63n; shift += 7n) {
      const byte = this.#buffer[this.skip(1)]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
    }
    throw new InvalidFrameError(`varlong at ${this.position - 10} is longer than ten bytes`)
  }

  /** How many tagged fields follow. */
  taggedFieldCount(): number {
    const count = this.unsignedVarint()
    if (count > TAGGED_FIELDS_MAX)
      throw new InvalidFrameError(`${count} tagged fields, over ${TAGGED_FIELDS_MAX}`)
    return count
  }

  /** Moves past a block of tagged fields without looking into it. */
  skipTaggedFields(): void {
    const count = this.taggedFieldCount()
    for (let skipped = 0; skipped < count; skipped++) {
      this.unsignedVarint()
      this.skip(this.unsignedVarint())
    }
  }

  /** A view of the next `length` bytes. */
  view(length: number): Uint8Array {
    const at = this.skip(length)
    return this.#buffer.subarray(at, at + length)
  }

  utf8(length: number): string {
    const at = this.skip(length)
    return this.#buffer.toString('utf8', at, at + length)
  }

  /** A topic or directory id in Kafka's notation: 22 characters of URL-safe base64. */
  uuid(): string {
    const at = this.skip(16)
    return knownUuid(this.#view, this.#base + at, this.#buffer, at)
  }

  /** An array's length, or -1 for null; refused before anything is allocated for it. */
  arrayLength(flexible: boolean): number {
    const length = flexible ? this.unsignedVarint() - 1 : this.int32()
    if (length < -1) throw new InvalidFrameError(`array of ${length} elements`)
    if (length > ARRAY_ELEMENTS_MAX)
      throw new InvalidFrameError(`array of ${length} elements, over ${ARRAY_ELEMENTS_MAX}`)
    if (length > this.remaining)
      throw new InvalidFrameError(`array of ${length} elements in ${this.remaining} bytes`)
    return length
  }

  /** A string's length, or -1 for null. */
  stringLength(flexible: boolean): number {
    const length = flexible ? this.unsignedVarint() - 1 : this.int16()
    if (length > STRING_BYTES_MAX)
      throw new InvalidFrameError(`string of ${length} bytes, over ${STRING_BYTES_MAX}`)
    return this.#checkedLength(length, 'string')
  }

  /** The length of bytes or records, or -1 for null. */
  bytesLength(flexible: boolean): number {
    return this.#checkedLength(flexible ? this.unsignedVarint() - 1 : this.int32(), 'bytes')
  }

  #checkedLength(length: number, what: string): number {
    if (length < -1 || length > this.remaining)
      throw new InvalidFrameError(`${what} of ${length} bytes with ${this.remaining} left`)
    return length
  }
}
