/**
 * Decoded keys, values and headers as CEL sees them: JSON integers as `int` (bigint), numbers with
 * a point or an exponent as `double`, objects as maps, null as null, and bytes that nothing
 * decodes as `bytes`.
 */
import { parseJson, type JsonValue } from '../contract/exact-json.ts'
import type { Decoded } from '../contract/model/decode.ts'

export type CelValue = unknown

/** Numbers that `JSON.parse` alone would round, or of which it would forget how they are written. */
const NEEDS_CARE = /(?:^|[:,[\s])-?(?:\d+[.eE]|\d{16})/
/** CEL's integers have 64 bits; what is longer is a double. */
const INT64_MIN = -(1n << 63n)
const INT64_MAX = (1n << 63n) - 1n

export function celFromDecoded({ form, text }: Decoded, bytes: Uint8Array | null): CelValue {
  switch (form) {
    case 'null':
      return null
    case 'text':
      return text
    case 'bytes':
      return bytes
    case 'json':
      return celFromJson(text)
  }
}

/** Throws a `SyntaxError` for text that is no JSON. */
export function celFromJson(text: string): CelValue {
  if (!NEEDS_CARE.test(text)) return withIntegers(JSON.parse(text))
  const reading = parseJson(text)
  if (reading.type === 'json') return celFromTree(reading.value)
  throw new SyntaxError(reading.reason)
}

/**
 * Bytes that begin as JSON, read by the platform's own parser at once instead of being looked
 * through first; undefined where they are none, or where that parser is too lenient to tell.
 */
export function celFromJsonBytes(bytes: Buffer): CelValue {
  const text = bytes.toString('utf8')
  // What is not UTF-8 was replaced by this, and is not JSON.
  if (text.includes('\ufffd')) return undefined
  try {
    return celFromJson(text)
  } catch (error) {
    // Waiting for text that only begins like JSON, or that is nested deeper than the stack is.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** In place: it has just been made. */
function withIntegers(value: unknown): CelValue {
  if (typeof value === 'number') return BigInt(value)
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  for (const key in fields) {
    const inner = fields[key]
    // Assignment to this key would change the object instead of its field.
    if (key === '__proto__') continue
    if (typeof inner === 'number') fields[key] = BigInt(inner)
    else if (typeof inner === 'object' && inner !== null) withIntegers(inner)
  }
  return value
}

function celFromTree(value: JsonValue): CelValue {
  switch (value.type) {
    case 'object': {
      // A Map has no keys that mean something else. Of equal keys the last one counts.
      const map = new Map<string, CelValue>()
      for (const entry of value.entries) map.set(entry.key, celFromTree(entry.value))
      return map
    }
    case 'array':
      return value.items.map(celFromTree)
    case 'string':
      return value.value
    case 'number':
      return celFromNumber(value.text)
    case 'word':
      return value.text === 'null' ? null : value.text === 'true'
  }
}

function celFromNumber(text: string): CelValue {
  if (/[.eE]/.test(text)) return Number(text)
  const integer = BigInt(text)
  return integer < INT64_MIN || integer > INT64_MAX ? Number(text) : integer
}
