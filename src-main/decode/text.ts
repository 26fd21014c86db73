/** JSON and text, in the encodings that a reader may pick. Only UTF-8 is ever chosen by itself. */
import { surveyJson } from './json-bytes.ts'
import { readAsJson, readAsText, refused, type Reading } from './reading.ts'
import { latin1Text, surveyText, utf8Text } from './utf8.ts'

/** Any JSON document, a bare number or word too. The text is as stored, white space included. */
export function readJson(bytes: Uint8Array): Reading {
  const { errorAt, reason, ascii } = surveyJson(bytes)
  if (errorAt < 0) return readAsJson(ascii ? latin1Text(bytes) : utf8Text(bytes))
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return refused('begins with a byte order mark, which JSON does not have', 0)
  return refused(reason, errorAt)
}

/** UTF-8, strictly. A byte order mark stays where it is. */
export function readText(bytes: Uint8Array): Reading {
  const { errorAt, reason, ascii } = surveyText(bytes)
  if (errorAt >= 0) return refused(reason, errorAt)
  return readAsText(ascii ? latin1Text(bytes) : utf8Text(bytes))
}

/** ISO 8859-1: every byte is a character, so this never refuses. */
export function readLatin1(bytes: Uint8Array): Reading {
  return readAsText(latin1Text(bytes))
}

export function readUtf16le(bytes: Uint8Array): Reading {
  return readUtf16(bytes, 'le')
}

export function readUtf16be(bytes: Uint8Array): Reading {
  return readUtf16(bytes, 'be')
}

function readUtf16(bytes: Uint8Array, order: 'le' | 'be'): Reading {
  if (bytes.length % 2 !== 0)
    return refused(`${bytes.length} bytes are an odd number, UTF-16 has two to a unit`)
  const units = Buffer.from(bytes)
  if (order === 'be') units.swap16()
  const text = units.toString('utf16le')
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place)
    if ((unit & 0xf800) !== 0xd800) continue
    const paired = unit < 0xdc00 && (text.charCodeAt(place + 1) & 0xfc00) === 0xdc00
    if (!paired) return refused(`half of a surrogate pair, 0x${unit.toString(16)}`, place * 2)
    place += 1
  }
  return readAsText(text.startsWith('\ufeff') ? text.slice(1) : text)
}
