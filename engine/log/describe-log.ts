/**
 * A partition's log as its broker has it in memory: offsets, segments, epochs, producers, and what
 * of its configuration decides about its files. What the files themselves say is read elsewhere.
 */
import type { EpochEntry } from './leader-epoch-cache.ts'
import type { PartitionLog } from './partition-log.ts'
import type { ProducerEntry } from './producer-state.ts'

export interface LogDescription {
  readonly folder: string
  readonly logStartOffset: bigint
  readonly highWatermark: bigint
  readonly logEndOffset: bigint
  /** Everything below it survives a power cut. */
  readonly recoveryPoint: bigint
  readonly segments: readonly DescribedSegment[]
  readonly epochs: readonly EpochEntry[]
  readonly producers: readonly ProducerEntry[]
  readonly retention: RetentionRules
}

export interface DescribedSegment {
  readonly baseOffset: bigint
  /** The next segment's base offset; of the last one, the log end offset. */
  readonly nextOffset: bigint
  readonly sizeBytes: number
  /** -1 where no record has a timestamp. */
  readonly maxTimestampMs: bigint
  /** What retention counts from: the latest record, or the last write where none has a time. */
  readonly largestTimestampMs: bigint
  readonly active: boolean
}

export interface RetentionRules {
  readonly cleanupPolicy: readonly ('delete' | 'compact')[]
  /** -1 keeps records for ever. */
  readonly retentionMs: bigint
  /** -1 is no limit. */
  readonly retentionBytes: bigint
  readonly segmentBytes: number
  readonly segmentMs: bigint
  readonly fileDeleteDelayMs: bigint
  /** log.retention.check.interval.ms */
  readonly checkIntervalMs: bigint
}

export function describeLog(
  log: PartitionLog,
  { highWatermark, checkIntervalMs }: { highWatermark: bigint; checkIntervalMs: bigint },
): LogDescription {
  const { cleanupPolicy, retentionMs, retentionBytes, segmentBytes, segmentMs, fileDeleteDelayMs } =
    log.config
  return {
    folder: log.folder,
    logStartOffset: log.logStartOffset,
    highWatermark,
    logEndOffset: log.logEndOffset,
    recoveryPoint: log.recoveryPoint,
    segments: log.segments(),
    epochs: log.epochs(),
    producers: log.activeProducers(),
    retention: {
      cleanupPolicy,
      retentionMs,
      retentionBytes,
      segmentBytes,
      segmentMs,
      fileDeleteDelayMs,
      checkIntervalMs,
    },
  }
}
