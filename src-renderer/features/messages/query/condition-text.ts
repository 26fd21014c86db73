/**
 * Conditions on fields as people type them and as chips and addresses show them:
 * `status = "paid"`, `key.customer exists`, `items[0].sku contains x and total >= 10`, and of headers
 * `headers.trace = "t-1"` or, for other names, `headers["content type"] exists`.
 */
import { readFieldPath } from '../../../../src-main/contract/field-path.ts'
import type {
  ConditionOperator,
  FieldCondition,
} from '../../../../src-main/contract/model/search.ts'

/** The first spelling of each operator is the one that is written. Longer ones are tried first. */
const SPELLINGS: readonly (readonly [ConditionOperator, readonly string[]])[] = [
  ['not-equals', ['!=', '≠', '<>']],
  ['at-most', ['<=', '≤']],
  ['at-least', ['>=', '≥']],
  ['not-contains', ['!~', 'not contains']],
  ['equals', ['==', '=', 'is']],
  ['less', ['<']],
  ['greater', ['>']],
  ['contains', ['~', 'contains']],
  ['exists', ['exists']],
  ['missing', ['missing']],
]

const WRITTEN: Readonly<Record<ConditionOperator, string>> = {
  equals: '=',
  'not-equals': '!=',
  contains: 'contains',
  'not-contains': 'not contains',
  exists: 'exists',
  missing: 'missing',
  less: '<',
  'at-most': '<=',
  greater: '>',
  'at-least': '>=',
}

/** As far as a path may reach; whether it is one is `readFieldPath`'s to say. */
const STEP = String.raw`\[(?:\d+|\*|"(?:[^"\\]|\\.)*")\]`
const NAME = String.raw`[\p{L}\p{N}_$-]+`
const PATH = new RegExp(`^(?:${NAME}|${STEP})(?:\\.${NAME}|${STEP})*`, 'u')

export const CONDITION_OPERATORS = Object.keys(WRITTEN) as readonly ConditionOperator[]

export function operatorText(operator: ConditionOperator): string {
  return WRITTEN[operator]
}

export function hasNoValue(operator: ConditionOperator): boolean {
  return operator === 'exists' || operator === 'missing'
}

/** As a chip shows it; a list of them is joined by ` and `. */
export function writeCondition({ part, path, operator, value }: FieldCondition): string {
  const field = fieldText(part, path)
  if (hasNoValue(operator)) return `${field} ${WRITTEN[operator]}`
  return `${field} ${WRITTEN[operator]} ${literalText(value ?? '')}`
}

export function writeConditions(conditions: readonly FieldCondition[]): string {
  return conditions.map(writeCondition).join(' and ')
}

/** `status`, or `value.key` where the bare path would mean something else. */
export function fieldText(part: FieldCondition['part'], path: string): string {
  if (part === 'header') return headerText(path)
  if (path === '') return part
  const dot = path.startsWith('[') ? '' : '.'
  if (part === 'key') return `key${dot}${path}`
  return PART_FIRST.test(path) || dot === '' ? `value${dot}${path}` : path
}

/** What a value's own path cannot begin with unless it says that it is the value's. */
const PART_FIRST = /^(?:key|value|headers)(?![^\s.[])/
/** The points in a header's name are part of it. */
const PLAIN_HEADER = new RegExp(`^${NAME}(?:\\.${NAME})*$`, 'u')

function headerText(name: string): string {
  return PLAIN_HEADER.test(name) ? `headers.${name}` : `headers[${JSON.stringify(name)}]`
}

/** The inverse of `headerText`; null for what is no header. */
function readHeader(text: string): string | null {
  const [, plain, quoted] = /^headers(?:\.(.+)|\[("(?:[^"\\]|\\.)*")\])$/.exec(text) ?? []
  if (plain !== undefined) return PLAIN_HEADER.test(plain) ? plain : null
  return quoted === undefined ? null : unquoted(quoted)
}

/** The inverse of `fieldText`; null when the text is no path. */
export function readField(text: string): Pick<FieldCondition, 'part' | 'path'> | null {
  if (readFieldPath(text).type !== 'path' || text === '') return null
  const header = readHeader(text)
  if (header !== null) return { part: 'header', path: header }
  const match = /^(key|value)(?:\.(.+)|(\[.+))?$/.exec(text)
  if (match === null) return { part: 'value', path: text }
  return { part: match[1] === 'key' ? 'key' : 'value', path: match[2] ?? match[3] ?? '' }
}

/** All conditions of a text; null when any of it is not one. */
export function readConditions(text: string): readonly FieldCondition[] | null {
  const conditions: FieldCondition[] = []
  let rest = text.trim()
  while (rest !== '') {
    const taken = takeCondition(rest)
    if (taken === null) return null
    conditions.push(taken.condition)
    rest = taken.rest
  }
  return conditions.length === 0 ? null : conditions
}

/**
 * Whether a text that may be meant as words is rather meant as conditions: only with an operator
 * that stands apart, as in `status = "paid"`. `a=b` and `x contains y` stay words.
 */
export function looksLikeConditions(text: string): boolean {
  return /^\S+ (?:==|=|!=|<=|>=|<|>|≠|≤|≥) \S/.test(text.trim()) && readConditions(text) !== null
}

interface Taken {
  readonly condition: FieldCondition
  readonly rest: string
}

function takeCondition(text: string): Taken | null {
  const path = PATH.exec(text)?.[0]
  const field = path === undefined ? null : readField(path)
  if (path === undefined || field === null) return null
  const after = text.slice(path.length)
  const operator = takeOperator(after)
  if (operator === null) return null
  if (hasNoValue(operator.operator)) {
    const rest = afterAnd(operator.rest)
    return rest === null ? null : { condition: { ...field, operator: operator.operator }, rest }
  }
  const value = takeValue(operator.rest)
  return value === null
    ? null
    : { condition: { ...field, operator: operator.operator, value: value.value }, rest: value.rest }
}

function takeOperator(text: string): { operator: ConditionOperator; rest: string } | null {
  const trimmed = text.trimStart()
  for (const [operator, spellings] of SPELLINGS)
    for (const spelling of spellings) {
      if (!trimmed.startsWith(spelling)) continue
      const rest = trimmed.slice(spelling.length)
      // A word needs a space on either side, a sign does not.
      const isWord = /[a-z]$/.test(spelling)
      if (isWord && (trimmed === text || (rest !== '' && !/^\s/.test(rest)))) continue
      return { operator, rest }
    }
  return null
}

function takeValue(text: string): { value: string; rest: string } | null {
  const trimmed = text.trimStart()
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(trimmed)?.[0]
  if (quoted === undefined) {
    const bare = /^\S.*?(?=\s+and\s+\S|\s*$)/.exec(trimmed)?.[0]
    if (bare === undefined || bare.startsWith('"')) return null
    const rest = afterAnd(trimmed.slice(bare.length))
    return rest === null ? null : { value: bare, rest }
  }
  const value = unquoted(quoted)
  const rest = afterAnd(trimmed.slice(quoted.length))
  return value === null || rest === null ? null : { value, rest }
}

/** What follows ` and `, empty at the end, null where something else stands. */
function afterAnd(text: string): string | null {
  if (text.trim() === '') return ''
  const match = /^\s+and\s+(?=\S)/i.exec(text)
  return match === null ? null : text.slice(match[0].length)
}

function literalText(value: string): string {
  return /^-?\d+(?:\.\d+)?$|^(?:true|false|null)$/.test(value) ? value : JSON.stringify(value)
}

function unquoted(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : null
  } catch {
    // Waits for an escape that JSON does not know: then it is no literal.
    return null
  }
}
