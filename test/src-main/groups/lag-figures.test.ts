import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  drainOf,
  drainWithout,
  longestLagTime,
  sampledLagTime,
  slowestDrain,
  totalTrend,
  trendOf,
} from '../../../src-main/groups/lag-figures.ts'
import type { LagTrend } from '../../../src-main/contract/model/group.ts'
import { OffsetHistory } from '../../../src-main/groups/offset-history.ts'

const rate = fc.integer({ min: 0, max: 100_000 })

describe('the trend', () => {
  test('finds the rates that a steady group and a steady producer have', () => {
    fc.assert(
      fc.property(rate, rate, fc.integer({ min: 1, max: 10 }), (produced, consumed, everyS) => {
        const trend = trendOf(steady(consumed, everyS), steady(produced, everyS), 120_000)
        expect(trend?.producedPerSecond).toBeCloseTo(produced, 5)
        expect(trend?.consumedPerSecond).toBeCloseTo(consumed, 5)
        expect(trend?.windowMs).toBeLessThanOrEqual(60_000)
      }),
    )
  })

  test('is not known before ten seconds of looking', () => {
    const short = historyOf([
      [0, 0],
      [9_000, 90],
    ])
    expect(trendOf(short, steady(5, 1), 9_000)).toBeNull()
  })

  test('of a group that was reset counts from the reset on', () => {
    const committed = historyOf([
      [0, 500],
      [10_000, 600],
      [20_000, 0],
      [40_000, 200],
    ])
    expect(trendOf(committed, steady(1, 1), 40_000)).toMatchObject({
      windowMs: 20_000,
      consumedPerSecond: 10,
    })
  })

  test('of all partitions is their sum, over the shortest window', () => {
    const one = { windowMs: 60_000, producedPerSecond: 5, consumedPerSecond: 1, commitStep: 3 }
    const other = { windowMs: 20_000, producedPerSecond: 2, consumedPerSecond: 8, commitStep: 9 }
    expect(totalTrend([one, null, other])).toEqual({
      windowMs: 20_000,
      producedPerSecond: 7,
      consumedPerSecond: 9,
      commitStep: 12,
    })
    expect(totalTrend([null])).toBeNull()
  })
})

describe('the time to drain', () => {
  test('is when the lag is zero, if both rates go on', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10_000_000n), rate, rate, (lag, produced, consumed) => {
        const trend = trendWith({ producedPerSecond: produced, consumedPerSecond: consumed })
        const drain = drainOf(lag, trend)
        if (consumed <= produced) {
          expect(drain).toEqual({
            type: 'never',
            reason: consumed < produced ? 'growing' : 'standing',
          })
          return
        }
        expect(drain.type).toBe('in')
        const seconds = drain.type === 'in' ? drain.ms / 1_000 : NaN
        const left = Number(lag) + produced * seconds - consumed * seconds
        expect(Math.abs(left)).toBeLessThan(Number(lag) * 1e-6 + 1e-3)
      }),
    )
  })

  test('is not told by commits that are as far apart as the lag is long', () => {
    // A hundred records a second, all read at once, and committed every five seconds.
    const end = steady(100, 1)
    const committedAt = (second: number) => 500 * Math.floor(second / 5)
    const committed = new OffsetHistory(14)
    for (let second = 0; second <= 120; second++) {
      committed.add(second * 1_000, committedAt(second))
      const lag = 100 * second - committedAt(second)
      if (second < 20 || lag === 0) continue
      const trend = trendOf(committed, end, second * 1_000)
      expect(drainOf(BigInt(lag), trend)).toEqual({ type: 'keeping-up' })
    }
  })

  test('is never, and no more than standing, while lag has grown by less than a commit', () => {
    const falling = { consumedPerSecond: 90, producedPerSecond: 100 }
    expect(drainOf(50_000n, trendWith({ ...falling, commitStep: 700 }))).toEqual({
      type: 'never',
      reason: 'standing',
    })
    expect(drainOf(50_000n, trendWith({ ...falling, commitStep: 500 }))).toEqual({
      type: 'never',
      reason: 'growing',
    })
  })

  test('is over without lag, and unknown without rates', () => {
    expect(drainOf(0n, null)).toEqual({ type: 'drained' })
    expect(drainOf(5n, null)).toEqual({ type: 'unknown' })
    expect(drainOf(null, null)).toEqual({ type: 'unknown' })
  })

  test('of a group without members, for which nothing is committed, is never', () => {
    const idle = trendWith({})
    const standing = drainOf(5n, idle)
    expect(drainWithout(false, standing, idle)).toEqual({ type: 'never', reason: 'nobody' })
    expect(drainWithout(true, standing, idle)).toEqual(standing)
    // A consumer that chooses its partitions itself is no member, and commits all the same.
    const busy = { ...idle, consumedPerSecond: 5 }
    expect(drainWithout(false, drainOf(5n, busy), busy)).toEqual({ type: 'in', ms: 1_000 })
    expect(drainWithout(false, drainOf(5n, null), null)).toEqual({ type: 'unknown' })
  })

  test('of a group is that of its slowest partition', () => {
    const inMs = (ms: number) => ({ type: 'in', ms }) as const
    const never = { type: 'never', reason: 'growing' } as const
    expect(slowestDrain([inMs(5), { type: 'drained' }, inMs(9)])).toEqual(inMs(9))
    expect(slowestDrain([{ type: 'keeping-up' }, { type: 'drained' }])).toEqual({
      type: 'keeping-up',
    })
    expect(slowestDrain([inMs(5), never, { type: 'unknown' }])).toEqual(never)
    expect(slowestDrain([inMs(5), { type: 'unknown' }])).toEqual({ type: 'unknown' })
  })
})

