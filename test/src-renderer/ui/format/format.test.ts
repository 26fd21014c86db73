import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatBytes } from '../../../../src-renderer/ui/format/bytes.ts'
import { formatDuration } from '../../../../src-renderer/ui/format/duration.ts'
import {
  formatCompact,
  formatCount,
  formatRate,
} from '../../../../src-renderer/ui/format/number.ts'
import {
  formatTimestamp,
  formatZone,
  parseTimestamp,
} from '../../../../src-renderer/ui/format/time.ts'

const zone = fc.constantFrom(
  'UTC',
  'local',
  'Asia/Kolkata',
  'America/New_York',
  'Pacific/Auckland',
  'Asia/Kathmandu',
)
const moment = fc.bigInt({ min: 0n, max: 4_102_444_800_000n })

describe('numbers', () => {
  test('grouping loses no digit of any int64', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), value => {
        expect(BigInt(formatCount(value).replaceAll(',', ''))).toBe(value)
      }),
    )
    expect(formatCount(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993')
  })

  test('zero is zero and unknown is a dash', () => {
    expect([formatCount(0), formatCount(null), formatRate(0), formatRate(undefined)]).toEqual([
      '0',
      '–',
      '0',
      '–',
    ])
  })

  test('a rate is never rounded to nothing', () => {
    expect(formatRate(0.04)).toBe('< 0.1')
    expect(formatRate(0.44)).toBe('0.4')
    expect(formatRate(1_204.4)).toBe('1,204')
  })

  test('compact numbers keep three digits', () => {
    expect([999, 12_345, 1_234_567, 10_000_000_000n].map(formatCompact)).toEqual([
      '999',
      '12.3 k',
      '1.23 M',
      '10 G',
    ])
  })
})

describe('bytes', () => {
  test('count in powers of 1024', () => {
    expect([0, 1_023, 1_024, 1_536, 1_048_576, 5_000_000_000].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1 KiB',
      '1.5 KiB',
      '1 MiB',
      '4.66 GiB',
    ])
  })

  test('no size is shown as 1024 of a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 }), bytes => {
        expect(formatBytes(bytes)).not.toMatch(/^1024 (?!P)/)
      }),
    )
  })
})

describe('durations', () => {
  test('read as people say them', () => {
    expect(
      [0, 840, 1_200, 9_999, 59_800, 200_000, 3_600_000, 604_800_000, -1_500].map(formatDuration),
    ).toEqual(['0 ms', '840 ms', '1.2 s', '10.0 s', '1 min', '3 min 20 s', '1 h', '7 d', '−1.5 s'])
  })

  test('never say 60 s, 60 min or 24 h', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), ms => {
        expect(formatDuration(ms)).not.toMatch(/(^| )(60 s|60 min|24 h)/)
      }),
    )
  })
})

describe('time', () => {
  test('what is shown can be typed, and means the same moment', () => {
    fc.assert(
      fc.property(moment, zone, (at, zone) => {
        const again = parseTimestamp(formatTimestamp(at, zone), zone)
        // In the hour that clocks repeat, one text names two moments.
        expect(again === null ? null : formatTimestamp(again, zone)).toBe(formatTimestamp(at, zone))
      }),
      { numRuns: 400 },
    )
  })

  test('agrees with Intl in every zone', () => {
    fc.assert(
      fc.property(
        moment,
        fc.constantFrom('Asia/Kolkata', 'America/New_York', 'Pacific/Auckland'),
        (at, timeZone) => {
          const said = new Intl.DateTimeFormat('sv-SE', {
            timeZone,
            dateStyle: 'short',
            timeStyle: 'medium',
          })
          expect(formatTimestamp(at, timeZone).slice(0, 19)).toBe(said.format(Number(at)))
        },
      ),
      { numRuns: 400 },
    )
  })

  test('the hour that clocks skip is not shown', () => {
    const before = BigInt(Date.parse('2026-03-08T06:59:59.999Z'))
    expect(formatTimestamp(before, 'America/New_York')).toBe('2026-03-08 01:59:59.999')
    expect(formatTimestamp(before + 1n, 'America/New_York')).toBe('2026-03-08 03:00:00.000')
  })

  test('a timestamp beyond every calendar is shown as its number', () => {
    expect(formatTimestamp(9_223_372_036_854_775_807n, 'UTC')).toBe('9223372036854775807')
    expect(formatTimestamp(-9_223_372_036_854_775_808n, 'Asia/Tokyo')).toBe('-9223372036854775808')
    expect(formatTimestamp(-1n, 'UTC')).toBe('1969-12-31 23:59:59.999')
  })

  test('epoch milliseconds, dates, and offsets are understood', () => {
    expect(parseTimestamp('1763733600000', 'Asia/Tokyo')).toBe(1_763_733_600_000n)
    expect(parseTimestamp('2026-11-21', 'UTC')).toBe(BigInt(Date.UTC(2026, 10, 21)))
    expect(parseTimestamp('2026-11-21 14:03', 'Asia/Tokyo')).toBe(
      BigInt(Date.UTC(2026, 10, 21, 5, 3)),
    )
    expect(parseTimestamp('2026-11-21T14:03:22.5+01:00', 'Asia/Tokyo')).toBe(
      BigInt(Date.UTC(2026, 10, 21, 13, 3, 22, 500)),
    )
    expect(parseTimestamp('yesterday', 'UTC')).toBeNull()
  })

  test('the zone is named by its offset at that moment', () => {
    const winter = Date.UTC(2026, 0, 1)
    expect(
      ['UTC', 'Asia/Kolkata', 'America/New_York'].map(zone => formatZone(zone, winter)),
    ).toEqual(['UTC', 'UTC+5:30', 'UTC−5'])
    expect(formatZone('America/New_York', Date.UTC(2026, 6, 1))).toBe('UTC−4')
  })
})
