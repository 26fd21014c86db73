/** When retention takes each segment of a log. Pure: the rules of `engine/log/retention.ts` ahead. */
import type { LogDescription } from '../../engine/log/describe-log.ts'
import type { SegmentForecast } from '../contract/model/storage.ts'

/**
 * A segment goes only after all before it, so what holds one holds those behind it; and none goes
 * that the high watermark has not passed.
 */
export function forecastRetention(
  { segments, retention, logStartOffset, highWatermark }: LogDescription,
  nowMs: bigint,
): readonly SegmentForecast[] {
  const deletes = retention.cleanupPolicy.includes('delete')
  const { retentionMs, retentionBytes } = retention
  const totalBytes = segments.reduce((sum, { sizeBytes }) => sum + BigInt(sizeBytes), 0n)
  let throughBytes = 0n
  /** When time has taken all segments up to here; null if it never does. */
  let dueMs: bigint | null = null
  return segments.map((segment, index): SegmentForecast => {
    throughBytes += BigInt(segment.sizeBytes)
    if (deletes && retentionMs >= 0n) {
      const own = segment.largestTimestampMs + retentionMs + 1n
      dueMs = dueMs === null || own > dueMs ? own : dueMs
    }
    const isEmptyLast = index === segments.length - 1 && segment.sizeBytes === 0
    if (segment.nextOffset <= logStartOffset && !isEmptyLast)
      return { type: 'due', reason: 'log start offset' }
    if (segment.nextOffset > highWatermark) return { type: 'kept', why: 'not-committed' }
    if (!deletes) return { type: 'kept', why: 'compacted' }
    if (isEmptyLast) return { type: 'kept', why: 'no-limit' }
    if (dueMs !== null && dueMs <= nowMs) return { type: 'due', reason: 'retention.ms' }
    const missing = retentionBytes < 0n ? null : retentionBytes + throughBytes - totalBytes
    if (missing !== null && missing <= 0n) return { type: 'due', reason: 'retention.bytes' }
    if (dueMs !== null) return { type: 'at', reason: 'retention.ms', timestampMs: dueMs }
    if (missing !== null) return { type: 'after-bytes', reason: 'retention.bytes', bytes: missing }
    return { type: 'kept', why: 'no-limit' }
  })
}
