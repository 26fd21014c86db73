/** The fields of a frame as a table that stays quick with thousands of them. */
import { useMemo } from 'react'
import type { WireField } from '../../../src-main/contract/model/wire.ts'
import { t } from '../../i18n/i18n.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'

interface Line {
  readonly key: string
  readonly field: WireField
}

const columns: readonly Column<Line>[] = [
  {
    id: 'name',
    title: t('wire.field'),
    width: 150,
    grow: 1,
    text: ({ field }) => field.name,
    cell: ({ field }) => (
      <span
        className={field.depth === 0 ? 'wire-section' : undefined}
        style={{ paddingInlineStart: field.depth * 12 }}
      >
        {field.name}
      </span>
    ),
  },
  {
    id: 'value',
    title: t('wire.value'),
    width: 120,
    grow: 2,
    mono: true,
    text: ({ field }) => field.text ?? '',
    cell: ({ field }) =>
      field.end === null && field.depth > 0 && field.text === null ? (
        <span className="warn">{t('wire.notRead')}</span>
      ) : (
        <span title={field.text ?? undefined}>
          {field.text}
          {field.meaning !== null && (
            <span className={field.name === 'errorCode' && field.text !== '0' ? 'bad' : 'faint'}>
              {' '}
              {field.meaning}
            </span>
          )}
        </span>
      ),
  },
  {
    id: 'type',
    title: t('wire.type'),
    width: 70,
    text: ({ field }) => field.type,
    cell: ({ field }) => <span className="faint">{field.type}</span>,
  },
  {
    id: 'bytes',
    title: t('wire.bytes'),
    hint: t('wire.bytesHint'),
    width: 84,
    align: 'end',
    mono: true,
    hiddenAtFirst: true,
    text: ({ field }) => `${field.start}`,
    cell: ({ field }) => (
      <span className="faint">
        {field.start}
        {field.end === null ? '' : `+${field.end - field.start}`}
      </span>
    ),
  },
]

interface WireFieldsProps {
  readonly fields: readonly WireField[]
  readonly marked: WireField | null
  readonly onMark: (field: WireField | null) => void
}

export function WireFields({ fields, marked, onMark }: WireFieldsProps) {
  const rows = useMemo(
    () =>
      new ArrayRows(
        fields.map((field, index) => ({ key: String(index), field })),
        line => line.key,
      ),
    [fields],
  )
  return (
    <DataTable
      id="wire-fields"
      label={t('wire.fields')}
      columns={columns}
      rows={rows}
      active={marked === null ? null : String(fields.indexOf(marked))}
      onActive={key => onMark(key === null ? null : (fields[Number(key)] ?? null))}
    />
  )
}
