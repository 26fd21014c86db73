import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordHistogram } from '../../../../src-main/contract/model/record.ts'
import {
  barsOf,
  bucketAt,
  countIn,
  rangeOf,
} from '../../../../src-renderer/features/messages/histogram/histogram-scale.ts'
import { RateMeter } from '../../../../src-renderer/features/messages/live/rate-meter.ts'

const histogram: RecordHistogram = {
  fromMs: 1_000n,
  toMs: 1_095n,
  bucketMs: 10n,
  counts: [1n, 0n, 4n, 0n, 0n, 0n, 0n, 0n, 0n, 100n],
  beforeCount: 0n,
  afterCount: 0n,
  estimate: [],
  partitionCount: 1,
  askedPartitionCount: 1,
  problems: [],
}

describe('a histogram', () => {
  test('a stretch is the same from either end, and never leaves the whole', () => {
    const bucket = fc.nat({ max: 9 })
    fc.assert(
      fc.property(bucket, bucket, (a, b) => {
        const range = rangeOf(a, b, histogram)
        expect(range).toEqual(rangeOf(b, a, histogram))
        expect(range.fromMs >= 1_000n && range.toMs <= 1_095n && range.fromMs < range.toMs).toBe(
          true,
        )
        expect(countIn(a, b, histogram)).toBe(countIn(b, a, histogram))
      }),
    )
    expect(rangeOf(2, 4, histogram)).toEqual({ fromMs: 1_020n, toMs: 1_050n })
    expect(countIn(0, 2, histogram)).toBe(5n)
  })

  test('every place on it is a bucket', () => {
    expect([-1, 0, 0.09, 0.1, 0.999, 1, 7].map(share => bucketAt(share, histogram))).toEqual([
      0, 0, 0, 1, 9, 9, 9,
    ])
  })

  test('one record shows beside a hundred, and none does not', () => {
    expect(barsOf(histogram.counts)).toEqual([
      { index: 0, height: 0.1 },
      { index: 2, height: 0.2 },
      { index: 9, height: 1 },
    ])
    expect(barsOf([0n, 0n])).toEqual([])
  })
})

describe('a rate', () => {
  test('is that of the last seconds, and none before it can be known', () => {
    const meter = new RateMeter()
    meter.add(0, 1_000n)
    expect(meter.perSecond(100)).toBeNull()
    meter.add(1_000, 1_500n)
    expect(meter.perSecond(1_000)).toBe(500)
    for (let second = 2; second <= 20; second += 1) meter.add(second * 1_000, 1_500n)
    expect(meter.perSecond(20_000)).toBe(0)
  })
})
