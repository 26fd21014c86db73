/**
 * One partition's log: an ordered run of segments, with what is known about its epochs and its
 * producers. Appends, reads, lookups, retention and truncation, over an injected disk.
 *
 * It knows neither replicas nor high watermarks (they are handed in where they matter), waits for
 * nobody, and reads no clock. One thread calls it.
 */
import { assert } from '../support/assert.ts'
import { KafkaError } from '../protocol/errors.ts'
import {
  NO_TIMESTAMP,
  crcIsValid,
  baseOffsetOf,
  isLogAppendTime,
  lastOffsetDeltaOf,
  lastOffsetOf,
  leaderEpochOf,
  maxTimestampOf,
  stampBatch,
  wholeBatchSize,
} from '../protocol/records/record-batch.ts'
import { validateProduce } from '../protocol/records/validate-produce.ts'
import { DelayedRemovals, type PendingRemoval } from './delayed-removals.ts'
import type { FileCache } from './file-cache.ts'
import type { EpochEnd, EpochEntry, LeaderEpochCache } from './leader-epoch-cache.ts'
import type { LogConfig } from './log-config.ts'
import { DELETED_SUFFIX, partitionFolderName } from './log-file-names.ts'
import { ReadEnds, readSegment, type ReadTarget } from './log-read.ts'
import { openPartition, type OpenedPartition, type OpenInput } from './open-partition.ts'
import { restoreProducers } from './log-loader.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import { ProducerState, type ProducerEntry } from './producer-state.ts'
import { segmentsToDelete, type SegmentDeletion } from './retention.ts'
import { Segment } from './segment.ts'
import {
  firstAtOrAfter,
  firstWithMaxTimestamp,
  type TimestampedOffset,
} from './timestamp-lookup.ts'

export interface LeaderAppend {
  readonly leaderEpoch: number
  readonly nowMs: number
  /** A coordinator's own records are trusted as to their form, and carry no sequences. */
  readonly origin: 'client' | 'coordinator'
  /** Version of the Produce request; the newest when not given. */
  readonly produceVersion?: number
}

export interface AppendResult {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  /** -1 unless the topic stamps append times. */
  readonly logAppendTimeMs: bigint
  readonly logStartOffset: bigint
  readonly sizeBytes: number
  readonly recordCount: number
  /** The same batch was appended before: nothing was written, the first offsets are given. */
  readonly duplicate: boolean
}

export interface ReadRequest {
  readonly fetchOffset: bigint
  readonly maxBytes: number
  /** No batch that ends at or above it is read: the high watermark, or the log end. */
  readonly upToOffset: bigint
  /** Gives the first batch even when it is larger than `maxBytes`. */
  readonly minOneBatch: boolean
}

export interface ReadResult {
  /** Bytes in the target, from its start on: whole batches. */
  readonly length: number
  /** Where to go on; the fetch offset itself when nothing was read. */
  readonly nextOffset: bigint
}

export interface SegmentSummary {
  readonly baseOffset: bigint
  readonly nextOffset: bigint
  readonly sizeBytes: number
  readonly maxTimestampMs: bigint
  readonly active: boolean
}

const PRODUCE_VERSION_NEWEST = 99

export class PartitionLog {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly folder: string
  /** `topic-partition`, as messages and folders name it. */
  readonly name: string
  readonly #files: FileCache
  readonly #segments: Segment[]
  readonly #epochs: LeaderEpochCache
  readonly #producers: ProducerState
  readonly #snapshots: ProducerSnapshots
  readonly #removals: DelayedRemovals
  readonly #readEnds = new ReadEnds()
  readonly #producerIdExpirationMs: number
  #config: LogConfig
  #logStartOffset: bigint
  #logEndOffset: bigint
  #recoveryPoint: bigint
  #sizeBytes: number
  #closed = false

  static open(input: OpenInput): PartitionLog {
    return new PartitionLog(input, openPartition(input))
  }

