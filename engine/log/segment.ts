/**
 * One segment: the batches of an offset range in a `.log` file, and the two indexes over it.
 *
 * Knows files, positions and when it is full; it knows nothing of producers, epochs, retention or
 * of its neighbours. Offsets inside are relative to the base and fit 31 bits.
 */
import { assert } from '../support/assert.ts'
import type { DiskFile } from '../ports/disk.ts'
import {
  NO_TIMESTAMP,
  baseOffsetOf,
  lastOffsetDeltaOf,
  lastOffsetOf,
  maxTimestampOf,
  sizeOf,
} from '../protocol/records/record-batch.ts'
import { scanHeaders } from './batch-scan.ts'
import type { FileCache } from './file-cache.ts'
import type { LogConfig } from './log-config.ts'
import { segmentFileName, type SegmentFileKind } from './log-file-names.ts'
import { OFFSET_INDEX_ENTRY_BYTES, OffsetIndex } from './offset-index.ts'
import { TIME_INDEX_ENTRY_BYTES, TimeIndex } from './time-index.ts'

/** Positions in the indexes are signed 32-bit integers. */
const SEGMENT_BYTES_MAX = 0x7fff_ffff
const RELATIVE_OFFSET_MAX = 0x7fff_ffffn

export interface SegmentInput {
  readonly files: FileCache
  readonly folder: string
  readonly baseOffset: bigint
  readonly sizeBytes: number
  readonly createdMs: number
  readonly modifiedMs: number
}

export interface MaxTimestamp {
  readonly timestampMs: bigint
  /** The last offset of the first batch that has it. */
  readonly offset: bigint
}

export interface BatchPosition {
  readonly position: number
  readonly size: number
  readonly baseOffset: bigint
  readonly lastOffset: bigint
}

export class Segment {
  readonly baseOffset: bigint
  readonly offsetIndex: OffsetIndex
  readonly timeIndex: TimeIndex
  readonly #files: FileCache
  readonly #folder: string
  readonly #logPath: string
  #sizeBytes: number
  #createdMs: number
  #modifiedMs: number
  #bytesSinceIndexEntry = 0
  /** Null until something asks; then from the time index. */
  #max: MaxTimestamp | null = null
  #firstTimestampMs: bigint | null = null
  /** A write ended in its middle: what lies behind the size is cut before the next one. */
  #tailIsTorn = false

