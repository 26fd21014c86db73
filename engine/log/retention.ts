/**
 * Which segments may go, and why. A pure decision over sizes, times and offsets, in Apache Kafka's
 * order: by time, by size, then what lies below the log start offset. Whole segments only, from the
 * oldest on, and none that the high watermark has not passed.
 */
import type { LogConfig } from './log-config.ts'

export interface RetainedSegment {
  readonly baseOffset: bigint
  /** The base offset of the next segment; of the last one, the log end offset. */
  readonly nextOffset: bigint
  readonly sizeBytes: number
  readonly largestTimestampMs: bigint
}

export type DeletionReason = 'retention.ms' | 'retention.bytes' | 'log start offset'

export interface SegmentDeletion {
  readonly baseOffset: bigint
  readonly reason: DeletionReason
}

export interface RetentionInput {
  /** In order. */
  readonly segments: readonly RetainedSegment[]
  readonly config: LogConfig
  readonly nowMs: number
  readonly highWatermark: bigint
  readonly logStartOffset: bigint
}

/** The segments to delete: a prefix of the given ones. */
export function segmentsToDelete(input: RetentionInput): readonly SegmentDeletion[] {
  const { segments, config } = input
  const deletions: SegmentDeletion[] = []
  const deletePrefix = (reason: DeletionReason, goes: (segment: RetainedSegment) => boolean) => {
    for (let index = deletions.length; index < segments.length; index++) {
      const segment = segments[index]!
      if (segment.nextOffset > input.highWatermark || isLastAndEmpty(segments, index)) return
      if (!goes(segment)) return
      deletions.push({ baseOffset: segment.baseOffset, reason })
    }
  }
  if (config.cleanupPolicy.includes('delete')) {
    if (config.retentionMs >= 0n)
      deletePrefix('retention.ms', ({ largestTimestampMs }) => {
        return BigInt(input.nowMs) - largestTimestampMs > config.retentionMs
      })
    if (config.retentionBytes >= 0n) {
      let excess = BigInt(sizeOf(segments.slice(deletions.length))) - config.retentionBytes
      deletePrefix('retention.bytes', ({ sizeBytes }) => {
        if (excess < BigInt(sizeBytes)) return false
        excess -= BigInt(sizeBytes)
        return true
      })
    }
  }
  deletePrefix('log start offset', ({ nextOffset }) => nextOffset <= input.logStartOffset)
  return deletions
}

function isLastAndEmpty(segments: readonly RetainedSegment[], index: number): boolean {
  return index === segments.length - 1 && segments[index]!.sizeBytes === 0
}

function sizeOf(segments: readonly RetainedSegment[]): number {
  return segments.reduce((sum, segment) => sum + segment.sizeBytes, 0)
}