  private constructor(input: OpenInput, opened: OpenedPartition) {
    this.topic = input.topic
    this.partition = input.partition
    this.topicId = opened.topicId
    this.folder = input.folder
    this.name = partitionFolderName(input.topic, input.partition)
    this.#files = opened.files
    this.#segments = opened.segments
    this.#epochs = opened.epochs
    this.#producers = opened.producers
    this.#snapshots = opened.snapshots
    this.#removals = new DelayedRemovals(opened.files.disk)
    this.#producerIdExpirationMs = input.producerIdExpirationMs
    this.#config = input.config
    this.#logStartOffset = opened.logStartOffset
    this.#logEndOffset = opened.logEndOffset
    this.#recoveryPoint = opened.recoveryPoint
    this.#sizeBytes = opened.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0)
  }

  get logStartOffset(): bigint {
    return this.#logStartOffset
  }

  get logEndOffset(): bigint {
    return this.#logEndOffset
  }

  /** Everything below it survives a power cut. */
  get recoveryPoint(): bigint {
    return this.#recoveryPoint
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get config(): LogConfig {
    return this.#config
  }

  /** Takes effect from the next append or sweep on. */
  updateConfig(config: LogConfig): void {
    this.#config = config
  }

  /** Where the files begin; the log start may lie behind it. */
  get firstSegmentOffset(): bigint {
    return this.#segments[0]!.baseOffset
  }

  /** Drops from memory the indexes of closed segments; who needs them reads them again. */
  unloadColdIndexes(): void {
    for (const segment of this.#segments) if (segment !== this.#active) segment.unloadIndexes()
  }

  segments(): readonly SegmentSummary[] {
    return this.#segments.map((segment, index) => ({
      baseOffset: segment.baseOffset,
      nextOffset: this.#nextOffsetOf(index),
      sizeBytes: segment.sizeBytes,
      maxTimestampMs: segment.maxTimestamp().timestampMs,
      active: index === this.#segments.length - 1,
    }))
  }

  /**
   * Appends what a client produced, or what a coordinator writes. Stamps the given bytes in place
   * and writes them with one call. Throws the `KafkaError` the client gets.
   */
  appendAsLeader(records: Uint8Array, append: LeaderAppend): AppendResult {
    assert(!this.#closed, 'an open log is appended to')
    return append.origin === 'client'
      ? this.#appendOfClient(records, append)
      : this.#appendOfCoordinator(records, append)
  }

  #appendOfClient(records: Uint8Array, append: LeaderAppend): AppendResult {
    const config = this.#config
    const { batch, logAppendTimeMs, recordCount } = validateProduce(records, {
      name: this.name,
      produceVersion: append.produceVersion ?? PRODUCE_VERSION_NEWEST,
      nowMs: append.nowMs,
      compacted: config.cleanupPolicy.includes('compact'),
      maxMessageBytes: config.maxMessageBytes,
      segmentBytes: config.segmentBytes,
      timestampType: config.messageTimestampType,
      timestampBeforeMaxMs: config.messageTimestampBeforeMaxMs,
      timestampAfterMaxMs: config.messageTimestampAfterMaxMs,
      compressionType: config.compressionType,
    })
    const duplicate = this.#producers.check(batch, 0, { checksSequence: true })
    if (duplicate !== null)
      return {
        baseOffset: duplicate.baseOffset,
        lastOffset: duplicate.lastOffset,
        logAppendTimeMs:
          config.messageTimestampType === 'LogAppendTime' ? duplicate.timestampMs : NO_TIMESTAMP,
        logStartOffset: this.#logStartOffset,
        sizeBytes: 0,
        recordCount,
        duplicate: true,
      }
    const baseOffset = this.#logEndOffset
    stampBatch(batch, 0, baseOffset, append.leaderEpoch)
    this.#write(batch, append.nowMs)
    return this.#appended(baseOffset, batch, { logAppendTimeMs, recordCount })
  }

  #appendOfCoordinator(records: Uint8Array, append: LeaderAppend): AppendResult {
    const baseOffset = this.#logEndOffset
    let nextOffset = baseOffset
    for (let at = 0; at < records.length;) {
      const size = wholeBatchSize(records, at, records.length)
      assert(size > 0, 'a coordinator writes whole batches')
      this.#checkSize(size)
      this.#producers.check(records, at, { checksSequence: false })
      stampBatch(records, at, nextOffset, append.leaderEpoch)
      nextOffset += BigInt(lastOffsetDeltaOf(records, at)) + 1n
      at += size
    }
    assert(nextOffset > baseOffset, 'an append holds at least one batch')
    this.#write(records, append.nowMs)
    const logAppendTimeMs = isLogAppendTime(records, 0) ? maxTimestampOf(records, 0) : NO_TIMESTAMP
    const recordCount = Number(nextOffset - baseOffset)
    return this.#appended(baseOffset, records, { logAppendTimeMs, recordCount })
  }

  /**
   * Appends what a leader sent, offsets and epochs as they are. Throws CORRUPT_MESSAGE for damaged
   * batches and OFFSET_OUT_OF_RANGE for offsets below the log end.
   */
  appendAsFollower(records: Uint8Array, { nowMs }: { readonly nowMs: number }): AppendResult {
    assert(!this.#closed, 'an open log is appended to')
    let expected = this.#logEndOffset
    let whole = 0
    for (;;) {
      const size = wholeBatchSize(records, whole, records.length)
      if (size === 0) break
      const baseOffset = baseOffsetOf(records, whole)
      if (!crcIsValid(records, whole))
        throw new KafkaError('CORRUPT_MESSAGE', `${this.name}: batch ${baseOffset}: wrong checksum`)
      if (baseOffset < expected)
        throw new KafkaError(
          'OFFSET_OUT_OF_RANGE',
          `${this.name}: batch ${baseOffset} below ${expected}`,
        )
      expected = lastOffsetOf(records, whole) + 1n
      whole += size
    }
    if (whole === 0) throw new KafkaError('CORRUPT_MESSAGE', `${this.name}: no whole batch`)
    const batches = whole === records.length ? records : records.subarray(0, whole)
    const baseOffset = baseOffsetOf(batches, 0)
    this.#write(batches, nowMs)
    const recordCount = Number(expected - baseOffset)
    return this.#appended(baseOffset, batches, { logAppendTimeMs: NO_TIMESTAMP, recordCount })
  }

  #appended(
    baseOffset: bigint,
    batches: Uint8Array,
    rest: { readonly logAppendTimeMs: bigint; readonly recordCount: number },
  ): AppendResult {
    return {
      baseOffset,
      lastOffset: this.#logEndOffset - 1n,
      logAppendTimeMs: rest.logAppendTimeMs,
      logStartOffset: this.#logStartOffset,
      sizeBytes: batches.length,
      recordCount: rest.recordCount,
      duplicate: false,
    }
  }

  /** Stamped, checked batches: roll, write, then take them into what memory knows. */
  #write(batches: Uint8Array, nowMs: number): void {
    let maxTimestampMs = NO_TIMESTAMP
    let lastOffset = -1n
    for (let at = 0; at < batches.length; at += wholeBatchSize(batches, at, batches.length)) {
      const timestampMs = maxTimestampOf(batches, at)
      if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs
      lastOffset = lastOffsetOf(batches, at)
      const leaderEpoch = leaderEpochOf(batches, at)
      if (leaderEpoch > this.#epochs.latestEpoch)
        this.#epochs.assign(leaderEpoch, baseOffsetOf(batches, at))
    }
    const incoming = { bytes: batches.length, maxTimestampMs, lastOffset }
    if (this.#active.shouldRoll(incoming, this.#config, nowMs))
      this.roll(nowMs, baseOffsetOf(batches, 0))
    this.#active.append(batches, this.#config, nowMs)
    for (let at = 0; at < batches.length; at += wholeBatchSize(batches, at, batches.length))
      this.#producers.update(batches, at)
    this.#logEndOffset = lastOffset + 1n
    this.#sizeBytes += batches.length
  }

  #checkSize(size: number): void {
    const { maxMessageBytes, segmentBytes } = this.#config
    if (size > maxMessageBytes)
      throw new KafkaError(
        'MESSAGE_TOO_LARGE',
        `${this.name}: batch of ${size} bytes, over max.message.bytes ${maxMessageBytes}`,
      )
    if (size > segmentBytes)
      throw new KafkaError(
        'RECORD_LIST_TOO_LARGE',
        `${this.name}: batch of ${size} bytes, over segment.bytes ${segmentBytes}`,
      )
  }

  /** Closes the active segment and begins one at the log end (or at `baseOffset` behind it). */
  roll(nowMs: number, baseOffset = this.#logEndOffset): void {
    const active = this.#active
    if (active.baseOffset === baseOffset) {
      // Nothing to close: a full index of an empty segment begins again.
      assert(active.sizeBytes === 0, 'a segment with records begins below the log end')
      active.create()
      return
    }
    active.seal()
    this.#producers.endOffset = baseOffset
    this.#snapshots.take(this.#producers)
    this.#segments.push(this.#newSegment(baseOffset, nowMs))
  }

  /**
   * Reads whole batches from the one that holds `fetchOffset` on, of one segment, into `into`.
   * Throws OFFSET_OUT_OF_RANGE outside [log start, log end]; at the end there is nothing to read.
   */
  read(request: ReadRequest, into: ReadTarget): ReadResult {
    const { fetchOffset, upToOffset } = request
    if (fetchOffset < this.#logStartOffset || fetchOffset > this.#logEndOffset)
      throw new KafkaError(
        'OFFSET_OUT_OF_RANGE',
        `${this.name}: offset ${fetchOffset} is outside [${this.#logStartOffset}, ${this.#logEndOffset}]`,
      )
    if (fetchOffset >= upToOffset) return { length: 0, nextOffset: fetchOffset }
    for (let index = this.#segmentIndex(fetchOffset); index < this.#segments.length; index++) {
      const segment = this.#segments[index]!
      const position = this.#positionOf(segment, fetchOffset)
      if (position < 0) continue
      const read = readSegment(segment, { ...request, position }, into)
      if (read.nextOffset === null) break
      this.#readEnds.remember(segment, read.nextOffset, position + read.length)
      return { length: read.length, nextOffset: read.nextOffset }
    }
    return { length: 0, nextOffset: fetchOffset }
  }

  /** About how many bytes a read would find, for `min.bytes`: exact to a batch, and cheap. */
  bytesFrom(fetchOffset: bigint, upToOffset: bigint): number {
    if (fetchOffset >= upToOffset || fetchOffset < this.#logStartOffset) return 0
    const first = this.#segmentIndex(fetchOffset)
    const last =
      upToOffset >= this.#logEndOffset ? this.#segments.length - 1 : this.#segmentIndex(upToOffset)
    let bytes = 0
    for (let index = first; index <= last; index++) {
      const segment = this.#segments[index]!
      const end =
        index === last && upToOffset < this.#logEndOffset
          ? this.#positionOf(segment, upToOffset)
          : -1
      const start = index === first ? this.#positionOf(segment, fetchOffset) : 0
      if (start >= 0) bytes += Math.max((end < 0 ? segment.sizeBytes : end) - start, 0)
    }
    return bytes
  }

  /** The first record at or after a time, below `upToOffset`; null where there is none. */
  offsetForTimestamp(
    timestampMs: bigint,
    { upToOffset }: { readonly upToOffset: bigint },
  ): TimestampedOffset | null {
    for (const [index, segment] of this.#segments.entries()) {
      if (segment.maxTimestamp().timestampMs < timestampMs) continue
      if (this.#nextOffsetOf(index) <= this.#logStartOffset) continue
      const found = firstAtOrAfter(segment, timestampMs, this.#logStartOffset)
      if (found !== null) return found.offset < upToOffset ? found : null
    }
    return null
  }

  /** The first record with the greatest timestamp (ListOffsets -3); null in a log without any. */
  maxTimestampOffset(): TimestampedOffset | null {
    let best: Segment | null = null
    for (const segment of this.#segments)
      if (best === null || segment.maxTimestamp().timestampMs > best.maxTimestamp().timestampMs)
        best = segment
    return best === null ? null : firstWithMaxTimestamp(best)
  }

  /** The log start, with the epoch of the record there (ListOffsets -2). */
  earliest(): { readonly offset: bigint; readonly leaderEpoch: number } {
    return { offset: this.#logStartOffset, leaderEpoch: this.#epochs.epochAt(this.#logStartOffset) }
  }

  /** -1 while no epoch is known. */
  get latestEpoch(): number {
    return this.#epochs.latestEpoch
  }

  epochs(): readonly EpochEntry[] {
    return this.#epochs.entries
  }

  /** OffsetForLeaderEpoch's answer; null is its UNDEFINED_EPOCH_OFFSET (-1). */
  endOffsetForEpoch(leaderEpoch: number): EpochEnd | null {
    return this.#epochs.endOf(leaderEpoch, this.#logEndOffset)
  }

  assignEpochStart(leaderEpoch: number, startOffset: bigint): void {
    this.#epochs.assign(leaderEpoch, startOffset)
  }

  /** The epoch of the record at an offset; -1 where it is not known. */
  epochAt(offset: bigint): number {
    return this.#epochs.epochAt(offset)
  }

  activeProducers(): readonly ProducerEntry[] {
    return this.#producers.entries()
  }

  removeExpiredProducers(nowMs: number): void {
    this.#producers.removeExpired(nowMs, this.#producerIdExpirationMs)
  }

  /** Moves the log start forward (DeleteRecords); the files go with the next sweep. */
  deleteRecordsBefore(offset: bigint): void {
    if (offset > this.#logEndOffset)
      throw new KafkaError(
        'OFFSET_OUT_OF_RANGE',
        `${this.name}: offset ${offset} is above the log end ${this.#logEndOffset}`,
      )
    if (offset <= this.#logStartOffset) return
    this.#logStartOffset = offset
    this.#epochs.truncateFromStart(offset)
    if (this.#recoveryPoint < offset) this.#recoveryPoint = offset
  }

  /** One sweep: renames away what may go, and says what and why. */
  applyRetention(sweep: {
    readonly nowMs: number
    readonly highWatermark: bigint
  }): readonly SegmentDeletion[] {
    const deletions = segmentsToDelete({
      segments: this.#segments.map((segment, index) => ({
        baseOffset: segment.baseOffset,
        nextOffset: this.#nextOffsetOf(index),
        sizeBytes: segment.sizeBytes,
        largestTimestampMs: segment.largestTimestampMs(),
      })),
      config: this.#config,
      logStartOffset: this.#logStartOffset,
      ...sweep,
    })
    if (deletions.length === 0) return deletions
    // The active segment goes too when it is old enough; the log then goes on in an empty one.
    if (deletions.length === this.#segments.length) this.roll(sweep.nowMs)
    for (const segment of this.#segments.splice(0, deletions.length))
      this.#removeLater(segment, sweep.nowMs)
    this.#readEnds.clear()
    const firstOffset = this.#segments[0]!.baseOffset
    if (firstOffset > this.#logStartOffset) {
      this.#logStartOffset = firstOffset
      this.#epochs.truncateFromStart(firstOffset)
    }
    if (this.#recoveryPoint < this.#logStartOffset) this.#recoveryPoint = this.#logStartOffset
    return deletions
  }

  /** Drops all records at and above an offset. False when there were none. */
  truncateTo(offset: bigint, { nowMs }: { readonly nowMs: number }): boolean {
    if (offset >= this.#logEndOffset) return false
    if (offset < this.#segments[0]!.baseOffset || offset < this.#logStartOffset) {
      this.truncateFullyAndStartAt(offset, { nowMs })
      return true
    }
    this.#readEnds.clear()
    while (this.#segments.length > 1 && this.#active.baseOffset > offset)
      this.#removeNow(this.#segments.pop()!)
    this.#active.truncateTo(offset, nowMs)
    this.#endAt(offset)
    this.#restoreProducers(nowMs)
    return true
  }

  /** Drops everything; the next record gets `offset`. */
  truncateFullyAndStartAt(offset: bigint, { nowMs }: { readonly nowMs: number }): void {
    this.#readEnds.clear()
    for (const segment of this.#segments.splice(0)) this.#removeNow(segment)
    this.#snapshots.removeWhere(() => true)
    this.#segments.push(this.#newSegment(offset, nowMs))
    this.#epochs.clear()
    this.#logStartOffset = offset
    this.#recoveryPoint = offset
    this.#endAt(offset)
    this.#producers.clear(offset)
  }

  /** Makes everything appended so far survive a power cut. Waits for the device. */
  flush(): void {
    this.#flushBelow(this.#logEndOffset)
  }

  /**
   * Makes the closed segments durable, and moves the recovery point behind them. Called from a
   * timer some half a minute after a roll, the kernel has written most of it by itself, and the
   * call is short.
   */
  flushRolled(): void {
    this.#flushBelow(this.#active.baseOffset)
  }

  #flushBelow(offset: bigint): void {
    if (offset <= this.#recoveryPoint) return
    for (const [index, segment] of this.#segments.entries())
      if (this.#nextOffsetOf(index) > this.#recoveryPoint && segment.baseOffset < offset)
        segment.flush()
    this.#epochs.flush()
    this.#recoveryPoint = offset
  }

  get pendingRemovals(): readonly PendingRemoval[] {
    return this.#removals.pending
  }

  get nextRemovalMs(): number | null {
    return this.#removals.nextDeadlineMs
  }

  removeDue(nowMs: number): readonly string[] {
    return this.#removals.removeDue(nowMs)
  }

  /** A clean end: flushed, with a snapshot of the producers, and without an open file. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#active.seal()
    this.#snapshots.take(this.#producers)
    this.#flushBelow(this.#logEndOffset)
    this.#files.closeUnder(this.folder)
  }

  /** Lets go of all files and writes nothing: for a folder that is deleted, or a failed disk. */
  abandon(): void {
    this.#closed = true
    this.#files.closeUnder(this.folder)
  }

  get #active(): Segment {
    return this.#segments[this.#segments.length - 1]!
  }

  #nextOffsetOf(index: number): bigint {
    return this.#segments[index + 1]?.baseOffset ?? this.#logEndOffset
  }

  /** The last segment that begins at or below an offset. */
  #segmentIndex(offset: bigint): number {
    const { length } = this.#segments
    if (offset >= this.#segments[length - 1]!.baseOffset) return length - 1
    let low = 0
    let high = length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#segments[middle]!.baseOffset <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Where the batch with an offset begins, or the next one; -1 at the end of the segment. */
  #positionOf(segment: Segment, offset: bigint): number {
    const remembered = this.#readEnds.position(segment, offset)
    if (remembered >= 0 && remembered < segment.sizeBytes) return remembered
    if (offset <= segment.baseOffset) return segment.sizeBytes === 0 ? -1 : 0
    return segment.findBatch(offset)?.position ?? -1
  }

  #newSegment(baseOffset: bigint, nowMs: number): Segment {
    const segment = new Segment({
      files: this.#files,
      folder: this.folder,
      baseOffset,
      sizeBytes: 0,
      createdMs: nowMs,
      modifiedMs: nowMs,
    })
    segment.create()
    return segment
  }

  #endAt(offset: bigint): void {
    this.#logEndOffset = offset
    this.#epochs.truncateFromEnd(offset)
    if (this.#recoveryPoint > offset) this.#recoveryPoint = offset
    this.#sizeBytes = this.#segments.reduce((sum, segment) => sum + segment.sizeBytes, 0)
  }

  #restoreProducers(nowMs: number): void {
    restoreProducers(
      { segments: this.#segments, snapshots: this.#snapshots, state: this.#producers },
      { startOffset: this.#logStartOffset, endOffset: this.#logEndOffset },
      { nowMs, expirationMs: this.#producerIdExpirationMs },
    )
  }

  #removeNow(segment: Segment): void {
    segment.closeFiles()
    for (const kind of ['log', 'index', 'timeindex', 'txnindex'] as const)
      this.#files.disk.remove(segment.path(kind))
  }

  #removeLater(segment: Segment, nowMs: number): void {
    segment.unloadIndexes()
    this.#sizeBytes -= segment.sizeBytes
    const dueMs = nowMs + Number(this.#config.fileDeleteDelayMs)
    const kinds = ['log', 'index', 'timeindex', 'txnindex', 'snapshot'] as const
    for (const kind of kinds) {
      const path = segment.path(kind)
      if (
        kind === 'snapshot'
          ? !this.#snapshots.forget(segment.baseOffset)
          : !this.#files.disk.exists(path)
      )
        continue
      this.#files.rename(path, path + DELETED_SUFFIX)
      this.#removals.add(path + DELETED_SUFFIX, dueMs)
    }
  }
}
