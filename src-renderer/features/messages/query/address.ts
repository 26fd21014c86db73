/**
 * The address of the Messages page: which records, what is looked for among them, how the table
 * looks, and what is selected. All of it is text there; `queryOf` says what it means.
 */
import { DECODER_NAMES, type DecoderName } from '../../../../src-main/contract/model/decode.ts'
import {
  isEmptyFilter,
  NO_FILTER_SEARCH,
  readFilter,
  writeFilter,
  type FilterSearch,
  type PageFilter,
} from './filter-text.ts'
import {
  INT64_MAX,
  readFrom,
  readUntil,
  writeFrom,
  writeUntil,
  type From,
  type Until,
} from './range.ts'

/** One record. `topic` is null for the topic of the page itself. */
export interface RecordPlace {
  readonly topic: string | null
  readonly partition: number
  readonly offset: bigint
}

/** A column of one field: `value.customer.id`. */
export interface FieldColumn {
  readonly part: 'key' | 'value' | 'header'
  readonly path: string
}

export interface MessagesSearch extends FilterSearch {
  readonly from?: string
  readonly until?: string
  /** Partitions of the page's topic, `0,2`; all when absent. */
  readonly p?: string
  /** Further topics, merged by time, `audit,payments`. */
  readonly t?: string
  /** Without records of open and aborted transactions. */
  readonly committed?: '1'
  /** The search whose results are shown. */
  readonly run?: string
  readonly order?: 'oldest-first' | 'newest-first' | 'found'
  /** Columns of fields, `value.status,key.id`. */
  readonly fields?: string
  /** Columns that are switched away from what is shown at first. */
  readonly cols?: string
  readonly kd?: DecoderName
  readonly vd?: DecoderName
  /** The selected record, `3:10482`, or `payments:0:7`. */
  readonly at?: string
  /** What the record panel shows; its own to understand. */
  readonly tab?: string
  /** What the selected record is compared with, as `at`. */
  readonly with?: string
}

/** Which records, and what is looked for among them. */
export interface MessagesQuery {
  readonly from: From
  readonly until: Until
  readonly partitions: readonly number[] | null
  readonly topics: readonly string[]
  readonly committed: boolean
  readonly filter: PageFilter
}

const ORDERS = ['oldest-first', 'newest-first', 'found'] as const
export const TOPICS_MAX = 32
export const FIELDS_MAX = 32
const PARTITION = /^\d{1,9}$/
const TOPIC = /^[\w.-]{1,249}$/
const WORD = /^[\w-]{1,64}$/

export function readMessagesSearch(search: Record<string, unknown>): MessagesSearch {
  const place = readPlace(search.at)
  const fields = readFields(search.fields)
  const other = readPlace(search.with)
  const cols = list(search.cols).filter(id => /^[\w.:-]{1,200}$/.test(id))
  return {
    ...writeQuery(queryOf(search)),
    ...ifGiven('run', runOf(search)),
    ...ifGiven('order', oneOf(search.order, ORDERS)),
    ...ifGiven('fields', writeFields(fields)),
    ...ifGiven('cols', cols.length === 0 ? undefined : cols.join(',')),
    ...ifGiven('kd', oneOf(search.kd, DECODER_NAMES)),
    ...ifGiven('vd', oneOf(search.vd, DECODER_NAMES)),
    ...ifGiven('at', place === null ? undefined : writePlace(place)),
    ...ifGiven('with', other === null ? undefined : writePlace(other)),
    ...ifGiven('tab', /^[\w-]{1,32}$/.test(text(search.tab)) ? text(search.tab) : undefined),
  }
}

/** What an address may say, before anything of it is checked. */
type Unchecked = Readonly<Partial<Record<keyof MessagesSearch | 'live', unknown>>>

