/**
 * The sparse index from timestamps to offsets of one segment: entries of twelve bytes (timestamp,
 * relative offset). An entry says: no record up to this offset is later than this timestamp.
 *
 * In memory while it is used and written in groups, as the offset index is.
 */
import { int32At, int64At, setInt32At, setInt64At } from '../protocol/records/bytes.ts'
import type { DiskFile } from '../ports/disk.ts'
import type { FileCache } from './file-cache.ts'
import { readWhole } from './offset-index.ts'

export const TIME_INDEX_ENTRY_BYTES = 12
const UNWRITTEN_ENTRIES_MAX = 256

export interface TimeIndexEntry {
  readonly timestampMs: bigint
  readonly relativeOffset: number
}

export class TimeIndex {
  readonly path: string
  readonly #files: FileCache
  #timestamps: BigInt64Array | null = null
  #relativeOffsets = new Int32Array(0)
  #count = 0
  #written = 0
  /** The file has what no flush has made durable. */
  #isUnflushed = false

  constructor(files: FileCache, path: string) {
    this.#files = files
    this.path = path
  }

  get count(): number {
    this.#load()
    return this.#count
  }

  entry(index: number): TimeIndexEntry {
    const timestamps = this.#load()
    return { timestampMs: timestamps[index]!, relativeOffset: this.#relativeOffsets[index]! }
  }

  get last(): TimeIndexEntry | null {
    return this.count === 0 ? null : this.entry(this.#count - 1)
  }

  /** Adds an entry, if it says more than the last one: a later timestamp, a higher offset. */
  append(timestampMs: bigint, relativeOffset: number): void {
    const { last } = this
    if (last === null ? timestampMs < 0n : timestampMs <= last.timestampMs) return
    if (last !== null && relativeOffset < last.relativeOffset) return
    this.#reserve()
    this.#timestamps![this.#count] = timestampMs
    this.#relativeOffsets[this.#count] = relativeOffset
    this.#count++
    if (this.#count - this.#written >= UNWRITTEN_ENTRIES_MAX) this.write()
  }

  /** The latest entry whose timestamp is below the target: all records up to it are too early. */
  lastBefore(timestampMs: bigint): TimeIndexEntry | null {
    const timestamps = this.#load()
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (timestamps[middle]! < timestampMs) low = middle + 1
      else high = middle
    }
    return low === 0 ? null : this.entry(low - 1)
  }

  /** Drops the entries at and above a relative offset. */
  truncateTo(relativeOffset: number): void {
    this.#load()
    let count = this.#count
    while (count > 0 && this.#relativeOffsets[count - 1]! >= relativeOffset) count--
    if (count === this.#count) return
    this.#count = count
    if (count < this.#written) {
      this.#written = count
      this.#isUnflushed = true
      this.#files.file(this.path).truncate(count * TIME_INDEX_ENTRY_BYTES)
    }
  }

  reset(): void {
    this.#timestamps = new BigInt64Array(0)
    this.#relativeOffsets = new Int32Array(0)
    this.#count = 0
    this.#written = 0
    const file = this.#files.file(this.path)
    if (file.sizeBytes() === 0) return
    this.#isUnflushed = true
    file.truncate(0)
  }

  write(): void {
    if (this.#timestamps === null || this.#written === this.#count) return
    const bytes = Buffer.allocUnsafe((this.#count - this.#written) * TIME_INDEX_ENTRY_BYTES)
    for (let entry = this.#written, at = 0; entry < this.#count; entry++, at += 12) {
      setInt64At(bytes, at, this.#timestamps[entry]!)
      setInt32At(bytes, at + 8, this.#relativeOffsets[entry]!)
    }
    this.#files.file(this.path).write(bytes, this.#written * TIME_INDEX_ENTRY_BYTES)
    this.#isUnflushed = true
    this.#written = this.#count
  }

  /** Waits for the device where there is anything to make durable. */
  flush(): void {
    this.write()
    if (!this.#isUnflushed) return
    this.#files.file(this.path).flush()
    this.#isUnflushed = false
  }

  /** Its file where anything is to be made durable; null where nothing is. */
  unflushedFile(): DiskFile | null {
    this.write()
    return this.#isUnflushed ? this.#files.file(this.path) : null
  }

  /** That file was synced, and nothing was written to it since. */
  noteFlushed(): void {
    this.#isUnflushed = false
  }

  unload(): void {
    this.write()
    this.#timestamps = null
  }

  #reserve(): void {
    const timestamps = this.#timestamps!
    if (this.#count < timestamps.length) return
    const length = Math.max(16, timestamps.length * 2)
    this.#timestamps = new BigInt64Array(length)
    this.#timestamps.set(timestamps)
    const relativeOffsets = new Int32Array(length)
    relativeOffsets.set(this.#relativeOffsets)
    this.#relativeOffsets = relativeOffsets
  }

  #load(): BigInt64Array {
    if (this.#timestamps !== null) return this.#timestamps
    const bytes = readWhole(this.#files, this.path)
    const whole = Math.floor(bytes.length / TIME_INDEX_ENTRY_BYTES)
    const timestamps = new BigInt64Array(whole)
    this.#relativeOffsets = new Int32Array(whole)
    let count = 0
    for (let last = -1n; count < whole; count++) {
      const timestampMs = int64At(bytes, count * 12)
      // Timestamps increase; the zeros behind the entries of a killed Kafka do not.
      if (timestampMs <= last) break
      if (timestampMs === 0n && count > 0) break
      last = timestampMs
      timestamps[count] = timestampMs
      this.#relativeOffsets[count] = int32At(bytes, count * 12 + 8)
    }
    // A first entry of zeros with more zeros behind it is an unused place, not a record of 1970.
    if (count === 1 && whole > 1 && timestamps[0] === 0n && this.#relativeOffsets[0] === 0)
      count = 0
    this.#timestamps = timestamps
    this.#count = count
    this.#written = count
    if (count * TIME_INDEX_ENTRY_BYTES < bytes.length)
      this.#files.file(this.path).truncate(count * TIME_INDEX_ENTRY_BYTES)
    return timestamps
  }
}
