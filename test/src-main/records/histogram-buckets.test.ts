import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fittingBuckets } from '../../../src-main/records/histogram.ts'

describe('buckets of a histogram', () => {
  test('cover the range with no bucket too many and none left over', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 4_000_000_000_000n),
        fc.bigInt(1n, 4_000_000_000_000n),
        fc.integer({ min: 1, max: 400 }),
        (from, span, most) => {
          const to = from + span
          const { fromMs, bucketMs, count } = fittingBuckets(from, to, most)
          const end = fromMs + BigInt(count) * bucketMs
          expect(count).toBeLessThanOrEqual(most)
          expect(fromMs).toBeLessThanOrEqual(from)
          expect(from - fromMs).toBeLessThan(bucketMs)
          expect(end).toBeGreaterThanOrEqual(to)
          expect(end - to).toBeLessThan(bucketMs)
        },
      ),
    )
  })

  test.each([
    [100n, 60, 2n],
    [60_000n, 60, 1_000n],
    [61_000n, 60, 2_000n],
    [3_600_000n, 100, 60_000n],
    [86_400_000n, 100, 900_000n],
    [30n * 86_400_000n, 30, 86_400_000n],
    [4_000n * 86_400_000n, 60, 100n * 86_400_000n],
  ])('of %s ms in at most %s are %s ms long', (span, most, bucketMs) => {
    expect(fittingBuckets(0n, span, most).bucketMs).toBe(bucketMs)
  })
})
