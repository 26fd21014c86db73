/**
 * The segments of one partition, in order: never none, the last one active. Finds the segment of
 * an offset, makes new ones, and takes old ones away, at once or with a delay.
 */
import { DelayedRemovals } from './delayed-removals.ts'
import type { FileCache } from './file-cache.ts'
import { DELETED_SUFFIX } from './log-file-names.ts'
import type { RetainedSegment } from './retention.ts'
import { Segment } from './segment.ts'

export interface SegmentSummary {
  readonly baseOffset: bigint
  readonly nextOffset: bigint
  readonly sizeBytes: number
  readonly maxTimestampMs: bigint
  /** What retention counts from. */
  readonly largestTimestampMs: bigint
  readonly active: boolean
}

const SEGMENT_FILES = ['log', 'index', 'timeindex', 'txnindex'] as const

export class SegmentList {
  readonly removals: DelayedRemovals
  readonly #files: FileCache
  readonly #folder: string
  readonly #segments: Segment[]
  #sizeBytes: number

  constructor(files: FileCache, folder: string, segments: Segment[]) {
    this.#files = files
    this.#folder = folder
    this.#segments = segments
    this.removals = new DelayedRemovals(files.disk)
    this.#sizeBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0)
  }

  get all(): readonly Segment[] {
    return this.#segments
  }

  get first(): Segment {
    return this.#segments[0]!
  }

  get active(): Segment {
    return this.#segments[this.#segments.length - 1]!
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Bytes that the active segment has gained or lost. */
  changeSize(bytes: number): void {
    this.#sizeBytes += bytes
  }

  /** Where a segment's offsets end: the next one's base, or the log end. */
  nextOffset(index: number, logEndOffset: bigint): bigint {
    return this.#segments[index + 1]?.baseOffset ?? logEndOffset
  }

  /** The last segment that begins at or below an offset; the first where none does. */
  indexOf(offset: bigint): number {
    const last = this.#segments.length - 1
    if (offset >= this.#segments[last]!.baseOffset) return last
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#segments[middle]!.baseOffset <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  summaries(logEndOffset: bigint): readonly SegmentSummary[] {
    return this.#segments.map((segment, index) => ({
      baseOffset: segment.baseOffset,
      nextOffset: this.nextOffset(index, logEndOffset),
      sizeBytes: segment.sizeBytes,
      maxTimestampMs: segment.maxTimestamp().timestampMs,
      largestTimestampMs: segment.largestTimestampMs(),
      active: segment === this.active,
    }))
  }

  /** What retention decides over. */
  retained(logEndOffset: bigint): readonly RetainedSegment[] {
    return this.#segments.map((segment, index) => ({
      baseOffset: segment.baseOffset,
      nextOffset: this.nextOffset(index, logEndOffset),
      sizeBytes: segment.sizeBytes,
      largestTimestampMs: segment.largestTimestampMs(),
    }))
  }

  /**
   * Makes durable what lies at or above one offset, in segments that begin below another. Of the
   * active one only the records: its indexes are built anew after any end but a clean one.
   */
  flushBetween(fromOffset: bigint, belowOffset: bigint, logEndOffset: bigint): void {
    for (const [index, segment] of this.#segments.entries())
      if (this.nextOffset(index, logEndOffset) > fromOffset && segment.baseOffset < belowOffset) {
        segment.flushRecords()
        if (segment !== this.active) segment.flushIndexes()
      }
  }

  /** Whether one begins at or above an offset, and below another. */
  beginsBetween(fromOffset: bigint, belowOffset: bigint): boolean {
    return this.#segments.some(
      ({ baseOffset }) => baseOffset >= fromOffset && baseOffset < belowOffset,
    )
  }

  /** That there are these segments survives a power cut, whatever is in them. */
  flushNames(): void {
    this.#files.disk.flushFolder(this.#folder)
  }

  /** The oldest closed segment that ends above an offset, and where it does. */
  closedAbove(
    offset: bigint,
    logEndOffset: bigint,
  ): { readonly segment: Segment; readonly nextOffset: bigint } | null {
    for (const [index, segment] of this.#segments.entries()) {
      if (segment === this.active) return null
      const nextOffset = this.nextOffset(index, logEndOffset)
      if (nextOffset > offset) return { segment, nextOffset }
    }
    return null
  }

  unloadColdIndexes(): void {
    for (const segment of this.#segments) if (segment !== this.active) segment.unloadIndexes()
  }

  /** Whichever way is shorter: one open file costs as much to find as one to pass over. */
  closeFiles(): void {
    if (this.#segments.length * SEGMENT_FILES.length > this.#files.openCount)
      this.#files.closeUnder(this.#folder)
    else for (const segment of this.#segments) segment.closeFiles()
  }

  /** A new, empty, active segment. */
  begin(baseOffset: bigint, nowMs: number): void {
    const segment = newSegment(this.#files, this.#folder, baseOffset, nowMs)
    this.#segments.push(segment)
  }

  /** Takes away the segments that begin above an offset, except the first. */
  dropAbove(offset: bigint): void {
    while (this.#segments.length > 1 && this.active.baseOffset > offset)
      this.#removeNow(this.#segments.pop()!)
  }

  /** Takes all away and begins again. */
  restartAt(offset: bigint, nowMs: number): void {
    for (const segment of this.#segments.splice(0)) this.#removeNow(segment)
    this.begin(offset, nowMs)
  }

  /**
   * Takes the first segments away: their files are renamed now, and removed at `dueMs`.
   * `snapshots` tells which of them have a producer snapshot, which goes with them.
   */
  retire(count: number, dueMs: number, hasSnapshot: (offset: bigint) => boolean): void {
    for (const segment of this.#segments.splice(0, count)) {
      segment.unloadIndexes()
      this.#sizeBytes -= segment.sizeBytes
      const paths = SEGMENT_FILES.map(kind => segment.path(kind))
      for (const path of paths) if (this.#files.disk.exists(path)) this.#renameAway(path, dueMs)
      if (hasSnapshot(segment.baseOffset)) this.#renameAway(segment.path('snapshot'), dueMs)
    }
  }

  #renameAway(path: string, dueMs: number): void {
    this.#files.rename(path, path + DELETED_SUFFIX)
    this.removals.add(path + DELETED_SUFFIX, dueMs)
  }

  #removeNow(segment: Segment): void {
    this.#sizeBytes -= segment.sizeBytes
    removeSegmentFiles(this.#files, segment)
  }
}

export function newSegment(
  files: FileCache,
  folder: string,
  baseOffset: bigint,
  nowMs: number,
): Segment {
  const segment = new Segment({
    files,
    folder,
    baseOffset,
    sizeBytes: 0,
    createdMs: nowMs,
    modifiedMs: nowMs,
  })
  segment.create()
  return segment
}

export function removeSegmentFiles(files: FileCache, segment: Segment): void {
  for (const kind of SEGMENT_FILES) files.remove(segment.path(kind))
}
