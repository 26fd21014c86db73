/**
 * Snappy as Kafka carries it. Java's clients frame it (xerial: a header, then chunks with their
 * compressed lengths), librdkafka sends one raw block; both are read, the framed form is written.
 *
 * Every block says how long it becomes; the sum is checked before anything is decompressed.
 */
import { KafkaError } from '../errors.ts'
import { int32At, setInt32At } from './bytes.ts'
import { nativeSnappy } from './native.ts'
import { compressSnappyBlock, decompressSnappyBlock, snappyLength } from './snappy-block.ts'

const MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00] as const
const HEADER_BYTES = 16
const CHUNK_BYTES = 32 * 1024

export function compressXerial(bytes: Uint8Array): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  header.set(MAGIC)
  setInt32At(header, 8, 1)
  setInt32At(header, 12, 1)
  const parts: Uint8Array[] = [header]
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.subarray(start, Math.min(start + CHUNK_BYTES, bytes.length))
    const block = nativeSnappy()?.compress(chunk) ?? compressSnappyBlock(chunk)
    const length = new Uint8Array(4)
    setInt32At(length, 0, block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}

export function decompressSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) {
    boundedLength(bytes, maxBytes)
    return decompressBlock(bytes)
  }
  const blocks = xerialBlocks(bytes)
  const total = blocks.reduce((sum, block) => sum + boundedLength(block, maxBytes - sum), 0)
  if (blocks.length === 1) return decompressBlock(blocks[0]!)
  const output = Buffer.allocUnsafe(total)
  let at = 0
  for (const block of blocks) {
    const part = decompressBlock(block)
    output.set(part, at)
    at += part.length
  }
  return output
}

function xerialBlocks(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length < HEADER_BYTES) throw malformed('the header is cut short')
  const blocks: Uint8Array[] = []
  for (let at = HEADER_BYTES; at < bytes.length;) {
    if (bytes.length - at < 4) throw malformed('a chunk length is cut short')
    const length = int32At(bytes, at)
    at += 4
    if (length < 0 || length > bytes.length - at)
      throw malformed(`chunk of ${length} bytes with ${bytes.length - at} left`)
    blocks.push(bytes.subarray(at, at + length))
    at += length
  }
  return blocks
}

function boundedLength(block: Uint8Array, maxBytes: number): number {
  const length = snappyLength(block)
  if (length === null) throw malformed('no length')
  if (length > maxBytes)
    throw new KafkaError(
      'INVALID_RECORD',
      `snappy data becomes more than the ${maxBytes} bytes left`,
    )
  // A three-byte copy makes 64 bytes at best: a longer claim is a lie that would cost memory.
  if (length > block.length * 32) throw malformed(`${length} bytes promised by ${block.length}`)
  return length
}

function decompressBlock(block: Uint8Array): Uint8Array {
  const native = nativeSnappy()
  if (native !== null) return native.decompress(block)
  const output = decompressSnappyBlock(block)
  if (output === null) throw malformed('a block is not snappy')
  return output
}

function malformed(what: string): KafkaError {
  return new KafkaError('INVALID_RECORD', `snappy: ${what}`)
}
