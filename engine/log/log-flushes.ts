/**
 * How much of one partition's log survives a power cut, and how more of it is made to: the recovery
 * point, and flushes at once or in two halves. Decides neither when nor for whom.
 */
import type { DiskFile } from '../ports/disk.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { Segment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'

/**
 * A flush in two halves, for who does other things while the device works: the file to be synced,
 * and what is to be done then. What is appended in between is no part of it.
 */
export interface LogFlush {
  readonly file: DiskFile
  readonly finish: () => void
}

/** The same of a closed segment, whose indexes nobody rebuilds once it is below the recovery point. */
export interface RolledFlush {
  readonly files: readonly DiskFile[]
  readonly finish: () => void
}

export class LogFlushes {
  readonly #segments: SegmentList
  readonly #epochs: LeaderEpochCache
  #recoveryPoint: bigint
  /** How often records were dropped from the end, or the log was closed. */
  #ends = 0

  constructor(segments: SegmentList, epochs: LeaderEpochCache, recoveryPoint: bigint) {
    this.#segments = segments
    this.#epochs = epochs
    this.#recoveryPoint = recoveryPoint
  }

  /** Everything below it survives a power cut. */
  get recoveryPoint(): bigint {
    return this.#recoveryPoint
  }

  /** `flushMessages` is null where flushes are left to the operating system. */
  isDue(flushMessages: bigint | null, logEndOffset: bigint): boolean {
    return flushMessages !== null && logEndOffset - this.#recoveryPoint >= flushMessages
  }

  /** A segment is appended to no longer: below the recovery point nobody rebuilds its indexes. */
  closed(segment: Segment, nextOffset: bigint): void {
    if (this.#recoveryPoint >= nextOffset) segment.flushIndexes()
  }

  /** What lies below is gone. */
  logStartsAt(offset: bigint): void {
    if (this.#recoveryPoint < offset) this.#recoveryPoint = offset
  }

  /** What lay at and above it is gone: what a flush has under way may not be what is there now. */
  logEndsAt(offset: bigint): void {
    this.#ends++
    if (this.#recoveryPoint > offset) this.#recoveryPoint = offset
  }

  /** Waits for the device. */
  flushBelow(offset: bigint, logEndOffset: bigint): void {
    if (offset <= this.#recoveryPoint) return
    this.#segments.flushBetween(this.#recoveryPoint, offset, logEndOffset)
    this.#recoverFrom(offset)
  }

  /** As Apache Kafka, a file is there for good once its folder was synced after it. */
  #recoverFrom(offset: bigint): void {
    if (this.#segments.beginsBetween(this.#recoveryPoint, offset)) this.#segments.flushNames()
    this.#epochs.flush()
    this.#recoveryPoint = offset
  }

  /** Of the oldest closed segment that is not durable; null where all are. */
  beginRolled(logEndOffset: bigint): RolledFlush | null {
    const closed = this.#segments.closedAbove(this.#recoveryPoint, logEndOffset)
    if (closed === null) return null
    const { segment, nextOffset } = closed
    const ends = this.#ends
    const finish = () => {
      if (ends !== this.#ends) return
      segment.noteIndexesFlushed()
      if (nextOffset > this.#recoveryPoint) this.#recoverFrom(nextOffset)
    }
    return { files: segment.unflushedFiles(), finish }
  }

  /** Closed segments are made durable here and now: mostly the kernel has done it by itself. */
  begin(logEndOffset: bigint): LogFlush {
    const segment = this.#segments.active
    this.flushBelow(segment.baseOffset, logEndOffset)
    segment.repairTail()
    const ends = this.#ends
    const finish = () => {
      if (ends !== this.#ends || logEndOffset <= this.#recoveryPoint) return
      // Closed meanwhile, when it was not yet below the recovery point.
      if (segment !== this.#segments.active) segment.flushIndexes()
      this.#recoverFrom(logEndOffset)
    }
    return { file: segment.file, finish }
  }
}
