/** A topic's partitions: who leads, who holds copies, how far each has come, how large it is. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Empty, Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort } from '../../ui/table/sort-search.ts'
import { ActiveProducersPanel } from './active-producers.tsx'
import { PARTITION_COLUMNS } from './partitions-search.ts'
import { partitionColumns, partitionValue, scaleOf } from './partition-columns.tsx'
import { PartitionSummary } from './partition-summary.tsx'
import './partitions.css'

const route = getRouteApi('/$cluster/topics/$topic/partitions')
const INTERVAL_MS = 2_000

export function PartitionsPage() {
  const client = useClient()
  const cluster = useCluster().id
  const { topic } = route.useParams()
  const { sort: sortText = 'partition' } = route.useSearch()
  const navigate = route.useNavigate()
  const description = useHeld(
    () => new AskedAnswer(client, 'topic.describe', { cluster, topic }, INTERVAL_MS),
    `${cluster}|${topic}`,
  )
  const { value, problem } = useStore(description)
  const [active, setActive] = useState<string | null>(null)
  const sort = readSort(sortText, PARTITION_COLUMNS)
  const partitions = value?.partitions
  const columns = useMemo(() => partitionColumns(scaleOf(partitions ?? [])), [partitions])
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, PARTITION_COLUMNS) ?? {
      column: 'partition',
      direction: 'ascending',
    }
    const ordered = [...(partitions ?? [])].sort((a, b) =>
      compare(partitionValue(a, column), partitionValue(b, column), direction),
    )
    return new ArrayRows(ordered, row => String(row.partition))
  }, [partitions, sortText])

  const what = t('partitions.reading', { topic })
  if (value === null) {
    if (problem === null) return <Loading what={t('partitions.waiting', { topic })} />
    if (isGone(problem))
      return (
        <Gone sentence={t('messages.gone', { topic })}>
          <route.Link to="/$cluster/topics" params={{ cluster }} className="button">
            {t('messages.toTopics')}
          </route.Link>
        </Gone>
      )
    return <Failure what={what} problem={problem} onRetry={description.refresh} />
  }
  return (
    <div className="page">
      {problem !== null && (
        <FailureNotice what={what} problem={problem} onRetry={description.refresh} />
      )}
      <PartitionSummary description={value} />
      <div className="page-body">
        <DataTable
          id="partitions"
          label={t('partitions.label', { topic })}
          columns={columns}
          rows={rows}
          sort={sort}
          onSort={next => void navigate({ search: { sort: writeSort(next) }, replace: true })}
          active={active}
          onActive={setActive}
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
      </div>
      <ActiveProducersPanel key={topic} topic={topic} />
    </div>
  )
}
