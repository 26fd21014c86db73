/**
 * The filter as it is being typed. One field edits one part of the filter at a time, which `kind`
 * names; the other parts are chips beside it. What is typed in words may turn out to be a
 * condition (`status = "paid"`), and then becomes a chip. Pure.
 */
import type { RecordPart, TextFilter } from '../../../../src-main/contract/model/search.ts'
import { looksLikeConditions, readConditions, writeCondition } from '../query/condition-text.ts'
import { RECORD_PARTS, type KeyWish, type PageFilter } from '../query/filter-text.ts'
import { bytesOfKey, type KeyForm } from '../query/key-bytes.ts'

export const FILTER_KINDS = ['text', 'regex', 'bytes', 'field', 'key', 'cel'] as const
export type FilterKind = (typeof FILTER_KINDS)[number]

export interface FilterDraft {
  readonly kind: FilterKind
  /** What stands in the field. */
  readonly text: string
  readonly caseSensitive: boolean
  readonly in: readonly RecordPart[]
  readonly keyForm: KeyForm
  readonly partitioner: KeyWish['partitioner']
  /** The condition, by its number, that is edited: what is typed takes its place. */
  readonly replaces: number | null
}

/** What is wrong with a draft, as the name of its words. */
export type DraftProblem = 'field' | 'key' | 'bytes'

export type DraftReading =
  | { readonly type: 'filter'; readonly filter: PageFilter }
  | { readonly type: 'problem'; readonly problem: DraftProblem }

/** The draft that a filter from an address opens with. */
export function draftOf(filter: PageFilter, kind: FilterKind = firstKind(filter)): FilterDraft {
  const { text, key } = filter
  return {
    kind,
    text: textFor(filter, kind),
    caseSensitive: text?.caseSensitive ?? false,
    in: text?.in ?? RECORD_PARTS,
    keyForm: key?.form ?? 'text',
    partitioner: key?.partitioner ?? 'java',
    replaces: null,
  }
}

/** One condition in the field, to be edited. Until Enter it counts as it was. */
export function draftOfCondition(filter: PageFilter, index: number): FilterDraft {
  const condition = filter.conditions[index]
  const text = condition === undefined ? '' : writeCondition(condition)
  return { ...draftOf(filter, 'field'), text, replaces: index }
}

function firstKind({ text, expression, key }: PageFilter): FilterKind {
  if (text !== null) return text.mode
  if (expression !== '') return 'cel'
  return key === null ? 'text' : 'key'
}

function textFor({ text, expression, key }: PageFilter, kind: FilterKind): string {
  switch (kind) {
    case 'text':
    case 'regex':
    case 'bytes':
      return text?.mode === kind ? text.needle : ''
    case 'cel':
      return expression
    case 'key':
      return key?.text ?? ''
    case 'field':
      return ''
  }
}

/** Another kind of filter in the field. Words go along to kinds that can use them. */
export function turnTo(draft: FilterDraft, kind: FilterKind, filter: PageFilter): FilterDraft {
  const next = draftOf(filter, kind)
  const isSearchText = (each: FilterKind) =>
    each === 'text' || each === 'regex' || each === 'bytes' || each === 'field'
  const keeps = next.text === '' && isSearchText(draft.kind) && isSearchText(kind)
  return { ...draft, kind, text: keeps ? draft.text : next.text, replaces: null }
}

/** Whether what is typed as words will be taken as conditions. */
export function meansConditions({ kind, text }: FilterDraft): boolean {
  return kind === 'field' || (kind === 'text' && looksLikeConditions(text))
}

/** The whole filter after Enter. */
export function applyDraft(draft: FilterDraft, filter: PageFilter): DraftReading {
  const text = draft.text.trim()
  if (meansConditions(draft)) {
    const rest = draft.kind === 'text' ? { ...filter, text: null } : filter
    const at = draft.replaces ?? filter.conditions.length
    const [before, after] = [filter.conditions.slice(0, at), filter.conditions.slice(at + 1)]
    if (text === '')
      return { type: 'filter', filter: { ...rest, conditions: [...before, ...after] } }
    const added = readConditions(text)
    if (added === null) return { type: 'problem', problem: 'field' }
    const known = new Set([...before, ...after].map(writeCondition))
    const fresh = added.filter(condition => !known.has(writeCondition(condition)))
    return { type: 'filter', filter: { ...rest, conditions: [...before, ...fresh, ...after] } }
  }
  switch (draft.kind) {
    case 'cel':
      return { type: 'filter', filter: { ...filter, expression: text } }
    case 'key':
      return applyKey(draft, filter)
    case 'bytes':
      if (text !== '' && bytesOfKey(text, 'hex') === null)
        return { type: 'problem', problem: 'bytes' }
      return { type: 'filter', filter: { ...filter, text: textFilter(draft, text) } }
    default:
      return { type: 'filter', filter: { ...filter, text: textFilter(draft, draft.text) } }
  }
}

function textFilter(draft: FilterDraft, needle: string): TextFilter | null {
  const { kind, caseSensitive } = draft
  if (needle === '') return null
  const mode = kind === 'regex' || kind === 'bytes' ? kind : 'text'
  return { needle, mode, caseSensitive, in: draft.in }
}

function applyKey(draft: FilterDraft, filter: PageFilter): DraftReading {
  const { text, keyForm, partitioner } = draft
  if (text === '') return { type: 'filter', filter: { ...filter, key: null } }
  if (bytesOfKey(text, keyForm) === null) return { type: 'problem', problem: 'key' }
  return { type: 'filter', filter: { ...filter, key: { text, form: keyForm, partitioner } } }
}

/** A part of the filter that the field does not show now. */
export type Chip =
  | { readonly type: 'condition'; readonly index: number; readonly text: string }
  | { readonly type: 'kind'; readonly kind: FilterKind; readonly text: string }
  | { readonly type: 'values'; readonly values: 'tombstones' | 'no-tombstones' }

export function chipsOf(filter: PageFilter, kind: FilterKind): readonly Chip[] {
  const { text, conditions, expression, key, values } = filter
  const chips: Chip[] = conditions.map((condition, index) => ({
    type: 'condition',
    index,
    text: writeCondition(condition),
  }))
  if (text !== null && text.mode !== kind)
    chips.push({ type: 'kind', kind: text.mode, text: text.needle })
  if (expression !== '' && kind !== 'cel')
    chips.push({ type: 'kind', kind: 'cel', text: expression })
  if (key !== null && kind !== 'key') chips.push({ type: 'kind', kind: 'key', text: key.text })
  if (values !== 'all') chips.push({ type: 'values', values })
  return chips
}

export function withoutChip(filter: PageFilter, chip: Chip): PageFilter {
  switch (chip.type) {
    case 'condition':
      return { ...filter, conditions: filter.conditions.filter((_, index) => index !== chip.index) }
    case 'values':
      return { ...filter, values: 'all' }
    case 'kind':
      if (chip.kind === 'cel') return { ...filter, expression: '' }
      return chip.kind === 'key' ? { ...filter, key: null } : { ...filter, text: null }
  }
}
