/**
 * What the readers of MessagePack and CBOR have in common: a place in the bytes, values as exact
 * JSON one after the other, and the byte and the reason where they break. Every item takes a byte
 * at least, so nothing grows out of its input.
 */
import { stringText } from './json-text.ts'
import { readAsJson, refused, type Reading } from './reading.ts'
import { invalidUtf8At, utf8Text } from './utf8.ts'

export const NESTING_MAX = 200
/** Of the note on such keys, which `auto` takes as a sign of other bytes. */
export const KEYS_NOTE = 'keys that are no strings are written as strings'

/** Null, wherever it is returned, is a refusal: `reason` and `at` say which. */
export abstract class ValueReader {
  protected readonly bytes: Uint8Array
  protected readonly view: DataView
  at = 0
  reason = ''
  otherKeys = false

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** All of the bytes as one value. */
  readWhole(): Reading {
    const text = this.value(0)
    if (text === null) return refused(this.reason, this.at)
    const { length } = this.bytes
    if (this.at < length)
      return refused(`the value ends after ${this.at} of ${length} bytes`, this.at)
    return readAsJson(text, this.otherKeys ? [KEYS_NOTE] : [])
  }

  protected value(depth: number): string | null {
    const first = this.bytes[this.at]
    if (first === undefined) return this.refuse('the bytes end where a value is due', this.at)
    if (depth > NESTING_MAX) return this.refuse(`nested deeper than ${NESTING_MAX}`, this.at)
    return this.valueOf(first, depth)
  }

  /** The value that begins with this byte, which is not passed yet. */
  protected abstract valueOf(first: number, depth: number): string | null

  /** Whether an array or a map of unknown length ends here; its mark is passed then. */
  protected atBreak(): boolean {
    return false
  }

  /** `count` is null for an array that goes on to its break. */
  protected array(count: number | bigint | null, depth: number): string | null {
    if (count !== null && count > this.left) return this.#tooFew(count, 'items')
    let text = '['
    for (let index = 0; count === null ? !this.atBreak() : index < count; index += 1) {
      const value = this.value(depth + 1)
      if (value === null) return null
      text += index === 0 ? value : `,${value}`
    }
    return `${text}]`
  }

  /** The same for the entries of a map. */
  protected map(count: number | bigint | null, depth: number): string | null {
    if (count !== null && count > this.left / 2) return this.#tooFew(count, 'entries')
    let text = '{'
    for (let index = 0; count === null ? !this.atBreak() : index < count; index += 1) {
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

  protected text(length: number | bigint): string | null {
    const at = this.skip(length)
    if (at < 0) return null
    const wrong = invalidUtf8At(this.bytes, at, this.at)
    if (wrong >= 0) return this.refuse('a string is not UTF-8', wrong)
    return utf8Text(this.bytes, at, this.at)
  }

  protected take(length: number, read: (at: number) => string): string | null {
    const at = this.skip(length)
    return at < 0 ? null : read(at)
  }

  protected get left(): number {
    return this.bytes.length - this.at
  }

  /** Moves past `length` bytes and returns where they began, or -1. */
  protected skip(length: number | bigint): number {
    const at = this.at
    if (length > this.left) {
      this.refuse(`${length} bytes are due and ${this.left} are left`, at)
      return -1
    }
    this.at += Number(length)
    return at
  }

  protected refuse(reason: string, at: number): null {
    this.reason = reason
    this.at = at
    return null
  }

  #tooFew(count: number | bigint, what: string): null {
    return this.refuse(`${count} ${what} are due and ${this.left} bytes are left`, this.at)
  }
}
