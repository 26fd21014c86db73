/**
 * Walks the batches of a segment file, in chunks: headers alone, which jumps over large batches,
 * or whole batches, which reads everything once. Nothing is checked but that sizes make sense.
 */
import type { DiskFile } from '../ports/disk.ts'
import { BATCH_HEADER_BYTES, checkedSize } from '../protocol/records/record-batch.ts'

export interface ScanRange {
  readonly start: number
  readonly end: number
}

/**
 * Sees one batch: its bytes begin at `at` in `bytes`, which is reused for the next ones, and lie at
 * `position` in the file. Returning false ends the walk.
 */
export type BatchVisitor = (
  bytes: Uint8Array,
  at: number,
  position: number,
  size: number,
) => boolean

const HEADERS_CHUNK_BYTES = 16 * 1024
const BATCHES_CHUNK_BYTES = 1024 * 1024

let headersChunk: Uint8Array | null = Buffer.allocUnsafeSlow(HEADERS_CHUNK_BYTES)

/**
 * Visits the header of every batch that lies whole in the range; returns where the first one that
 * does not begins. Throws CORRUPT_MESSAGE at bytes that are no batch.
 */
export function scanHeaders(
  file: DiskFile,
  { start, end }: ScanRange,
  visit: BatchVisitor,
): number {
  // A walk inside a walk gets a chunk of its own.
  const chunk = headersChunk ?? Buffer.allocUnsafeSlow(HEADERS_CHUNK_BYTES)
  headersChunk = null
  try {
    return scan(file, { start, end }, { chunk, whole: false }, visit)
  } finally {
    headersChunk = chunk
  }
}

/** As `scanHeaders`, with the whole batch in memory at each visit. */
export function scanBatches(
  file: DiskFile,
  { start, end }: ScanRange,
  visit: BatchVisitor,
): number {
  const bytes = Math.min(BATCHES_CHUNK_BYTES, Math.max(end - start, BATCH_HEADER_BYTES))
  return scan(file, { start, end }, { chunk: Buffer.allocUnsafe(bytes), whole: true }, visit)
}

function scan(
  file: DiskFile,
  { start, end }: ScanRange,
  { chunk: first, whole }: { readonly chunk: Uint8Array; readonly whole: boolean },
  visit: BatchVisitor,
): number {
  let chunk = first
  let chunkStart = start
  let chunkEnd = start
  let position = start
  const fill = (needed: number): boolean => {
    if (position + needed > end) return false
    if (needed > chunk.length) chunk = Buffer.allocUnsafe(needed)
    chunkStart = position
    const length = Math.min(chunk.length, end - position)
    chunkEnd = position + file.read(chunk, 0, length, position)
    return chunkEnd - position >= needed
  }
  for (;;) {
    if (position + BATCH_HEADER_BYTES > chunkEnd && !fill(BATCH_HEADER_BYTES)) return position
    const size = checkedSize(chunk, position - chunkStart)
    if (position + size > end) return position
    if (whole && position + size > chunkEnd && !fill(size)) return position
    if (!visit(chunk, position - chunkStart, position, size)) return position
    position += size
  }
}
