/** The brokers of a cluster. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { BrokerSummary } from '../../../src-main/contract/model/cluster.ts'
import type { BrokerStorage } from '../../../src-main/contract/model/storage.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { useOverview, useOverviewRetry } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { brokerColumns, brokerValue, evenShare } from '../../ui/broker-columns.tsx'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort, type SortValue } from '../../ui/table/sort-search.ts'
import { BROKER_COLUMNS } from './brokers-search.ts'
import { countedSegments } from './segments.ts'
import { useBrokerStorage } from './use-broker-storage.ts'

const route = getRouteApi('/$cluster/brokers')

export function BrokersPage() {
  const { id: cluster, kind } = useCluster()
  const { value, problem } = useOverview()
  const retry = useOverviewRetry()
  const { sort: sortText = 'id' } = route.useSearch()
  const navigate = route.useNavigate()
  const [active, setActive] = useState<string | null>(null)
  const brokers = value?.brokers
  const storage = useBrokerStorage()
  const columns = useMemo(
    () => withSegments(brokerColumns(evenShare(brokers ?? [])), storage, kind),
    [brokers, storage, kind],
  )
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, BROKER_COLUMNS) ?? {
      column: 'id',
      direction: 'ascending',
    }
    const ordered = [...(brokers ?? [])].sort((a, b) =>
      compare(sortValue(a, column, storage), sortValue(b, column, storage), direction),
    )
    return new ArrayRows(ordered, broker => String(broker.id))
  }, [brokers, sortText, storage])

  if (value === null)
    return problem === null ? (
      <Loading what={t('brokers.waiting')} />
    ) : (
      <Failure what={t('brokers.reading')} problem={problem} onRetry={retry} />
    )
  return (
    <div className="page">
      <div className="toolbar">
        <h1 className="page-title">{t('navigation.brokers')}</h1>
        <span className="faint">
          {t('brokers.count', { count: value.brokers.length })}
          {value.controllerId !== null &&
            ` · ${t('brokers.controllerIs', { id: value.controllerId })}`}
          {value.version !== null && ` · ${value.version}`}
        </span>
        <span className="spacer" />
        <route.Link
          to="/$cluster/broker-defaults"
          params={{ cluster }}
          className="button"
          title={t('brokers.defaultsHint')}
        >
          {t('brokers.defaults')}
        </route.Link>
      </div>
      {problem !== null && (
        <FailureNotice what={t('brokers.reading')} problem={problem} onRetry={retry} />
      )}
      <div className="page-body">
        <DataTable
          id="brokers"
          label={t('navigation.brokers')}
          columns={columns}
          rows={rows}
          sort={readSort(sortText, BROKER_COLUMNS)}
          onSort={next => void navigate({ search: { sort: writeSort(next) }, replace: true })}
          active={active}
          onActive={setActive}
          onOpen={broker =>
            void navigate({ to: '/$cluster/brokers/$broker', params: { cluster, broker } })
          }
          opensOnClick
          isMain
        >
          <Empty sentence={t('brokers.none')} />
        </DataTable>
      </div>
    </div>
  )
}

function sortValue(
  broker: BrokerSummary,
  column: string,
  storage: readonly BrokerStorage[] | null,
): SortValue {
  if (column !== 'segments') return brokerValue(broker, column)
  const segments = countedSegments(storage, broker.id)
  return segments.type === 'counted' ? segments.count : null
}

/** Before the size, which is last. */
function withSegments(
  columns: readonly Column<BrokerSummary>[],
  storage: readonly BrokerStorage[] | null,
  kind: 'local' | 'remote',
): readonly Column<BrokerSummary>[] {
  const counted = ({ id }: BrokerSummary) => {
    const segments = countedSegments(storage, id)
    return segments.type === 'counted' ? segments.count : null
  }
  const column: Column<BrokerSummary> = {
    id: 'segments',
    title: t('brokers.segments'),
    hint: t('brokers.segmentsHint'),
    width: 100,
    align: 'end',
    sortable: true,
    text: broker => String(counted(broker) ?? ''),
    cell: broker => {
      const count = counted(broker)
      if (count !== null) return formatCount(count)
      const why = kind === 'remote' ? t('brokers.segmentsRemote') : t('brokers.segmentsUnknown')
      return (
        <span className="faint" title={why}>
          {UNKNOWN}
        </span>
      )
    },
  }
  return [...columns.slice(0, -1), column, ...columns.slice(-1)]
}
