/** The brokers of a cluster. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useCluster } from '../../connection/client-context.tsx'
import { useOverview, useOverviewRetry } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { brokerColumns, brokerValue, evenShare } from '../../ui/broker-columns.tsx'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort } from '../../ui/table/sort-search.ts'
import { BROKER_COLUMNS } from './brokers-search.ts'

const route = getRouteApi('/$cluster/brokers')

export function BrokersPage() {
  const cluster = useCluster().id
  const { value, problem } = useOverview()
  const retry = useOverviewRetry()
  const { sort: sortText = 'id' } = route.useSearch()
  const navigate = route.useNavigate()
  const [active, setActive] = useState<string | null>(null)
  const brokers = value?.brokers
  const columns = useMemo(() => brokerColumns(evenShare(brokers ?? [])), [brokers])
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, BROKER_COLUMNS) ?? {
      column: 'id',
      direction: 'ascending',
    }
    const ordered = [...(brokers ?? [])].sort((a, b) =>
      compare(brokerValue(a, column), brokerValue(b, column), direction),
    )
    return new ArrayRows(ordered, broker => String(broker.id))
  }, [brokers, sortText])

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
