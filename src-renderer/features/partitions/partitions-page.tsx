/** A topic's partitions: who leads, who holds copies, how far each has come, how large it is. */
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { PartitionReplication } from '../../../src-main/contract/model/replication.ts'
import { Asked } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { useNodesChanged } from '../../connection/nodes-changed.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useZone } from '../../ui/format/zone-context.ts'
import { ResizableAside } from '../../ui/resizable-aside.tsx'
import { Empty, Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort } from '../../ui/table/sort-search.ts'
import { isShown, TableLayout } from '../../ui/table/table-layout.ts'
import { ActiveProducersPanel } from './active-producers.tsx'
import { scaleOf } from './offset-bar.tsx'
import { PARTITION_COLUMNS, type PartitionsSearch } from './partitions-search.ts'
import { partitionColumns } from './partition-columns.tsx'
import { PartitionPanel } from './partition-panel.tsx'
import { fits, partitionValue, type PartitionRow } from './partition-row.ts'
import { PartitionSummary } from './partition-summary.tsx'
import { TopicReplicaList } from './topic-replicas.ts'
import './partitions.css'

const route = getRouteApi('/$cluster/topics/$topic/partitions')
const LAST_RECORDS_MS = 2_000

export function PartitionsPage() {
  const client = useClient()
  const cluster = useCluster().id
  const { topic } = route.useParams()
  const search = route.useSearch()
  const { sort: sortText = 'partition', open, state, broker } = search
  const zone = useZone()
  const navigate = route.useNavigate()
  const list = useHeld(
    () => new TopicReplicaList(client, { cluster, topic }),
    `${cluster}|${topic}`,
  )
  useNodesChanged(list.refresh)
  const { told, partitions, againMs, problem } = useStore(list)
  const [layout] = useState(() => new TableLayout('partitions', localStorage))
  const newest = useNewestRecords(topic, layout, againMs)
  const all = useMemo(() => rowsOf(partitions, newest), [partitions, newest])
  const columns = useMemo(() => partitionColumns(scaleOf(all), zone), [all, zone])
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, PARTITION_COLUMNS) ?? {
      column: 'partition',
      direction: 'ascending',
    }
    const ordered = all
      .filter(row => fits(row, { state, broker }))
      .sort((a, b) => compare(partitionValue(a, column), partitionValue(b, column), direction))
    return new ArrayRows(ordered, row => String(row.partition))
  }, [all, sortText, state, broker])
  const [view, setView] = useState({ first: 0, end: 0 })
  useEffect(() => {
    const seen = Array.from({ length: view.end - view.first }, (_, place) =>
      rows.at(view.first + place),
    )
    const shown = seen.flatMap(row => (row === undefined ? [] : [row.partition]))
    list.show(open === undefined ? shown : [Number(open), ...shown])
  }, [list, rows, view, open])

  const shown = partitions.find(({ partition }) => String(partition) === open)
  const change = (next: Partial<PartitionsSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  const what = t('partitions.reading', { topic })
  if (told === null) {
    if (problem === null) return <Loading what={t('partitions.waiting', { topic })} />
    if (isGone(problem))
      return (
        <Gone sentence={t('messages.gone', { topic })}>
          <route.Link to="/$cluster/topics" params={{ cluster }} className="button">
            {t('messages.toTopics')}
          </route.Link>
        </Gone>
      )
    return <Failure what={what} problem={problem} onRetry={list.refresh} />
  }
  return (
    <div className="page">
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={list.refresh} />}
      <PartitionSummary
        topic={topic}
        rows={all}
        filter={{ state, broker }}
        onFilter={change}
        againMs={againMs}
      />
      <div className="page-body partitions-body">
        <DataTable
          id="partitions"
          label={t('partitions.label', { topic })}
          layout={layout}
          columns={columns}
          rows={rows}
          sort={readSort(sortText, PARTITION_COLUMNS)}
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
          onVisible={(first, end) => setView({ first, end })}
          isMain
        >
          <NoRows search={search} onShowAll={change} />
        </DataTable>
        {shown !== undefined && (
          <ResizableAside id="partition" label={t('replication.resize')} widthPx={420}>
            <PartitionPanel
              topic={topic}
              partition={shown}
              minInSyncReplicas={told.minInSyncReplicas}
              onClose={() => change({ open: undefined })}
            />
          </ResizableAside>
        )}
      </div>
      <ActiveProducersPanel key={topic} topic={topic} />
    </div>
  )
}

type Newest = ReadonlyMap<number, bigint | null>

function rowsOf(
  partitions: readonly PartitionReplication[],
  newest: Newest | null,
): readonly PartitionRow[] {
  return partitions.map(replication => ({
    partition: replication.partition,
    replication,
    lastRecordTimestampMs: newest?.get(replication.partition),
  }))
}

/** Leaders read for it where the newest record lies: asked only while its column is shown. */
function useNewestRecords(topic: string, layout: TableLayout, againMs: number): Newest | null {
  const client = useClient()
  const cluster = useCluster().id
  const wanted = isShown({ id: 'last', hiddenAtFirst: true }, useStore(layout))
  const intervalMs = Math.max(LAST_RECORDS_MS, againMs)
  const answer = useHeld(
    () =>
      new Asked<Newest | null>(
        async (_before, signal) => {
          if (!wanted) return null
          const { partitions } = await client.call('topic.describe', { cluster, topic }, signal)
          return new Map(partitions.map(each => [each.partition, each.lastRecordTimestampMs]))
        },
        wanted ? intervalMs : null,
      ),
    `${cluster}|${topic}|${wanted}|${intervalMs}`,
  )
  return useStore(answer).value
}

interface NoRowsProps {
  readonly search: PartitionsSearch
  readonly onShowAll: (change: Partial<PartitionsSearch>) => void
}

function NoRows({ search: { state, broker }, onShowAll }: NoRowsProps) {
  if (state === undefined && broker === undefined) return <Empty sentence={t('partitions.none')} />
  return (
    <Empty
      sentence={
        state === undefined
          ? t('partitions.noneOnBroker', { id: broker })
          : t(`partitionState.none.${state}`)
      }
    >
      <Button onClick={() => onShowAll({ state: undefined, broker: undefined })}>
        {t('partitions.showAll')}
      </Button>
    </Empty>
  )
}
