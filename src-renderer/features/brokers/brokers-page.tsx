/** The brokers of a cluster. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { BrokerSummary } from '../../../src-main/contract/model/cluster.ts'
import type { BrokerStorage } from '../../../src-main/contract/model/storage.ts'
import type { Leadership } from '../../../src-main/contract/model/replication.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { useOverview, useOverviewRetry } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { useClusterReplication } from '../../replication/cluster-replication.ts'
import { ElectPreferred } from '../../replication/elect-preferred.tsx'
import { QuorumFacts, QuorumTable } from '../../replication/quorum-table.tsx'
import { Reassign } from '../../replication/reassign.tsx'
import { Reassignments } from '../../replication/reassignments.tsx'
import { AddController } from '../../replication/voters.tsx'
import { brokerValue, evenShare } from '../../ui/broker-columns.tsx'
import { Button } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands.ts'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort, type SortValue } from '../../ui/table/sort-search.ts'
import { brokerNodeColumns } from './broker-node-columns.tsx'
import { BROKER_COLUMNS } from './brokers-search.ts'
import { countedSegments } from './segments.ts'
import { useBrokerStorage } from './use-broker-storage.ts'
import './brokers.css'

const route = getRouteApi('/$cluster/brokers')

export function BrokersPage() {
  const { id: cluster, kind, readOnly } = useCluster()
  const { value, problem } = useOverview()
  const retry = useOverviewRetry()
  const { sort: sortText = 'id' } = route.useSearch()
  const navigate = route.useNavigate()
  const [active, setActive] = useState<string | null>(null)
  const brokers = value?.brokers
  const storage = useBrokerStorage()
  const { value: replication, refresh } = useClusterReplication()
  const [act, setAct] = useState<'elect' | 'reassign' | null>(null)
  const columns = useMemo(() => {
    const leaderShare = evenShare(brokers ?? [])
    const nodes = replication?.nodes ?? null
    const own = brokerNodeColumns({ leaderShare, nodes, onDone: refresh })
    return withSegments(own, storage, kind)
  }, [brokers, replication, refresh, storage, kind])
  useCommands(
    readOnly
      ? []
      : [
          { id: 'elect', title: t('elect.act'), group: 'page', run: () => setAct('elect') },
          {
            id: 'reassign',
            title: t('reassign.act'),
            group: 'page',
            run: () => setAct('reassign'),
          },
        ],
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
  // Before KRaft there is no quorum to tell who it is; without a majority it tells who it was.
  const controllerId =
    replication === null || value.version === null || value.controllerId === null
      ? value.controllerId
      : (replication.quorum?.leaderId ?? null)
  return (
    <div className="page">
      <div className="toolbar">
        <h1 className="page-title">{t('navigation.brokers')}</h1>
        <span className="faint clip brokers-facts">
          {t('brokers.count', { count: value.brokers.length })}
          {controllerId !== null && ` · ${t('brokers.controllerIs', { id: controllerId })}`}
          {value.version !== null && ` · ${value.version}`}
        </span>
        {replication !== null && <PreferredShare leadership={replication.leadership} />}
        <span className="spacer" />
        <Button whyNot={readOnly ? t('readOnly') : null} onClick={() => setAct('elect')}>
          {t('elect.act')}
        </Button>
        <Button whyNot={readOnly ? t('readOnly') : null} onClick={() => setAct('reassign')}>
          {t('reassign.act')}
        </Button>
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
      <div
        className="page-body brokers-table"
        style={{ '--rows': rows.count } as React.CSSProperties}
      >
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
      {replication !== null && (
        <>
          <Reassignments reassignments={replication.reassignments} onDone={refresh} />
          <section className="cluster-section" aria-label={t('quorum.title')}>
            <header>
              <h2 className="section-title">{t('quorum.title')}</h2>
              <QuorumFacts replication={replication} />
              <span className="spacer" />
              <AddController replication={replication} onDone={refresh} />
            </header>
            <QuorumTable replication={replication} full onDone={refresh} />
          </section>
        </>
      )}
      <ElectPreferred opened={act === 'elect'} topic={null} onClose={() => setAct(null)} />
      <Reassign opened={act === 'reassign'} topic={null} onClose={() => setAct(null)} />
    </div>
  )
}

function PreferredShare({ leadership }: { readonly leadership: Leadership }) {
  const { preferredCount, partitionCount } = leadership
  if (partitionCount === 0) return null
  return (
    <span
      className={preferredCount < partitionCount ? 'warn' : 'faint'}
      title={t('elect.shareHint')}
    >
      {t('elect.share', {
        preferred: formatCount(preferredCount),
        all: formatCount(partitionCount),
      })}
    </span>
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

/** Before the size. */
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
    width: 88,
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
  const size = columns.findIndex(({ id }) => id === 'size')
  return [...columns.slice(0, size), column, ...columns.slice(size)]
}
