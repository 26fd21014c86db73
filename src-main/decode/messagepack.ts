/**
 * MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as exact JSON. Its own
 * reader, because the libraries round what is beyond 2^53 or drop repeated keys, and none says at
 * which byte a value breaks.
 */
import { bytesText, float32Text, float64Text, stringText } from './json-text.ts'
import type { Reading } from './reading.ts'
import { hexByte } from './utf8.ts'
import { ValueReader } from './value-reader.ts'

const TIMESTAMP_EXTENSION = -1

export function readMessagePack(bytes: Uint8Array): Reading {
  return new MessagePackReader(bytes).readWhole()
}

class MessagePackReader extends ValueReader {
  protected override valueOf(first: number, depth: number): string | null {
    const from = this.at
    this.at += 1
    if (first < 0x80) return `${first}`
    if (first >= 0xe0) return `${first - 0x100}`
    if (first < 0x90) return this.map(first & 0x0f, depth)
    if (first < 0xa0) return this.array(first & 0x0f, depth)
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
        return this.take(4, at => float32Text(this.view.getFloat32(at)))
      case 0xcb:
        return this.take(8, at => float64Text(this.view.getFloat64(at)))
      case 0xcc:
        return this.take(1, at => `${this.view.getUint8(at)}`)
      case 0xcd:
        return this.take(2, at => `${this.view.getUint16(at)}`)
      case 0xce:
        return this.take(4, at => `${this.view.getUint32(at)}`)
      case 0xcf:
        return this.take(8, at => `${this.view.getBigUint64(at)}`)
      case 0xd0:
        return this.take(1, at => `${this.view.getInt8(at)}`)
      case 0xd1:
        return this.take(2, at => `${this.view.getInt16(at)}`)
      case 0xd2:
        return this.take(4, at => `${this.view.getInt32(at)}`)
      case 0xd3:
        return this.take(8, at => `${this.view.getBigInt64(at)}`)
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
        return this.#sized(first - 0xdc + 1, length => this.array(length, depth))
      case 0xde:
      case 0xdf:
        return this.#sized(first - 0xde + 1, length => this.map(length, depth))
      default:
        return this.refuse(`0x${hexByte(first)} is no type of MessagePack`, from)
    }
  }

  /** A length of 1, 2 or 4 bytes, and what has it. */
  #sized(width: number, read: (length: number) => string | null): string | null {
    const at = this.skip(1 << width)
    if (at < 0) return null
    if (width === 0) return read(this.view.getUint8(at))
    return read(width === 1 ? this.view.getUint16(at) : this.view.getUint32(at))
  }

  #string(length: number): string | null {
    const text = this.text(length)
    return text === null ? null : stringText(text)
  }

  #binary(length: number): string | null {
    return this.take(length, at => bytesText(this.bytes.subarray(at, at + length)))
  }

  #extension(length: number): string | null {
    const typeAt = this.skip(1)
    if (typeAt < 0) return null
    const type = this.view.getInt8(typeAt)
    return this.take(length, at => {
      const time = type === TIMESTAMP_EXTENSION ? this.#timestamp(at, length) : null
      if (time !== null) return `{"$timestamp":"${time}"}`
      return `{"$extension":${type},${bytesText(this.bytes.subarray(at, at + length)).slice(1)}`
    })
  }

  /** In nanoseconds: 4 bytes of seconds, 30 + 34 bits, or 4 + 8 bytes. */
  #timestamp(at: number, length: number): string | null {
    if (length === 4) return instant(BigInt(this.view.getUint32(at)), 0)
    if (length === 8) {
      const both = this.view.getBigUint64(at)
      return instant(both & 0x3_ffff_ffffn, Number(both >> 34n))
    }
    if (length !== 12) return null
    return instant(this.view.getBigInt64(at + 4), this.view.getUint32(at))
  }
}

/** ISO 8601 with nanoseconds where there are some; null outside of what a date can be. */
function instant(seconds: bigint, nanoseconds: number): string | null {
  if (nanoseconds > 999_999_999 || seconds > 8_640_000_000_000n || seconds < -8_640_000_000_000n)
    return null
  const second = new Date(Number(seconds) * 1_000).toISOString().replace(/\.000Z$/, '')
  return `${second}${nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0')}`}Z`
}
