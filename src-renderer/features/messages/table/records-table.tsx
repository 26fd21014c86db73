/** The table itself, the same for records and for what a search found. */
import type { ReactNode } from 'react'
import { t } from '../../../i18n/i18n.ts'
import { formatCount } from '../../../ui/format/number.ts'
import { DataTable, type DataTableProps } from '../../../ui/table/data-table.tsx'
import type { RecordLine } from './record-line.ts'

interface RecordsTableProps extends Pick<
  DataTableProps<RecordLine>,
  | 'columns'
  | 'rows'
  | 'layout'
  | 'columnActs'
  | 'sort'
  | 'onSort'
  | 'active'
  | 'onActive'
  | 'chosen'
  | 'onChoose'
  | 'onFilter'
  | 'onVisible'
  | 'show'
> {
  readonly topic: string
  readonly newCount: bigint
  /** Where new rows come in. */
  readonly newestAt: 'top' | 'bottom'
  readonly onTakeNew: () => void
  readonly children: ReactNode
}

export function RecordsTable({
  topic,
  newCount,
  newestAt,
  onTakeNew,
  children,
  ...table
}: RecordsTableProps) {
  return (
    <div className="messages-table">
      {newCount > 0n && (
        <button type="button" className="pill" data-at={newestAt} onClick={onTakeNew}>
          {t('messages.new', { count: Number(newCount), formatted: formatCount(newCount) })}
          {newestAt === 'top' ? ' ↑' : ' ↓'}
        </button>
      )}
      <DataTable id="messages" label={t('messages.label', { topic })} isMain {...table}>
        {children}
      </DataTable>
    </div>
  )
}
