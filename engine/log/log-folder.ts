/**
 * One log.dir: whose it is, which partitions it holds, and the checkpoints over all of them.
 *
 * Partitions are found by listing and opened when they are first asked for, so that a start with
 * thousands of them costs one directory listing. The shell calls the timed work (retention,
 * removals, checkpoints, flushes); no clock runs here.
 */
import { assert } from '../support/assert.ts'
import { OperationalError } from '../support/operational-error.ts'
import type { Disk, FolderLock } from '../ports/disk.ts'
import {
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_CHECKPOINT,
  RECOVERY_POINT_CHECKPOINT,
  readCheckpoint,
  type PartitionOffset,
} from './checkpoint-file.ts'
import { Checkpoints } from './checkpoints.ts'
import { DelayedRemovals } from './delayed-removals.ts'
import { FileCache, OPEN_FILES_MAX } from './file-cache.ts'
import { KnownPartitions, type KnownPartition } from './known-partitions.ts'
import type { LogConfig } from './log-config.ts'
import {
  deletedFolderName,
  isDeletedFolderName,
  partitionFolderName,
  readPartitionFolderName,
} from './log-file-names.ts'
import {
  CLEAN_SHUTDOWN,
  readCleanShutdown,
  ownedDirectoryId,
  readPartitionMetadata,
  writeCleanShutdown,
  type CleanShutdown,
} from './log-folder-files.ts'
import { PartitionLog } from './partition-log.ts'
import { PiecewiseRemovals } from './piecewise-removals.ts'
import type { SegmentDeletion } from './retention.ts'

export interface LogFolderInput {
  readonly disk: Disk
  readonly folder: string
  readonly clusterId: string
  readonly nodeId: number
  /** Written to a folder that has none yet; an existing one is kept. */
  readonly directoryId: string
  /** What a topic is configured to, for partitions that are found on disk. */
  readonly configFor: (topic: string) => LogConfig
  readonly producerIdExpirationMs: number
  readonly nowMs: number
  /** What the wall clock says at a moment of `nowMs`; the same where not given. */
  readonly timestampOf?: (nowMs: number) => number
  readonly openFilesMax?: number
}

export interface FoundPartition {
  readonly topic: string
  readonly partition: number
  /** Null where the folder does not say. */
  readonly topicId: string | null
}

const LOCK_FILE = '.lock'

export class LogFolder {
  readonly folder: string
  readonly directoryId: string
  readonly timestampOf: (nowMs: number) => number
  /** How the last run ended; null where it did not end by itself. */
  readonly lastShutdown: CleanShutdown | null
  readonly #input: LogFolderInput
  readonly #disk: Disk
  readonly #lock: FolderLock
  readonly #files: FileCache
  readonly #removals: DelayedRemovals
  /** Whose delay has passed. */
  readonly #leaving: PiecewiseRemovals
  readonly #logs = new Map<string, PartitionLog>()
  /** On disk and not opened yet, by folder name. */
  readonly #unopened = new Map<string, { readonly topic: string; readonly partition: number }>()
  readonly #known: KnownPartitions
  readonly #recoveryPoints: Map<string, PartitionOffset>
  readonly #logStarts: Map<string, PartitionOffset>
  readonly #highWatermarks: Map<string, PartitionOffset>
  readonly #checkpoints: Checkpoints
  /** Deleted partitions that the checkpoints on the disk may still tell of. */
  readonly #outdated = new Set<string>()
  #closed = false

  /**
   * Claims the folder, and makes it where it is not there. Throws `OperationalError` when it
   * belongs to another cluster or node, or another process uses it.
   */
  static open(input: LogFolderInput): LogFolder {
    input.disk.makeFolder(input.folder)
    const lock = input.disk.lock(`${input.folder}/${LOCK_FILE}`)
    try {
      return new LogFolder(input, lock)
    } catch (error) {
      // Whatever went wrong, the next one to try must find the folder free.
      lock.release()
      throw error
    }
  }

