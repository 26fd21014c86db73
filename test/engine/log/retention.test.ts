import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { segmentsToDelete, type RetentionInput } from '../../../engine/log/retention.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, config, nowMs, openLog, readAll } from './log-fixture.ts'

function input(overrides: Partial<RetentionInput> = {}): RetentionInput {
  return {
    segments: [0n, 10n, 20n, 30n].map((baseOffset, index) => ({
      baseOffset,
      nextOffset: baseOffset + 10n,
      sizeBytes: 100,
      largestTimestampMs: BigInt(nowMs - 40_000 + index * 10_000),
    })),
    config: config({ retentionMs: -1n }),
    nowMs,
    highWatermark: 40n,
    logStartOffset: 0n,
    ...overrides,
  }
}

const reasons = (overrides: Partial<RetentionInput>) =>
  segmentsToDelete(input(overrides)).map(({ baseOffset, reason }) => `${baseOffset} ${reason}`)

describe('retention', () => {
  test('nothing goes without a limit', () => {
    expect(reasons({})).toEqual([])
  })

  test('a segment goes once its latest record is older than retention.ms', () => {
    expect(reasons({ config: config({ retentionMs: 30_000n }) })).toEqual(['0 retention.ms'])
    expect(reasons({ config: config({ retentionMs: 29_999n }) })).toEqual([
      '0 retention.ms',
      '10 retention.ms',
    ])
  })

  test('size takes whole segments, and never more than the excess', () => {
    const limit = (retentionBytes: bigint) => ({
      config: config({ retentionMs: -1n, retentionBytes }),
    })
    expect(reasons(limit(301n))).toEqual([])
    expect(reasons(limit(300n))).toEqual(['0 retention.bytes'])
    expect(reasons(limit(0n))).toHaveLength(4)
  })

  test('what lies below the log start goes, also where only compaction is asked for', () => {
    const compacted = config({ cleanupPolicy: ['compact'], retentionMs: 0n, retentionBytes: 0n })
    expect(reasons({ config: compacted, logStartOffset: 20n })).toEqual([
      '0 log start offset',
      '10 log start offset',
    ])
  })

  test('nothing goes that the high watermark has not passed', () => {
    expect(reasons({ config: config({ retentionMs: 0n }), highWatermark: 29n })).toHaveLength(2)
  })

  test('one record of the future keeps its segment and all behind it', () => {
    const segments = input().segments.map((segment, index) =>
      index === 1 ? { ...segment, largestTimestampMs: BigInt(nowMs + 1e9) } : segment,
    )
    expect(reasons({ segments, config: config({ retentionMs: 0n }) })).toEqual(['0 retention.ms'])
  })

  test('an empty last segment stays', () => {
    const [first] = input().segments
    const empty = { ...first!, baseOffset: 10n, nextOffset: 10n, sizeBytes: 0 }
    const sweep = {
      segments: [first!, empty],
      config: config({ retentionMs: 0n }),
      highWatermark: 10n,
    }
    expect(reasons(sweep)).toEqual(['0 retention.ms'])
  })

  test('what goes is always a prefix below the high watermark', () => {
    const sweep = fc.record({
      retentionMs: fc.bigInt(-1n, 50_000n),
      retentionBytes: fc.bigInt(-1n, 500n),
      highWatermark: fc.bigInt(0n, 40n),
      logStartOffset: fc.bigInt(0n, 40n),
    })
    fc.assert(
      fc.property(sweep, ({ retentionMs, retentionBytes, ...rest }) => {
        const gone = segmentsToDelete(
          input({ config: config({ retentionMs, retentionBytes }), ...rest }),
        )
        expect(gone.map(({ baseOffset }) => baseOffset)).toEqual(
          [0n, 10n, 20n, 30n].slice(0, gone.length),
        )
        expect(BigInt(gone.length * 10)).toBeLessThanOrEqual(rest.highWatermark)
      }),
    )
  })

  test('files are renamed first and removed after file.delete.delay.ms', () => {
    const disk = new MemoryDisk()
    const log = openLog(disk, {
      config: config({ retentionMs: 1_000n, fileDeleteDelayMs: 60_000n }),
    })
    appendText(log, 'old')
    const later = nowMs + 5_000
    expect(log.applyRetention({ nowMs: later, highWatermark: 1n })).toEqual([
      { baseOffset: 0n, reason: 'retention.ms' },
    ])
    expect([log.logStartOffset, log.logEndOffset, log.sizeBytes]).toEqual([1n, 1n, 0])
    const deleted = () => [...disk.files.keys()].filter(path => path.endsWith('.deleted'))
    expect(deleted()).toHaveLength(3)
    expect(log.removals.nextDeadlineMs).toBe(later + 60_000)
    expect(log.removals.removeDue(later + 59_999)).toEqual([])
    expect(log.removals.removeDue(later + 60_000)).toHaveLength(3)
    expect(deleted()).toEqual([])
    appendText(log, 'new', later)
    expect(readAll(log)).toEqual([{ offset: 1n, text: 'new' }])
  })

  test('records without a timestamp age from the last write', () => {
    const timeless = openLog(new MemoryDisk(), { config: config({ retentionMs: 1_000n }) })
    timeless.appendAsLeader(timelessRecord(), { leaderEpoch: 0, nowMs, origin: 'client' })
    expect(timeless.applyRetention({ nowMs: nowMs + 1_000, highWatermark: 1n })).toEqual([])
    expect(timeless.applyRetention({ nowMs: nowMs + 1_001, highWatermark: 1n })).toHaveLength(1)
  })
})

function timelessRecord(): Uint8Array {
  return buildBatch({ records: [{ timestampMs: -1n, key: null, value: Buffer.from('x') }] })
}
