import { describe, expect, test } from 'vitest'
import {
  parseMoment,
  resolveMoment,
} from '../../../../src-renderer/features/messages/query/moment-text.ts'

const NOW_MS = Date.UTC(2026, 10, 21, 14, 3, 22, 187)
const HOUR_MS = 3_600_000

function resolved(text: string, zone = 'UTC', nowMs = NOW_MS): string | null {
  const moment = parseMoment(text, nowMs, zone)
  return moment === null
    ? null
    : new Date(Number(resolveMoment(moment, nowMs, zone))).toISOString().replace('.000Z', 'Z')
}

describe('moments as people type them', () => {
  test.each([
    ['1763733600000', '2025-11-21T14:00:00Z'],
    ['1763733600', '2025-11-21T14:00:00Z'],
    ['2026-11-20 09:30', '2026-11-20T09:30:00Z'],
    ['2026-11-20T09:30:15.5+01:00', '2026-11-20T08:30:15.500Z'],
    ['2026-11-20', '2026-11-20T00:00:00Z'],
    ['15 min ago', '2026-11-21T13:48:22.187Z'],
    ['15m', '2026-11-21T13:48:22.187Z'],
    ['2 hours ago', '2026-11-21T12:03:22.187Z'],
    ['1 week ago', '2026-11-14T14:03:22.187Z'],
    ['today', '2026-11-21T00:00:00Z'],
    ['Yesterday', '2026-11-20T00:00:00Z'],
    ['yesterday 23:15', '2026-11-20T23:15:00Z'],
    ['9:30', '2026-11-21T09:30:00Z'],
    ['now', '2026-11-21T14:03:22.187Z'],
  ])('%s', (text, moment) => expect(resolved(text)).toBe(moment))

  test.each(['', 'soon', '15 parsecs ago', '2026-13-40', '-5', '1 2', '25:99', '0 min ago'])(
    '%j is none',
    text => expect(resolved(text)).toBeNull(),
  )

  test('what moves with the clock is kept as it was said', () => {
    expect(parseMoment('15 min ago', NOW_MS, 'UTC')).toEqual({ type: 'ago', spanMs: 900_000 })
    expect(parseMoment('yesterday', NOW_MS, 'UTC')).toEqual({ type: 'day', day: 'yesterday' })
  })

  test('a day begins in the zone of the reader, also where clocks changed that night', () => {
    expect(resolved('today', 'Asia/Tokyo')).toBe('2026-11-20T15:00:00Z')
    // Berlin left summer time on 25 October 2026: that Sunday has 25 hours.
    const monday = Date.UTC(2026, 9, 26, 12)
    expect(resolved('today', 'Europe/Berlin', monday)).toBe('2026-10-25T23:00:00Z')
    expect(resolved('yesterday', 'Europe/Berlin', monday)).toBe('2026-10-24T22:00:00Z')
    // Just after midnight, and at its first instant.
    const midnight = Date.UTC(2026, 9, 25, 23)
    expect(resolved('yesterday', 'Europe/Berlin', midnight)).toBe('2026-10-24T22:00:00Z')
    expect(resolved('today', 'Europe/Berlin', midnight + HOUR_MS)).toBe('2026-10-25T23:00:00Z')
  })
})
