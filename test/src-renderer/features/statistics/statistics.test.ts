import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { statisticsJson } from '../../../../src-renderer/features/statistics/export-json.ts'
import { hourBars } from '../../../../src-renderer/features/statistics/hour-bars.ts'
import { shareOf } from '../../../../src-renderer/features/statistics/totals.tsx'

const HOUR = 3_600_000n

describe('the bars of the hours', () => {
  test('hold every record once, in a number that fits, whatever hours there are', () => {
    const hour = fc.record({
      hour: fc.bigInt({ min: 0n, max: 2_000_000n }),
      records: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    })
    fc.assert(
      fc.property(fc.uniqueArray(hour, { minLength: 1, selector: each => each.hour }), hours => {
        const counts = hours
          .sort((a, b) => (a.hour < b.hour ? -1 : 1))
          .map(({ hour: at, records }) => ({ hourMs: at * HOUR, records, bytes: records * 2n }))
        const { bars } = hourBars(counts)!
        const sum = (values: readonly bigint[]) => values.reduce((all, each) => all + each, 0n)
        expect(sum(bars.map(({ records }) => records))).toBe(
          sum(counts.map(({ records }) => records)),
        )
        expect(bars.length).toBeLessThanOrEqual(122)
        for (const [place, bar] of bars.entries())
          if (place > 0) expect(bar.startMs).toBe(bars[place - 1]!.endMs)
      }),
    )
  })

  test('of an empty topic are none', () => {
    expect(hourBars([])).toBeNull()
  })
})

test('a share is told finely where it is little, and never as nothing where there is something', () => {
  expect(shareOf(0n, 10n)).toBe('0 %')
  expect(shareOf(1n, 1_000_000n)).toBe('< 0.01 %')
  expect(shareOf(3n, 1_000n)).toBe('0.3 %')
  expect(shareOf(1n, 3n)).toBe('33 %')
  expect(shareOf(0n, 0n)).toBe('')
})

test('an export is JSON that keeps all digits of an int64, and bytes as base64', () => {
  const text = statisticsJson({
    topic: 'orders',
    startedAtMs: 9_007_199_254_740_993n,
    largestKeys: { byCount: [{ keyBytes: new Uint8Array([0, 255]) }], byBytes: [] },
    progress: { percent: 100, partitions: [], unreadable: [] },
  } as never)
  expect(text).toContain('"startedAtMs": 9007199254740993')
  expect(JSON.parse(text)).toMatchObject({
    topic: 'orders',
    largestKeys: { byCount: [{ keyBytes: 'AP8=' }] },
    read: { percent: 100 },
  })
})