  private constructor(input: LogFolderInput, lock: FolderLock) {
    const { disk, folder } = input
    this.#input = input
    this.#disk = disk
    this.#lock = lock
    this.folder = folder
    this.timestampOf = input.timestampOf ?? (nowMs => nowMs)
    this.directoryId = ownedDirectoryId(input)
    this.#files = new FileCache(disk, input.openFilesMax ?? OPEN_FILES_MAX)
    this.#removals = new DelayedRemovals(disk)
    this.#checkpoints = new Checkpoints(disk, folder)
    this.#leaving = new PiecewiseRemovals(disk)
    this.#recoveryPoints = this.#readOffsets(RECOVERY_POINT_CHECKPOINT)
    this.#logStarts = this.#readOffsets(LOG_START_CHECKPOINT)
    this.#highWatermarks = this.#readHighWatermarks()
    for (const { name, isFolder } of disk.list(folder) ?? []) {
      if (!isFolder) continue
      const found = readPartitionFolderName(name)
      if (found !== null) this.#unopened.set(name, found)
      else if (isDeletedFolderName(name)) this.#removals.add(`${folder}/${name}`, input.nowMs)
    }
    this.lastShutdown = readCleanShutdown(disk, folder)
    // From here on the next start must assume the worst.
    disk.remove(`${folder}/${CLEAN_SHUTDOWN}`)
    this.#known = KnownPartitions.take(disk, folder, this.lastShutdown?.brokerEpoch ?? null)
  }

  /** Opened ones only. */
  logs(): IterableIterator<PartitionLog> {
    return this.#logs.values()
  }

