/** Rows to columns and back; see `Columns`. */
import type { Columns } from './model/topic.ts'

export function columnsOf<Row>(
  rows: readonly Row[],
  fields: Readonly<Record<keyof Row, true>>,
): Columns<Row> {
  const names = Object.keys(fields) as (keyof Row)[]
  const columns = names.map(field => [field, rows.map(row => row[field])] as const)
  return Object.fromEntries(columns) as unknown as Columns<Row>
}

export function rowsOf<Row>(columns: Columns<Row>): Row[] {
  const fields = Object.keys(columns) as (keyof Row)[]
  const [first] = fields
  const count = first === undefined ? 0 : columns[first].length
  return Array.from({ length: count }, (_, index) => {
    const row: Partial<Row> = {}
    for (const field of fields) row[field] = columns[field][index]!
    return row as Row
  })
}
