/**
 * Fields of decoded values. Where the value is JSON they are cut out of its bytes: nothing is
 * built, and what is not on the way is skipped.
 *
 * Of two equal keys the last one counts, as for nearly every reader of JSON.
 */
import type { FieldPath, FieldStep } from '../contract/field-path.ts'
import type { DecodeAbout, DecoderChoice } from '../contract/model/decode.ts'
import { beginsJson } from './auto.ts'
import { decode } from './decode.ts'
import { isInternalTopic } from './internal-topics.ts'
import { surveyJson } from './json-bytes.ts'
import { utf8Text } from './utf8.ts'

export interface FieldValue {
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array'
  /** The characters of a string; anything else as its exact JSON, as it is stored. */
  readonly text: string
}

/**
 * The field of a key or value, decoded as `decode` would; null where it has no such field. A value
 * that is no JSON has one field only, the whole, for the empty path; bytes that nothing fits and
 * null have none.
 */
export function fieldOf(
  bytes: Uint8Array | null,
  choice: DecoderChoice,
  about: DecodeAbout,
  path: FieldPath,
): FieldValue | null {
  return fieldsOf(bytes, choice, about, path)[0] ?? null
}

/** The same for a path with `[*]`, which may have many. */
export function fieldsOf(
  bytes: Uint8Array | null,
  choice: DecoderChoice,
  about: DecodeAbout,
  path: FieldPath,
): readonly FieldValue[] {
  if (bytes === null || bytes.length === 0) return []
  const straight =
    choice === 'json' || (choice === 'auto' && beginsJson(bytes) && !isInternalTopic(about.topic))
  if (straight && surveyJson(bytes).errorAt < 0) return jsonFields(bytes, path)
  const { form, text } = decode(bytes, choice, about)
  if (form === 'json') return jsonFields(Buffer.from(text), path)
  return form === 'text' && path.length === 0 ? [{ type: 'string', text }] : []
}

/** Fields of bytes that are known to be JSON. */
export function jsonFields(bytes: Uint8Array, path: FieldPath): readonly FieldValue[] {
  const found: FieldValue[] = []
  collect(bytes, skipSpace(bytes, 0), path, 0, found)
  return found
}

function collect(
  bytes: Uint8Array,
  at: number,
  path: FieldPath,
  depth: number,
  found: FieldValue[],
): void {
  const step = path[depth]
  if (step === undefined) {
    found.push(valueAt(bytes, at))
    return
  }
  if (step.type === 'each') {
    if (bytes[at] !== BRACKET_OPEN) return
    for (let item = firstIn(bytes, at); item >= 0; item = nextIn(bytes, skipValue(bytes, item)))
      collect(bytes, item, path, depth + 1, found)
    return
  }
  const next = step.type === 'key' ? memberAt(bytes, at, step) : itemAt(bytes, at, step.place)
  if (next >= 0) collect(bytes, next, path, depth + 1, found)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d

/** UTF-8 of the keys of paths, which are few and used for every record. */
const keyBytes = new WeakMap<FieldStep, Uint8Array>()
const utf8 = new TextEncoder()

/** Where the value of the last member with this key begins, or -1. */
function memberAt(bytes: Uint8Array, at: number, step: FieldStep & { type: 'key' }): number {
  if (bytes[at] !== BRACE_OPEN) return -1
  let wanted = keyBytes.get(step)
  if (wanted === undefined) {
    wanted = utf8.encode(step.key)
    keyBytes.set(step, wanted)
  }
  let found = -1
  for (let key = firstIn(bytes, at); key >= 0;) {
    const keyEnd = skipString(bytes, key)
    const value = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1)
    if (isKey(bytes, key, keyEnd, wanted, step.key)) found = value
    key = nextIn(bytes, skipValue(bytes, value))
  }
  return found
}

function itemAt(bytes: Uint8Array, at: number, place: number): number {
  if (bytes[at] !== BRACKET_OPEN) return -1
  let item = firstIn(bytes, at)
  for (let left = place; item >= 0 && left > 0; left -= 1)
    item = nextIn(bytes, skipValue(bytes, item))
  return item
}

/** From an opening bracket to its first member or item, or -1. */
function firstIn(bytes: Uint8Array, bracket: number): number {
  const at = skipSpace(bytes, bracket + 1)
  return bytes[at] === BRACE_CLOSE || bytes[at] === BRACKET_CLOSE ? -1 : at
}

/** From the end of a member or item to the next, or -1. */
function nextIn(bytes: Uint8Array, end: number): number {
  const at = skipSpace(bytes, end)
  return bytes[at] === COMMA ? skipSpace(bytes, at + 1) : -1
}

function isKey(
  bytes: Uint8Array,
  from: number,
  end: number,
  wanted: Uint8Array,
  key: string,
): boolean {
  const length = end - from - 2
  let escaped = false
  let same = length === wanted.length
  for (let place = 0; place < length; place += 1) {
    const byte = bytes[from + 1 + place]
    if (byte === BACKSLASH) {
      escaped = true
      break
    }
    if (byte !== wanted[place]) same = false
  }
  return escaped ? JSON.parse(utf8Text(bytes, from, end)) === key : same
}

function valueAt(bytes: Uint8Array, at: number): FieldValue {
  const end = skipValue(bytes, at)
  switch (bytes[at]) {
    case QUOTE: {
      const plain = bytes.indexOf(BACKSLASH, at)
      if (plain < 0 || plain >= end)
        return { type: 'string', text: utf8Text(bytes, at + 1, end - 1) }
      return { type: 'string', text: JSON.parse(utf8Text(bytes, at, end)) as string }
    }
    case BRACE_OPEN:
      return { type: 'object', text: utf8Text(bytes, at, end) }
    case BRACKET_OPEN:
      return { type: 'array', text: utf8Text(bytes, at, end) }
    case 0x74:
      return { type: 'boolean', text: 'true' }
    case 0x66:
      return { type: 'boolean', text: 'false' }
    case 0x6e:
      return { type: 'null', text: 'null' }
    default:
      return { type: 'number', text: utf8Text(bytes, at, end) }
  }
}

/** The place after a value. */
function skipValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from]
  if (first === QUOTE) return skipString(bytes, from)
  let at = from
  if (first !== BRACE_OPEN && first !== BRACKET_OPEN) {
    while (isScalarByte(bytes[at])) at += 1
    return at
  }
  let depth = 0
  for (;;) {
    const byte = bytes[at]
    if (byte === undefined) return at
    if (byte === QUOTE) {
      at = skipString(bytes, at)
      continue
    }
    at += 1
    if (byte === BRACE_OPEN || byte === BRACKET_OPEN) depth += 1
    else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) {
      depth -= 1
      if (depth === 0) return at
    }
  }
}

function skipString(bytes: Uint8Array, from: number): number {
  let at = from + 1
  for (;;) {
    const byte = bytes[at]
    if (byte === QUOTE) return at + 1
    if (byte === undefined) return at
    at += byte === BACKSLASH ? 2 : 1
  }
}

function isScalarByte(byte: number | undefined): boolean {
  if (byte === undefined || byte === COMMA) return false
  return byte !== BRACE_CLOSE && byte !== BRACKET_CLOSE && byte > 0x20
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at]! <= 0x20) at += 1
  return at
}
