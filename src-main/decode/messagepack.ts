/**
 * MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as exact JSON. Its own
 * reader, because the libraries round what is beyond 2^53 or drop repeated keys, and none says at
 * which byte a value breaks. Every item takes a byte at least, so nothing grows out of its input.
 */
import { bytesText, float32Text, float64Text, stringText } from './json-text.ts'
import { readAsJson, refused, type Reading } from './reading.ts'
import { hexByte, invalidUtf8At, utf8Text } from './utf8.ts'

export const NESTING_MAX = 200
/** Of the note on such keys, which `auto` takes as a sign of other bytes. */
export const KEYS_NOTE = 'keys that are no strings are written as strings'

const TIMESTAMP_EXTENSION = -1

export function readMessagePack(bytes: Uint8Array): Reading {
  const reader = new MessagePackReader(bytes)
  const text = reader.value(0)
  if (text === null) return refused(reader.reason, reader.at)
  if (reader.at < bytes.length)
    return refused(`the value ends after ${reader.at} of ${bytes.length} bytes`, reader.at)
  return readAsJson(text, reader.otherKeys ? [KEYS_NOTE] : [])
}

/** Reads values one after the other. Null is a refusal: `reason` and `at` say which. */
class MessagePackReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  at = 0
  reason = ''
  otherKeys = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  value(depth: number): string | null {
    const from = this.at
    const first = this.#bytes[from]
    if (first === undefined) return this.#refuse('the bytes end where a value is due', from)
    if (depth > NESTING_MAX) return this.#refuse(`nested deeper than ${NESTING_MAX}`, from)
    this.at += 1
    if (first < 0x80) return `${first}`
    if (first >= 0xe0) return `${first - 0x100}`
    if (first < 0x90) return this.#map(first & 0x0f, depth)
    if (first < 0xa0) return this.#array(first & 0x0f, depth)
    if (first < 0xc0) return this.#string(first & 0x1f)
    return this.#marked(first, from, depth)
  }

  #marked(first: number, from: number, depth: number): string | null {
    switch (first) {
      case 0xc0:
        return 'null'
      case 0xc2:
        return 'false'
      case 0xc3:
        return 'true'
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#sized(first - 0xc4, length => this.#binary(length))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#sized(first - 0xc7, length => this.#extension(length))
      case 0xca:
        return this.#take(4, at => float32Text(this.#view.getFloat32(at)))
      case 0xcb:
        return this.#take(8, at => float64Text(this.#view.getFloat64(at)))
      case 0xcc:
        return this.#take(1, at => `${this.#view.getUint8(at)}`)
      case 0xcd:
        return this.#take(2, at => `${this.#view.getUint16(at)}`)
      case 0xce:
        return this.#take(4, at => `${this.#view.getUint32(at)}`)
      case 0xcf:
        return this.#take(8, at => `${this.#view.getBigUint64(at)}`)
      case 0xd0:
        return this.#take(1, at => `${this.#view.getInt8(at)}`)
      case 0xd1:
        return this.#take(2, at => `${this.#view.getInt16(at)}`)
      case 0xd2:
        return this.#take(4, at => `${this.#view.getInt32(at)}`)
      case 0xd3:
        return this.#take(8, at => `${this.#view.getBigInt64(at)}`)
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (first - 0xd4))
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#sized(first - 0xd9, length => this.#string(length))
      case 0xdc:
      case 0xdd:
        return this.#sized(first - 0xdc + 1, length => this.#array(length, depth))
      case 0xde:
      case 0xdf:
        return this.#sized(first - 0xde + 1, length => this.#map(length, depth))
      default:
        return this.#refuse(`0x${hexByte(first)} is no type of MessagePack`, from)
    }
  }

  /** A length of 1, 2 or 4 bytes, and what has it. */
  #sized(width: number, read: (length: number) => string | null): string | null {
    const at = this.#skip(1 << width)
    if (at < 0) return null
    if (width === 0) return read(this.#view.getUint8(at))
    return read(width === 1 ? this.#view.getUint16(at) : this.#view.getUint32(at))
  }

  #map(count: number, depth: number): string | null {
    if (count * 2 > this.#left) return this.#tooFew(count, 'entries')
    let text = '{'
    for (let index = 0; index < count; index += 1) {
      const key = this.value(depth + 1)
      if (key === null) return null
      const isString = key.startsWith('"')
      if (!isString) this.otherKeys = true
      const value = this.value(depth + 1)
      if (value === null) return null
      text += `${index === 0 ? '' : ','}${isString ? key : stringText(key)}:${value}`
    }
    return `${text}}`
  }

  #array(count: number, depth: number): string | null {
    if (count > this.#left) return this.#tooFew(count, 'items')
    let text = '['
    for (let index = 0; index < count; index += 1) {
      const value = this.value(depth + 1)
      if (value === null) return null
      text += index === 0 ? value : `,${value}`
    }
    return `${text}]`
  }

  #string(length: number): string | null {
    const at = this.#skip(length)
    if (at < 0) return null
    const wrong = invalidUtf8At(this.#bytes, at, at + length)
    if (wrong >= 0) return this.#refuse('a string is not UTF-8', wrong)
    return stringText(utf8Text(this.#bytes, at, at + length))
  }

  #binary(length: number): string | null {
    return this.#take(length, at => bytesText(this.#bytes.subarray(at, at + length)))
  }

  #extension(length: number): string | null {
    const typeAt = this.#skip(1)
    if (typeAt < 0) return null
    const type = this.#view.getInt8(typeAt)
    return this.#take(length, at => {
      const time = type === TIMESTAMP_EXTENSION ? this.#timestamp(at, length) : null
      if (time !== null) return `{"$timestamp":"${time}"}`
      return `{"$extension":${type},${bytesText(this.#bytes.subarray(at, at + length)).slice(1)}`
    })
  }

  /** In nanoseconds: 4 bytes of seconds, 30 + 34 bits, or 4 + 8 bytes. */
  #timestamp(at: number, length: number): string | null {
    if (length === 4) return instant(BigInt(this.#view.getUint32(at)), 0)
    if (length === 8) {
      const both = this.#view.getBigUint64(at)
      return instant(both & 0x3_ffff_ffffn, Number(both >> 34n))
    }
    if (length !== 12) return null
    return instant(this.#view.getBigInt64(at + 4), this.#view.getUint32(at))
  }

  #take(length: number, read: (at: number) => string): string | null {
    const at = this.#skip(length)
    return at < 0 ? null : read(at)
  }

  get #left(): number {
    return this.#bytes.length - this.at
  }

  /** Moves past `length` bytes and returns where they began, or -1. */
  #skip(length: number): number {
    const at = this.at
    if (length > this.#left) {
      this.#refuse(`${length} bytes are due and ${this.#left} are left`, at)
      return -1
    }
    this.at += length
    return at
  }

  #tooFew(count: number, what: string): null {
    return this.#refuse(`${count} ${what} are due and ${this.#left} bytes are left`, this.at)
  }

  #refuse(reason: string, at: number): null {
    this.reason = reason
    this.at = at
    return null
  }
}

/** ISO 8601 with nanoseconds where there are some; null outside of what a date can be. */
function instant(seconds: bigint, nanoseconds: number): string | null {
  if (nanoseconds > 999_999_999 || seconds > 8_640_000_000_000n || seconds < -8_640_000_000_000n)
    return null
  const second = new Date(Number(seconds) * 1_000).toISOString().replace(/\.000Z$/, '')
  return `${second}${nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0')}`}Z`
}
