/**
 * The fields that loaded records have, for completion: each path once, with how many of the
 * records that were looked at have it. Only whole JSON is looked at; arrays give `[*]`. Pure.
 */
import { writeFieldPath, type FieldPath } from '../../../../src-main/contract/field-path.ts'
import type { CellPreview, RecordRow } from '../../../../src-main/contract/model/record.ts'
import { fieldText } from '../query/condition-text.ts'

export interface KnownField {
  /** As a condition names it: `status`, `key.id`. */
  readonly text: string
  readonly part: 'key' | 'value'
  readonly path: string
  readonly count: number
}

const ROWS_MAX = 200
const FIELDS_MAX = 400
const DEPTH_MAX = 8
const ITEMS_MAX = 4

export function fieldsOf(rows: Iterable<RecordRow>): readonly KnownField[] {
  const counts = new Map<string, { part: 'key' | 'value'; path: string; count: number }>()
  let looked = 0
  for (const row of rows) {
    if (looked >= ROWS_MAX) break
    looked += 1
    for (const part of ['key', 'value'] as const)
      for (const path of pathsOf(row[part])) {
        const id = `${part} ${path}`
        const known = counts.get(id)
        if (known !== undefined) known.count += 1
        else if (counts.size < FIELDS_MAX) counts.set(id, { part, path, count: 1 })
      }
  }
  return [...counts.values()]
    .map(field => ({ ...field, text: fieldText(field.part, field.path) }))
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
}

function pathsOf(cell: CellPreview): ReadonlySet<string> {
  const paths = new Set<string>()
  if (cell.form !== 'json' || cell.truncated) return paths
  try {
    collect(JSON.parse(cell.text), [], paths)
  } catch {
    // Waits for JSON that a decoder accepts and JSON.parse does not: then it has no known fields.
  }
  return paths
}

function collect(value: unknown, path: FieldPath, into: Set<string>): void {
  if (path.length > DEPTH_MAX || into.size >= FIELDS_MAX) return
  if (Array.isArray(value)) {
    for (const item of value.slice(0, ITEMS_MAX)) collect(item, [...path, { type: 'each' }], into)
    return
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      collect(item, [...path, { type: 'key', key }], into)
    return
  }
  if (path.length > 0) into.add(writeFieldPath(path))
}
