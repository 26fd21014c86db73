/**
 * What a search looks for, as the page holds it and as the address says it. The same as the
 * contract's `RecordFilter`, but for the key, which a person gives as text.
 */
import type {
  FieldCondition,
  KeyFilter,
  RecordFilter,
  RecordPart,
  TextFilter,
} from '../../../../src-main/contract/model/search.ts'
import { readConditions, writeConditions } from './condition-text.ts'
import { bytesOfKey, type KeyForm, KEY_FORMS } from './key-bytes.ts'

export const RECORD_PARTS: readonly RecordPart[] = ['key', 'value', 'headers']
export const PARTITIONERS = ['java', 'librdkafka', 'all'] as const
const NEEDLE_CHARS_MAX = 10_000

export interface KeyWish {
  readonly text: string
  readonly form: KeyForm
  readonly partitioner: KeyFilter['partitioner']
}

export interface PageFilter {
  readonly text: TextFilter | null
  readonly conditions: readonly FieldCondition[]
  readonly expression: string
  readonly key: KeyWish | null
  readonly values: 'all' | 'tombstones' | 'no-tombstones'
}

export const NO_FILTER: PageFilter = {
  text: null,
  conditions: [],
  expression: '',
  key: null,
  values: 'all',
}

/** As it stands in an address; every field is absent where it says nothing. */
export interface FilterSearch {
  readonly q?: string
  readonly mode?: 'bytes' | 'regex'
  readonly case?: '1'
  /** Where the text is looked for, `key,headers`; everywhere when absent. */
  readonly of?: string
  readonly where?: string
  readonly cel?: string
  readonly key?: string
  readonly keyform?: Exclude<KeyForm, 'text'>
  readonly by?: 'librdkafka' | 'all'
  readonly values?: 'tombstones' | 'no-tombstones'
}

/** What an address may say, before anything of it is checked. */
type Unchecked = Readonly<Partial<Record<keyof FilterSearch, unknown>>>

export function isEmptyFilter(filter: PageFilter): boolean {
  return (
    filter.text === null &&
    filter.conditions.length === 0 &&
    filter.expression === '' &&
    filter.key === null &&
    filter.values === 'all'
  )
}

export function sameFilter(a: PageFilter, b: PageFilter): boolean {
  return JSON.stringify(writeFilter(a)) === JSON.stringify(writeFilter(b))
}

/** For the contract. Throws nothing: a key that has no bytes was refused when it was typed. */
export function recordFilterOf(filter: PageFilter): RecordFilter {
  const { text, conditions, expression, key, values } = filter
  const bytes = key === null ? null : bytesOfKey(key.text, key.form)
  return {
    ...(text === null ? {} : { text }),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(expression === '' ? {} : { expression }),
    ...(key === null || bytes === null ? {} : { key: { bytes, partitioner: key.partitioner } }),
    ...(values === 'all' ? {} : { values }),
  }
}

export function writeFilter(filter: PageFilter): FilterSearch {
  const { text, conditions, expression, key, values } = filter
  return {
    ...(text === null ? {} : writeText(text)),
    ...(conditions.length === 0 ? {} : { where: writeConditions(conditions) }),
    ...(expression === '' ? {} : { cel: expression }),
    ...(key === null ? {} : writeKey(key)),
    ...(values === 'all' ? {} : { values }),
  }
}

export function readFilter(search: Unchecked): PageFilter {
  const where = typeof search.where === 'string' ? readConditions(search.where) : null
  return {
    text: readText(search),
    conditions: where ?? [],
    expression: typeof search.cel === 'string' ? search.cel.trim().slice(0, NEEDLE_CHARS_MAX) : '',
    key: readKey(search),
    values:
      search.values === 'tombstones' || search.values === 'no-tombstones' ? search.values : 'all',
  }
}

/** Every name of `FilterSearch`, to take a filter out of an address. */
export const NO_FILTER_SEARCH = {
  q: undefined,
  mode: undefined,
  case: undefined,
  of: undefined,
  where: undefined,
  cel: undefined,
  key: undefined,
  keyform: undefined,
  by: undefined,
  values: undefined,
} as const satisfies Record<keyof FilterSearch, undefined>

function writeText(text: TextFilter): FilterSearch {
  const parts = RECORD_PARTS.filter(part => text.in.includes(part))
  return {
    q: text.needle,
    ...(text.mode === 'text' ? {} : { mode: text.mode }),
    ...(text.caseSensitive ? { case: '1' as const } : {}),
    ...(parts.length === RECORD_PARTS.length ? {} : { of: parts.join(',') }),
  }
}

function readText(search: Unchecked): TextFilter | null {
  const needle = typeof search.q === 'string' ? search.q.slice(0, NEEDLE_CHARS_MAX) : ''
  if (needle === '') return null
  const given = typeof search.of === 'string' ? search.of.split(',') : []
  const parts = RECORD_PARTS.filter(part => given.includes(part))
  return {
    needle,
    mode: search.mode === 'bytes' || search.mode === 'regex' ? search.mode : 'text',
    caseSensitive: search.case === '1',
    in: parts.length === 0 ? RECORD_PARTS : parts,
  }
}

function writeKey({ text, form, partitioner }: KeyWish): FilterSearch {
  return {
    key: text,
    ...(form === 'text' ? {} : { keyform: form }),
    ...(partitioner === 'java' ? {} : { by: partitioner }),
  }
}

function readKey(search: Unchecked): KeyWish | null {
  if (typeof search.key !== 'string' || search.key === '') return null
  const form = KEY_FORMS.find(known => known === search.keyform) ?? 'text'
  const text = search.key.slice(0, NEEDLE_CHARS_MAX)
  if (bytesOfKey(text, form) === null) return null
  return { text, form, partitioner: PARTITIONERS.find(known => known === search.by) ?? 'java' }
}
