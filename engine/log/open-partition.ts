/**
 * Opening a partition, from its folder to a log that can be appended to: which of the loader's
 * steps are needed depends on how the last run ended.
 */
import type { Disk } from '../ports/disk.ts'
import { assert } from '../support/assert.ts'
import { FileCache } from './file-cache.ts'
import type { KnownPartition } from './known-partitions.ts'
import { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { LogConfig } from './log-config.ts'
import { readPartitionMetadata, writePartitionMetadata } from './log-folder-files.ts'
import { findFiles, recoverSegment, restoreProducers } from './log-loader.ts'
import { ProducerSnapshots } from './producer-snapshots.ts'
import { ProducerState } from './producer-state.ts'
import { newSegment, removeSegmentFiles, SegmentList } from './segment-list.ts'
import { Segment } from './segment.ts'

export interface OpenInput {
  readonly disk: Disk
  /** The partition's own folder; made where it is not there. */
  readonly folder: string
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  /** The folder's own file says the same, as whoever opens it has just read. */
  readonly topicIdIsStored?: boolean
  readonly config: LogConfig
  readonly nowMs: number
  /** What the wall clock says at a moment of `nowMs`; the same where not given. */
  readonly timestampOf?: (nowMs: number) => number
  /** The last run ended with `close`: files are then taken as they are. */
  readonly cleanShutdown: boolean
  /** From the checkpoints; 0 where they say nothing. */
  readonly recoveryPoint: bigint
  readonly logStartOffset: bigint
  readonly producerIdExpirationMs: number
  /** What the clean stop knew and nothing has changed since: no file is looked at then. */
  readonly known?: KnownPartition | null
  /** Shared among the partitions of a folder; one of its own when not given. */
  readonly files?: FileCache
}

export interface OpenedPartition {
  readonly topicId: string
  readonly files: FileCache
  readonly segments: SegmentList
  readonly epochs: LeaderEpochCache
  readonly producers: ProducerState
  readonly snapshots: ProducerSnapshots
  readonly logStartOffset: bigint
  readonly logEndOffset: bigint
  readonly recoveryPoint: bigint
}

export function openPartition(input: OpenInput): OpenedPartition {
  const { disk, folder, cleanShutdown, known = null } = input
  if (known !== null) return openKnown(input, known)
  const timestampMs = input.timestampOf?.(input.nowMs) ?? input.nowMs
  const files = input.files ?? new FileCache(disk)
  if (!disk.exists(folder)) disk.makeFolder(folder)
  const stored = input.topicIdIsStored === true
  const topicId = stored ? input.topicId : readPartitionMetadata(disk, folder)
  if (topicId === null) writePartitionMetadata(disk, folder, input.topicId)

  const found = findFiles(files, folder, timestampMs)
  const { segments } = found
  const epochs = LeaderEpochCache.open(disk, folder)
  const snapshots = new ProducerSnapshots(disk, folder, found.snapshotOffsets)
  const recoverFrom = epochs.wasDamaged ? 0n : cleanShutdown ? null : input.recoveryPoint
  recover({ input, files, segments, epochs, withoutIndex: found.withoutIndex, recoverFrom })

  const unusable = segments.length > 0 && endOf(segments) < input.logStartOffset
  if (unusable) for (const segment of segments.splice(0)) removeSegmentFiles(files, segment)
  if (segments.length === 0) {
    if (unusable) epochs.clear()
    segments.push(newSegment(files, folder, input.logStartOffset, timestampMs))
  }
  const logEndOffset = endOf(segments)
  const firstOffset = segments[0]!.baseOffset
  const logStartOffset = input.logStartOffset > firstOffset ? input.logStartOffset : firstOffset
  epochs.truncateFromEnd(logEndOffset)
  epochs.truncateFromStart(logStartOffset)
  if (epochs.wasDamaged) epochs.flush()
  else epochs.save()

  const producers = new ProducerState(`${input.topic}-${input.partition}`, logStartOffset)
  restoreProducers(
    { segments, snapshots, state: producers },
    { startOffset: logStartOffset, endOffset: logEndOffset },
    { nowMs: timestampMs, expirationMs: input.producerIdExpirationMs },
  )
  const recoveryPoint = cleanShutdown ? logEndOffset : lesser(input.recoveryPoint, logEndOffset)
  return {
    topicId: topicId ?? input.topicId,
    files,
    segments: new SegmentList(files, folder, segments),
    epochs,
    producers,
    snapshots,
    logStartOffset,
    logEndOffset,
    recoveryPoint: recoveryPoint > logStartOffset ? recoveryPoint : logStartOffset,
  }
}

/** To the same end as `openPartition` comes to for a log that was closed. */
function openKnown(input: OpenInput, known: KnownPartition): OpenedPartition {
  assert(input.cleanShutdown, 'what is known is from a clean stop')
  const { disk, folder, nowMs } = input
  const { logEndOffset } = known
  const timestampMs = input.timestampOf?.(nowMs) ?? nowMs
  const files = input.files ?? new FileCache(disk)
  const segments = known.segments.map(
    segment => new Segment({ ...segment, files, folder, createdMs: timestampMs }),
  )
  const firstOffset = segments[0]!.baseOffset
  const logStartOffset = input.logStartOffset > firstOffset ? input.logStartOffset : firstOffset
  const epochs = LeaderEpochCache.known(disk, folder, known.epochs)
  epochs.truncateFromEnd(logEndOffset)
  epochs.truncateFromStart(logStartOffset)
  const snapshots = new ProducerSnapshots(disk, folder, known.snapshotOffsets)
  const producers = new ProducerState(`${input.topic}-${input.partition}`, logEndOffset)
  if (known.producerCount > 0)
    restoreProducers(
      { segments, snapshots, state: producers },
      { startOffset: logStartOffset, endOffset: logEndOffset },
      { nowMs: timestampMs, expirationMs: input.producerIdExpirationMs },
    )
  return {
    topicId: known.topicId,
    files,
    segments: new SegmentList(files, folder, segments),
    epochs,
    producers,
    snapshots,
    logStartOffset,
    logEndOffset,
    recoveryPoint: logEndOffset,
  }
}

/** Checks what was not durable, and rebuilds what has lost its index. */
function recover({
  input,
  files,
  segments,
  epochs,
  withoutIndex,
  recoverFrom,
}: {
  readonly input: OpenInput
  readonly files: FileCache
  readonly segments: Segment[]
  readonly epochs: LeaderEpochCache
  readonly withoutIndex: ReadonlySet<Segment>
  /** Null after a clean stop. */
  readonly recoverFrom: bigint | null
}): void {
  let expectedOffset = 0n
  let isUnflushed = false
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1]
    const holdsUnflushed =
      recoverFrom !== null && (next === undefined || next.baseOffset > recoverFrom)
    // The file of the epochs is as durable as the batches are.
    if (holdsUnflushed && !isUnflushed) epochs.forgetFrom(segment.baseOffset)
    isUnflushed ||= holdsUnflushed
    if (holdsUnflushed || withoutIndex.has(segment)) {
      const context = {
        epochs,
        indexIntervalBytes: input.config.indexIntervalBytes,
        expectedOffset,
      }
      const { truncatedBytes, endOffset } = recoverSegment(segment, context)
      expectedOffset = endOffset
      // A power cut may end a file between two batches: what it took is then not torn, but missing.
      const endsEarly = next !== undefined && endOffset < next.baseOffset
      if ((truncatedBytes > 0 && next !== undefined) || endsEarly) {
        // A hole would be read over, and nobody would fetch what was in it: later segments go.
        for (const later of segments.splice(index + 1)) removeSegmentFiles(files, later)
        return
      }
    } else expectedOffset = next?.baseOffset ?? expectedOffset
  }
}

function endOf(segments: readonly Segment[]): bigint {
  return segments[segments.length - 1]!.readNextOffset()
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
