/**
 * Which records a view or a search goes through: where it begins and where it ends, and how the
 * address says so. Moments that move with the clock ("15 min ago", "today") stay as they were said,
 * so that a saved view means the same tomorrow; `moment-text.ts` resolves them. No React, no clock.
 */

export interface PartitionOffset {
  readonly partition: number
  readonly offset: bigint
}

/** A moment, as a person said it. */
export type Moment =
  | { readonly type: 'timestamp'; readonly timestampMs: bigint }
  | { readonly type: 'ago'; readonly spanMs: number }
  /** The beginning of a day in the reader's zone. */
  | { readonly type: 'day'; readonly day: 'today' | 'yesterday' }

type Offsets =
  | { readonly type: 'offset'; readonly offset: bigint }
  | { readonly type: 'offsets'; readonly offsets: readonly PartitionOffset[] }

export type From =
  | { readonly type: 'newest' }
  | { readonly type: 'oldest' }
  | Offsets
  | Moment
  /** Where a consumer group stands. */
  | { readonly type: 'group'; readonly group: string }

export type Until =
  | { readonly type: 'now' }
  /** Goes on with what comes. */
  | { readonly type: 'never' }
  /** So many records from where the view begins. */
  | { readonly type: 'count'; readonly count: number }
  | Offsets
  | Moment

export const COUNT_MAX = 1_000_000_000
export const INT64_MAX = 9_223_372_036_854_775_807n
/** A hundred years: more is a mistake, and would leave what a timestamp can say. */
const SPAN_MS_MAX = 3_155_760_000_000
const PARTITIONS_MAX = 100_000

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

export function readFrom(text: unknown): From {
  if (text === 'oldest') return { type: 'oldest' }
  if (typeof text === 'string' && text.startsWith('group:') && text.length > 6)
    return { type: 'group', group: text.slice(6) }
  return readPoint(text) ?? { type: 'newest' }
}

/** Undefined stands for the newest, which an address does not say. */
export function writeFrom(from: From): string | undefined {
  switch (from.type) {
    case 'newest':
      return undefined
    case 'oldest':
      return 'oldest'
    case 'group':
      return `group:${from.group}`
    default:
      return writePoint(from)
  }
}

export function readUntil(text: unknown): Until {
  if (text === 'never') return { type: 'never' }
  const count = typeof text === 'string' ? /^count:(\d{1,10})$/.exec(text)?.[1] : undefined
  if (count !== undefined && Number(count) > 0 && Number(count) <= COUNT_MAX)
    return { type: 'count', count: Number(count) }
  return readPoint(text) ?? { type: 'now' }
}

/** Undefined stands for the end as it is now. */
export function writeUntil(until: Until): string | undefined {
  switch (until.type) {
    case 'now':
      return undefined
    case 'never':
      return 'never'
    case 'count':
      return `count:${until.count}`
    default:
      return writePoint(until)
  }
}

export function isMoment(point: From | Until): point is Moment {
  return point.type === 'timestamp' || point.type === 'ago' || point.type === 'day'
}

type Point = Offsets | Moment

function writePoint(point: Point): string {
  switch (point.type) {
    case 'offset':
      return `offset:${point.offset}`
    case 'offsets':
      return `offsets:${point.offsets.map(each => `${each.partition}.${each.offset}`).join(',')}`
    case 'timestamp':
      return `time:${point.timestampMs}`
    case 'ago':
      return `ago:${writeSpan(point.spanMs)}`
    case 'day':
      return point.day
  }
}

function readPoint(text: unknown): Point | null {
  if (typeof text !== 'string') return null
  if (text === 'today' || text === 'yesterday') return { type: 'day', day: text }
  const colon = text.indexOf(':')
  const rest = text.slice(colon + 1)
  switch (text.slice(0, colon)) {
    case 'offset': {
      const offset = readInt64(rest)
      return offset === null ? null : { type: 'offset', offset }
    }
    case 'time': {
      const timestampMs = readInt64(rest)
      return timestampMs === null ? null : { type: 'timestamp', timestampMs }
    }
    case 'ago': {
      const spanMs = readSpan(rest)
      return spanMs === null ? null : { type: 'ago', spanMs }
    }
    case 'offsets':
      return readOffsets(rest)
    default:
      return null
  }
}

function readOffsets(text: string): Point | null {
  const offsets = new Map<number, bigint>()
  for (const part of text.split(',').slice(0, PARTITIONS_MAX)) {
    const match = /^(\d{1,9})\.(\d{1,19})$/.exec(part)
    const offset = readInt64(match?.[2] ?? '')
    if (match !== null && offset !== null) offsets.set(Number(match[1]), offset)
  }
  if (offsets.size === 0) return null
  return {
    type: 'offsets',
    offsets: [...offsets]
      .map(([partition, offset]) => ({ partition, offset }))
      .sort((a, b) => a.partition - b.partition),
  }
}

function readInt64(text: string): bigint | null {
  if (!/^\d{1,19}$/.test(text)) return null
  const value = BigInt(text)
  return value > INT64_MAX ? null : value
}

/** `90m`, in the largest unit that says it whole. */
export function writeSpan(spanMs: number): string {
  const [unit, size] = UNITS.find(([, size]) => spanMs % size === 0) ?? ['s', 1_000]
  return `${Math.max(1, Math.round(spanMs / size))}${unit}`
}

function readSpan(text: string): number | null {
  const match = /^(\d{1,10})([dhms])$/.exec(text)
  const size = UNITS.find(([unit]) => unit === match?.[2])?.[1]
  const spanMs = match === null || size === undefined ? 0 : Number(match[1]) * size
  return spanMs > 0 && spanMs <= SPAN_MS_MAX ? spanMs : null
}
