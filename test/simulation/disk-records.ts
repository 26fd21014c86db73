/**
 * Reads a partition's folder without the engine's log: which offsets its files hold in whole
 * batches, one after another, until something is torn or missing. What the engine recovers is
 * held against it.
 */
import {
  baseOffsetOf,
  crcIsValid,
  crcOf,
  lastOffsetOf,
  leaderEpochOf,
  wholeBatchSize,
} from '../../engine/protocol/records/record-batch.ts'
import type { MemoryDisk } from './memory-disk.ts'

export interface DiskRecords {
  readonly endOffset: bigint
  readonly isKept: (offset: bigint) => boolean
}

/** Segments that lie wholly below the log start were deleted in all but name. */
export function diskRecords(disk: MemoryDisk, logFolder: string, partition: string): DiskRecords {
  const folder = `${logFolder}/${partition}`
  const logStartOffset = checkpointedLogStart(disk, logFolder, partition)
  const ranges: { readonly from: bigint; readonly to: bigint }[] = []
  let endOffset = 0n
  const segments = (disk.list(folder) ?? [])
    .filter(({ name }) => /^\d{20}\.log$/.test(name))
    .map(({ name }) => name)
    .sort()
  for (const [index, name] of segments.entries()) {
    const next = segments[index + 1]
    if (next !== undefined && BigInt(next.slice(0, 20)) <= logStartOffset) continue
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

export interface LogBatch {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  /** Equal for batches that are equal from the leader epoch on. */
  readonly mark: string
}

/** The batches of a partition's segments, in their order, each segment up to what is torn. */
export function* logBatches(disk: MemoryDisk, folder: string): Generator<LogBatch> {
  const segments = (disk.list(folder) ?? []).filter(({ name }) => /^\d{20}\.log$/.test(name))
  for (const { name } of segments.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const { bytes, size } = disk.files.get(`${folder}/${name}`)!
    for (let at = 0; at < size;) {
      const batchSize = plausibleSize(bytes.subarray(0, size), at)
      if (batchSize === 0) break
      yield {
        baseOffset: baseOffsetOf(bytes, at),
        lastOffset: lastOffsetOf(bytes, at),
        mark: `epoch ${leaderEpochOf(bytes, at)} checksum ${crcOf(bytes, at)}`,
      }
      at += batchSize
    }
  }
}

function checkpointedLogStart(disk: MemoryDisk, logFolder: string, partition: string): bigint {
  const path = `${logFolder}/log-start-offset-checkpoint`
  if (!disk.exists(path)) return 0n
  const name = partition.replace(/-(?=\d+$)/, ' ')
  const lines = Buffer.from(disk.readFile(path)).toString().split('\n')
  const line = lines.find(each => each.startsWith(`${name} `))
  return line === undefined ? 0n : BigInt(line.slice(name.length + 1))
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
