/** Entries of the two index files, as Kafka lays them out. Pure. */
import { OFFSET_INDEX_ENTRY_BYTES } from '../../engine/log/offset-index.ts'
import { TIME_INDEX_ENTRY_BYTES } from '../../engine/log/time-index.ts'
import type { StorageIndex, StorageIndexEntry } from '../contract/model/storage.ts'

interface Range {
  readonly from: number
  readonly limit: number
}

/** int32 relative offset, int32 position. A file that was made larger ahead ends in zeros. */
export function readPositions(bytes: Uint8Array, baseOffset: bigint, range: Range): StorageIndex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isFilled = (entry: number) =>
    entry === 0 || view.getInt32(entry * OFFSET_INDEX_ENTRY_BYTES) > 0
  return read(bytes.length, OFFSET_INDEX_ENTRY_BYTES, isFilled, range, at => ({
    offset: baseOffset + BigInt(view.getInt32(at)),
    position: view.getInt32(at + 4),
    timestampMs: null,
  }))
}

/** int64 timestamp, int32 relative offset. */
export function readTimes(bytes: Uint8Array, baseOffset: bigint, range: Range): StorageIndex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isFilled = (entry: number) =>
    entry === 0 || view.getBigInt64(entry * TIME_INDEX_ENTRY_BYTES) > 0n
  return read(bytes.length, TIME_INDEX_ENTRY_BYTES, isFilled, range, at => ({
    offset: baseOffset + BigInt(view.getInt32(at + 8)),
    position: null,
    timestampMs: view.getBigInt64(at),
  }))
}

function read(
  length: number,
  entryBytes: number,
  isFilled: (entry: number) => boolean,
  { from, limit }: Range,
  entryAt: (at: number) => StorageIndexEntry,
): StorageIndex {
  let low = 0
  let high = Math.floor(length / entryBytes)
  // Entries grow, and what is not written yet is zero: the count is found by halving.
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isFilled(middle)) low = middle + 1
    else high = middle
  }
  const entries: StorageIndexEntry[] = []
  for (let entry = from; entry < Math.min(low, from + limit); entry++)
    entries.push(entryAt(entry * entryBytes))
  return { entries, entryCount: low }
}
