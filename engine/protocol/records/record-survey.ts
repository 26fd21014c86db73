/**
 * One quick look over uncompressed records: do their lengths add up, are their offsets 0, 1, 2 …,
 * and between which timestamps do they lie. Every record of every produce passes here, so it is
 * written for speed, and gives up at anything unusual: `RecordCursor` then looks properly, and
 * says what is wrong.
 */

export interface Survey {
  readonly minDeltaMs: number
  readonly maxDeltaMs: number
  readonly allKeyed: boolean
}

/** Where the next varint begins; module state, so that the reader below returns plain numbers. */
let position = 0
/** What an overlong varint reads as: no length, no delta and no count of a record. */
const UNUSUAL = -0x4000_0000

/** Null where the records are not what `count` says, or not of the usual form. */
export function surveyRecords(bytes: Uint8Array, count: number): Survey | null {
  const end = bytes.length
  let minDeltaMs = Infinity
  let maxDeltaMs = -Infinity
  let allKeyed = true
  position = 0
  for (let index = 0; index < count; index++) {
    const length = varint(bytes)
    const recordEnd = position + length
    if (length < 6 || recordEnd > end) return null
    position++
    const delta = varint(bytes)
    if (delta === UNUSUAL) return null
    if (delta < minDeltaMs) minDeltaMs = delta
    if (delta > maxDeltaMs) maxDeltaMs = delta
    if (varint(bytes) !== index) return null

    const keyLength = varint(bytes)
    if (keyLength >= 0) position += keyLength
    else if (keyLength === -1) allKeyed = false
    else return null
    if (position >= recordEnd) return null
    const valueLength = varint(bytes)
    if (valueLength > 0) position += valueLength
    else if (valueLength < -1) return null
    if (position >= recordEnd) return null
    const headerCount = varint(bytes)
    if (headerCount !== 0 && !passHeaders(bytes, headerCount, recordEnd)) return null
    if (position !== recordEnd) return null
  }
  return position === end ? { minDeltaMs, maxDeltaMs, allKeyed } : null
}

function passHeaders(bytes: Uint8Array, count: number, end: number): boolean {
  if (count < 0) return false
  for (let index = 0; index < count; index++) {
    if (position >= end) return false
    const keyLength = varint(bytes)
    if (keyLength < 0) return false
    position += keyLength
    if (position >= end) return false
    const valueLength = varint(bytes)
    if (valueLength < -1) return false
    if (valueLength > 0) position += valueLength
  }
  return true
}

/** At most four bytes, 28 bits: lengths, counts, and deltas of up to 37 hours. */
function varint(bytes: Uint8Array): number {
  let byte = bytes[position++]!
  if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
  let raw = byte & 0x7f
  byte = bytes[position++]!
  raw |= (byte & 0x7f) << 7
  if (byte >= 0x80) {
    byte = bytes[position++]!
    raw |= (byte & 0x7f) << 14
    if (byte >= 0x80) {
      byte = bytes[position++]!
      if (byte >= 0x80) return UNUSUAL
      raw |= byte << 21
    }
  }
  return (raw >>> 1) ^ -(raw & 1)
}
