/** Reads a metadata log's files without the engine's log: whole batches, as they lie on the disk. */
import { METADATA_TOPIC } from '../../engine/controller/topic-names.ts'
import {
  baseOffsetOf,
  crcIsValid,
  crcOf,
  lastOffsetOf,
  leaderEpochOf,
  wholeBatchSize,
} from '../../engine/protocol/records/record-batch.ts'
import type { MemoryDisk } from './memory-disk.ts'

export interface MetadataBatch {
  readonly bytes: Uint8Array
  readonly at: number
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly leaderEpoch: number
  /** A power cut leaves it there. */
  readonly isDurable: boolean
  /** Equal for batches that are equal: base offset, leader epoch, and the checksum of the rest. */
  readonly mark: string
}

/** The log's batches that end at or behind an offset, up to what is torn. */
export function* metadataBatches(
  disk: MemoryDisk,
  nodeFolder: string,
  fromOffset: bigint,
): Generator<MetadataBatch> {
  const folder = `${nodeFolder}/${METADATA_TOPIC}-0`
  const names = (disk.list(folder) ?? [])
    .map(({ name }) => name)
    .filter(name => /^\d{20}\.log$/.test(name))
    .sort()
  for (const [index, name] of names.entries()) {
    const next = names[index + 1]
    if (next !== undefined && BigInt(next.slice(0, 20)) <= fromOffset) continue
    const file = disk.files.get(`${folder}/${name}`)!
    const bytes = file.bytes.subarray(0, file.size)
    for (let at = 0; at < bytes.length;) {
      const size = plausibleSize(bytes, at)
      if (size === 0) return
      const lastOffset = lastOffsetOf(bytes, at)
      if (lastOffset >= fromOffset) {
        if (!crcIsValid(bytes, at)) return
        const baseOffset = baseOffsetOf(bytes, at)
        const leaderEpoch = leaderEpochOf(bytes, at)
        const mark = `${baseOffset}/${leaderEpoch}/${crcOf(bytes, at)}`
        const isDurable = at + size <= file.durable.length
        yield { bytes, at, baseOffset, lastOffset, leaderEpoch, isDurable, mark }
      }
      at += size
    }
  }
}

/** Where the newest snapshot of a metadata log ends; 0 where there is none. */
export function snapshotEnd(disk: MemoryDisk, nodeFolder: string): bigint {
  return (disk.list(`${nodeFolder}/${METADATA_TOPIC}-0`) ?? [])
    .filter(({ name }) => /^\d{20}-\d{10}\.checkpoint$/.test(name))
    .map(({ name }) => BigInt(name.slice(0, 20)))
    .reduce((greatest, each) => (each > greatest ? each : greatest), 0n)
}

function plausibleSize(bytes: Uint8Array, at: number): number {
  try {
    return wholeBatchSize(bytes, at, bytes.length)
  } catch {
    // Waits for bytes that are no batch: the log ends before them.
    return 0
  }
}