  constructor(input: SegmentInput) {
    this.baseOffset = input.baseOffset
    this.#files = input.files
    this.#folder = input.folder
    this.#sizeBytes = input.sizeBytes
    this.#createdMs = input.createdMs
    this.#modifiedMs = input.modifiedMs
    this.#logPath = this.path('log')
    this.offsetIndex = new OffsetIndex(input.files, this.path('index'))
    this.timeIndex = new TimeIndex(input.files, this.path('timeindex'))
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get modifiedMs(): number {
    return this.#modifiedMs
  }

  path(kind: SegmentFileKind): string {
    return `${this.#folder}/${segmentFileName(this.baseOffset, kind)}`
  }

  get file(): DiskFile {
    return this.#files.file(this.#logPath)
  }

  /** Makes the three files, so that a segment is never half there. */
  create(): void {
    // What is there is left from a stop in the middle of a roll; cutting nothing is not free.
    if (this.file.sizeBytes() > 0) this.file.truncate(0)
    this.offsetIndex.reset()
    this.timeIndex.reset()
  }

  holdsOffset(offset: bigint): boolean {
    const relative = offset - this.baseOffset
    return relative >= 0n && relative <= RELATIVE_OFFSET_MAX
  }

  /** Whether a next append must go to a new segment (LogSegment.shouldRoll). */
  shouldRoll(
    incoming: {
      readonly bytes: number
      readonly maxTimestampMs: bigint
      readonly lastOffset: bigint
    },
    config: LogConfig,
    nowMs: number,
  ): boolean {
    const segmentBytes = Math.min(config.segmentBytes, SEGMENT_BYTES_MAX)
    if (this.#sizeBytes > segmentBytes - incoming.bytes) return true
    if (!this.holdsOffset(incoming.lastOffset)) return true
    const offsetEntriesMax = Math.floor(config.segmentIndexBytes / OFFSET_INDEX_ENTRY_BYTES)
    const timeEntriesMax = Math.floor(config.segmentIndexBytes / TIME_INDEX_ENTRY_BYTES)
    if (this.offsetIndex.count >= offsetEntriesMax) return true
    // One place is kept for the entry that closes the segment.
    if (this.timeIndex.count >= timeEntriesMax - 1) return true
    if (this.#sizeBytes === 0) return false
    return this.waitedMs(incoming.maxTimestampMs, nowMs) > config.segmentMs - config.segmentJitterMs
  }

  /** By the records' own time where the first batch has one, by the clock where it has none. */
  waitedMs(timestampMs: bigint, nowMs: number): bigint {
    const first = this.firstTimestampMs()
    return first >= 0n ? timestampMs - first : BigInt(nowMs - this.#createdMs)
  }

  /** Writes whole batches behind the others, with one call, and indexes them. */
  append(records: Uint8Array, config: LogConfig, nowMs: number): void {
    const position = this.#sizeBytes
    assert(position + records.length <= SEGMENT_BYTES_MAX, 'a segment rolls before it overflows')
    this.repairTail()
    try {
      this.file.write(records, position)
    } catch (error) {
      // Waits for a full or failing disk; the tail it left must not be taken for records.
      this.#tailIsTorn = true
      throw error
    }
    for (let at = 0; at < records.length; at += sizeOf(records, at))
      this.indexBatch(records, at, position + at, config.indexIntervalBytes)
    this.#sizeBytes = position + records.length
    this.#modifiedMs = nowMs
  }

  /** Takes one batch that lies at `position` into the indexes: the rule of LogSegment.append. */
  indexBatch(bytes: Uint8Array, at: number, position: number, indexIntervalBytes: number): void {
    const timestampMs = maxTimestampOf(bytes, at)
    const relativeOffset =
      Number(baseOffsetOf(bytes, at) - this.baseOffset) + lastOffsetDeltaOf(bytes, at)
    if (position === 0) this.#firstTimestampMs = timestampMs
    if (timestampMs > this.maxTimestamp().timestampMs)
      this.#max = { timestampMs, offset: this.baseOffset + BigInt(relativeOffset) }
    if (this.#bytesSinceIndexEntry > indexIntervalBytes) {
      this.offsetIndex.append(relativeOffset, position)
      this.#indexMaxTimestamp()
      this.#bytesSinceIndexEntry = 0
    }
    this.#bytesSinceIndexEntry += sizeOf(bytes, at)
  }

  maxTimestamp(): MaxTimestamp {
    if (this.#max !== null) return this.#max
    // Most of ten thousand segments are empty, and their indexes are files to open.
    if (this.#sizeBytes === 0) return { timestampMs: NO_TIMESTAMP, offset: this.baseOffset }
    const { last } = this.timeIndex
    this.#max =
      last === null
        ? { timestampMs: NO_TIMESTAMP, offset: this.baseOffset }
        : { timestampMs: last.timestampMs, offset: this.baseOffset + BigInt(last.relativeOffset) }
    return this.#max
  }

  /** What retention counts from: the latest record, or the last write where none has a time. */
  largestTimestampMs(): bigint {
    const { timestampMs } = this.maxTimestamp()
    return timestampMs >= 0n ? timestampMs : BigInt(Math.floor(this.#modifiedMs))
  }

  firstTimestampMs(): bigint {
    if (this.#firstTimestampMs !== null) return this.#firstTimestampMs
    let first = NO_TIMESTAMP
    scanHeaders(this.file, { start: 0, end: this.#sizeBytes }, (bytes, at) => {
      first = maxTimestampOf(bytes, at)
      return false
    })
    if (this.#sizeBytes > 0) this.#firstTimestampMs = first
    return first
  }

  /** The batch with the offset, or the first one behind it; null at the end of the segment. */
  findBatch(offset: bigint): BatchPosition | null {
    const relative = offset - this.baseOffset
    const start =
      relative > 0n
        ? this.offsetIndex.floorPosition(
            relative > RELATIVE_OFFSET_MAX ? 0x7fff_ffff : Number(relative),
          )
        : 0
    let found: BatchPosition | null = null
    scanHeaders(this.file, { start, end: this.#sizeBytes }, (bytes, at, position, size) => {
      const lastOffset = lastOffsetOf(bytes, at)
      if (lastOffset < offset) return true
      found = { position, size, baseOffset: baseOffsetOf(bytes, at), lastOffset }
      return false
    })
    return found
  }

  /** The offset after the last record; costs a walk from the last index entry. */
  readNextOffset(): bigint {
    if (this.#sizeBytes === 0) return this.baseOffset
    const { count } = this.offsetIndex
    const start = count === 0 ? 0 : this.offsetIndex.position(count - 1)
    let next = this.baseOffset
    scanHeaders(this.file, { start, end: this.#sizeBytes }, (bytes, at) => {
      next = lastOffsetOf(bytes, at) + 1n
      return true
    })
    return next
  }

  /**
   * Drops the batches that hold or follow an offset. The records then end at the offset, or below
   * it where it lay inside a batch.
   */
  truncateTo(
    offset: bigint,
    nowMs: number,
  ): { readonly truncatedBytes: number; readonly endOffset: bigint } {
    const batch = this.findBatch(offset)
    const relative = Number(offset > this.baseOffset ? offset - this.baseOffset : 0n)
    this.offsetIndex.truncateTo(relative)
    this.timeIndex.truncateTo(relative)
    const before = this.#sizeBytes
    if (batch !== null) {
      this.#cutAt(batch.position)
      this.#modifiedMs = nowMs
    }
    if (this.#sizeBytes === 0) this.#createdMs = nowMs
    this.#bytesSinceIndexEntry = 0
    this.#rereadMaxTimestamp()
    const endOffset = batch !== null && batch.baseOffset < offset ? batch.baseOffset : offset
    return { truncatedBytes: before - this.#sizeBytes, endOffset }
  }

  /** Empties the indexes, to be filled again by `indexBatch`. */
  beginRebuild(): void {
    this.offsetIndex.reset()
    this.timeIndex.reset()
    this.#max = { timestampMs: NO_TIMESTAMP, offset: this.baseOffset }
    this.#firstTimestampMs = null
    this.#bytesSinceIndexEntry = 0
  }

  /** Ends a rebuild: the batches up to `validBytes` stay; returns how many bytes went. */
  endRebuild(validBytes: number): number {
    const before = this.#sizeBytes
    if (validBytes < before) this.#cutAt(validBytes)
    this.seal()
    return before - validBytes
  }

  /** Writes what only memory has: the closing entry of the time index, and both indexes. */
  seal(): void {
    this.repairTail()
    if (this.#max !== null) this.#indexMaxTimestamp()
    this.offsetIndex.write()
    this.timeIndex.write()
  }

  flushRecords(): void {
    this.repairTail()
    this.file.flush()
  }

  flushIndexes(): void {
    this.offsetIndex.flush()
    this.timeIndex.flush()
  }

  /** Of a closed segment, all that is to be synced; `noteIndexesFlushed` is called then. */
  unflushedFiles(): readonly DiskFile[] {
    this.repairTail()
    const indexes = [this.offsetIndex.unflushedFile(), this.timeIndex.unflushedFile()]
    return [this.file, ...indexes.filter(file => file !== null)]
  }

  noteIndexesFlushed(): void {
    this.offsetIndex.noteFlushed()
    this.timeIndex.noteFlushed()
  }

  unloadIndexes(): void {
    this.offsetIndex.unload()
    this.timeIndex.unload()
  }

  closeFiles(): void {
    this.#files.close(this.#logPath)
    this.#files.close(this.offsetIndex.path)
    this.#files.close(this.timeIndex.path)
  }

  repairTail(): void {
    if (!this.#tailIsTorn) return
    this.file.truncate(this.#sizeBytes)
    this.#tailIsTorn = false
  }

  #indexMaxTimestamp(): void {
    const { timestampMs, offset } = this.maxTimestamp()
    this.timeIndex.append(timestampMs, Number(offset - this.baseOffset))
  }

  #cutAt(position: number): void {
    this.file.truncate(position)
    this.#sizeBytes = position
    this.#tailIsTorn = false
    if (position === 0) this.#firstTimestampMs = null
  }

  /** After truncation: the last entry that stayed, or something later behind it. */
  #rereadMaxTimestamp(): void {
    this.#max = null
    const { last } = this.timeIndex
    const start = last === null ? 0 : this.offsetIndex.floorPosition(last.relativeOffset)
    let max = this.maxTimestamp()
    scanHeaders(this.file, { start, end: this.#sizeBytes }, (bytes, at) => {
      const timestampMs = maxTimestampOf(bytes, at)
      if (timestampMs > max.timestampMs) max = { timestampMs, offset: lastOffsetOf(bytes, at) }
      return true
    })
    this.#max = max
  }
}