  /** All partitions the folder holds, opened or not; read as they are asked for. */
  *found(): Generator<FoundPartition, void> {
    for (const { topic, partition, topicId } of this.#logs.values())
      yield { topic, partition, topicId }
    for (const [name, { topic, partition }] of this.#unopened) {
      yield { topic, partition, topicId: this.#known.of(name)?.topicId ?? this.#topicIdIn(name) }
    }
  }

  #topicIdIn(name: string): string | null {
    return readPartitionMetadata(this.#disk, `${this.folder}/${name}`)
  }

  /** Opens every partition, recovering those that need it. */
  openAll(nowMs: number): void {
    for (const { topic, partition } of this.#unopened.values()) this.get(topic, partition, nowMs)
  }

  /**
   * The partition's log, opened where it was not; null where the folder holds none. A folder that
   * has lost its topic id, in a power cut, takes the one that is given.
   */
  get(topic: string, partition: number, nowMs: number, lostTopicId = ''): PartitionLog | null {
    const name = partitionFolderName(topic, partition)
    const held = this.#logs.get(name)
    if (held !== undefined) return held
    if (!this.#unopened.has(name)) return null
    const known = this.#known.of(name)
    const stored = known?.topicId ?? this.#topicIdIn(name)
    return this.#open({
      topic,
      partition,
      known,
      topicId: stored ?? lostTopicId,
      topicIdIsStored: stored !== null,
      config: this.#input.configFor(topic),
      nowMs,
    })
  }

  create(partition: {
    readonly topic: string
    readonly partition: number
    readonly topicId: string
    readonly config: LogConfig
    readonly nowMs: number
  }): PartitionLog {
    const name = partitionFolderName(partition.topic, partition.partition)
    assert(!this.#logs.has(name) && !this.#unopened.has(name), 'a partition is created once')
    this.#forgetOffsets(name)
    // Checkpoints on the disk still tell of one of its name that was deleted. A crash before they
    // are written again would have the new one's files taken for those.
    if (this.#outdated.has(name)) {
      this.#checkpoints.write(HIGH_WATERMARK_CHECKPOINT, this.#highWatermarks, { durable: false })
      this.#writeDurableCheckpoints()
    }
    return this.#open(partition)
  }

  #open(partition: {
    readonly topic: string
    readonly partition: number
    readonly topicId: string
    readonly topicIdIsStored?: boolean
    readonly known?: KnownPartition | null
    readonly config: LogConfig
    readonly nowMs: number
  }): PartitionLog {
    assert(!this.#closed, 'an open folder opens logs')
    const name = partitionFolderName(partition.topic, partition.partition)
    const log = PartitionLog.open({
      ...partition,
      disk: this.#disk,
      files: this.#files,
      folder: `${this.folder}/${name}`,
      // What this run made itself is sound: there was nothing before it.
      cleanShutdown: this.lastShutdown !== null || !this.#unopened.has(name),
      recoveryPoint: this.#recoveryPoints.get(name)?.offset ?? 0n,
      logStartOffset: this.#logStarts.get(name)?.offset ?? 0n,
      producerIdExpirationMs: this.#input.producerIdExpirationMs,
      timestampOf: this.timestampOf,
    })
    this.#unopened.delete(name)
    this.#known.forget(name)
    this.#logs.set(name, log)
    return log
  }

  /** Renames the partition's folder away; its files go after file.delete.delay.ms. */
  delete(topic: string, partition: number, nowMs: number): void {
    const name = partitionFolderName(topic, partition)
    const log = this.get(topic, partition, nowMs)
    if (log === null) return
    log.abandon()
    this.#logs.delete(name)
    this.#forgetOffsets(name)
    const uniqueHex = Buffer.from(log.topicId, 'base64url').toString('hex').padStart(32, '0')
    const path = `${this.folder}/${deletedFolderName(topic, partition, uniqueHex)}`
    this.#disk.remove(path)
    this.#leaving.forgetUnder(log.folder)
    this.#disk.rename(log.folder, path)
    this.#removals.add(path, nowMs + Number(log.config.fileDeleteDelayMs))
  }

  #forgetOffsets(name: string): void {
    for (const offsets of [this.#recoveryPoints, this.#logStarts, this.#highWatermarks])
      if (offsets.delete(name)) this.#outdated.add(name)
  }

  /** As last written; 0 where the checkpoint has none. */
  checkpointedHighWatermark(topic: string, partition: number): bigint {
    return this.#highWatermarks.get(partitionFolderName(topic, partition))?.offset ?? 0n
  }

  /**
   * Writes recovery points, log starts and, where `highWatermarkOf` is given, high watermarks.
   * Partitions that nobody opened keep what they had.
   */
  writeCheckpoints(highWatermarkOf?: (log: PartitionLog) => bigint): void {
    this.#noteOffsets(highWatermarkOf)
    this.#writeDurableCheckpoints()
    // It moves all the time, and a power cut that takes it costs a follower nothing but a fetch.
    if (highWatermarkOf !== undefined)
      this.#checkpoints.write(HIGH_WATERMARK_CHECKPOINT, this.#highWatermarks, { durable: false })
  }

  #writeDurableCheckpoints(): void {
    this.#checkpoints.write(RECOVERY_POINT_CHECKPOINT, this.#recoveryPoints, { durable: true })
    this.#checkpoints.write(LOG_START_CHECKPOINT, this.#logStarts, { durable: true })
    this.#outdated.clear()
  }

  /** As `writeCheckpoints`, and the thread does not wait for the device. */
  async writeCheckpointsAside(highWatermarkOf: (log: PartitionLog) => bigint): Promise<void> {
    // A log was truncated: that its new records are not durable must not be forgotten.
    if (this.#noteOffsets(highWatermarkOf)) {
      this.writeCheckpoints(highWatermarkOf)
      return
    }
    this.#checkpoints.write(HIGH_WATERMARK_CHECKPOINT, this.#highWatermarks, { durable: false })
    await this.#checkpoints.writeAside(RECOVERY_POINT_CHECKPOINT, this.#recoveryPoints)
    await this.#checkpoints.writeAside(LOG_START_CHECKPOINT, this.#logStarts)
  }

  /** Says whether a recovery point went back. */
  #noteOffsets(highWatermarkOf?: (log: PartitionLog) => bigint): boolean {
    let wentBack = false
    for (const [name, log] of this.#logs) {
      const { topic, partition, recoveryPoint } = log
      wentBack ||= recoveryPoint < (this.#recoveryPoints.get(name)?.offset ?? 0n)
      this.#recoveryPoints.set(name, { topic, partition, offset: recoveryPoint })
      // As Kafka: only where the files do not say it by themselves.
      if (log.logStartOffset > log.firstSegmentOffset)
        this.#logStarts.set(name, { topic, partition, offset: log.logStartOffset })
      else this.#logStarts.delete(name)
      if (highWatermarkOf !== undefined)
        this.#highWatermarks.set(name, { topic, partition, offset: highWatermarkOf(log) })
    }
    return wentBack
  }

  /** One sweep over all opened logs; what went, by partition. */
  applyRetention(
    nowMs: number,
    highWatermarkOf: (log: PartitionLog) => bigint,
  ): ReadonlyMap<PartitionLog, readonly SegmentDeletion[]> {
    const deleted = new Map<PartitionLog, readonly SegmentDeletion[]>()
    for (const log of this.#logs.values()) {
      const deletions = log.applyRetention({ nowMs, highWatermark: highWatermarkOf(log) })
      if (deletions.length > 0) deleted.set(log, deletions)
      log.removeExpiredProducers(nowMs)
      log.unloadColdIndexes()
    }
    return deleted
  }

  /** When `removeDue` next has something to do; null while it has not. */
  get nextRemovalMs(): number | null {
    let earliest = this.#removals.nextDeadlineMs
    for (const { removals } of this.#logs.values()) {
      const { nextDeadlineMs } = removals
      if (nextDeadlineMs !== null && (earliest === null || nextDeadlineMs < earliest))
        earliest = nextDeadlineMs
    }
    return earliest
  }

  /** Removes what has waited its delay, and returns the paths; large files go by calls of `cut`. */
  removeDue(nowMs: number): readonly string[] {
    const folders = this.#removals.takeDue(nowMs)
    for (const path of folders) this.#leaving.takeFolder(path)
    const files = [...this.#logs.values()].flatMap(log => log.removals.takeDue(nowMs))
    for (const path of files) this.#leaving.takeFile(path)
    return [...folders, ...files]
  }

  /** Removes a piece of what `removeDue` left there; says whether there is more. */
  cut(bytesMax: number): boolean {
    return this.#leaving.cut(bytesMax)
  }

  get openFileCount(): number {
    return this.#files.openCount
  }

  /** Of the opened logs. */
  get sizeBytes(): number {
    let bytes = 0
    for (const log of this.#logs.values()) bytes += log.sizeBytes
    return bytes
  }

  space(): { readonly freeBytes: bigint; readonly totalBytes: bigint } {
    return this.#disk.space(this.folder)
  }

  /** A clean end: all logs closed, checkpoints written, and the marker that says so. */
  close(end: {
    readonly brokerEpoch: bigint
    readonly highWatermarkOf?: (log: PartitionLog) => bigint
  }): void {
    if (this.#closed) return
    this.#closed = true
    for (const log of this.#logs.values()) log.close()
    this.writeCheckpoints(end.highWatermarkOf)
    // Logs that were never opened are only as sound as they were found.
    this.#leaving.cut(Infinity)
    if (this.lastShutdown !== null || this.#unopened.size === 0) {
      const { brokerEpoch } = end
      // A controller's stops have no number of their own.
      if (brokerEpoch >= 0n) this.#known.write(brokerEpoch, this.#logs)
      writeCleanShutdown(this.#disk, this.folder, { brokerEpoch })
    }
    this.#files.closeAll()
    this.#lock.release()
  }

  /** Lets go of all files and the folder, and writes nothing: what a crash leaves behind. */
  abandon(): void {
    this.#closed = true
    this.#leaving.abandon()
    this.#checkpoints.abandon()
    this.#files.closeAll()
    this.#lock.release()
  }

  /** Written without a sync, so a power cut may have spoiled it: then nothing is known. */
  #readHighWatermarks(): Map<string, PartitionOffset> {
    try {
      return this.#readOffsets(HIGH_WATERMARK_CHECKPOINT)
    } catch (error) {
      // Waiting for a file that is no checkpoint.
      if (!(error instanceof OperationalError)) throw error
      return new Map()
    }
  }

  #readOffsets(name: string): Map<string, PartitionOffset> {
    const offsets = readCheckpoint(this.#disk, `${this.folder}/${name}`)
    return new Map(offsets.map(entry => [partitionFolderName(entry.topic, entry.partition), entry]))
  }
}
