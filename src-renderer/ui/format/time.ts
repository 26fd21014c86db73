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
  const parts = partsOf(BigInt(Math.trunc(atMs)), zone)
  if (parts === null) return 0
  const local = Date.parse(`${parts.date}T${parts.time}.${parts.milliseconds}Z`)
  return Math.round((local - Math.trunc(atMs)) / 60_000)
}

function partsOf(timestampMs: bigint, zone: Zone): Parts | null {
  if (timestampMs > DATE_MS_MAX || timestampMs < DATE_MS_MIN) return null
  const at = Number(timestampMs)
  const milliseconds = String(((at % 1_000) + 1_000) % 1_000).padStart(3, '0')
  if (zone === 'UTC') {
    const iso = new Date(at).toISOString()
    const split = iso.indexOf('T')
    return { date: iso.slice(0, split), time: iso.slice(split + 1, split + 9), milliseconds }
  }
  const fields: Record<string, string> = {}
  for (const { type, value } of formatterOf(zone).formatToParts(at)) fields[type] = value
  const year = (fields.year ?? '').padStart(4, '0')
  return {
    date: `${year}-${fields.month}-${fields.day}`,
    time: `${fields.hour}:${fields.minute}:${fields.second}`,
    milliseconds,
  }
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
