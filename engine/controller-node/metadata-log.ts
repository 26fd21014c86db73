/**
 * The metadata log as a controller keeps it: `__cluster_metadata-0`, its snapshots beside it, in
 * Kafka's own files, so that `kafka-dump-log --cluster-metadata-decoder` reads both.
 *
 * The quorum writes through this: whatever it appends, cuts off or replaces is durable when the
 * call returns. It decides nothing about what is committed.
 */
import type { BrokerSettings } from '../config/settings.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import { METADATA_TOPIC, METADATA_TOPIC_ID } from '../controller/topic-names.ts'
import { defaultLogConfig, LONG_MAX, type LogConfig } from '../log/log-config.ts'
import { partitionFolderName } from '../log/log-file-names.ts'
import type { LogFolder } from '../log/log-folder.ts'
import { OwnMemory } from '../log/log-reader.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { scanRecords } from '../log/scan-records.ts'
import type { Disk } from '../ports/disk.ts'
import { leaderChangeMessage } from '../protocol/control-records/quorum-control-records.ts'
import {
  decodeMetadataRecord,
  type MetadataRecord,
} from '../protocol/metadata-records/metadata-record.ts'
import { buildBatch, type RecordInput } from '../protocol/records/batch-builder.ts'
import { controlKey } from '../protocol/records/control-records.ts'
import {
  baseOffsetOf,
  isControl,
  lastOffsetOf,
  wholeBatches,
} from '../protocol/records/record-batch.ts'
import type { LogPlace, RaftLog } from '../raft/raft-log.ts'
import { fixedVoters, isDynamic, type VoterSet } from '../raft/voter-set.ts'
import { assert } from '../support/assert.ts'
import { SnapshotFiles, type SnapshotContent } from './snapshot-files.ts'
import {
  readLeaderChangeVoters,
  readVoters,
  voterControlRecords,
  votersControlRecord,
} from './voter-records.ts'

/** One decision is one batch, and a decision may create ten thousand topics. */
const BATCH_BYTES_MAX = 256 * 1024 * 1024
const READ_BYTES = 4 * 1024 * 1024

export const metadataLogConfig: LogConfig = {
  ...defaultLogConfig,
  maxMessageBytes: BATCH_BYTES_MAX,
  segmentMs: LONG_MAX,
  retentionMs: -1n,
}

/** What `metadata.log.segment.*` says of it. */
export function metadataLogConfigOf(settings: BrokerSettings): LogConfig {
  const { metadataLogSegmentBytes, metadataLogSegmentMs } = settings
  return {
    ...metadataLogConfig,
    segmentBytes: metadataLogSegmentBytes,
    segmentMs: metadataLogSegmentMs,
  }
}

export interface ReplayedRecord {
  readonly record: MetadataRecord
  readonly offset: bigint
  readonly leaderEpoch: number
}

export interface MetadataLogOptions {
  readonly disk: Disk
  readonly nowMs: number
  /** For a log that is made now: one that is there was opened by its folder. */
  readonly config?: LogConfig
  /** Who votes in a log that is new; one that has records knows its voters. */
  readonly formattedVoters: readonly number[]
}

export class MetadataLog implements RaftLog {
  readonly log: PartitionLog
  readonly #snapshots: SnapshotFiles
  readonly #timestampOf: (nowMs: number) => number
  readonly #formattedVoters: VoterSet
  /** Voters by the offset from which on they hold, the latest last; never empty. */
  #voters: { readonly offset: bigint; readonly voters: VoterSet }[] = []

  constructor(folder: LogFolder, options: MetadataLogOptions) {
    this.log =
      folder.get(METADATA_TOPIC, 0, options.nowMs) ??
      folder.create({
        topic: METADATA_TOPIC,
        partition: 0,
        topicId: METADATA_TOPIC_ID,
        nowMs: options.nowMs,
        config: options.config ?? metadataLogConfig,
      })
    this.#timestampOf = folder.timestampOf
    this.#snapshots = new SnapshotFiles(options.disk, metadataFolderOf(folder.folder))
    this.#formattedVoters = fixedVoters(options.formattedVoters)
    this.#finishInstalling(options.nowMs)
    this.#findVoters()
  }

  get startOffset(): bigint {
    return this.log.logStartOffset
  }

  get endOffset(): bigint {
    return this.log.logEndOffset
  }

  get latestEpoch(): number {
    const { latestEpoch } = this.log
    return latestEpoch >= 0 ? latestEpoch : (this.latestSnapshot?.leaderEpoch ?? 0)
  }

  get earliestSnapshot(): LogPlace | null {
    return this.#snapshots.all[0] ?? null
  }

  get latestSnapshot(): LogPlace | null {
    return this.#snapshots.latest
  }

  get snapshots(): SnapshotFiles {
    return this.#snapshots
  }

  get voters(): VoterSet {
    return this.#voters.at(-1)!.voters
  }

