/**
 * Moments, always absolute and to the millisecond, always in a zone that is named on the screen.
 *
 * Kafka's timestamps are signed 64-bit milliseconds written by anyone; those outside what a
 * calendar can say are shown as the number they are.
 */

/** `local`, `UTC`, or an IANA name such as `Asia/Tokyo`. */
export type Zone = string

const DATE_MS_MAX = 8_640_000_000_000_000n
/** The first day of year 1: before it `Intl` counts years backwards without saying so. */
const DATE_MS_MIN = -62_135_596_800_000n

interface Parts {
  readonly date: string
  readonly time: string
  readonly milliseconds: string
}

/** No zone of today changes its clocks anywhere but at a quarter of an hour. */
const QUARTER_HOUR_MS = 900_000
const OFFSETS_KEPT_MAX = 4_000
const offsetsOf = new Map<Zone, Map<number, number>>()
const formatters = new Map<Zone, Intl.DateTimeFormat>()

/** `2026-11-21 14:03:22.187`, or the bare number where no calendar reaches. */
export function formatTimestamp(timestampMs: bigint, zone: Zone): string {
  const parts = partsOf(timestampMs, zone)
  if (parts === null) return timestampMs.toString()
  return `${parts.date} ${parts.time}.${parts.milliseconds}`
}

/** `14:03:22.187`: for columns where the day is said once elsewhere. */
export function formatTimeOfDay(timestampMs: bigint, zone: Zone): string {
  const parts = partsOf(timestampMs, zone)
  if (parts === null) return timestampMs.toString()
  return `${parts.time}.${parts.milliseconds}`
}

/** `UTC`, `UTC+1`, `UTC−3:30`: the offset that holds in the zone at that moment. */
export function formatZone(zone: Zone, atMs: number): string {
  const minutes = offsetMinutes(zone, atMs)
  if (minutes === 0) return 'UTC'
  const sign = minutes < 0 ? '−' : '+'
  const hours = Math.floor(Math.abs(minutes) / 60)
  const rest = Math.abs(minutes) % 60
  return `UTC${sign}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}

/**
 * Reads what a person types as a moment: epoch milliseconds, or `2026-11-21 14:03[:22[.187]]` in
 * the zone, with `T` or a space, and an optional `Z` or `+01:00` that overrules the zone.
 * Null when it is neither.
 */
export function parseTimestamp(text: string, zone: Zone): bigint | null {
  const trimmed = text.trim()
  if (/^-?\d{5,19}$/.test(trimmed)) return BigInt(trimmed)
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}:\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?\s*(Z|[+-]\d{2}:\d{2})?$/.exec(
      trimmed,
    )
  if (match === null) return null
  const [, date, hoursMinutes = '00:00', seconds = '00', fraction = '0', suffix] = match
  const clock = `${hoursMinutes.padStart(5, '0')}:${seconds}.${fraction.padEnd(3, '0')}`
  const asUtc = Date.parse(`${date}T${clock}${suffix ?? 'Z'}`)
  if (Number.isNaN(asUtc)) return null
  return BigInt(suffix === undefined ? fromZone(asUtc, zone) : asUtc)
}

/** Zones the machine knows, for the switch in the status bar. */
export function knownZones(): readonly Zone[] {
  return Intl.supportedValuesOf('timeZone')
}

function fromZone(asUtc: number, zone: Zone): number {
  const guess = asUtc - offsetMinutes(zone, asUtc) * 60_000
  // Around a change of clocks the offset at the guess is the one that counts.
  return asUtc - offsetMinutes(zone, guess) * 60_000
}

function offsetMinutes(zone: Zone, atMs: number): number {
  return Math.round(offsetMs(zone, Math.trunc(atMs)) / 60_000)
}

function partsOf(timestampMs: bigint, zone: Zone): Parts | null {
  if (timestampMs > DATE_MS_MAX || timestampMs < DATE_MS_MIN) return null
  const at = Number(timestampMs)
  const shifted = new Date(at + offsetMs(zone, at))
  if (Number.isNaN(shifted.getTime())) return null
  // Years past 9999 are written with a sign and six digits.
  const iso = shifted.toISOString()
  const split = iso.indexOf('T')
  return {
    date: iso.slice(0, split),
    time: iso.slice(split + 1, split + 9),
    milliseconds: iso.slice(split + 10, split + 13),
  }
}

/** How far the zone is ahead of UTC. `Intl` is slow, and the answer holds for a quarter of an hour. */
function offsetMs(zone: Zone, atMs: number): number {
  if (zone === 'UTC') return 0
  const quarter = Math.floor(atMs / QUARTER_HOUR_MS)
  let offsets = offsetsOf.get(zone)
  if (offsets === undefined || offsets.size >= OFFSETS_KEPT_MAX) {
    offsets = new Map()
    offsetsOf.set(zone, offsets)
  }
  let offset = offsets.get(quarter)
  if (offset === undefined) {
    offset = readOffsetMs(zone, quarter * QUARTER_HOUR_MS)
    offsets.set(quarter, offset)
  }
  return offset
}

function readOffsetMs(zone: Zone, atMs: number): number {
  const fields: Record<string, number> = {}
  for (const { type, value } of formatterOf(zone).formatToParts(atMs)) fields[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields
  const local = new Date(0)
  local.setUTCFullYear(year, month - 1, day)
  local.setUTCHours(hour, minute, second)
  return local.getTime() - Math.floor(atMs / 1_000) * 1_000
}

function formatterOf(zone: Zone): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone === 'local' ? undefined : zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formatters.set(zone, formatter)
  }
  return formatter
}
