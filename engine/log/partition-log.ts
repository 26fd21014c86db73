/**
 * One partition's log: an ordered run of segments, with what is known about its epochs and its
 * producers. Appends, reads, lookups, retention and truncation, over an injected disk.
 *
 * It knows neither replicas nor high watermarks (they are handed in where they matter), waits for
 * nobody, and reads no clock. One thread calls it.
 */
import { assert } from '../support/assert.ts'
import {
  NO_TIMESTAMP,
  baseOffsetOf,
  leaderEpochOf,
  maxTimestampOf,
  sizeOf,
} from '../protocol/records/record-batch.ts'
import type { EpochEnd, EpochEntry, LeaderEpochCache } from './leader-epoch-cache.ts'
import {
  appendResult,
  prepareClientAppend,
  prepareCoordinatorAppend,
  prepareFollowerAppend,
  type AppendContext,
  type AppendResult,
  type LeaderAppend,
  type PreparedAppend,
} from './log-append.ts'
import type { KnownPartition } from './known-partitions.ts'
import type { LogConfig } from './log-config.ts'
import { partitionFolderName } from './log-file-names.ts'
import { LogFlushes, type LogFlush, type RolledFlush } from './log-flushes.ts'
import { restoreProducers } from './log-loader.ts'
import {
  LogReader,
  outOfRange,
  type ReadRequest,
  type ReadResult,
  type ReadTarget,
} from './log-reader.ts'
import { openPartition, type OpenInput, type OpenedPartition } from './open-partition.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { ProducerEntry, ProducerState } from './producer-state.ts'
import type { DelayedRemovals } from './delayed-removals.ts'
import { segmentsToDelete, type SegmentDeletion } from './retention.ts'
import type { SegmentList, SegmentSummary } from './segment-list.ts'
import type { TimestampedOffset } from './timestamp-lookup.ts'