  /** From which offset on the voters are those that vote now; below 0 for those it was made with. */
  get votersOffset(): bigint {
    return this.#voters.at(-1)!.offset
  }

  endOfEpoch(leaderEpoch: number): LogPlace {
    const { endOffset, latestEpoch } = this
    if (leaderEpoch >= latestEpoch && this.log.latestEpoch >= 0)
      return { endOffset, leaderEpoch: latestEpoch }
    const end = this.log.endOffsetForEpoch(leaderEpoch)
    if (end !== null) return end
    return { endOffset: this.startOffset, leaderEpoch: this.latestSnapshot?.leaderEpoch ?? 0 }
  }

  /** A place with the epoch of the record before it; 0 where there is none. */
  placeBefore(endOffset: bigint): LogPlace {
    const snapshot = this.latestSnapshot
    const leaderEpoch =
      snapshot !== null && endOffset <= this.startOffset
        ? snapshot.leaderEpoch
        : Math.max(0, this.log.epochAt(endOffset - 1n))
    return { endOffset, leaderEpoch }
  }

  /** What the newest snapshot holds; null where there is none. */
  snapshotContent(): (SnapshotContent & { readonly snapshot: LogPlace }) | null {
    const snapshot = this.latestSnapshot
    return snapshot === null ? null : { ...this.#snapshots.read(snapshot), snapshot }
  }

  /** The records of the log itself from an offset on, oldest first. */
  *records(fromOffset: bigint, upToOffset: bigint): Iterable<ReplayedRecord> {
    let next = fromOffset > this.startOffset ? fromOffset : this.startOffset
    while (next < upToOffset) {
      const range = { fromOffset: next, upToOffset, bytesMax: READ_BYTES }
      const { records, nextOffset } = scanRecords(this.log, range)
      for (const { offset, value, leaderEpoch } of records)
        if (value !== null) yield { record: decodeMetadataRecord(value), offset, leaderEpoch }
      next = nextOffset
    }
  }

  /** Whole batches from an offset on; the first is given however long it is. */
  read(fetchOffset: bigint, upToOffset: bigint, bytesMax: number): Uint8Array {
    const into = new OwnMemory()
    const request = { fetchOffset, maxBytes: bytesMax, upToOffset, minOneBatch: true }
    const { length } = this.log.read(request, into)
    return into.target.subarray(0, length)
  }

  /** Writes each decision, of encoded records, as a batch, and makes all of them durable at once. */
  append(
    decisions: readonly (readonly Uint8Array[])[],
    options: { readonly leaderEpoch: number; readonly nowMs: number },
  ): void {
    const timestampMs = BigInt(this.#timestampOf(options.nowMs))
    for (const records of decisions) {
      const written = records.map(value => ({ key: null, value, timestampMs }))
      this.#write(written, { ...options, control: false })
    }
    this.#flush()
  }

  appendLeaderChange(change: {
    readonly leaderEpoch: number
    readonly leaderId: number
    readonly grantingVoters: readonly number[]
    readonly nowMs: number
  }): void {
    const { leaderEpoch, leaderId, grantingVoters, nowMs } = change
    const { voters } = this
    const version = isDynamic(voters) ? 1 : 0
    const named = (id: number) => {
      const directoryId = voters.get(id)?.directoryId
      return version === 0 || !directoryId
        ? { voterId: id }
        : { voterId: id, voterDirectoryId: directoryId }
    }
    const value = leaderChangeMessage.encode(
      {
        version,
        leaderId,
        voters: [...voters.keys()].map(named),
        grantingVoters: grantingVoters.map(named),
      },
      version,
    )
    this.log.assignEpochStart(leaderEpoch, this.endOffset)
    const timestampMs = BigInt(this.#timestampOf(nowMs))
    const record = { key: controlKey('LEADER_CHANGE'), value, timestampMs }
    this.#write([record], { leaderEpoch, nowMs, control: true })
    this.#flush()
  }

  appendVoters(
    voters: VoterSet,
    options: { readonly leaderEpoch: number; readonly nowMs: number },
  ): void {
    const offset = this.endOffset
    const timestampMs = BigInt(this.#timestampOf(options.nowMs))
    const records = isDynamic(this.voters)
      ? [votersControlRecord(voters, timestampMs)]
      : voterControlRecords(voters, timestampMs)
    this.#write(records, { ...options, control: true })
    this.#flush()
    this.#voters.push({ offset, voters })
  }

  appendFetched(batches: Uint8Array, { nowMs }: { readonly nowMs: number }): void {
    assert(baseOffsetOf(batches, 0) === this.endOffset, 'a follower goes on where its log ends')
    this.log.appendAsFollower(batches, { nowMs })
    this.#flush()
    for (const { at } of wholeBatches(batches)) this.#noteVoters(batches, at)
  }

  truncateTo(offset: bigint, { nowMs }: { readonly nowMs: number }): void {
    this.log.truncateTo(offset, { nowMs })
    this.#voters = this.#voters.filter(each => each.offset < offset)
  }

  writeSnapshotPart(snapshot: LogPlace, position: bigint, bytes: Uint8Array): void {
    this.#snapshots.writePart(snapshot, position, bytes)
  }

  finishSnapshot(snapshot: LogPlace, { nowMs }: { readonly nowMs: number }): void {
    this.#snapshots.finish(snapshot)
    this.#startAt(snapshot, nowMs)
    this.#findVoters()
  }

  /** Writes what is committed, and all that is before the log's end, as a snapshot. */
  takeSnapshot(image: MetadataImage, nowMs: number): void {
    const { endOffset, voters } = this
    const timestampMs = BigInt(this.#timestampOf(nowMs))
    this.#snapshots.write(this.placeBefore(endOffset), { image, voters, timestampMs })
  }

  /**
   * Drops the oldest snapshots, and the records that the next one stands for, while there is more
   * than is kept or they are too old. The newest snapshot always stays. Below 0, an age is no limit.
   */
  clean(keep: {
    readonly bytesMax: bigint
    readonly ageMaxMs: bigint
    readonly nowMs: number
  }): void {
    for (;;) {
      const [oldest, next] = this.#snapshots.all
      if (oldest === undefined || next === undefined) break
      const bytes =
        this.log.sizeBytes +
        this.#snapshots.all.reduce((sum, each) => sum + this.#snapshots.sizeBytes(each), 0)
      const atMs = this.#timestampOf(keep.nowMs)
      const ageMs = BigInt(Math.trunc(atMs - this.#snapshots.modifiedMs(oldest)))
      const isOld = keep.ageMaxMs >= 0n && ageMs > keep.ageMaxMs
      if (BigInt(bytes) <= keep.bytesMax && !isOld) break
      this.#snapshots.remove(oldest)
      this.log.roll(keep.nowMs)
      this.log.deleteRecordsBefore(next.endOffset)
      this.log.applyRetention({ nowMs: keep.nowMs, highWatermark: next.endOffset })
    }
    this.log.removals.removeDue(keep.nowMs)
  }

  #write(
    records: readonly RecordInput[],
    batch: { readonly leaderEpoch: number; readonly nowMs: number; readonly control: boolean },
  ): void {
    const { leaderEpoch, nowMs, control } = batch
    const bytes = buildBatch({ records, control, leaderEpoch })
    this.log.appendAsLeader(bytes, { leaderEpoch, nowMs, origin: 'coordinator' })
  }

  #flush(): void {
    this.log.flush()
  }

  /**
   * A stop between the taking of a leader's snapshot and the emptying of the log is made good. A log
   * of earlier epochs than the snapshot is none that it was taken of, however long it is.
   */
  #finishInstalling(nowMs: number): void {
    const { latestSnapshot, latestEpoch, endOffset } = this
    if (latestSnapshot === null) return
    const { leaderEpoch } = latestSnapshot
    const isAhead = leaderEpoch === latestEpoch && latestSnapshot.endOffset > endOffset
    if (leaderEpoch > latestEpoch || isAhead) this.#startAt(latestSnapshot, nowMs)
  }

  #startAt(snapshot: LogPlace, nowMs: number): void {
    this.log.truncateFullyAndStartAt(snapshot.endOffset, { nowMs })
    this.log.assignEpochStart(snapshot.leaderEpoch, snapshot.endOffset)
    this.#flush()
    for (const each of this.#snapshots.all)
      if (each.endOffset < snapshot.endOffset) this.#snapshots.remove(each)
  }

  #findVoters(): void {
    this.#voters = [{ offset: -1n, voters: this.#formattedVoters }]
    const content = this.snapshotContent()
    if (content !== null) {
      const { endOffset } = content.snapshot
      if (content.voters !== null)
        this.#voters.push({ offset: endOffset - 1n, voters: content.voters })
    }
    let next = this.startOffset
    while (next < this.endOffset) {
      const bytes = this.read(next, this.endOffset, READ_BYTES)
      for (const { at } of wholeBatches(bytes)) {
        this.#noteVoters(bytes, at)
        next = lastOffsetOf(bytes, at) + 1n
      }
    }
  }

  #noteVoters(bytes: Uint8Array, at: number): void {
    if (!isControl(bytes, at)) return
    const offset = baseOffsetOf(bytes, at)
    const voters = readVoters(bytes, at)
    if (voters !== null) this.#voters.push({ offset, voters })
    // Fixed voters are those that the leaders name.
    else if (!isDynamic(this.voters)) {
      const ids = readLeaderChangeVoters(bytes, at)
      const { voters: known } = this
      const isNews = ids !== null && (ids.length !== known.size || !ids.every(id => known.has(id)))
      if (isNews) this.#voters.push({ offset, voters: fixedVoters(ids) })
    }
  }
}

export function metadataFolderOf(folder: string): string {
  return `${folder}/${partitionFolderName(METADATA_TOPIC, 0)}`
}
