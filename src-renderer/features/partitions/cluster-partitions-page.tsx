/** Partitions of all topics, by their state and by the broker that they are on. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import {
  partitionStates,
  type ListedPartition,
  type PartitionListing,
} from '../../../src-main/contract/model/replication.ts'
import { Asked } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { useOverview } from '../../connection/cluster-live.tsx'
import { useNodesChanged } from '../../connection/nodes-changed.ts'
import { t } from '../../i18n/i18n.ts'
import { PartitionFilter } from '../../replication/partition-filter.tsx'
import { Button } from '../../ui/button.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { formatCount } from '../../ui/format/number.ts'
import { nameFilter } from '../../ui/name-filter.ts'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort, type SortValue } from '../../ui/table/sort-search.ts'
import { listedColumns, nameOf } from './cluster-partition-columns.tsx'
import { LISTED_COLUMNS, type ClusterPartitionsSearch } from './cluster-partitions-search.ts'
import './partitions.css'

const route = getRouteApi('/$cluster/partitions')
const INTERVAL_MS = 1_000

export function ClusterPartitionsPage() {
  const client = useClient()
  const cluster = useCluster().id
  const search = route.useSearch()
  const { sort: sortText = 'partition', q, state, broker } = search
  const navigate = route.useNavigate()
  const field = useRef<HTMLInputElement>(null)
  const [active, setActive] = useState<string | null>(null)
  const answer = useHeld(() => {
    const input = { cluster, state: state ?? null, broker: broker ?? null }
    return new Asked<PartitionListing>(
      (_before, signal) => client.call('replication.partitions', input, signal),
      INTERVAL_MS,
    )
  }, `${cluster}|${state}|${broker}`)
  useNodesChanged(answer.refresh)
  const { value, problem } = useStore(answer)
  const silent = useSilentBrokers()
  const filter = useMemo(() => nameFilter(q ?? ''), [q])
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, LISTED_COLUMNS) ?? {
      column: 'partition',
      direction: 'ascending',
    }
    const fitting = (value?.partitions ?? []).filter(
      ({ topic }) => filter.type !== 'test' || filter.test(topic),
    )
    const byPlace = (a: ListedPartition, b: ListedPartition) =>
      compare(a.topic, b.topic, direction) || compare(a.partition, b.partition, direction)
    const ordered = fitting.sort((a, b) =>
      column === 'partition'
        ? byPlace(a, b)
        : compare(valueOf(a, column), valueOf(b, column), direction) || byPlace(a, b),
    )
    return new ArrayRows(ordered, nameOf)
  }, [value, filter, sortText])
  const columns = useMemo(() => listedColumns(cluster, silent), [cluster, silent])
  const change = (next: Partial<ClusterPartitionsSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  const what = t('clusterPartitions.reading')
  if (value === null && problem !== null)
    return <Failure what={what} problem={problem} onRetry={answer.refresh} />
  const filtered = state !== undefined || broker !== undefined || q !== undefined
  return (
    <div className="page">
      <div className="toolbar partition-toolbar">
        <h1 className="page-title">{t('clusterPartitions.title')}</h1>
        {value !== null && (
          <PartitionFilter
            counts={new Map(partitionStates.map(each => [each, value.states[each]]))}
            state={state}
            onState={chosen => change({ state: chosen })}
            brokers={value.brokers}
            broker={broker}
            onBroker={chosen => change({ broker: chosen })}
          />
        )}
        <span className="spacer" />
        {value !== null && <Shown value={value} count={rows.count} filtered={filtered} />}
        <FilterField
          field={field}
          value={q ?? ''}
          onChange={text => change({ q: text === '' ? undefined : text })}
          placeholder={t('clusterPartitions.filter')}
          problem={filter.type === 'wrong' ? filter.reason : null}
        />
      </div>
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={answer.refresh} />}
      {value === null ? (
        <Loading what={t('clusterPartitions.waiting')} />
      ) : (
        <div className="page-body">
          <DataTable
            id="cluster-partitions"
            label={t('clusterPartitions.title')}
            columns={columns}
            rows={rows}
            sort={readSort(sortText, LISTED_COLUMNS)}
            onSort={sort => change({ sort: writeSort(sort) })}
            active={active}
            onActive={setActive}
            onOpen={key => {
              const row = rows.at(rows.indexOf(key))
              if (row === undefined) return
              void navigate({
                to: '/$cluster/topics/$topic/partitions',
                params: { cluster, topic: row.topic },
                search: { open: String(row.partition) },
              })
            }}
            opensOnClick
            onFilter={() => field.current?.focus()}
            isMain
          >
            <Nothing search={search} onShowAll={change} />
          </DataTable>
        </div>
      )}
    </div>
  )
}

/** Whom the cluster lists although they do not answer: it counts on them until it has fenced them. */
function useSilentBrokers(): ReadonlySet<number> {
  const brokers = useOverview().value?.brokers
  return useMemo(() => {
    const silent = brokers?.filter(({ state }) => state === 'unreachable') ?? []
    return new Set(silent.map(({ id }) => id))
  }, [brokers])
}

function valueOf(row: ListedPartition, column: string): SortValue {
  return column === 'leader' ? row.leader : row.isr.length - row.replicas.length
}

interface ShownProps {
  readonly value: PartitionListing
  readonly count: number
  readonly filtered: boolean
}

function Shown({ value, count, filtered }: ShownProps) {
  const { partitions, count: fitting, partitionCount } = value
  const words = { shown: formatCount(count), all: formatCount(partitionCount) }
  const cut = fitting > partitions.length
  return (
    <span className="faint">
      {filtered || cut
        ? t('partitions.shownOf', words)
        : t('partitions.count', { count: partitionCount, formatted: words.all })}
      {cut && ` · ${t('clusterPartitions.cut', { count: formatCount(partitions.length) })}`}
    </span>
  )
}

interface NothingProps {
  readonly search: ClusterPartitionsSearch
  readonly onShowAll: (change: Partial<ClusterPartitionsSearch>) => void
}

function Nothing({ search: { state, broker, q }, onShowAll }: NothingProps) {
  if (state === undefined && broker === undefined && q === undefined)
    return <Empty sentence={t('clusterPartitions.none')} />
  const sentence =
    q !== undefined
      ? t('clusterPartitions.noneFits', { q })
      : state === undefined
        ? t('partitions.noneOnBroker', { id: broker })
        : t(`partitionState.none.${state}`)
  return (
    <Empty sentence={sentence}>
      <Button onClick={() => onShowAll({ state: undefined, broker: undefined, q: undefined })}>
        {t('partitions.showAll')}
      </Button>
    </Empty>
  )
}
