/**
 * LZ4 frames (lz4_Frame_format.md 1.6): a scan that bounds what a frame can become before anything
 * is allocated, and a codec of our own, which is the fallback without the native one and the
 * oracle beside it in tests.
 *
 * Writes 64 KB independent blocks, as Java's client does, which reads no dependent ones.
 */
import { assert } from '../../support/assert.ts'
import { KafkaError } from '../errors.ts'
import { compressLz4Block, decompressLz4Block, lz4BlockBound } from './lz4-block.ts'
import { nativeLz4 } from './native.ts'
import { xxh32 } from './xxh32.ts'

const MAGIC = 0x184d2204
const SKIPPABLE_MAGIC = 0x184d2a50
const UNCOMPRESSED_BIT = 0x8000_0000
const BLOCK_BYTES = 64 * 1024

export function compressLz4(bytes: Uint8Array): Uint8Array {
  const native = nativeLz4()
  if (native !== null) return native.compressFrame(asBuffer(bytes))
  return compressLz4InTypeScript(bytes)
}

/** The native decoder knows no limit, so it only gets frames that the scan has bounded. */
export function decompressLz4(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const bound = lz4FrameBound(bytes)
  const native = bound <= maxBytes ? nativeLz4() : null
  if (native !== null) return native.decompressFrame(asBuffer(bytes))
  return decompressLz4InTypeScript(bytes, maxBytes)
}

interface FrameHeader {
  readonly blocksAt: number
  readonly blockBytesMax: number
  readonly independent: boolean
  readonly blockChecksums: boolean
  readonly contentChecksum: boolean
  readonly contentBytes: number | null
}

/** The most bytes that the frames in `bytes` can become. Throws when they are not frames. */
export function lz4FrameBound(bytes: Uint8Array): number {
  let bound = 0
  for (let at = 0; at < bytes.length;) {
    if (isSkippable(bytes, at)) {
      at = skipped(bytes, at)
      continue
    }
    const header = readHeader(bytes, at)
    let contentBound = 0
    at = header.blocksAt
    for (;;) {
      const word = uint32LeAt(bytes, at)
      at += 4
      if (word === 0) break
      const size = blockSize(word, header, bytes, at)
      // A block of n bytes expands at most 255-fold, whatever the frame allows.
      contentBound += word >= UNCOMPRESSED_BIT ? size : Math.min(header.blockBytesMax, size * 255)
      at += size + (header.blockChecksums ? 4 : 0)
    }
    if (header.contentChecksum) at += 4
    bound +=
      header.contentBytes === null ? contentBound : Math.min(contentBound, header.contentBytes)
  }
  return bound
}

export function decompressLz4InTypeScript(bytes: Uint8Array, maxBytes: number): Uint8Array {
  let output = Buffer.allocUnsafe(Math.min(lz4FrameBound(bytes), maxBytes))
  let length = 0
  for (let at = 0; at < bytes.length;) {
    if (isSkippable(bytes, at)) {
      at = skipped(bytes, at)
      continue
    }
    const header = readHeader(bytes, at)
    const frameStart = length
    at = header.blocksAt
    for (;;) {
      const word = uint32LeAt(bytes, at)
      at += 4
      if (word === 0) break
      const size = blockSize(word, header, bytes, at)
      const blockStart = length
      const room = Math.min(header.blockBytesMax, maxBytes - length)
      if (word >= UNCOMPRESSED_BIT) {
        if (size > room) throw tooLarge(maxBytes)
        output.set(bytes.subarray(at, at + size), length)
        length += size
      } else {
        const end = decompressLz4Block(bytes, at, at + size, output, length, {
          dictionaryStart: header.independent ? blockStart : frameStart,
          outputEnd: length + room,
        })
        if (end < 0) throw end === -1 ? tooLarge(maxBytes) : malformed('a block is not lz4')
        length = end
      }
      at += size
      if (header.blockChecksums) {
        if (uint32LeAt(bytes, at) !== xxh32(bytes, at - size, at))
          throw malformed('a block checksum differs')
        at += 4
      }
    }
    if (header.contentChecksum) {
      if (uint32LeAt(bytes, at) !== xxh32(output, frameStart, length))
        throw malformed('the content checksum differs')
      at += 4
    }
    if (header.contentBytes !== null && header.contentBytes !== length - frameStart)
      throw malformed(
        `${length - frameStart} bytes where the frame promises ${header.contentBytes}`,
      )
  }
  output = output.subarray(0, length)
  return output
}

