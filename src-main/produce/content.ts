/**
 * Text as a person types it into bytes as Kafka keeps them. Pure. Each way either gives the bytes
 * or says what is wrong with the text, and where.
 */
import { assertNever } from '../../engine/support/assert.ts'
import type { ContentDraft, FieldEncoding } from '../contract/api/produce.ts'
import { parseJson } from '../contract/exact-json.ts'

/** A text that does not mean any bytes. `at` counts UTF-16 units, and is null for the whole. */
export class ContentError extends Error {
  override readonly name = 'ContentError'
  readonly at: number | null
  readonly remedy: string | null

  constructor(
    message: string,
    { at = null, remedy = null }: { at?: number | null; remedy?: string | null } = {},
  ) {
    super(message)
    this.at = at
    this.remedy = remedy
  }
}

const EMPTY = new Uint8Array(0)

/** The encoding of a draft's content; null for those that are no text. */
export function encodingOf(content: ContentDraft): FieldEncoding | null {
  switch (content.type) {
    case 'null':
    case 'empty':
    case 'bytes':
      return null
    case 'integer':
      return `int${content.bits}`
    case 'float':
      return `float${content.bits}`
    default:
      return content.type
  }
}

/** The text of a draft's content; empty for those that are no text. */
export function textOf(content: ContentDraft): string {
  return 'text' in content ? content.text : ''
}

/** Null is a null key, a tombstone, or a header without a value. Throws a `ContentError`. */
export function encodeContent(content: ContentDraft): Uint8Array | null {
  if (content.type === 'null') return null
  if (content.type === 'empty') return EMPTY
  if (content.type === 'bytes') return content.bytes
  return encodeText(encodingOf(content)!, content.text)
}

/** Throws a `ContentError`. */
export function encodeText(encoding: FieldEncoding, text: string): Uint8Array {
  switch (encoding) {
    case 'text':
      return Buffer.from(text)
    case 'json':
      checkJson(text)
      return Buffer.from(text)
    case 'hex':
      return fromHex(text)
    case 'base64':
      return fromBase64(text)
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return fromInteger(text, Number(encoding.slice(3)))
    case 'float32':
    case 'float64':
      return fromFloat(text, encoding)
    case 'uuid':
      return fromUuid(text)
    default:
      return assertNever(encoding)
  }
}

/** The text itself is what is sent, so that numbers keep every digit that was typed. */
export function checkJson(text: string): void {
  try {
    JSON.parse(text)
  } catch {
    // The platform's parser is the fast one; ours knows the place.
    throw jsonError(text)
  }
}

function jsonError(text: string): ContentError {
  if (text.trim() === '')
    return new ContentError('nothing is no JSON', {
      remedy: 'Write null for JSON’s null, or choose Empty for no bytes.',
    })
  const reading = parseJson(text)
  if (reading.type === 'json') return new ContentError('no JSON')
  const { position, reason } = reading
  return new ContentError(`no JSON: ${reason} at ${placeIn(text, position)}`, { at: position })
}

/** As editors count: both from one. */
export function placeIn(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  const line = before.length
  const column = before.at(-1)!.length + 1
  return text.includes('\n') ? `line ${line}, column ${column}` : `character ${column}`
}

function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '').replace(/^0x/i, '')
  if (/[^0-9a-f]/i.test(digits)) {
    const at = text.search(/(?!^0x)[^0-9a-f\s]/i)
    throw new ContentError(`${JSON.stringify(text[at] ?? '')} is no hex digit`, { at })
  }
  if (digits.length % 2 !== 0)
    throw new ContentError(`${digits.length} hex digits are no whole bytes`, {
      at: text.length,
      remedy: 'Each byte has two digits.',
    })
  return Buffer.from(digits, 'hex')
}

function fromBase64(text: string): Uint8Array {
  const letters = text.replace(/\s+/g, '').replace(/={1,2}$/, '')
  const stray = letters.search(/[^A-Za-z0-9+/\-_]/)
  if (stray >= 0) {
    const at = text.indexOf(letters[stray]!)
    throw new ContentError(`${JSON.stringify(letters[stray])} is no letter of base64`, { at })
  }
  if (letters.length % 4 === 1)
    throw new ContentError('the base64 ends in the middle of a byte', { at: text.length })
  return Buffer.from(letters, 'base64')
}

function fromInteger(text: string, bits: number): Uint8Array {
  const digits = text.trim()
  if (!/^[+-]?\d{1,40}$/.test(digits))
    throw new ContentError(`${quoted(digits)} is no whole number`, { at: 0 })
  const value = BigInt(digits)
  const limit = 1n << BigInt(bits - 1)
  if (value < -limit || value >= limit)
    throw new ContentError(`${digits} does not fit into ${bits} bits`, {
      at: 0,
      remedy: `Choose from ${-limit} to ${limit - 1n}, or more bits.`,
    })
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64BE(value)
  return bytes.subarray(8 - bits / 8)
}

function fromFloat(text: string, encoding: 'float32' | 'float64'): Uint8Array {
  const typed = text.trim()
  const value = typed === '' ? NaN : Number(typed)
  if (Number.isNaN(value) && typed !== 'NaN')
    throw new ContentError(`${quoted(typed)} is no number`, { at: 0 })
  const bytes = Buffer.allocUnsafe(encoding === 'float32' ? 4 : 8)
  if (encoding === 'float32') bytes.writeFloatBE(value)
  else bytes.writeDoubleBE(value)
  return bytes
}

function fromUuid(text: string): Uint8Array {
  const typed = text.trim()
  if (!/^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(typed))
    throw new ContentError(`${quoted(typed)} is no UUID`, {
      at: 0,
      remedy: 'It has 32 hex digits, as 8-4-4-4-12.',
    })
  return Buffer.from(typed.replaceAll('-', ''), 'hex')
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
