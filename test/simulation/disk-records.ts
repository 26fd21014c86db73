/**
 * Reads a partition's folder without the engine's log: which offsets its files hold in whole
 * batches, one after another, until something is torn or missing. What the engine recovers is
 * held against it.
 */
import {
  baseOffsetOf,
  crcIsValid,
  lastOffsetOf,
  wholeBatchSize,
} from '../../engine/protocol/records/record-batch.ts'
import type { MemoryDisk } from './memory-disk.ts'

export interface DiskRecords {
  readonly endOffset: bigint
  readonly isKept: (offset: bigint) => boolean
}

export function diskRecords(disk: MemoryDisk, folder: string): DiskRecords {
  const ranges: { readonly from: bigint; readonly to: bigint }[] = []
  let endOffset = 0n
  const segments = (disk.list(folder) ?? [])
    .filter(({ name }) => /^\d{20}\.log$/.test(name))
    .map(({ name }) => name)
    .sort()
  for (const name of segments) {
    const bytes = disk.readFile(`${folder}/${name}`)
    const from = BigInt(name.slice(0, 20))
    if (from < endOffset) break
    endOffset = from
    const { to, whole } = wholeUpTo(bytes, endOffset)
    ranges.push({ from, to })
    endOffset = to
    // Behind torn bytes nothing counts; behind a segment that ends cleanly, the next one does.
    if (!whole) break
  }
  return {
    endOffset,
    isKept: offset => ranges.some(({ from, to }) => offset >= from && offset < to),
  }
}

function wholeUpTo(
  bytes: Uint8Array,
  baseOffset: bigint,
): { readonly to: bigint; readonly whole: boolean } {
  let to = baseOffset
  for (let at = 0; at < bytes.length;) {
    const size = plausibleSize(bytes, at)
    if (size === 0 || !crcIsValid(bytes, at) || baseOffsetOf(bytes, at) < to)
      return { to, whole: false }
    to = lastOffsetOf(bytes, at) + 1n
    at += size
  }
  return { to, whole: true }
}

function plausibleSize(bytes: Uint8Array, at: number): number {
  try {
    return wholeBatchSize(bytes, at, bytes.length)
  } catch {
    // Waits for bytes that are no batch: the records end before them.
    return 0
  }
}
