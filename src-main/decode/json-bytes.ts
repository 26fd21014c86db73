/**
 * Checks JSON while it is still UTF-8 bytes, and writes it in one line. One pass, nothing built:
 * a topic is searched at a million values a second, and most of them only need to be known as JSON.
 * It accepts exactly what `parseJson` accepts of the same text.
 */
import { JSON_DEPTH_MAX } from '../contract/exact-json.ts'
import { utf8Sequence } from './utf8.ts'

export interface JsonSurvey {
  /** -1 for JSON, else the place of the first byte that does not fit. */
  readonly errorAt: number
  readonly reason: string
  /** There is white space outside of strings. */
  readonly spaced: boolean
  /** Every byte is ASCII, so that characters and bytes are the same. */
  readonly ascii: boolean
}

const OBJECT = 1
const ARRAY = 0
/** What each open bracket is. One for all calls: a survey never waits in the middle. */
const open = new Uint8Array(JSON_DEPTH_MAX + 1)

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d

let spaced = false
let ascii = true
let reason = ''
let failedAt = -1

/** Reads one JSON document and says what it is like; anything after it makes it none. */
export function surveyJson(bytes: Uint8Array): JsonSurvey {
  spaced = false
  ascii = true
  reason = ''
  failedAt = -1
  const end = document(bytes)
  if (end >= 0) {
    const rest = skipSpace(bytes, end)
    if (rest < bytes.length) refuse(rest, 'text after the end of the document')
  }
  return { errorAt: failedAt, reason, spaced, ascii }
}

/** The place after the document, or -1. */
function document(bytes: Uint8Array): number {
  let depth = 0
  let at = skipSpace(bytes, 0)
  for (;;) {
    // A value is due at `at`.
    const first = bytes[at]
    if (first === BRACE_OPEN || first === BRACKET_OPEN) {
      if (depth === JSON_DEPTH_MAX) return refuse(at, `nested deeper than ${JSON_DEPTH_MAX}`)
      const isObject = first === BRACE_OPEN
      at = skipSpace(bytes, at + 1)
      if (bytes[at] === (isObject ? BRACE_CLOSE : BRACKET_CLOSE)) at += 1
      else {
        open[depth] = isObject ? OBJECT : ARRAY
        depth += 1
        if (isObject) at = keyAndColon(bytes, at)
        if (at < 0) return -1
        continue
      }
    } else {
      at = scalar(bytes, at, first)
      if (at < 0) return -1
    }
    // A value is complete: what follows belongs to the bracket round it.
    for (;;) {
      if (depth === 0) return at
      at = skipSpace(bytes, at)
      const mark = bytes[at]
      const inside = open[depth - 1]
      if (mark === COMMA) {
        at = skipSpace(bytes, at + 1)
        if (inside === OBJECT) at = keyAndColon(bytes, at)
        if (at < 0) return -1
        break
      }
      if (mark !== (inside === OBJECT ? BRACE_CLOSE : BRACKET_CLOSE))
        return refuse(at, inside === OBJECT ? 'an object is not closed' : 'an array is not closed')
      at += 1
      depth -= 1
    }
  }
}

/** From a key's quote to the beginning of its value. */
function keyAndColon(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return refuse(at, 'a key in quotes is missing')
  const end = string(bytes, at + 1)
  if (end < 0) return -1
  const colon = skipSpace(bytes, end)
  if (bytes[colon] !== COLON) return refuse(colon, 'a colon is missing')
  return skipSpace(bytes, colon + 1)
}

function scalar(bytes: Uint8Array, at: number, first: number | undefined): number {
  switch (first) {
    case QUOTE:
      return string(bytes, at + 1)
    case 0x74:
      return word(bytes, at, 'true')
    case 0x66:
      return word(bytes, at, 'false')
    case 0x6e:
      return word(bytes, at, 'null')
    case undefined:
      return refuse(at, 'the text ends too early')
    default:
      return number(bytes, at)
  }
}

function string(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at]
    if (byte === QUOTE) return at + 1
    if (byte === undefined || byte < 0x20) return refuse(at, 'a string is not closed')
    if (byte === BACKSLASH) {
      at = escape(bytes, at)
      if (at < 0) return -1
    } else if (byte < 0x80) at += 1
    else {
      ascii = false
      const length = utf8Sequence(bytes, at)
      if (length === 0) return refuse(at, 'not UTF-8')
      at += length
    }
  }
}

function escape(bytes: Uint8Array, at: number): number {
  switch (bytes[at + 1]) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return at + 2
    case 0x75:
      for (let place = at + 2; place < at + 6; place += 1)
        if (!isHexDigit(bytes[place])) return refuse(at, '\\u needs four hexadecimal digits')
      return at + 6
    default:
      return refuse(at, 'an unknown escape')
  }
}

function number(bytes: Uint8Array, from: number): number {
  let at = from
  if (bytes[at] === 0x2d) at += 1
  const first = bytes[at]
  if (!isDigit(first)) return refuse(from, 'a value is missing')
  at += 1
  if (first !== 0x30) at = digits(bytes, at)
  if (bytes[at] === 0x2e && isDigit(bytes[at + 1])) at = digits(bytes, at + 1)
  const exponent = bytes[at]
  if (exponent === 0x65 || exponent === 0x45) {
    const sign = bytes[at + 1]
    const start = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1
    if (isDigit(bytes[start])) at = digits(bytes, start)
  }
  return at
}

function digits(bytes: Uint8Array, from: number): number {
  let at = from
  while (isDigit(bytes[at])) at += 1
  return at
}

function word(bytes: Uint8Array, at: number, text: string): number {
  for (let place = 0; place < text.length; place += 1)
    if (bytes[at + place] !== text.charCodeAt(place)) return refuse(at, 'a value is missing')
  return at + text.length
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    at += 1
  }
  if (at > from) spaced = true
  return at
}

function refuse(at: number, why: string): -1 {
  failedAt = at
  reason = why
  return -1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const lower = byte | 0x20
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66)
}
