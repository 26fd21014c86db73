/** What the filter field offers while one types: fields, operators, and earlier filters. Pure. */
import { CONDITION_OPERATORS, operatorText, readField } from '../query/condition-text.ts'
import type { FilterDraft } from './filter-draft.ts'
import type { KnownField } from './field-paths.ts'

export interface Suggestion {
  readonly type: 'field' | 'operator'
  readonly title: string
  /** The whole text of the field once it is taken. */
  readonly text: string
}

const SHOWN_MAX = 8
/** What an expression may name, as the filter's own list has it. */
const EXPRESSION_NAMES = [
  'value',
  'key',
  'headers',
  'topic',
  'partition',
  'offset',
  'timestamp',
  'timestampMs',
  'valueText',
  'keyText',
  'valueSize',
  'keySize',
  'size',
  'headerCount',
  'tombstone',
] as const

/** Only in the kinds that know fields; in words, fields are offered from the first letters on. */
export function suggest(draft: FilterDraft, fields: readonly KnownField[]): readonly Suggestion[] {
  const { kind, text } = draft
  if (kind === 'cel') return inExpression(text, fields)
  if (kind !== 'field' && kind !== 'text') return []
  const [before, last] = splitLast(text, / and /gi)
  const words = /^(\S+)\s+(\S*)$/.exec(last)
  if (words !== null) {
    const [, path = '', begun = ''] = words
    const isKnown = fields.some(field => field.text === path)
    if (readField(path) === null || (kind === 'text' && !isKnown)) return []
    return CONDITION_OPERATORS.filter(operator => operatorText(operator).startsWith(begun))
      .filter(operator => operatorText(operator) !== begun)
      .map(operator => ({
        type: 'operator' as const,
        title: operatorText(operator),
        text: `${before}${path} ${operatorText(operator)} `,
      }))
      .slice(0, SHOWN_MAX + 2)
  }
  if (/\s/.test(last) || (kind === 'text' && last.length < 2)) return []
  return matching(last, fields).map(field => ({
    type: 'field',
    title: field.text,
    text: `${before}${field.text} `,
  }))
}

/** The word before the end of the text, if it is a field of `value` or `key`. */
function inExpression(text: string, fields: readonly KnownField[]): readonly Suggestion[] {
  const word = /[\w.$[\]*]*$/.exec(text)?.[0] ?? ''
  const part = /^(key|value)\.(.*)$/.exec(word)
  const before = text.slice(0, text.length - word.length)
  if (part === null) {
    if (word === '') return []
    return EXPRESSION_NAMES.filter(name => name.startsWith(word) && name !== word).map(name => ({
      type: 'field',
      title: name,
      text: before + name,
    }))
  }
  // `[*]` is a path's way of speaking, not CEL's.
  const own = fields.filter(field => field.part === part[1] && /^[\w.$]+$/.test(field.path))
  return own
    .filter(field => field.path.startsWith(part[2] ?? '') && field.path !== part[2])
    .slice(0, SHOWN_MAX)
    .map(field => ({
      type: 'field',
      title: `${field.part}.${field.path}`,
      text: `${before}${field.part}.${field.path}`,
    }))
}

/** Those that begin with the word, then those that hold it. */
function matching(word: string, fields: readonly KnownField[]): readonly KnownField[] {
  const wanted = word.toLowerCase()
  const begins = fields.filter(({ text }) => text.toLowerCase().startsWith(wanted))
  const holds = fields.filter(field => {
    const text = field.text.toLowerCase()
    return text.includes(wanted) && !text.startsWith(wanted)
  })
  return [...begins, ...holds].filter(({ text }) => text !== word).slice(0, SHOWN_MAX)
}

function splitLast(text: string, by: RegExp): readonly [string, string] {
  let at = 0
  for (const match of text.matchAll(by)) at = match.index + match[0].length
  return [text.slice(0, at), text.slice(at)]
}
