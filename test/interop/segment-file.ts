/** Reads the headers of the record batches in a segment, apart from the engine's own reader. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

export interface BatchHeader {
  readonly baseOffset: bigint
  readonly lastOffsetDelta: number
  readonly codec: string
  readonly producerId: bigint
}

/** The batches of all segments in a partition's folder, in order. */
export function batchHeaders(folder: string): BatchHeader[] {
  const logs = readdirSync(folder).filter(name => name.endsWith('.log'))
  return logs.sort().flatMap(name => headersIn(readFileSync(join(folder, name))))
}

function headersIn(bytes: Buffer): BatchHeader[] {
  const headers: BatchHeader[] = []
  let at = 0
  // A preallocated file ends in zeroes: a length of 0 is no batch.
  while (at + 61 <= bytes.length && bytes.readInt32BE(at + 8) > 0) {
    headers.push({
      baseOffset: bytes.readBigInt64BE(at),
      lastOffsetDelta: bytes.readInt32BE(at + 23),
      codec: codecs[bytes.readInt16BE(at + 21) & 7] ?? 'unknown',
      producerId: bytes.readBigInt64BE(at + 43),
    })
    at += 12 + bytes.readInt32BE(at + 8)
  }
  return headers
}
