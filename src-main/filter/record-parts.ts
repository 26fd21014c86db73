/** Where key, value and headers of a record lie in its batch, for those parts that are searched. */
import type { RecordCursor } from '../../engine/protocol/records/record-cursor.ts'
import type { RecordPart } from '../contract/model/search.ts'

export interface PartChoice {
  readonly key: boolean
  readonly value: boolean
  readonly headers: boolean
}

export function choiceOf(parts: readonly RecordPart[]): PartChoice {
  return {
    key: parts.includes('key'),
    value: parts.includes('value'),
    headers: parts.includes('headers'),
  }
}

/** Calls for each chosen part that is not null, until one call gives true; whether one did. */
export function somePart(
  cursor: RecordCursor,
  choice: PartChoice,
  test: (start: number, end: number) => boolean,
): boolean {
  const { keyStart, keyLength, valueStart, valueLength } = cursor
  if (choice.key && keyLength >= 0 && test(keyStart, keyStart + keyLength)) return true
  if (choice.value && valueLength >= 0 && test(valueStart, valueStart + valueLength)) return true
  return choice.headers && cursor.headerCount > 0 && someHeader(cursor, test)
}

/** Names and values of headers, each on its own. The cursor has checked that they add up. */
function someHeader(
  { bytes, headersStart, headerCount }: RecordCursor,
  test: (start: number, end: number) => boolean,
): boolean {
  let at = headersStart
  for (let part = 0; part < headerCount * 2; part++) {
    let raw = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      raw |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    const length = (raw >>> 1) ^ -(raw & 1)
    if (length < 0) continue
    if (test(at, at + length)) return true
    at += length
  }
  return false
}
