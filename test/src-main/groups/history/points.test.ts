import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  columnsOfRange,
  thinned,
  type LagPoint,
  type WatchedSpan,
} from '../../../../src-main/groups/history/points.ts'

const points = fc
  .array(fc.record({ afterMs: fc.integer({ min: 1, max: 90_000 }), lag: fc.nat(10_000) }), {
    maxLength: 200,
  })
  .map(steps => {
    let atMs = 1_000_000
    return steps.map(({ afterMs, lag }) => point((atMs += afterMs), lag))
  })

describe('points put together', () => {
  test('keep the highest peak, the last lag of each step, and their order', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 600_000 }), (given, stepMs) => {
        const kept = thinned(given, stepMs)
        const stepOf = ({ atMs }: LagPoint) => Math.floor(atMs / stepMs)
        const steps = Map.groupBy(given, stepOf)
        expect(kept.map(stepOf)).toEqual([...steps.keys()])
        for (const each of kept) {
          const own = steps.get(stepOf(each))!
          expect(each.lag).toBe(own.at(-1)!.lag)
          expect(each.peak).toBe(Math.max(...own.map(({ peak }) => peak)))
        }
      }),
    )
  })

  test('twice gives what once with the longer step gives', () => {
    fc.assert(
      fc.property(points, given => {
        const twice = thinned(thinned(given, 60_000), 600_000)
        expect(twice).toEqual(thinned(given, 600_000))
      }),
    )
  })
})

const spans = fc
  .array(
    fc.record({ pauseMs: fc.integer({ min: 1_000, max: 500_000 }), longMs: fc.nat(900_000) }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map(list => {
    let atMs = 900_000
    return list.map(({ pauseMs, longMs }): WatchedSpan => {
      const fromMs = atMs + pauseMs
      atMs = fromMs + longMs
      return { fromMs, untilMs: atMs }
    })
  })

describe('the columns of a chart', () => {
  test('show at each time what stood then, and nothing where nobody looked', () => {
    fc.assert(
      fc.property(spans, fc.nat(), fc.nat(), (watched, seed, fromShare) => {
        const given = watchedPoints(watched, seed)
        const end = watched.at(-1)!.untilMs
        const fromMs = 900_000 + (fromShare % (end - 900_000 + 1))
        const { timesMs, lags } = columnsOfRange(given, watched, {
          fromMs,
          untilMs: end,
          pointsMax: 10_000,
        })
        expect(timesMs).toEqual([...timesMs].sort((a, b) => a - b))
        for (const [index, atMs] of timesMs.entries()) {
          const span = watched.find(each => each.fromMs <= atMs && atMs <= each.untilMs)
          const stood = given.findLast(
            each => each.atMs <= atMs && each.atMs >= (span?.fromMs ?? 0),
          )
          expect(lags[index]).toBe(span === undefined ? null : (stood?.lag ?? null))
          expect(atMs).toBeGreaterThanOrEqual(fromMs - 1)
        }
        // Nothing that changed within the range is missing.
        const inside = given.filter(({ atMs }) => atMs >= fromMs)
        for (const { atMs } of inside) expect(timesMs).toContain(atMs)
      }),
    )
  })

  test('of a lag that stands still are two ends of a line', () => {
    const watched = [{ fromMs: 0, untilMs: 10_000 }]
    const { timesMs, lags } = columnsOfRange([point(0, 7)], watched, {
      fromMs: 4_000,
      untilMs: 12_000,
      pointsMax: 100,
    })
    expect([timesMs, lags]).toEqual([
      [4_000, 10_000],
      [7, 7],
    ])
  })

  test('of more points than are asked for are put together, the peaks kept', () => {
    const given = Array.from({ length: 1_000 }, (_, n) => point(n * 100, n === 500 ? 9_999 : n % 7))
    const { timesMs, peaks, stepMs } = columnsOfRange(given, [{ fromMs: 0, untilMs: 100_000 }], {
      fromMs: 0,
      untilMs: 100_000,
      pointsMax: 50,
    })
    expect(stepMs).toBe(2_000)
    expect(timesMs.length).toBeLessThanOrEqual(53)
    expect(Math.max(...peaks.map(Number))).toBe(9_999)
  })
})

/** As they are written: at the beginning of each span, and now and then within it. */
function watchedPoints(watched: readonly WatchedSpan[], seed: number): readonly LagPoint[] {
  return watched.flatMap(({ fromMs, untilMs }, place) => {
    const more = (seed + place) % 4
    const lengthMs = untilMs - fromMs
    const at = [0, ...Array.from({ length: more }, (_, n) => Math.floor((lengthMs * (n + 1)) / 5))]
    return [...new Set(at)].map((afterMs, n) => point(fromMs + afterMs, seed + place * 10 + n))
  })
}

function point(atMs: number, lag: number): LagPoint {
  return { atMs, lag, peak: lag, lagTimeMs: null }
}