describe('the longest wait', () => {
  const wait = (ms: number) => ({ ms, source: 'record' }) as const

  test('is that of a partition that lags, and unknown where none of theirs is known', () => {
    const none = { lag: 0n, lagTime: wait(0) }
    expect(longestLagTime([none, { lag: 4n, lagTime: wait(70) }])).toEqual(wait(70))
    expect(longestLagTime([none, { lag: 4n, lagTime: null }])).toBeNull()
    expect(longestLagTime([none, { lag: null, lagTime: null }])).toEqual(wait(0))
    expect(longestLagTime([])).toBeNull()
  })
})

describe('the lag in time from samples', () => {
  test('is how long ago the end was at the committed offset', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.nat(100), (perSecond, share) => {
        const end = steady(perSecond, 1)
        const offset = Math.floor((perSecond * 120 * share) / 101)
        const lag = BigInt(perSecond * 120 - offset)
        const time = sampledLagTime(lag, BigInt(offset), end, 120_000)
        // The record at this offset was written when the end had come to it.
        expect(time?.ms).toBeCloseTo(120_000 - (offset / perSecond) * 1_000, 3)
      }),
    )
  })

  test('is nothing without lag, and unknown for what is older than the first look', () => {
    const end = historyOf([
      [1_000, 50],
      [2_000, 60],
    ])
    expect(sampledLagTime(0n, 60n, end, 2_000)).toEqual({ ms: 0, source: 'samples' })
    expect(sampledLagTime(40n, 20n, end, 2_000)).toBeNull()
  })
})

/** Two minutes of so many records a second, looked at every so many seconds. */
function steady(perSecond: number, everyS: number): OffsetHistory {
  const looks = Array.from({ length: Math.floor(120 / everyS) + 1 }, (_, n) => n * everyS)
  return historyOf([...looks, 120].map(second => [second * 1_000, second * perSecond] as const))
}

function historyOf(looks: readonly (readonly [atMs: number, offset: number])[]): OffsetHistory {
  const history = new OffsetHistory(48)
  for (const [atMs, offset] of looks) history.add(atMs, offset)
  return history
}

function trendWith(rates: Partial<LagTrend>): LagTrend {
  return { windowMs: 60_000, producedPerSecond: 0, consumedPerSecond: 0, commitStep: 0, ...rates }
}
