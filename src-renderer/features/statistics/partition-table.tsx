/** The same figures, partition by partition: where the weight lies. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { PartitionStatistics } from '../../../src-main/contract/model/statistics.ts'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { Empty } from '../../ui/state/states.tsx'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort, type SortValue } from '../../ui/table/sort-search.ts'
import { STATISTICS_COLUMNS } from './statistics-search.ts'

const route = getRouteApi('/$cluster/topics/$topic/statistics')
const ROWS_SEEN_MAX = 12
const ROW_PX = 28

export function PartitionTable({
  partitions,
  label,
}: {
  readonly partitions: readonly PartitionStatistics[]
  readonly label: string
}) {
  const { sort: sortText = 'partition' } = route.useSearch()
  const navigate = route.useNavigate()
  const [active, setActive] = useState<string | null>(null)
  const columns = useMemo(() => partitionColumns(mostOf(partitions)), [partitions])
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, STATISTICS_COLUMNS) ?? {
      column: 'partition',
      direction: 'ascending',
    }
    const ordered = [...partitions].sort((a, b) =>
      compare(valueOf(a, column), valueOf(b, column), direction),
    )
    return new ArrayRows(ordered, row => String(row.partition))
  }, [partitions, sortText])
  return (
    <div style={{ height: (Math.min(partitions.length, ROWS_SEEN_MAX) + 1.5) * ROW_PX }}>
      <DataTable
        id="statistics-partitions"
        label={label}
        columns={columns}
        rows={rows}
        sort={readSort(sortText, STATISTICS_COLUMNS)}
        onSort={next => void navigate({ search: { sort: writeSort(next) }, replace: true })}
        active={active}
        onActive={setActive}
        onOpen={partition =>
          void navigate({ to: '/$cluster/topics/$topic', search: { p: partition } })
        }
      >
        <Empty sentence={t('statistics.noPartitions')} />
      </DataTable>
    </div>
  )
}

function mostOf(partitions: readonly PartitionStatistics[]): bigint {
  return partitions.reduce((top, { records }) => (records > top ? records : top), 1n)
}

function valueOf(row: PartitionStatistics, column: string): SortValue {
  switch (column) {
    case 'records':
      return row.records
    case 'bytes':
      return row.storedBytes
    case 'nullKeys':
      return row.nullKeys
    case 'nullValues':
      return row.nullValues
    case 'distinctKeys':
      return row.distinctKeys.estimate
    case 'meanValue':
      return row.valueSize.count === 0n ? undefined : row.valueSize.meanBytes
    case 'first':
      return row.firstTimestampMs
    case 'last':
      return row.lastTimestampMs
    default:
      return row.partition
  }
}

function partitionColumns(most: bigint): readonly Column<PartitionStatistics>[] {
  const end = { align: 'end', sortable: true } as const
  return [
    {
      id: 'partition',
      title: t('statistics.partition'),
      width: 80,
      mono: true,
      ...end,
      text: row => String(row.partition),
      cell: row => row.partition,
    },
    {
      id: 'records',
      title: t('statistics.records'),
      width: 170,
      grow: 1,
      ...end,
      text: row => String(row.records),
      cell: row => (
        <>
          <span
            className="share-bar"
            style={{ '--share': `${Number((row.records * 100n) / most)}%` } as React.CSSProperties}
            aria-hidden
          />
          {formatCount(row.records)}
        </>
      ),
    },
    {
      id: 'bytes',
      title: t('statistics.stored'),
      width: 92,
      ...end,
      text: row => String(row.storedBytes),
      cell: row => <span title={`${row.storedBytes} B`}>{formatBytes(row.storedBytes)}</span>,
    },
    {
      id: 'nullKeys',
      title: t('statistics.nullKeys'),
      width: 92,
      ...end,
      text: row => String(row.nullKeys),
      cell: row => formatCount(row.nullKeys),
    },
    {
      id: 'nullValues',
      title: t('statistics.nullValues'),
      width: 92,
      ...end,
      text: row => String(row.nullValues),
      cell: row => formatCount(row.nullValues),
    },
    {
      id: 'distinctKeys',
      title: t('statistics.distinctKeys'),
      width: 110,
      ...end,
      text: row => String(row.distinctKeys.estimate),
      cell: row => `≈ ${formatCount(row.distinctKeys.estimate)}`,
    },
    {
      id: 'meanValue',
      title: t('statistics.meanValue'),
      width: 100,
      ...end,
      text: row => (row.valueSize.count === 0n ? '' : String(row.valueSize.meanBytes)),
      cell: row =>
        row.valueSize.count === 0n ? UNKNOWN : formatBytes(Math.round(row.valueSize.meanBytes)),
    },
    {
      id: 'first',
      title: t('statistics.first'),
      hiddenAtFirst: true,
      width: 190,
      ...end,
      text: row => row.firstTimestampMs?.toString() ?? '',
      cell: row => (
        <span className="quiet">
          <Moment timestampMs={row.firstTimestampMs} />
        </span>
      ),
    },
    {
      id: 'last',
      title: t('statistics.last'),
      width: 190,
      ...end,
      text: row => row.lastTimestampMs?.toString() ?? '',
      cell: row => (
        <span className="quiet">
          <Moment timestampMs={row.lastTimestampMs} />
        </span>
      ),
    },
  ]
}
