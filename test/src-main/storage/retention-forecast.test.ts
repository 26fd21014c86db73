import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogDescription } from '../../../engine/log/describe-log.ts'
import { defaultLogConfig } from '../../../engine/log/log-config.ts'
import { segmentsToDelete } from '../../../engine/log/retention.ts'
import { forecastRetention } from '../../../src-main/storage/retention-forecast.ts'

const startMs = 1_700_000_000_000n

const logs = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 8 }),
    times: fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 8, maxLength: 8 }),
    activeIsEmpty: fc.boolean(),
    retentionMs: fc.constantFrom(-1n, 0n, 500n, 5_000n),
    retentionBytes: fc.constantFrom(-1n, 0n, 700n, 3_000n),
    deletes: fc.boolean(),
    logStart: fc.bigInt({ min: 0n, max: 40n }),
    uncommitted: fc.bigInt({ min: 0n, max: 15n }),
  })
  .map(({ sizes, times, activeIsEmpty, ...world }): LogDescription => {
    const last = sizes.length - 1
    const end = BigInt(activeIsEmpty ? last : sizes.length) * 10n
    const segments = sizes.map((sizeBytes, index) => ({
      baseOffset: BigInt(index) * 10n,
      nextOffset: index === last ? end : BigInt(index + 1) * 10n,
      sizeBytes: index === last && activeIsEmpty ? 0 : sizeBytes,
      maxTimestampMs: startMs + times[index]!,
      largestTimestampMs: startMs + times[index]!,
      active: index === last,
    }))
    const highWatermark = end - world.uncommitted < 0n ? 0n : end - world.uncommitted
    return {
      folder: '/data/orders-0',
      logStartOffset: world.logStart > highWatermark ? highWatermark : world.logStart,
      highWatermark,
      logEndOffset: end,
      recoveryPoint: 0n,
      segments,
      epochs: [],
      producers: [],
      retention: {
        cleanupPolicy: world.deletes ? ['delete'] : ['compact'],
        retentionMs: world.retentionMs,
        retentionBytes: world.retentionBytes,
        segmentBytes: 1_000_000,
        segmentMs: 1_000_000n,
        fileDeleteDelayMs: 0n,
        checkIntervalMs: 1n,
      },
    }
  })

/** What the broker's own decision takes at that moment. */
function takenAt(log: LogDescription, nowMs: bigint): ReadonlySet<bigint> {
  const deletions = segmentsToDelete({
    segments: log.segments,
    config: { ...defaultLogConfig, ...log.retention },
    nowMs: Number(nowMs),
    highWatermark: log.highWatermark,
    logStartOffset: log.logStartOffset,
  })
  return new Set(deletions.map(({ baseOffset }) => baseOffset))
}

test('what is due goes now, and nothing else does', () => {
  fc.assert(
    fc.property(logs, fc.bigInt({ min: 0n, max: 20_000n }), (log, later) => {
      const nowMs = startMs + later
      const due = forecastRetention(log, nowMs).flatMap((forecast, index) =>
        forecast.type === 'due' ? [log.segments[index]!.baseOffset] : [],
      )
      expect(new Set(due)).toEqual(takenAt(log, nowMs))
    }),
    { numRuns: 2_000 },
  )
})

test('a segment that goes at a moment goes then, and not a millisecond before', () => {
  fc.assert(
    fc.property(logs, log => {
      forecastRetention(log, startMs).forEach((forecast, index) => {
        if (forecast.type !== 'at') return
        const { baseOffset } = log.segments[index]!
        expect(takenAt(log, forecast.timestampMs).has(baseOffset)).toBe(true)
        expect(takenAt(log, forecast.timestampMs - 1n).has(baseOffset)).toBe(false)
      })
    }),
    { numRuns: 2_000 },
  )
})

test('a segment that goes after more bytes goes with them, and not with one less', () => {
  fc.assert(
    fc.property(logs, log => {
      forecastRetention(log, startMs).forEach((forecast, index) => {
        if (forecast.type !== 'after-bytes') return
        const { baseOffset } = log.segments[index]!
        const grown = (bytes: bigint): LogDescription => {
          const segments = log.segments.map((segment, at) =>
            at === log.segments.length - 1
              ? { ...segment, sizeBytes: segment.sizeBytes + Number(bytes) }
              : segment,
          )
          return { ...log, segments }
        }
        // The last segment's own growth does not count against itself.
        if (index === log.segments.length - 1) return
        expect(takenAt(grown(forecast.bytes), startMs).has(baseOffset)).toBe(true)
        expect(takenAt(grown(forecast.bytes - 1n), startMs).has(baseOffset)).toBe(false)
      })
    }),
    { numRuns: 2_000 },
  )
})
