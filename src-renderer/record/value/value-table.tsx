/** JSON as a table, with the columns, keys and copying of every other table. */
import { useMemo, useState } from 'react'
import { t } from '../../i18n/i18n.ts'
import { formatCount } from '../../ui/format/number.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { TABLE_ROWS_MAX, type JsonCell, type JsonTable, type JsonTableRow } from './json-table.ts'

const PATH_WIDTH = 180
const CELL_WIDTH = 150

export function ValueTable({ table }: { readonly table: JsonTable }) {
  const [active, setActive] = useState<string | null>(null)
  const columns = useMemo(() => columnsOf(table), [table])
  const rows = useMemo(() => new ArrayRows(table.rows, row => row.id), [table])
  const isLeaves = table.columns[0] === 'path'
  return (
    <div className="value-table">
      {table.cut && (
        <p className="value-partial">{t('part.tableCut', { rows: formatCount(TABLE_ROWS_MAX) })}</p>
      )}
      <DataTable
        id={isLeaves ? 'value-leaves' : 'value-items'}
        label={t('part.tableLabel')}
        columns={columns}
        rows={rows}
        active={active}
        onActive={setActive}
      />
    </div>
  )
}

function columnsOf({ columns }: JsonTable): readonly Column<JsonTableRow>[] {
  const isLeaves = columns[0] === 'path'
  return columns.map((name, place) => ({
    id: `${place}:${name}`,
    title: isLeaves ? t(place === 0 ? 'part.column.path' : 'part.column.value') : name,
    width: place === 0 ? (isLeaves ? PATH_WIDTH : 56) : CELL_WIDTH,
    ...(place === columns.length - 1 ? { grow: 1 } : {}),
    mono: true,
    cell: row => <Cell cell={row.cells[place] ?? null} />,
    text: row => row.cells[place]?.text ?? '',
  }))
}

function Cell({ cell }: { readonly cell: JsonCell | null }) {
  if (cell === null) return null
  const { kind, text } = cell
  const className = kind === 'path' ? 'json-key' : `json-${kind}`
  return (
    <bdi className={`clip ${className}`} title={text}>
      {kind === 'string' ? (text === '' ? '""' : text) : text}
    </bdi>
  )
}
