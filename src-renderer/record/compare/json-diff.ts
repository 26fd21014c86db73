/**
 * What differs between two JSON documents, as lines: fields by their names, items of arrays by the
 * longest run that both have in common, numbers by their digits as stored.
 */
import { printJson, type JsonEntry, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import {
  writeFieldPath,
  type FieldPath,
  type FieldStep,
} from '../../../src-main/contract/field-path.ts'
import { alignByText } from './line-diff.ts'

export type DiffKind = 'same' | 'changed' | 'added' | 'removed'

export interface DiffLine {
  readonly kind: DiffKind
  /** Where it is: a path, or a number of a line. */
  readonly path: string
  /** Null for what only the other has. */
  readonly left: string | null
  readonly right: string | null
}

const DIFF_LINES_MAX = 20_000

export function diffJson(left: JsonValue, right: JsonValue): readonly DiffLine[] {
  const lines: DiffLine[] = []
  compare(left, right, [], lines)
  return lines
}

function compare(left: JsonValue, right: JsonValue, path: FieldPath, lines: DiffLine[]): void {
  if (lines.length >= DIFF_LINES_MAX) return
  if (left.type === 'object' && right.type === 'object')
    compareObjects(left.entries, right.entries, path, lines)
  else if (left.type === 'array' && right.type === 'array')
    compareArrays(left.items, right.items, path, lines)
  else {
    const [before, after] = [shortJson(left), shortJson(right)]
    lines.push({
      kind: before === after ? 'same' : 'changed',
      path: writeFieldPath(path),
      left: before,
      right: after,
    })
  }
}

/** Of repeated keys the first is compared with the first, the second with the second. */
function compareObjects(
  left: readonly JsonEntry[],
  right: readonly JsonEntry[],
  path: FieldPath,
  lines: DiffLine[],
): void {
  if (left.length === 0 && right.length === 0)
    lines.push({ kind: 'same', path: writeFieldPath(path), left: '{}', right: '{}' })
  const waiting = new Map<string, JsonValue[]>()
  for (const { key, value } of right) {
    const known = waiting.get(key)
    if (known === undefined) waiting.set(key, [value])
    else known.push(value)
  }
  for (const { key, value } of left) {
    const other = waiting.get(key)?.shift()
    const at: FieldPath = [...path, { type: 'key', key }]
    if (other === undefined) lines.push(only('removed', at, value))
    else compare(value, other, at, lines)
  }
  for (const [key, values] of waiting)
    for (const value of values) lines.push(only('added', [...path, { type: 'key', key }], value))
}

function compareArrays(
  left: readonly JsonValue[],
  right: readonly JsonValue[],
  path: FieldPath,
  lines: DiffLine[],
): void {
  if (left.length === 0 && right.length === 0)
    lines.push({ kind: 'same', path: writeFieldPath(path), left: '[]', right: '[]' })
  const pairs = alignByText(left.map(printFlat), right.map(printFlat))
  for (const { left: from, right: to } of pairs) {
    const before = from === null ? undefined : left[from]
    const after = to === null ? undefined : right[to]
    const step: FieldStep = { type: 'place', place: to ?? from ?? 0 }
    const at = [...path, step]
    if (before !== undefined && after !== undefined) compare(before, after, at, lines)
    else if (before !== undefined) lines.push(only('removed', at, before))
    else if (after !== undefined) lines.push(only('added', at, after))
  }
}

function only(kind: 'added' | 'removed', path: FieldPath, value: JsonValue): DiffLine {
  const text = shortJson(value)
  return {
    kind,
    path: writeFieldPath(path),
    left: kind === 'removed' ? text : null,
    right: kind === 'added' ? text : null,
  }
}

const SHORT_CHARS_MAX = 2_000

function shortJson(value: JsonValue): string {
  return printFlat(value).slice(0, SHORT_CHARS_MAX)
}

function printFlat(value: JsonValue): string {
  switch (value.type) {
    case 'object':
      return `{${value.entries
        .map(entry => `${JSON.stringify(entry.key)}:${printFlat(entry.value)}`)
        .join(',')}}`
    case 'array':
      return `[${value.items.map(printFlat).join(',')}]`
    default:
      return printJson(value)
  }
}
