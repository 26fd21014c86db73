/**
 * JSON as rows and columns: an array of objects as one row each, anything else as one row for each
 * value in it, by its path.
 */
import { printJson, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import {
  writeFieldPath,
  type FieldPath,
  type FieldStep,
} from '../../../src-main/contract/field-path.ts'

export interface JsonTable {
  readonly columns: readonly string[]
  readonly rows: readonly JsonTableRow[]
  /** Rows were left out past this many. */
  readonly cut: boolean
}

export interface JsonTableRow {
  readonly id: string
  readonly cells: readonly (JsonCell | null)[]
}

export interface JsonCell {
  readonly kind: JsonValue['type'] | 'path'
  readonly text: string
}

export const TABLE_ROWS_MAX = 100_000
const COLUMNS_MAX = 64
const CELL_CHARS_MAX = 2_000

/** Null where a table says no more than the value does: for a bare string, number or word. */
export function tableOf(value: JsonValue): JsonTable | null {
  if (value.type !== 'object' && value.type !== 'array') return null
  return arrayTable(value) ?? leafTable(value)
}

function arrayTable(value: JsonValue): JsonTable | null {
  if (value.type !== 'array' || value.items.length === 0) return null
  const objects = value.items.filter(item => item.type === 'object')
  if (objects.length < value.items.length) return null
  const names = new Set<string>()
  for (const { entries } of objects) for (const { key } of entries) names.add(key)
  if (names.size > COLUMNS_MAX) return null
  const columns = [...names]
  const rows = objects.slice(0, TABLE_ROWS_MAX).map(({ entries }, index) => {
    // Of two equal keys the last one counts, as for nearly every reader.
    const byKey = new Map(entries.map(({ key, value: each }) => [key, each]))
    return {
      id: `${index}`,
      cells: [
        { kind: 'path' as const, text: `[${index}]` },
        ...columns.map(name => cellOf(byKey.get(name))),
      ],
    }
  })
  return { columns: ['', ...columns], rows, cut: objects.length > TABLE_ROWS_MAX }
}

/** Depth first, without recursion: a document may be nested a thousand deep. */
function leafTable(root: JsonValue): JsonTable {
  const rows: JsonTableRow[] = []
  const open: { value: JsonValue; path: FieldPath }[] = [{ value: root, path: [] }]
  while (open.length > 0 && rows.length < TABLE_ROWS_MAX) {
    const { value, path } = open.pop()!
    const children = childrenOf(value)
    if (children !== null && children.length > 0) {
      for (const child of children.reverse())
        open.push({ value: child.value, path: [...path, child.step] })
      continue
    }
    const cells = [{ kind: 'path' as const, text: writeFieldPath(path) }, cellOf(value)]
    rows.push({ id: `${rows.length}`, cells })
  }
  return { columns: ['path', 'value'], rows, cut: open.length > 0 }
}

function childrenOf(value: JsonValue): { step: FieldStep; value: JsonValue }[] | null {
  if (value.type === 'object')
    return value.entries.map(entry => ({
      step: { type: 'key', key: entry.key },
      value: entry.value,
    }))
  if (value.type === 'array')
    return value.items.map((item, place) => ({ step: { type: 'place', place }, value: item }))
  return null
}

function cellOf(value: JsonValue | undefined): JsonCell | null {
  if (value === undefined) return null
  const text =
    value.type === 'string'
      ? value.value
      : value.type === 'number' || value.type === 'word'
        ? value.text
        : printJson(value).replace(/\s*\n\s*/g, ' ')
  return { kind: value.type, text: text.slice(0, CELL_CHARS_MAX) }
}
