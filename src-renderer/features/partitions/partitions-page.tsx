/** A topic's partitions: who leads, who holds copies, how far each has come, how large it is. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { ResizableAside } from '../../ui/resizable-aside.tsx'
import { Empty, Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort } from '../../ui/table/sort-search.ts'
import { ActiveProducersPanel } from './active-producers.tsx'
import { scaleOf } from './offset-bar.tsx'
import { PARTITION_COLUMNS, type PartitionsSearch } from './partitions-search.ts'
import { partitionColumns } from './partition-columns.tsx'
import { PartitionPanel } from './partition-panel.tsx'
import { joinRows, partitionValue } from './partition-row.ts'
import { PartitionSummary } from './partition-summary.tsx'
import './partitions.css'

const route = getRouteApi('/$cluster/topics/$topic/partitions')
const INTERVAL_MS = 2_000
/** Lags move by the second. */
const REPLICATION_INTERVAL_MS = 1_000

export function PartitionsPage() {
  const client = useClient()
  const cluster = useCluster().id
  const { topic } = route.useParams()
  const { sort: sortText = 'partition', open } = route.useSearch()
  const zone = useZone()
  const navigate = route.useNavigate()
  const description = useHeld(
    () => new AskedAnswer(client, 'topic.describe', { cluster, topic }, INTERVAL_MS),
    `${cluster}|${topic}`,
  )
  const replication = useHeld(
    () => new AskedAnswer(client, 'replication.topic', { cluster, topic }, REPLICATION_INTERVAL_MS),
    `${cluster}|${topic}`,
  )
  const described = useStore(description)
  const replicated = useStore(replication)
  const problem = replicated.problem ?? described.problem
  const refresh = () => {
    description.refresh()
    replication.refresh()
  }
  const sort = readSort(sortText, PARTITION_COLUMNS)
  const partitions = useMemo(
    () => joinRows(described.value?.partitions ?? [], replicated.value?.partitions ?? []),
    [described.value, replicated.value],
  )
  const columns = useMemo(() => partitionColumns(scaleOf(partitions), zone), [partitions, zone])
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, PARTITION_COLUMNS) ?? {
      column: 'partition',
      direction: 'ascending',
    }
    const ordered = [...partitions].sort((a, b) =>
      compare(partitionValue(a, column), partitionValue(b, column), direction),
    )
    return new ArrayRows(ordered, row => String(row.partition))
  }, [partitions, sortText])

  const shown = replicated.value?.partitions.find(({ partition }) => String(partition) === open)
  const change = (next: Partial<PartitionsSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  const what = t('partitions.reading', { topic })
  if (described.value === null && replicated.value === null) {
    if (problem === null) return <Loading what={t('partitions.waiting', { topic })} />
    if (isGone(problem))
      return (
        <Gone sentence={t('messages.gone', { topic })}>
          <route.Link to="/$cluster/topics" params={{ cluster }} className="button">
            {t('messages.toTopics')}
          </route.Link>
        </Gone>
      )
    return <Failure what={what} problem={problem} onRetry={refresh} />
  }
  return (
    <div className="page">
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={refresh} />}
      <PartitionSummary topic={topic} rows={partitions} />
      <div className="page-body partitions-body">
        <DataTable
          id="partitions"
          label={t('partitions.label', { topic })}
          columns={columns}
          rows={rows}
          sort={sort}
          onSort={next => change({ sort: writeSort(next) })}
          active={open ?? null}
          onActive={partition => change({ open: partition ?? undefined })}
          onOpen={partition =>
            void navigate({
              to: '/$cluster/topics/$topic',
              params: { cluster, topic },
              search: { p: partition },
            })
          }
          isMain
        >
          <Empty sentence={t('partitions.none')} />
        </DataTable>
        {shown !== undefined && (
          <ResizableAside id="partition" label={t('replication.resize')} widthPx={420}>
            <PartitionPanel
              topic={topic}
              partition={shown}
              minInSyncReplicas={replicated.value?.minInSyncReplicas ?? null}
              onClose={() => change({ open: undefined })}
            />
          </ResizableAside>
        )}
      </div>
      <ActiveProducersPanel key={topic} topic={topic} />
    </div>
  )
}
