/**
 * Lengths of time as people and as `kafka-consumer-groups.sh --by-duration` write them: `15 min`,
 * `1 d 3 h`, `PT15M`. Both ends read them alike.
 */

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  sec: SECOND_MS,
  second: SECOND_MS,
  m: MINUTE_MS,
  min: MINUTE_MS,
  minute: MINUTE_MS,
  h: HOUR_MS,
  hour: HOUR_MS,
  d: DAY_MS,
  day: DAY_MS,
  w: 7 * DAY_MS,
  week: 7 * DAY_MS,
}

/** A hundred thousand days: further back than any record, and well within a double. */
const DURATION_MS_MAX = 100_000 * DAY_MS

const isoForm = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/i
const part = /^(\d+(?:\.\d+)?)\s*([a-z]+)\s*/i

/** Milliseconds, or null where the text is no length of time. */
export function parseDuration(text: string): bigint | null {
  const trimmed = text.trim()
  const ms = /^p/i.test(trimmed) ? parseIso(trimmed) : parseParts(trimmed)
  return ms === null || ms > DURATION_MS_MAX ? null : BigInt(Math.round(ms))
}

/** `PT15M`: the form that Java reads, which knows no weeks. */
export function formatIsoDuration(durationMs: bigint): string {
  const days = durationMs / BigInt(DAY_MS)
  let rest = Number(durationMs % BigInt(DAY_MS))
  const hours = Math.floor(rest / HOUR_MS)
  rest %= HOUR_MS
  const minutes = Math.floor(rest / MINUTE_MS)
  rest %= MINUTE_MS
  const seconds = Math.floor(rest / SECOND_MS)
  const fraction = String(rest % SECOND_MS)
    .padStart(3, '0')
    .replace(/0+$/, '')
  const time = [
    hours === 0 ? '' : `${hours}H`,
    minutes === 0 ? '' : `${minutes}M`,
    seconds === 0 && fraction === '' ? '' : `${seconds}${fraction && `.${fraction}`}S`,
  ].join('')
  if (days === 0n && time === '') return 'PT0S'
  return `P${days === 0n ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`
}

function parseIso(text: string): number | null {
  const match = isoForm.exec(text)
  if (match === null || /[PT]$/i.test(text)) return null
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match
  return (
    Number(days) * DAY_MS +
    Number(hours) * HOUR_MS +
    Number(minutes) * MINUTE_MS +
    Number(seconds) * SECOND_MS +
    Number(fraction.padEnd(3, '0'))
  )
}

function parseParts(text: string): number | null {
  let rest = text.replace(/\s+ago$/i, '')
  if (rest === '') return null
  let total = 0
  while (rest !== '') {
    const match = part.exec(rest)
    if (match === null) return null
    const [whole, count, name = ''] = match
    const unit = name.toLowerCase()
    const size = unitMs[unit] ?? unitMs[unit.replace(/s$/, '')]
    if (size === undefined) return null
    total += Number(count) * size
    rest = rest.slice(whole.length)
  }
  return total
}
