/**
 * The text of ids met before, by their bytes: a topic's id comes with every request that names the
 * topic, and making its text anew costs more than reading the rest of a small request.
 *
 * As many as there are slots, each slot for one of those that fall into it; nothing grows.
 */
const SLOTS = 512
const INTS_IN_ID = 4

const ints = new Int32Array(SLOTS * INTS_IN_ID)
const texts: string[] = []
for (let slot = 0; slot < SLOTS; slot++) texts.push('')

/** The id at `at` in `view`, which is at `inBytes` in `bytes`. */
export function knownUuid(view: DataView, at: number, bytes: Buffer, inBytes: number): string {
  const a = view.getInt32(at)
  const b = view.getInt32(at + 4)
  const c = view.getInt32(at + 8)
  const d = view.getInt32(at + 12)
  const mixed = a ^ (b >>> 3) ^ (c >>> 7) ^ d
  const slot = (mixed ^ (mixed >>> 11)) & (SLOTS - 1)
  const first = slot * INTS_IN_ID
  const known = texts[slot]!
  if (
    known !== '' &&
    ints[first] === a &&
    ints[first + 1] === b &&
    ints[first + 2] === c &&
    ints[first + 3] === d
  )
    return known
  const text = bytes.toString('base64url', inBytes, inBytes + 16)
  ints[first] = a
  ints[first + 1] = b
  ints[first + 2] = c
  ints[first + 3] = d
  texts[slot] = text
  return text
}
