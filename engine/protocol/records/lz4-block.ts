/**
 * LZ4 blocks (lz4_Block_format.md): sequences of literals and matches, without framing. Greedy
 * compression over one hash table; decompression that never reads or writes outside its bounds.
 */

const HASH_BITS = 13
const MATCH_BYTES_MIN = 4
/** The format wants literals at the end: the last match starts 12 bytes before it, at the latest. */
const LAST_MATCH_BYTES = 12
const LAST_LITERALS = 5
const DISTANCE_MAX = 65_535

const hashTable = new Int32Array(1 << HASH_BITS)

/** The most bytes that `length` bytes can take, when nothing in them repeats. */
export function lz4BlockBound(length: number): number {
  return length + Math.ceil(length / 255) + 16
}

/** Compresses source[start, end) to `output` at `outputStart`; returns how many bytes it took. */
export function compressLz4Block(
  source: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  outputStart: number,
): number {
  hashTable.fill(-1)
  const matchLimit = end - LAST_MATCH_BYTES
  let to = outputStart
  let literals = start
  let at = start
  while (at < matchLimit) {
    const word = wordAt(source, at)
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS)
    const candidate = hashTable[slot]!
    hashTable[slot] = at
    const repeats =
      candidate >= start && at - candidate <= DISTANCE_MAX && wordAt(source, candidate) === word
    if (!repeats) {
      at += 1 + ((at - literals) >> 6)
      continue
    }
    let length = MATCH_BYTES_MIN
    const longest = end - LAST_LITERALS - at
    while (length < longest && source[candidate + length] === source[at + length]) length++
    to = writeSequence(source, literals, at, output, to, at - candidate, length)
    at += length
    literals = at
  }
  return writeSequence(source, literals, end, output, to, 0, 0) - outputStart
}

/** One sequence: literals[from, until), then a match; a distance of 0 means the final literals. */
function writeSequence(
  source: Uint8Array,
  from: number,
  until: number,
  output: Uint8Array,
  outputStart: number,
  distance: number,
  matchLength: number,
): number {
  const literalLength = until - from
  const extraMatch = distance === 0 ? 0 : matchLength - MATCH_BYTES_MIN
  let to = outputStart
  output[to++] = (Math.min(literalLength, 15) << 4) | Math.min(extraMatch, 15)
  if (literalLength >= 15) to = writeLength(output, to, literalLength - 15)
  output.set(source.subarray(from, until), to)
  to += literalLength
  if (distance === 0) return to
  output[to++] = distance
  output[to++] = distance >> 8
  if (extraMatch >= 15) to = writeLength(output, to, extraMatch - 15)
  return to
}

function writeLength(output: Uint8Array, at: number, length: number): number {
  let to = at
  let rest = length
  for (; rest >= 255; rest -= 255) output[to++] = 255
  output[to++] = rest
  return to
}

/**
 * Decompresses input[start, end) to `output` at `outputStart` and returns where the output ends:
 * -1 when it would pass `outputEnd`, -2 when the input is no lz4 block. Matches may reach back to
 * `dictionaryStart`.
 */
export function decompressLz4Block(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  outputStart: number,
  bounds: { readonly dictionaryStart: number; readonly outputEnd: number },
): number {
  const outputEnd = Math.min(bounds.outputEnd, output.length)
  let at = start
  let to = outputStart
  while (at < end) {
    const token = input[at++]!
    let literals = token >> 4
    if (literals === 15) {
      let byte: number
      do {
        if (at >= end) return -2
        byte = input[at++]!
        literals += byte
      } while (byte === 255)
    }
    if (literals > end - at) return -2
    if (literals > outputEnd - to) return -1
    if (literals > 32) {
      output.set(input.subarray(at, at + literals), to)
      to += literals
      at += literals
    } else for (const stop = at + literals; at < stop;) output[to++] = input[at++]!
    // The last sequence is literals alone.
    if (at === end) return to

    if (end - at < 2) return -2
    const distance = input[at]! | (input[at + 1]! << 8)
    at += 2
    let length = (token & 15) + MATCH_BYTES_MIN
    if (length === 15 + MATCH_BYTES_MIN) {
      let byte: number
      do {
        if (at >= end) return -2
        byte = input[at++]!
        length += byte
      } while (byte === 255)
    }
    if (distance === 0 || distance > to - bounds.dictionaryStart) return -2
    if (length > outputEnd - to) return -1
    // Matches overlap what they write, so long ones are copied in doubling steps.
    if (distance >= length) output.copyWithin(to, to - distance, to - distance + length)
    else if (distance === 1) output.fill(output[to - 1]!, to, to + length)
    else for (let n = 0; n < length; n++) output[to + n] = output[to + n - distance]!
    to += length
  }
  return -2
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}
