/**
 * Moments as people type them: an epoch, `2026-11-21 14:00`, `14:00`, `15 min ago`, `yesterday`,
 * `today 9:30`. What moves with the clock is kept as it was said, and resolved when a view opens.
 */
import { parseTimestamp, formatTimestamp, type Zone } from '../../../ui/format/time.ts'
import type { Moment } from './range.ts'

const SPANS: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|sec|secs|second|seconds)$/, 1_000],
  [/^(?:m|min|mins|minute|minutes)$/, 60_000],
  [/^(?:h|hour|hours)$/, 3_600_000],
  [/^(?:d|day|days)$/, 86_400_000],
  [/^(?:w|week|weeks)$/, 604_800_000],
]

/** Null when the text is no moment, or one before the epoch, which Kafka cannot look for. */
export function parseMoment(text: string, nowMs: number, zone: Zone): Moment | null {
  const said = text.trim().toLowerCase().replace(/\s+/g, ' ')
  if (said === 'today' || said === 'yesterday') return { type: 'day', day: said }
  const ago = /^(\d{1,6}) ?([a-z]+)(?: ago)?$/.exec(said)
  if (ago !== null) {
    const size = SPANS.find(([names]) => names.test(ago[2] ?? ''))?.[1]
    const spanMs = Number(ago[1]) * (size ?? 0)
    return spanMs > 0 && spanMs < nowMs ? { type: 'ago', spanMs } : null
  }
  const timestampMs = parseAbsolute(said, text.trim(), nowMs, zone)
  return timestampMs === null || timestampMs < 0n ? null : { type: 'timestamp', timestampMs }
}

function parseAbsolute(said: string, text: string, nowMs: number, zone: Zone): bigint | null {
  if (said === 'now') return BigInt(nowMs)
  // Ten digits are seconds since 2001: as milliseconds they would be the first days of 1970.
  if (/^[1-9]\d{9}$/.test(said)) return BigInt(said) * 1_000n
  const clock = /^(?:(today|yesterday) )?(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)$/.exec(said)
  if (clock === null) return parseTimestamp(text, zone)
  const day = clock[1] === 'yesterday' ? 'yesterday' : 'today'
  const date = dateOf(dayStartMs(day, nowMs, zone), zone)
  return parseTimestamp(`${date} ${clock[2]}`, zone)
}

/** The moment as Kafka understands it. */
export function resolveMoment(moment: Moment, nowMs: number, zone: Zone): bigint {
  switch (moment.type) {
    case 'timestamp':
      return moment.timestampMs
    case 'ago':
      return BigInt(Math.max(0, nowMs - moment.spanMs))
    case 'day':
      return dayStartMs(moment.day, nowMs, zone)
  }
}

/** Midnight in the zone. A day may be 23 or 25 hours long, so it is found by its date. */
function dayStartMs(day: 'today' | 'yesterday', nowMs: number, zone: Zone): bigint {
  const today = parseTimestamp(dateOf(BigInt(nowMs), zone), zone) ?? 0n
  if (day === 'today') return today
  return parseTimestamp(dateOf(today - 3_600_000n * 6n, zone), zone) ?? 0n
}

function dateOf(timestampMs: bigint, zone: Zone): string {
  return formatTimestamp(timestampMs, zone).slice(0, 10)
}
