/**
 * CRC-32C (Castagnoli), the checksum of record batches and producer snapshots.
 *
 * The native call wins from about 200 bytes on; below that, and where no native package loads,
 * a table of sixteen slices takes sixteen bytes a step. A thread loads the package once it has seen
 * a good many bytes: it costs milliseconds, and all nodes of a cluster start at once.
 */
import { nativeCrc32c } from './native.ts'

const NATIVE_BYTES_MIN = 200
const NATIVE_AFTER_BYTES = 32 * 1024
const POLYNOMIAL = 0x82f63b78
const SLICES = 16

const table = slicingTable()

let bytesBeforeNative = NATIVE_AFTER_BYTES

/** The checksum of bytes[start, end), unsigned. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (end - start < NATIVE_BYTES_MIN) return crc32cInTypeScript(bytes, start, end)
  if (bytesBeforeNative > 0) bytesBeforeNative -= end - start
  const native = bytesBeforeNative > 0 ? null : nativeCrc32c()
  if (native !== null) return native(bytes.subarray(start, end)) >>> 0
  return crc32cInTypeScript(bytes, start, end)
}

export function crc32cInTypeScript(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1
  let at = start
  for (; end - at >= SLICES; at += SLICES) {
    const first =
      crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    crc =
      table[15 * 256 + (first & 0xff)]! ^
      table[14 * 256 + ((first >>> 8) & 0xff)]! ^
      table[13 * 256 + ((first >>> 16) & 0xff)]! ^
      table[12 * 256 + (first >>> 24)]! ^
      table[11 * 256 + bytes[at + 4]!]! ^
      table[10 * 256 + bytes[at + 5]!]! ^
      table[9 * 256 + bytes[at + 6]!]! ^
      table[8 * 256 + bytes[at + 7]!]! ^
      table[7 * 256 + bytes[at + 8]!]! ^
      table[6 * 256 + bytes[at + 9]!]! ^
      table[5 * 256 + bytes[at + 10]!]! ^
      table[4 * 256 + bytes[at + 11]!]! ^
      table[3 * 256 + bytes[at + 12]!]! ^
      table[2 * 256 + bytes[at + 13]!]! ^
      table[256 + bytes[at + 14]!]! ^
      table[bytes[at + 15]!]!
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 0xff]!
  return ~crc >>> 0
}

/** Row n holds what a byte contributes when n bytes follow it. */
function slicingTable(): Int32Array {
  const rows = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0)
    rows[byte] = crc
  }
  for (let at = 256; at < rows.length; at++) {
    const before = rows[at - 256]!
    rows[at] = (before >>> 8) ^ rows[before & 0xff]!
  }
  return rows
}
