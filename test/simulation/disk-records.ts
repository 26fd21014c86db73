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
import { readRecords, type LogRecord } from '../../engine/protocol/records/record-reader.ts'
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
  const segments = segmentNames(disk, folder)
  for (const [index, name] of segments.entries()) {
    const next = segments[index + 1]
    if (next !== undefined && BigInt(next.slice(0, 20)) <= logStartOffset) continue
    const from = BigInt(name.slice(0, 20))
    if (from < endOffset) break
    const { endOffset: to, isWhole } = segmentOf(disk, `${folder}/${name}`, from)
    ranges.push({ from, to })
    endOffset = to
    // Behind torn bytes nothing counts; behind a segment that ends cleanly, the next one does.
    if (!isWhole) break
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
  /** In its segment. */
  readonly at: number
  readonly bytes: number
}

export interface Segment {
  readonly batches: readonly LogBatch[]
  readonly endOffset: bigint
  /** Nothing torn lies behind the last batch. */
  readonly isWhole: boolean
}

interface Parsed extends Segment {
  readonly batches: LogBatch[]
  endOffset: bigint
  isWhole: boolean
  /** How often the file had been cut, and how far it was looked through. */
  cuts: number
  bytes: number
}

/** What is known of each file; files only grow at their end, except when they are cut. */
const parsed = new WeakMap<object, Parsed>()

/** The whole batches of one segment, of which each byte is looked at once. */
export function segmentOf(disk: MemoryDisk, path: string, baseOffset: bigint): Segment {
  const file = disk.files.get(path)!
  let known = parsed.get(file)
  if (known === undefined || known.cuts !== file.cuts) {
    known = { batches: [], endOffset: baseOffset, isWhole: true, cuts: file.cuts, bytes: 0 }
    parsed.set(file, known)
  }
  const bytes = file.bytes.subarray(0, file.size)
  while (known.bytes < bytes.length) {
    const at = known.bytes
    const size = plausibleSize(bytes, at)
    known.isWhole = size > 0 && crcIsValid(bytes, at) && baseOffsetOf(bytes, at) >= known.endOffset
    if (!known.isWhole) return known
    const batch = {
      baseOffset: baseOffsetOf(bytes, at),
      lastOffset: lastOffsetOf(bytes, at),
      mark: `epoch ${leaderEpochOf(bytes, at)} checksum ${crcOf(bytes, at)}`,
      at,
      bytes: size,
    }
    known.batches.push(batch)
    known.endOffset = batch.lastOffset + 1n
    known.bytes += size
  }
  return known
}

/** The batches of a partition's segments, in their order, each segment up to what is torn. */
export function* logBatches(disk: MemoryDisk, folder: string): Generator<LogBatch> {
  for (const name of segmentNames(disk, folder))
    yield* segmentOf(disk, `${folder}/${name}`, BigInt(name.slice(0, 20))).batches
}

/** Where the records end that a power cut would leave. */
export function durableEndOffset(disk: MemoryDisk, folder: string): bigint {
  let endOffset = 0n
  for (const name of segmentNames(disk, folder)) {
    const path = `${folder}/${name}`
    const durableBytes = disk.files.get(path)!.durable.length
    const segment = segmentOf(disk, path, BigInt(name.slice(0, 20)))
    const lost = segment.batches.find(({ at, bytes }) => at + bytes > durableBytes)
    if (lost !== undefined) return lost.baseOffset
    endOffset = segment.endOffset
  }
  return endOffset
}

/** The batch that begins at an offset, or null. */
export function batchAt(disk: MemoryDisk, folder: string, offset: bigint): LogBatch | null {
  const name = segmentNames(disk, folder).findLast(each => BigInt(each.slice(0, 20)) <= offset)
  if (name === undefined) return null
  const { batches } = segmentOf(disk, `${folder}/${name}`, BigInt(name.slice(0, 20)))
  return batches.findLast(({ baseOffset }) => baseOffset <= offset) ?? null
}

/** The latest record for which `fits` says so, looked for from the log's end on. */
export function latestRecord(
  disk: MemoryDisk,
  folder: string,
  fits: (record: LogRecord) => boolean,
): LogRecord | null {
  for (const name of segmentNames(disk, folder).toReversed()) {
    const path = `${folder}/${name}`
    const { bytes } = disk.files.get(path)!
    const { batches } = segmentOf(disk, path, BigInt(name.slice(0, 20)))
    for (const { at } of batches.toReversed()) {
      const found = [...readRecords(bytes, at)].findLast(fits)
      if (found !== undefined) return found
    }
  }
  return null
}

export function segmentNames(disk: MemoryDisk, folder: string): string[] {
  return (disk.list(folder) ?? [])
    .filter(({ name }) => /^\d{20}\.log$/.test(name))
    .map(({ name }) => name)
    .sort()
}

function checkpointedLogStart(disk: MemoryDisk, logFolder: string, partition: string): bigint {
  const path = `${logFolder}/log-start-offset-checkpoint`
  if (!disk.exists(path)) return 0n
  const name = partition.replace(/-(?=\d+$)/, ' ')
  const lines = Buffer.from(disk.readFile(path)).toString().split('\n')
  const line = lines.find(each => each.startsWith(`${name} `))
  return line === undefined ? 0n : BigInt(line.slice(name.length + 1))
}

function plausibleSize(bytes: Uint8Array, at: number): number {
  try {
    return wholeBatchSize(bytes, at, bytes.length)
  } catch {
    // Waits for bytes that are no batch: the records end before them.
    return 0
  }
}
