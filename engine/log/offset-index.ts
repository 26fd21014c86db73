/**
 * The sparse index from offsets to positions of one segment: entries of eight bytes (relative
 * offset, position), both increasing. It has no checksum; after a crash it is rebuilt.
 *
 * Entries live in memory while the index is used and reach the file in groups: a crash before that
 * costs nothing, because the segments it can touch are rebuilt anyway. Apache Kafka preallocates
 * the file and leaves zeros behind when it is killed; they are recognised and dropped here.
 */
import { assert } from '../support/assert.ts'
import { int32At, setInt32At } from '../protocol/records/bytes.ts'
import type { DiskFile } from '../ports/disk.ts'
import type { FileCache } from './file-cache.ts'

export const OFFSET_INDEX_ENTRY_BYTES = 8
const UNWRITTEN_ENTRIES_MAX = 256

export class OffsetIndex {
  readonly path: string
  readonly #files: FileCache
  /** Pairs of relative offset and position; null until the index is first used. */
  #entries: Int32Array | null = null
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

  /** Last indexed offset, relative to the segment's base; -1 in an empty index. */
  get lastRelativeOffset(): number {
    return this.count === 0 ? -1 : this.relativeOffset(this.#count - 1)
  }

  relativeOffset(entry: number): number {
    return this.#load()[entry * 2]!
  }

  position(entry: number): number {
    return this.#load()[entry * 2 + 1]!
  }

  append(relativeOffset: number, position: number): void {
    const entries = this.#load()
    assert(relativeOffset > this.lastRelativeOffset, 'the offsets of an index increase')
    this.#reserve(entries)
    this.#entries![this.#count * 2] = relativeOffset
    this.#entries![this.#count * 2 + 1] = position
    this.#count++
    if (this.#count - this.#written >= UNWRITTEN_ENTRIES_MAX) this.write()
  }

  /** Where to begin looking for an offset: the greatest entry at or below it, or 0. */
  floorPosition(relativeOffset: number): number {
    const entry = this.#floorEntry(relativeOffset)
    return entry < 0 ? 0 : this.position(entry)
  }

  /** Drops the entries at and above a relative offset. */
  truncateTo(relativeOffset: number): void {
    const entry = this.#floorEntry(relativeOffset - 1)
    this.#truncateToCount(entry + 1)
  }

  reset(): void {
    this.#entries = new Int32Array(0)
    this.#count = 0
    this.#written = 0
    const file = this.#files.file(this.path)
    if (file.sizeBytes() === 0) return
    this.#isUnflushed = true
    file.truncate(0)
  }

  /** Brings the file up to date. */
  write(): void {
    if (this.#entries === null || this.#written === this.#count) return
    const bytes = Buffer.allocUnsafe((this.#count - this.#written) * OFFSET_INDEX_ENTRY_BYTES)
    for (let entry = this.#written, at = 0; entry < this.#count; entry++, at += 8) {
      setInt32At(bytes, at, this.#entries[entry * 2]!)
      setInt32At(bytes, at + 4, this.#entries[entry * 2 + 1]!)
    }
    this.#files.file(this.path).write(bytes, this.#written * OFFSET_INDEX_ENTRY_BYTES)
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

  /** Forgets what is in memory, after bringing the file up to date. */
  unload(): void {
    this.write()
    this.#entries = null
  }

  #floorEntry(relativeOffset: number): number {
    this.#load()
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.relativeOffset(middle) <= relativeOffset) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #truncateToCount(count: number): void {
    if (count >= this.#count) return
    this.#count = count
    if (count < this.#written) {
      this.#written = count
      this.#isUnflushed = true
      this.#files.file(this.path).truncate(count * OFFSET_INDEX_ENTRY_BYTES)
    }
  }

  #reserve(entries: Int32Array): void {
    if (this.#count * 2 < entries.length) return
    const larger = new Int32Array(Math.max(32, entries.length * 2))
    larger.set(entries)
    this.#entries = larger
  }

  #load(): Int32Array {
    if (this.#entries !== null) return this.#entries
    const bytes = readWhole(this.#files, this.path)
    const whole = Math.floor(bytes.length / OFFSET_INDEX_ENTRY_BYTES)
    const entries = new Int32Array(whole * 2)
    let count = 0
    for (let last = -1; count < whole; count++) {
      const relativeOffset = int32At(bytes, count * 8)
      if (relativeOffset <= last) break
      // No entry points at the segment's first batch, so two zeros are an unused place.
      if (relativeOffset === 0 && int32At(bytes, count * 8 + 4) === 0) break
      last = relativeOffset
      entries[count * 2] = relativeOffset
      entries[count * 2 + 1] = int32At(bytes, count * 8 + 4)
    }
    this.#entries = entries
    this.#count = count
    this.#written = count
    // What follows the entries would be read as entries once some are written behind it.
    if (count * OFFSET_INDEX_ENTRY_BYTES < bytes.length)
      this.#files.file(this.path).truncate(count * OFFSET_INDEX_ENTRY_BYTES)
    return entries
  }
}

/** A small file through the cache, so that it is opened once. */
export function readWhole(files: FileCache, path: string): Uint8Array {
  const file = files.file(path)
  const bytes = Buffer.allocUnsafe(file.sizeBytes())
  return bytes.subarray(0, file.read(bytes, 0, bytes.length, 0))
}