export class PartitionLog {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly folder: string
  readonly name: string
  readonly #segments: SegmentList
  readonly #epochs: LeaderEpochCache
  readonly #producers: ProducerState
  readonly #snapshots: ProducerSnapshots
  readonly #reader: LogReader
  readonly #flushes: LogFlushes
  readonly #producerIdExpirationMs: number
  readonly #timestampOf: (nowMs: number) => number
  #config: LogConfig
  #logStartOffset: bigint
  #logEndOffset: bigint
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
    this.#segments = opened.segments
    this.#reader = new LogReader(opened.segments)
    this.#epochs = opened.epochs
    this.#producers = opened.producers
    this.#snapshots = opened.snapshots
    this.#producerIdExpirationMs = input.producerIdExpirationMs
    this.#timestampOf = input.timestampOf ?? (nowMs => nowMs)
    this.#config = input.config
    this.#logStartOffset = opened.logStartOffset
    this.#logEndOffset = opened.logEndOffset
    this.#flushes = new LogFlushes(opened.segments, opened.epochs, opened.recoveryPoint)
  }

  get logStartOffset(): bigint {
    return this.#logStartOffset
  }
  get logEndOffset(): bigint {
    return this.#logEndOffset
  }

  /** Everything below it survives a power cut. */
  get recoveryPoint(): bigint {
    return this.#flushes.recoveryPoint
  }

  get sizeBytes(): number {
    return this.#segments.sizeBytes
  }
  get segmentCount(): number {
    return this.#segments.all.length
  }
  get config(): LogConfig {
    return this.#config
  }
  updateConfig(config: LogConfig): void {
    this.#config = config
  }

  /** Where the files begin; the log start may lie behind it. */
  get firstSegmentOffset(): bigint {
    return this.#segments.first.baseOffset
  }
  segments(): readonly SegmentSummary[] {
    return this.#segments.summaries(this.#logEndOffset)
  }

  /**
   * Appends what a client produced, or what a coordinator writes. Stamps the given bytes in place
   * and writes them with one call. Throws the `KafkaError` the client gets.
   */
  appendAsLeader(records: Uint8Array, append: LeaderAppend): AppendResult {
    const prepare = append.origin === 'client' ? prepareClientAppend : prepareCoordinatorAppend
    const context = this.#appendContext(append.nowMs)
    return this.#append(prepare(records, append, context), context.timestampMs)
  }

  /**
   * Appends what a leader sent, offsets and epochs as they are. Throws CORRUPT_MESSAGE for damaged
   * batches and OFFSET_OUT_OF_RANGE for offsets below the log end.
   */
  appendAsFollower(records: Uint8Array, { nowMs }: { readonly nowMs: number }): AppendResult {
    const context = this.#appendContext(nowMs)
    return this.#append(prepareFollowerAppend(records, context), context.timestampMs)
  }

  #appendContext(nowMs: number): AppendContext {
    assert(!this.#closed, 'an open log is appended to')
    const { name, logEndOffset } = this
    const timestampMs = this.#timestampOf(nowMs)
    // A truncation did not come to its end, as where the disk failed: they know what is gone.
    if (this.#producers.endOffset !== logEndOffset) this.#restoreProducers(timestampMs)
    return { name, config: this.#config, producers: this.#producers, logEndOffset, timestampMs }
  }

  #append(prepared: PreparedAppend, timestampMs: number): AppendResult {
    if (prepared.duplicate === null) this.#write(prepared, timestampMs)
    return appendResult(prepared, this.#logStartOffset)
  }

  /** Rolls where it must, writes, then takes the batches into what memory knows. */
  #write({ batches, baseOffset, lastOffset }: PreparedAppend, writtenMs: number): void {
    let maxTimestampMs = NO_TIMESTAMP
    for (let at = 0; at < batches.length; at += sizeOf(batches, at)) {
      const timestampMs = maxTimestampOf(batches, at)
      if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs
      const epoch = leaderEpochOf(batches, at)
      if (epoch > this.#epochs.latestEpoch) this.#epochs.begin(epoch, baseOffsetOf(batches, at))
    }
    this.#epochs.save()
    const incoming = { bytes: batches.length, maxTimestampMs, lastOffset }
    if (this.#segments.active.shouldRoll(incoming, this.#config, writtenMs))
      this.#roll(writtenMs, baseOffset)
    this.#segments.active.append(batches, this.#config, writtenMs)
    this.#segments.changeSize(batches.length)
    for (let at = 0; at < batches.length; at += sizeOf(batches, at))
      this.#producers.update(batches, at)
    this.#logEndOffset = lastOffset + 1n
  }

  /** Closes the active segment and begins one at the log end. */
  roll(nowMs: number): void {
    this.#roll(this.#timestampOf(nowMs), this.#logEndOffset)
  }

  #roll(timestampMs: number, baseOffset: bigint): void {
    const { active } = this.#segments
    if (active.baseOffset === baseOffset) {
      assert(active.sizeBytes === 0, 'a segment with records begins below the log end')
      return
    }
    active.seal()
    this.#flushes.closed(active, baseOffset)
    active.unloadIndexes()
    this.#producers.endOffset = baseOffset
    this.#snapshots.take(this.#producers)
    this.#segments.begin(baseOffset, timestampMs)
  }

  /**
   * Reads whole batches from the one that holds `fetchOffset` on, of one segment, into `into`.
   * Throws OFFSET_OUT_OF_RANGE outside [log start, log end]; at the end there is nothing to read.
   */
  read(request: ReadRequest, into: ReadTarget): ReadResult {
    const { fetchOffset, upToOffset } = request
    if (fetchOffset < this.#logStartOffset || fetchOffset > this.#logEndOffset)
      throw outOfRange(this, fetchOffset)
    if (fetchOffset >= upToOffset) return { length: 0, nextOffset: fetchOffset }
    return this.#reader.read(request, into)
  }

  /** About how many bytes a read would find, for `min.bytes`: exact to a batch, and cheap. */
  bytesFrom(fetchOffset: bigint, upToOffset: bigint): number {
    if (fetchOffset >= upToOffset || fetchOffset < this.#logStartOffset) return 0
    return this.#reader.bytesBetween(fetchOffset, upToOffset, this.#logEndOffset)
  }

  /** The first record at or after a time, below `upToOffset`; null where there is none. */
  offsetForTimestamp(
    timestampMs: bigint,
    { upToOffset }: { readonly upToOffset: bigint },
  ): TimestampedOffset | null {
    const found = this.#reader.firstAtOrAfter(timestampMs, this.#logStartOffset)
    return found !== null && found.offset < upToOffset ? found : null
  }

  /** The first record with the greatest timestamp (ListOffsets -3); null in a log without any. */
  maxTimestampOffset(): TimestampedOffset | null {
    const found = this.#reader.firstWithMaxTimestamp()
    return found !== null && found.offset >= this.#logStartOffset ? found : null
  }

  /** -1 while no epoch is known. */
  get latestEpoch(): number {
    return this.#epochs.latestEpoch
  }

  epochs(): readonly EpochEntry[] {
    return this.#epochs.entries
  }

  /** The epoch of the record at an offset; -1 where it is not known. */
  epochAt(offset: bigint): number {
    return this.#epochs.epochAt(offset)
  }

  /** OffsetForLeaderEpoch's answer; null is its UNDEFINED_EPOCH_OFFSET (-1). */
  endOffsetForEpoch(leaderEpoch: number): EpochEnd | null {
    return this.#epochs.endOf(leaderEpoch, this.#logEndOffset)
  }

  assignEpochStart(leaderEpoch: number, startOffset: bigint): void {
    this.#epochs.begin(leaderEpoch, startOffset)
  }

  activeProducers(): readonly ProducerEntry[] {
    return this.#producers.entries()
  }

  removeExpiredProducers(nowMs: number): void {
    this.#producers.removeExpired(this.#timestampOf(nowMs), this.#producerIdExpirationMs)
  }

  /** Moves the log start forward (DeleteRecords); the files go with the next sweep. */
  deleteRecordsBefore(offset: bigint): void {
    if (offset > this.#logEndOffset) throw outOfRange(this, offset)
    if (offset > this.#logStartOffset) this.#startAt(offset)
  }

  /** One sweep: renames away what may go, and says what and why. */
  applyRetention(sweep: {
    readonly nowMs: number
    readonly highWatermark: bigint
  }): readonly SegmentDeletion[] {
    const deletions = segmentsToDelete({
      segments: this.#segments.retained(this.#logEndOffset),
      config: this.#config,
      logStartOffset: this.#logStartOffset,
      nowMs: this.#timestampOf(sweep.nowMs),
      highWatermark: sweep.highWatermark,
    })
    if (deletions.length === 0) return deletions
    // The active segment may go too; the log then goes on in an empty one.
    if (deletions.length === this.#segments.all.length) this.roll(sweep.nowMs)
    this.#reader.forget()
    const dueMs = sweep.nowMs + Number(this.#config.fileDeleteDelayMs)
    this.#segments.retire(deletions.length, dueMs, offset => this.#snapshots.forget(offset))
    this.#startAt(this.#segments.first.baseOffset)
    return deletions
  }

  #startAt(offset: bigint): void {
    if (offset > this.#logStartOffset) this.#logStartOffset = offset
    this.#epochs.truncateFromStart(this.#logStartOffset)
    this.#flushes.logStartsAt(this.#logStartOffset)
  }

  /**
   * Drops all records at and above an offset; false when there were none. Batches stay whole: one
   * that the offset lies in goes too, and the log then ends where it began.
   */
  truncateTo(offset: bigint, { nowMs }: { readonly nowMs: number }): boolean {
    if (offset >= this.#logEndOffset) {
      // An epoch in which nothing was appended here may not be the leader's.
      this.#epochs.truncateFromEnd(this.#logEndOffset)
      return false
    }
    if (offset < this.#segments.first.baseOffset || offset < this.#logStartOffset) {
      this.truncateFullyAndStartAt(offset, { nowMs })
      return true
    }
    const timestampMs = this.#timestampOf(nowMs)
    this.#reader.forget()
    this.#segments.dropAbove(offset)
    const { truncatedBytes, endOffset } = this.#segments.active.truncateTo(offset, timestampMs)
    this.#segments.changeSize(-truncatedBytes)
    if (endOffset < this.#logStartOffset) {
      // The log start lay inside the batch that went: nothing readable is left.
      this.truncateFullyAndStartAt(this.#logStartOffset, { nowMs })
      return true
    }
    this.#endAt(endOffset)
    this.#restoreProducers(timestampMs)
    return true
  }

  #restoreProducers(timestampMs: number): void {
    const from = { segments: this.#segments.all, snapshots: this.#snapshots }
    const range = { startOffset: this.#logStartOffset, endOffset: this.#logEndOffset }
    const expiry = { nowMs: timestampMs, expirationMs: this.#producerIdExpirationMs }
    restoreProducers({ ...from, state: this.#producers }, range, expiry)
  }

  /** Drops everything; the next record gets `offset`. */
  truncateFullyAndStartAt(offset: bigint, { nowMs }: { readonly nowMs: number }): void {
    this.#reader.forget()
    this.#segments.restartAt(offset, this.#timestampOf(nowMs))
    this.#snapshots.removeWhere(() => true)
    this.#epochs.clear()
    this.#producers.clear(offset)
    this.#logStartOffset = offset
    this.#endAt(offset)
    this.#flushes.logStartsAt(offset)
  }

  #endAt(offset: bigint): void {
    this.#logEndOffset = offset
    this.#flushes.logEndsAt(offset)
    this.#epochs.truncateFromEnd(offset)
  }

  /** Whether flush.messages asks for a flush, which is left to who appended. */
  get flushIsDue(): boolean {
    return this.#flushes.isDue(this.#config.flushMessages, this.#logEndOffset)
  }

  /** Null when it is closed. */
  beginFlush(): LogFlush | null {
    return this.#closed ? null : this.#flushes.begin(this.#logEndOffset)
  }

  /** Makes everything appended so far survive a power cut. Waits for the device. */
  flush(): void {
    this.#flushes.flushBelow(this.#logEndOffset, this.#logEndOffset)
  }

  /** Of the oldest closed segment that is not durable; null where all are, and when it is closed. */
  beginRolledFlush(): RolledFlush | null {
    return this.#closed ? null : this.#flushes.beginRolled(this.#logEndOffset)
  }

  /** Drops closed segments' indexes from memory until they are needed. */
  unloadColdIndexes(): void {
    this.#segments.unloadColdIndexes()
  }

  /** After `close`. */
  known(): KnownPartition {
    const { topicId, logEndOffset } = this
    const files = { segments: this.#segments.all, snapshotOffsets: this.#snapshots.offsets }
    const { saved: epochs } = this.#epochs
    return { topicId, logEndOffset, ...files, epochs, producerCount: this.#producers.size }
  }

  /** Files that were renamed away and wait for file.delete.delay.ms. */
  get removals(): DelayedRemovals {
    return this.#segments.removals
  }

  /** A clean end: all is flushed, a snapshot of the producers, no open file. */
  close(): void {
    if (this.#closed) return
    this.#segments.active.seal()
    this.#snapshots.take(this.#producers)
    this.flush()
    this.#segments.active.flushIndexes()
    this.abandon()
  }

  /** Lets go of all files and writes nothing: for a folder that is deleted, or a failed disk. */
  abandon(): void {
    this.#closed = true
    this.#flushes.logEndsAt(this.#logEndOffset)
    this.#segments.closeFiles()
  }
}
