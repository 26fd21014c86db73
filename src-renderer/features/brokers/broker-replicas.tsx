/** What a broker holds: each replica with its folder, size and lag. */
import { useMemo, useRef, useState } from 'react'
import type { BrokerReplica } from '../../../src-main/contract/model/cluster.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { FilterField } from '../../ui/filter-field.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { nameFilter } from '../../ui/name-filter.ts'
import { RowLink } from '../../ui/row-link.tsx'
import { Empty } from '../../ui/state/states.tsx'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort, type SortValue } from '../../ui/table/sort-search.ts'
import { REPLICA_COLUMNS, type BrokerSearch } from './brokers-search.ts'

interface BrokerReplicasProps {
  readonly replicas: readonly BrokerReplica[]
  readonly search: BrokerSearch
  readonly change: (next: Partial<BrokerSearch>) => void
}

export function BrokerReplicas({ replicas, search, change }: BrokerReplicasProps) {
  const cluster = useCluster().id
  const [active, setActive] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const filter = useMemo(() => nameFilter(search.q ?? ''), [search.q])
  const sortText = search.sort ?? '-size'
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, REPLICA_COLUMNS) ?? {
      column: 'size',
      direction: 'descending',
    }
    const fitting = replicas.filter(({ topic }) => filter.type !== 'test' || filter.test(topic))
    const ordered = fitting.sort((a, b) =>
      compare(valueOf(a, column), valueOf(b, column), direction),
    )
    return new ArrayRows(ordered, nameOf)
  }, [replicas, filter, sortText])
  const columns = useMemo(() => replicaColumns(cluster), [cluster])
  return (
    <>
      <div className="toolbar">
        <span className="faint">
          {t('broker.replicaCount', { count: rows.count, formatted: formatCount(rows.count) })}
        </span>
        <span className="spacer" />
        <FilterField
          field={field}
          value={search.q ?? ''}
          onChange={q => change({ q: q === '' ? undefined : q })}
          placeholder={t('broker.filterReplicas')}
          problem={filter.type === 'wrong' ? filter.reason : null}
        />
      </div>
      <div className="page-body">
        <DataTable
          id="broker-replicas"
          label={t('broker.tab.replicas')}
          columns={columns}
          rows={rows}
          sort={readSort(sortText, REPLICA_COLUMNS)}
          onSort={sort => change({ sort: writeSort(sort) })}
          active={active}
          onActive={setActive}
          onFilter={() => field.current?.focus()}
          isMain
        >
          <Empty sentence={t(search.q === undefined ? 'broker.noReplicas' : 'broker.noneFits')} />
        </DataTable>
      </div>
    </>
  )
}

function nameOf({ topic, partition, isFuture }: BrokerReplica): string {
  return `${topic}-${partition}${isFuture ? ' (future)' : ''}`
}

function valueOf(replica: BrokerReplica, column: string): SortValue {
  if (column === 'size') return replica.sizeBytes
  return column === 'lag' ? replica.offsetLag : nameOf(replica)
}

function replicaColumns(cluster: string): readonly Column<BrokerReplica>[] {
  return [
    {
      id: 'replica',
      title: t('broker.replica'),
      width: 260,
      grow: 1,
      sortable: true,
      text: nameOf,
      cell: replica => (
        <RowLink path={[cluster, 'topics', replica.topic, 'partitions']} title={nameOf(replica)}>
          {replica.topic}-{replica.partition}
          {replica.isFuture && <span className="tag">{t('broker.future')}</span>}
        </RowLink>
      ),
    },
    {
      id: 'size',
      title: t('brokers.size'),
      width: 110,
      align: 'end',
      sortable: true,
      text: ({ sizeBytes }) => String(sizeBytes),
      cell: ({ sizeBytes }) => (
        <span title={`${formatCount(sizeBytes)} B`}>{formatBytes(sizeBytes)}</span>
      ),
    },
    {
      id: 'lag',
      title: t('broker.lag'),
      hint: t('broker.lagHint'),
      width: 110,
      align: 'end',
      sortable: true,
      text: ({ offsetLag }) => String(offsetLag),
      cell: ({ offsetLag }) => (
        <span className={offsetLag > 0n ? 'warn' : undefined}>{formatCount(offsetLag)}</span>
      ),
    },
    {
      id: 'folder',
      title: t('broker.logDir'),
      width: 220,
      grow: 1,
      mono: true,
      text: ({ logDir }) => logDir,
      cell: ({ logDir }) => (
        <span className="quiet" title={logDir}>
          {logDir}
        </span>
      ),
    },
  ]
}
