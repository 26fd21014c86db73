/** Bytes written as bytes: hexadecimal pairs and base64. */
import { readAsText, type Reading } from './reading.ts'

const DIGITS = Buffer.from('0123456789abcdef', 'latin1')
const SPACE = 0x20

/** Pairs as `00 2a ff`. */
export function hexPairs(bytes: Uint8Array): string {
  if (bytes.length === 0) return ''
  const text = Buffer.alloc(bytes.length * 3 - 1, SPACE)
  let at = 0
  for (const byte of bytes) {
    text[at] = DIGITS[byte >> 4]!
    text[at + 1] = DIGITS[byte & 15]!
    at += 3
  }
  return text.toString('latin1')
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

export function readHex(bytes: Uint8Array): Reading {
  return readAsText(hexPairs(bytes))
}

export function readBase64(bytes: Uint8Array): Reading {
  return readAsText(base64Of(bytes))
}
