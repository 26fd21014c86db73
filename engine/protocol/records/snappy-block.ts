/**
 * Raw snappy blocks (format_description.txt): the length, then literals and copies. The fallback
 * where the native package does not load, and the oracle beside it in tests.
 */

const HASH_BITS = 13
const COPY_BYTES_MIN = 4
const COPY_BYTES_MAX = 64
const DISTANCE_MAX = 65_535

const hashTable = new Int32Array(1 << HASH_BITS)

/** What the block says it becomes, or null where there is no such varint. */
export function snappyLength(block: Uint8Array): number | null {
  let length = 0
  for (let at = 0; at < 5 && at < block.length; at++) {
    const byte = block[at]!
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return length <= 0xffff_ffff ? length : null
  }
  return null
}

export function compressSnappyBlock(source: Uint8Array): Uint8Array {
  const output = Buffer.allocUnsafe(32 + source.length + Math.ceil(source.length / 6))
  let to = 0
  let rest = source.length
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) output[to++] = (rest % 128) + 0x80
  output[to++] = rest

  hashTable.fill(-1)
  let literals = 0
  let at = 0
  while (at + COPY_BYTES_MIN <= source.length) {
    const word = wordAt(source, at)
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS)
    const candidate = hashTable[slot]!
    hashTable[slot] = at
    if (candidate < 0 || at - candidate > DISTANCE_MAX || wordAt(source, candidate) !== word) {
      at += 1 + ((at - literals) >> 6)
      continue
    }
    let length = COPY_BYTES_MIN
    while (at + length < source.length && source[candidate + length] === source[at + length])
      length++
    to = writeLiterals(source, literals, at, output, to)
    to = writeCopies(output, to, at - candidate, length)
    at += length
    literals = at
  }
  to = writeLiterals(source, literals, source.length, output, to)
  return output.subarray(0, to)
}

function writeLiterals(
  source: Uint8Array,
  from: number,
  until: number,
  output: Uint8Array,
  at: number,
): number {
  if (from === until) return at
  let to = at
  const length = until - from - 1
  if (length < 60) output[to++] = length << 2
  else {
    const bytes = length < 0x100 ? 1 : length < 0x1_0000 ? 2 : length < 0x100_0000 ? 3 : 4
    output[to++] = (59 + bytes) << 2
    for (let n = 0; n < bytes; n++) output[to++] = length >>> (8 * n)
  }
  output.set(source.subarray(from, until), to)
  return to + until - from
}

function writeCopies(output: Uint8Array, at: number, distance: number, length: number): number {
  let to = at
  for (let rest = length; rest > 0;) {
    const part = Math.min(rest, COPY_BYTES_MAX)
    output[to++] = ((part - 1) << 2) | 2
    output[to++] = distance
    output[to++] = distance >> 8
    rest -= part
  }
  return to
}

/** The bytes of a block, or null when it is no snappy. The caller has bounded its length. */
export function decompressSnappyBlock(block: Uint8Array): Uint8Array | null {
  const length = snappyLength(block)
  if (length === null) return null
  let at = 0
  while (block[at]! >= 0x80) at++
  at++
  const output = Buffer.allocUnsafe(length)
  let to = 0
  while (at < block.length) {
    const tag = block[at++]!
    const kind = tag & 3
    if (kind === 0) {
      let size = tag >> 2
      if (size >= 60) {
        const bytes = size - 59
        if (bytes > block.length - at) return null
        size = 0
        for (let n = 0; n < bytes; n++) size += block[at++]! * 2 ** (8 * n)
      }
      size++
      if (size > block.length - at || size > length - to) return null
      output.set(block.subarray(at, at + size), to)
      at += size
      to += size
      continue
    }
    const extra = kind === 3 ? 4 : kind
    if (extra > block.length - at) return null
    const size = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
    let distance = 0
    for (let n = 0; n < extra; n++) distance += block[at++]! * 2 ** (8 * n)
    if (kind === 1) distance += (tag >> 5) << 8
    if (distance === 0 || distance > to || size > length - to) return null
    for (let n = 0; n < size; n++, to++) output[to] = output[to - distance]!
  }
  return to === length ? output : null
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}
