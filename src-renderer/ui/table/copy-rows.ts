/** Rows as text for a spreadsheet (TSV) or a program (JSON): exact values, no grouping. */
import type { Column } from './column.ts'

export function rowsAsTsv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const header = columns.map(column => column.title).join('\t')
  const lines = rows.map(row => columns.map(column => oneLine(column.text(row))).join('\t'))
  return [header, ...lines].join('\n')
}

export function rowsAsJson<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const objects = rows.map(row =>
    Object.fromEntries(columns.map(column => [column.id, column.text(row)])),
  )
  return JSON.stringify(objects, null, 2)
}

/** A tab or a line end inside a value would shift every cell after it. */
function oneLine(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
}
