/**
 * CBOR (RFC 8949) as exact JSON, tags shown. Its own reader, for the reasons that MessagePack has
 * one: exact numbers, repeated keys, and the byte at which a value breaks.
 */
import { bytesText, float32Text, float64Text, stringText } from './json-text.ts'
import type { Reading } from './reading.ts'
import { hexByte } from './utf8.ts'
import { ValueReader } from './value-reader.ts'

/** Says only that the bytes are CBOR. */
const TAG_SELF_DESCRIBED = 55_799n
const TAG_BIGNUM = 2n
const TAG_NEGATIVE_BIGNUM = 3n
/** Turning bytes to decimal digits takes time with the square of their number. */
const BIGNUM_BYTES_MAX = 1_024

const INDEFINITE = 31
const BREAK = 0xff

export function readCbor(bytes: Uint8Array): Reading {
  return new CborReader(bytes).readWhole()
}

class CborReader extends ValueReader {
  protected override valueOf(first: number, depth: number): string | null {
    const from = this.at
    const major = first >> 5
    if (major === 7) return this.#simple(first & 31)
    if ((first & 31) === INDEFINITE) {
      this.at += 1
      return this.#indefinite(major, from, depth)
    }
    const argument = this.#argument()
    if (argument === null) return null
    switch (major) {
      case 0:
        return `${argument}`
      case 1:
        return `${-1n - BigInt(argument)}`
      case 2:
        return this.#byteString(argument)
      case 3: {
        const text = this.text(argument)
        return text === null ? null : stringText(text)
      }
      case 4:
        return this.array(argument, depth)
      case 5:
        return this.map(argument, depth)
      default:
        return this.#tagged(BigInt(argument), depth)
    }
  }

  /** The number in a head: in its five bits, or in the 1, 2, 4 or 8 bytes after them. */
  #argument(): number | bigint | null {
    const from = this.at
    const short = this.bytes[from]! & 31
    this.at += 1
    if (short < 24) return short
    if (short > 27) return this.refuse(`0x${hexByte(this.bytes[from]!)} is reserved in CBOR`, from)
    const at = this.skip(1 << (short - 24))
    if (at < 0) return null
    if (short === 24) return this.view.getUint8(at)
    if (short === 25) return this.view.getUint16(at)
    return short === 26 ? this.view.getUint32(at) : this.view.getBigUint64(at)
  }

  #byteString(length: number | bigint): string | null {
    const at = this.skip(length)
    return at < 0 ? null : bytesText(this.bytes.subarray(at, this.at))
  }

  #indefinite(major: number, from: number, depth: number): string | null {
    if (major === 4) return this.array(null, depth)
    if (major === 5) return this.map(null, depth)
    if (major !== 2 && major !== 3)
      return this.refuse(`0x${hexByte(this.bytes[from]!)} has no length to leave open`, from)
    // Chunks of one kind with lengths of their own.
    const bytes: Uint8Array[] = []
    let text = ''
    while (!this.atBreak()) {
      const at = this.at
      const head = this.bytes[at]
      if (head === undefined) return this.refuse('the bytes end before a break', at)
      if (head >> 5 !== major || (head & 31) === INDEFINITE)
        return this.refuse(`a chunk of another kind, 0x${hexByte(head)}`, at)
      const length = this.#argument()
      if (length === null) return null
      if (major === 3) {
        const chunk = this.text(length)
        if (chunk === null) return null
        text += chunk
      } else {
        const chunkAt = this.skip(length)
        if (chunkAt < 0) return null
        bytes.push(this.bytes.subarray(chunkAt, this.at))
      }
    }
    return major === 3 ? stringText(text) : bytesText(Buffer.concat(bytes))
  }

  #tagged(tag: bigint, depth: number): string | null {
    if (tag === TAG_SELF_DESCRIBED) return this.value(depth + 1)
    const bignum = tag === TAG_BIGNUM || tag === TAG_NEGATIVE_BIGNUM ? this.#bignum(tag) : null
    if (bignum !== null) return bignum
    const value = this.value(depth + 1)
    return value === null ? null : `{"$tag":${tag},"$value":${value}}`
  }

  /** Null, with nothing read, where the tag holds anything else than a short byte string. */
  #bignum(tag: bigint): string | null {
    const from = this.at
    const head = this.bytes[from]
    if (head === undefined || head >> 5 !== 2 || (head & 31) > 25) return null
    const length = this.#argument()
    if (length === null || length > BIGNUM_BYTES_MAX || length > this.left) {
      this.at = from
      return null
    }
    const at = this.skip(length)
    const hex = Buffer.from(this.bytes.subarray(at, this.at)).toString('hex')
    const magnitude = hex === '' ? 0n : BigInt(`0x${hex}`)
    return `${tag === TAG_BIGNUM ? magnitude : -1n - magnitude}`
  }

  #simple(short: number): string | null {
    const from = this.at
    this.at += 1
    switch (short) {
      case 20:
        return 'false'
      case 21:
        return 'true'
      case 22:
        return 'null'
      case 23:
        return '{"$simple":"undefined"}'
      case 24: {
        const at = this.skip(1)
        if (at < 0) return null
        const value = this.view.getUint8(at)
        return value < 32
          ? this.refuse(`simple value ${value} in two bytes`, from)
          : `{"$simple":${value}}`
      }
      case 25:
        return this.take(2, at => float32Text(float16(this.view.getUint16(at))))
      case 26:
        return this.take(4, at => float32Text(this.view.getFloat32(at)))
      case 27:
        return this.take(8, at => float64Text(this.view.getFloat64(at)))
      case INDEFINITE:
        return this.refuse('a break where a value is due', from)
      default:
        if (short < 20) return `{"$simple":${short}}`
        return this.refuse(`0x${hexByte(0xe0 | short)} is reserved in CBOR`, from)
    }
  }

  protected override atBreak(): boolean {
    if (this.bytes[this.at] !== BREAK) return false
    this.at += 1
    return true
  }
}

/** Ten bits of fraction, five of exponent, a sign (IEEE 754, binary16). */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15)
}
