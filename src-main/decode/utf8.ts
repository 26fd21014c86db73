/** Strict UTF-8: what is not is told with its place, never replaced by a question mark. */

/** The length of the UTF-8 sequence that begins at `at`, or 0 where none does. */
export function utf8Sequence(bytes: Uint8Array, at: number): 0 | 1 | 2 | 3 | 4 {
  const first = bytes[at]
  if (first === undefined) return 0
  if (first < 0x80) return 1
  if (first < 0xc2) return 0
  if (first < 0xe0) return follows(bytes[at + 1]) ? 2 : 0
  const second = bytes[at + 1]
  if (second === undefined || !follows(bytes[at + 2])) return 0
  if (first < 0xf0) {
    // Neither longer than need be, nor half of a surrogate pair.
    const lowest = first === 0xe0 ? 0xa0 : 0x80
    const highest = first === 0xed ? 0x9f : 0xbf
    return second >= lowest && second <= highest ? 3 : 0
  }
  if (first > 0xf4 || !follows(bytes[at + 3])) return 0
  const lowest = first === 0xf0 ? 0x90 : 0x80
  const highest = first === 0xf4 ? 0x8f : 0xbf
  return second >= lowest && second <= highest ? 4 : 0
}

function follows(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** The place of the first byte that is not UTF-8, or -1. */
export function invalidUtf8At(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let at = from
  while (at < to) {
    if (bytes[at]! < 0x80) {
      at += 1
      continue
    }
    const length = utf8Sequence(bytes, at)
    if (length === 0 || at + length > to) return at
    at += length
  }
  return -1
}

export interface TextSurvey {
  /** -1 for text, else the place of the first byte that does not fit. */
  readonly errorAt: number
  readonly reason: string
  readonly ascii: boolean
}

const ASCII_TEXT: TextSurvey = { errorAt: -1, reason: '', ascii: true }
const TEXT: TextSurvey = { errorAt: -1, reason: '', ascii: false }

/**
 * Whether bytes are text: UTF-8 without the control characters that text does not hold. Binary
 * formats are often valid UTF-8 by accident; a NUL or its neighbours give them away.
 */
export function surveyText(bytes: Uint8Array): TextSurvey {
  let ascii = true
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte < 0x80) {
      if (isControl(byte))
        return { errorAt: at, reason: `control character 0x${hexByte(byte)}`, ascii }
      at += 1
      continue
    }
    ascii = false
    const length = utf8Sequence(bytes, at)
    if (length === 0) return { errorAt: at, reason: `0x${hexByte(byte)} is not UTF-8 here`, ascii }
    at += length
  }
  return ascii ? ASCII_TEXT : TEXT
}

/** Tab, line ends, form feed and escape occur in text; their neighbours do not. */
function isControl(byte: number): boolean {
  return byte < 0x20 && (byte < 0x09 || (byte > 0x0d && byte !== 0x1b))
}

export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/** Bytes that are known to be UTF-8, as text. */
export function utf8Text(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return bufferOver(bytes, from, to).toString('utf8')
}

/** One character for each byte: right for ASCII, and for what is meant as Latin-1. */
export function latin1Text(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return bufferOver(bytes, from, to).toString('latin1')
}

function bufferOver(bytes: Uint8Array, from: number, to: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
}