export function compressLz4InTypeScript(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES)
  const output = Buffer.allocUnsafe(15 + blocks * (4 + lz4BlockBound(BLOCK_BYTES)))
  output.writeUInt32LE(MAGIC, 0)
  output[4] = 0x60 // Version 1, independent blocks, no checksums, no content size.
  output[5] = 0x40 // Blocks of at most 64 KB.
  output[6] = (xxh32(output, 4, 6) >>> 8) & 0xff
  let at = 7
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const end = Math.min(start + BLOCK_BYTES, bytes.length)
    const size = compressLz4Block(bytes, start, end, output, at + 4)
    if (size < end - start) {
      output.writeUInt32LE(size, at)
      at += 4 + size
    } else {
      output.writeUInt32LE((UNCOMPRESSED_BIT + (end - start)) >>> 0, at)
      output.set(bytes.subarray(start, end), at + 4)
      at += 4 + (end - start)
    }
  }
  output.writeUInt32LE(0, at)
  at += 4
  assert(at <= output.length, 'blocks stay within their bound')
  return output.subarray(0, at)
}

function readHeader(bytes: Uint8Array, at: number): FrameHeader {
  if (uint32LeAt(bytes, at) !== MAGIC) throw malformed('no frame magic')
  if (at + 7 > bytes.length) throw malformed('the header is cut short')
  const flags = bytes[at + 4]!
  const descriptor = bytes[at + 5]!
  if (flags >> 6 !== 1) throw malformed(`version ${flags >> 6}, where 1 is known`)
  if ((flags & 1) !== 0) throw malformed('it needs a dictionary')
  const blockId = (descriptor >> 4) & 7
  if (blockId < 4) throw malformed(`block size id ${blockId}`)
  const sized = (flags & 0x08) !== 0
  const end = at + 6 + (sized ? 8 : 0)
  if (end + 1 > bytes.length) throw malformed('the header is cut short')
  if (bytes[end] !== ((xxh32(bytes, at + 4, end) >>> 8) & 0xff))
    throw malformed('the header checksum differs')
  return {
    blocksAt: end + 1,
    blockBytesMax: 1 << (8 + 2 * blockId),
    independent: (flags & 0x20) !== 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 0x04) !== 0,
    contentBytes: sized
      ? uint32LeAt(bytes, at + 6) + uint32LeAt(bytes, at + 10) * 0x1_0000_0000
      : null,
  }
}

function blockSize(word: number, header: FrameHeader, bytes: Uint8Array, at: number): number {
  const size = word >= UNCOMPRESSED_BIT ? word - UNCOMPRESSED_BIT : word
  if (size > header.blockBytesMax) throw malformed(`block of ${size} bytes is over its maximum`)
  if (at + size > bytes.length) throw malformed('a block is cut short')
  return size
}

function isSkippable(bytes: Uint8Array, at: number): boolean {
  return (uint32LeAt(bytes, at) & ~0xf) >>> 0 === SKIPPABLE_MAGIC
}

function skipped(bytes: Uint8Array, at: number): number {
  const end = at + 8 + uint32LeAt(bytes, at + 4)
  if (end > bytes.length) throw malformed('a skippable frame is cut short')
  return end
}

function uint32LeAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw malformed('it is cut short')
  return (
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  )
}

function malformed(what: string): KafkaError {
  return new KafkaError('INVALID_RECORD', `lz4 frame: ${what}`)
}

function tooLarge(maxBytes: number): KafkaError {
  return new KafkaError('INVALID_RECORD', `lz4 frame holds more than ${maxBytes} bytes`)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