export function queryOf(search: Unchecked): MessagesQuery {
  const topics = list(search.t).filter(name => TOPIC.test(name))
  return {
    from: readFrom(search.from),
    // An older address said that it is live with a word of its own.
    until: search.live === '1' ? { type: 'never' } : readUntil(search.until),
    partitions: readPartitions(search.p),
    topics: [...new Set(topics)].slice(0, TOPICS_MAX - 1),
    committed: search.committed === '1',
    filter: readFilter(search),
  }
}

/** Only what differs from the newest records of everything. */
export function writeQuery(query: MessagesQuery): MessagesSearch {
  return {
    ...ifGiven('from', writeFrom(query.from)),
    ...ifGiven('until', writeUntil(query.until)),
    ...ifGiven('p', query.partitions === null ? undefined : query.partitions.join(',')),
    ...ifGiven('t', query.topics.length === 0 ? undefined : query.topics.join(',')),
    ...(query.committed ? { committed: '1' as const } : {}),
    ...writeFilter(query.filter),
  }
}

/** Every name that a query may write, to take the query before out of an address. */
export const NO_QUERY = {
  ...NO_FILTER_SEARCH,
  from: undefined,
  until: undefined,
  p: undefined,
  t: undefined,
  committed: undefined,
  run: undefined,
}

/** The same question, whatever the table looks like. */
export function sameQuery(a: MessagesQuery, b: MessagesQuery): boolean {
  return queryKey(a) === queryKey(b)
}

export function queryKey(query: MessagesQuery): string {
  return JSON.stringify(writeQuery(query))
}

export function isSearch(query: MessagesQuery): boolean {
  return !isEmptyFilter(query.filter)
}

/** Null is all of them. */
export function readPartitions(value: unknown): readonly number[] | null {
  const parts = list(value).filter(part => PARTITION.test(part))
  return parts.length === 0 ? null : [...new Set(parts.map(Number))].sort((a, b) => a - b)
}

export function readPlace(value: unknown): RecordPlace | null {
  const match = /^(?:([\w.-]{1,249}):)?(\d{1,9}):(\d{1,19})$/.exec(text(value))
  if (match === null) return null
  const offset = BigInt(match[3] ?? '')
  if (offset > INT64_MAX) return null
  return { topic: match[1] ?? null, partition: Number(match[2]), offset }
}

export function writePlace({ topic, partition, offset }: RecordPlace): string {
  return `${topic === null ? '' : `${topic}:`}${partition}:${offset}`
}

/** Commas inside of a path are escaped; nothing else needs to be. */
export function writeFields(fields: readonly FieldColumn[]): string | undefined {
  if (fields.length === 0) return undefined
  return fields.map(fieldId).join(',')
}

export function readFields(value: unknown): readonly FieldColumn[] {
  const fields = list(value).flatMap((each): FieldColumn | [] => {
    const match = /^(key|value|header)\.(.{1,1000})$/.exec(each)
    if (match === null) return []
    const path = (match[2] ?? '').replaceAll('%2c', ',').replaceAll('%25', '%')
    return { part: match[1] as FieldColumn['part'], path }
  })
  const known = new Set<string>()
  return fields
    .filter(field => !known.has(fieldId(field)) && known.add(fieldId(field)))
    .slice(0, FIELDS_MAX)
}

export function fieldId({ part, path }: FieldColumn): string {
  return `${part}.${path.replaceAll('%', '%25').replaceAll(',', '%2c')}`
}

/** The list of jobs calls it `search`. */
function runOf({ run, search }: Record<string, unknown>): string | undefined {
  const name = text(run) === '' ? text(search) : text(run)
  return WORD.test(name) ? name : undefined
}

function list(value: unknown): readonly string[] {
  return text(value) === '' ? [] : text(value).split(',')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function oneOf<T extends string>(value: unknown, options: readonly T[]): T | undefined {
  return options.find(option => option === value)
}

function ifGiven<K extends string, T>(
  name: K,
  value: T | undefined,
): { readonly [P in K]?: NonNullable<T> } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: NonNullable<T> }
}
