/** The address of a view of records: where it begins, what it holds, what is selected. */

export type From =
  | { readonly type: 'newest' }
  | { readonly type: 'oldest' }
  | { readonly type: 'offset'; readonly offset: bigint }
  | { readonly type: 'timestamp'; readonly timestampMs: bigint }

export type Until =
  | { readonly type: 'now' }
  | { readonly type: 'offset'; readonly offset: bigint }
  | { readonly type: 'timestamp'; readonly timestampMs: bigint }

export interface RecordPlace {
  readonly partition: number
  readonly offset: bigint
}

export const INSPECTOR_TABS = ['value', 'key', 'headers', 'metadata'] as const
export type InspectorTab = (typeof INSPECTOR_TABS)[number]

/** As text, since it is text in the address; `read…` says what it means. */
export interface MessagesSearch {
  /** `oldest`, `offset:120`, `time:1763733600000`; newest when absent. */
  readonly from?: string
  readonly until?: string
  /** `0,2`; all when absent. */
  readonly p?: string
  readonly live?: '1'
  /** The selected record, `3:10482`. */
  readonly at?: string
  readonly tab?: InspectorTab
}

const INT64_MAX = 9_223_372_036_854_775_807n
const PARTITION = /^\d{1,10}$/

export function readMessagesSearch(search: Record<string, unknown>): MessagesSearch {
  const from = readFrom(search.from)
  const until = readUntil(search.until)
  const partitions = readPartitions(search.p)
  const place = readPlace(search.at)
  const tab = INSPECTOR_TABS.find(known => known === search.tab)
  return {
    ...(from.type === 'newest' ? {} : { from: writeFrom(from) }),
    ...(until.type === 'now' ? {} : { until: writeUntil(until) }),
    ...(partitions === null ? {} : { p: partitions.join(',') }),
    ...(search.live === '1' ? { live: '1' } : {}),
    ...(place === null ? {} : { at: writePlace(place) }),
    ...(tab === undefined || tab === 'value' ? {} : { tab }),
  }
}

export function readFrom(text: unknown): From {
  if (text === 'oldest') return { type: 'oldest' }
  return readPoint(text) ?? { type: 'newest' }
}

export function writeFrom(from: From): string | undefined {
  switch (from.type) {
    case 'newest':
      return undefined
    case 'oldest':
      return 'oldest'
    case 'offset':
      return `offset:${from.offset}`
    case 'timestamp':
      return `time:${from.timestampMs}`
  }
}

export function readUntil(text: unknown): Until {
  return readPoint(text) ?? { type: 'now' }
}

export function writeUntil(until: Until): string | undefined {
  return until.type === 'now' ? undefined : writeFrom(until)
}

/** Null is all of them. */
export function readPartitions(text: unknown): readonly number[] | null {
  if (typeof text !== 'string') return null
  const parts = text.split(',').filter(part => PARTITION.test(part))
  return parts.length === 0 ? null : [...new Set(parts.map(Number))].sort((a, b) => a - b)
}

export function readPlace(text: unknown): RecordPlace | null {
  const match = typeof text === 'string' ? /^(\d{1,10}):(\d{1,19})$/.exec(text) : null
  if (match === null) return null
  const offset = BigInt(match[2] ?? '')
  return offset > INT64_MAX ? null : { partition: Number(match[1]), offset }
}

export function writePlace(place: RecordPlace): string {
  return `${place.partition}:${place.offset}`
}

function readPoint(text: unknown): Exclude<From, { type: 'newest' | 'oldest' }> | null {
  const match = typeof text === 'string' ? /^(offset|time):(\d{1,19})$/.exec(text) : null
  if (match === null) return null
  const number = BigInt(match[2] ?? '')
  if (number > INT64_MAX) return null
  return match[1] === 'offset'
    ? { type: 'offset', offset: number }
    : { type: 'timestamp', timestampMs: number }
}
