/** Bytes written as bytes: hexadecimal pairs and base64. */
import { readAsText, type Reading } from './reading.ts'

/** Pairs as `00 2a ff`. */
export function hexPairs(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
  return hex.replace(/..(?!$)/g, '$& ')
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
