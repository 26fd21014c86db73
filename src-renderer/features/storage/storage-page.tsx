/** What of a topic lies on disk: segments, batches, indexes, and when retention takes them. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { PartitionStorage } from '../../../src-main/contract/model/storage.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount } from '../../ui/format/number.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { ResizableAside } from '../../ui/resizable-aside.tsx'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { BatchPanel } from './batch-panel.tsx'
import { segmentColumns } from './segment-columns.tsx'
import { SegmentView } from './segment-view.tsx'
import type { StorageSearch } from './storage-search.ts'
import './storage.css'

const route = getRouteApi('/$cluster/topics/$topic/storage')
const INTERVAL_MS = 5_000

export function StoragePage() {
  const cluster = useCluster()
  if (cluster.kind === 'remote') return <Empty sentence={t('storage.remoteCluster')} />
  return <LocalStorage />
}

function LocalStorage() {
  const client = useClient()
  const cluster = useCluster().id
  const { topic } = route.useParams()
  const search = route.useSearch()
  const partition = Number(search.p ?? 0)
  const brokerId = search.broker === undefined ? null : Number(search.broker)
  const input = { cluster, topic, partition, brokerId }
  const answer = useHeld(
    () => new AskedAnswer(client, 'storage.partition', input, INTERVAL_MS),
    JSON.stringify(input),
  )
  const topics = useHeld(
    () => new AskedAnswer(client, 'topic.describe', { cluster, topic }),
    `${cluster}|${topic}`,
  )
  const partitionCount = useStore(topics).value?.partitions.length ?? partition + 1
  const { value, problem } = useStore(answer)
  const what = t('storage.reading', { name: `${topic}-${partition}` })
  return (
    <div className="page">
      <Choices search={search} partitionCount={partitionCount} storage={value} />
      {value === null ? (
        problem === null ? (
          <Loading what={what} />
        ) : (
          <Failure what={what} problem={problem} onRetry={answer.refresh} />
        )
      ) : (
        <>
          {problem !== null && (
            <FailureNotice what={what} problem={problem} onRetry={answer.refresh} />
          )}
          <Segments storage={value} search={search} />
        </>
      )}
    </div>
  )
}

interface ChoicesProps {
  readonly search: StorageSearch
  readonly partitionCount: number
  readonly storage: PartitionStorage | null
}

function Choices({ search, partitionCount, storage }: ChoicesProps) {
  const navigate = route.useNavigate()
  const to = (next: StorageSearch) => void navigate({ search: next, replace: true })
  const partition = search.p ?? '0'
  return (
    <div className="toolbar storage-toolbar">
      <label className="storage-choice">
        <span className="faint">{t('storage.partition')}</span>
        <select
          className="field"
          value={partition}
          onChange={event => to({ p: event.currentTarget.value })}
        >
          {Array.from({ length: partitionCount }, (_, index) => (
            <option key={index}>{index}</option>
          ))}
        </select>
      </label>
      {storage !== null && (
        <>
          <label className="storage-choice">
            <span className="faint">{t('storage.replicaOn')}</span>
            <select
              className="field"
              value={storage.brokerId}
              onChange={event => to({ p: partition, broker: event.currentTarget.value })}
            >
              {storage.replicas.map(id => (
                <option key={id} value={id}>
                  {t('storage.broker', { id })}
                </option>
              ))}
            </select>
          </label>
          <span className="mono copyable clip" title={storage.folder}>
            <span className="clip">{storage.folder}</span>
            <CopyButton text={storage.folder} label={t('storage.copyFolder')} />
          </span>
          <span className="spacer" />
          <Facts storage={storage} />
        </>
      )}
    </div>
  )
}

function Facts({ storage }: { readonly storage: PartitionStorage }) {
  const { retention, logStartOffset, logEndOffset, recoveryPoint, segments } = storage
  const size = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const limits = [
    retention.cleanupPolicy,
    ...(retention.retentionMs < 0n
      ? []
      : [t('storage.keepsTime', { span: formatDuration(Number(retention.retentionMs)) })]),
    ...(retention.retentionBytes < 0n
      ? []
      : [t('storage.keepsBytes', { size: formatBytes(retention.retentionBytes) })]),
    t('storage.checkedEvery', { span: formatDuration(Number(retention.checkIntervalMs)) }),
  ]
  return (
    <span
      className="faint"
      title={t('storage.factsHint', {
        start: String(logStartOffset),
        end: String(logEndOffset),
        durable: String(recoveryPoint),
      })}
    >
      {t('storage.segmentCount', {
        count: segments.length,
        formatted: formatCount(segments.length),
      })}
      {` · ${formatBytes(size)} · `}
      {limits.join(', ')}
    </span>
  )
}

interface SegmentsProps {
  readonly storage: PartitionStorage
  readonly search: StorageSearch
}

function Segments({ storage, search }: SegmentsProps) {
  const cluster = useCluster().id
  const zone = useZone()
  const navigate = route.useNavigate()
  const { topic, partition, brokerId, segments, observedAtMs } = storage
  const rows = useMemo(
    () => new ArrayRows(segments, ({ baseOffset }) => String(baseOffset)),
    [segments],
  )
  const columns = useMemo(() => {
    const largest = Math.max(1, ...segments.map(({ sizeBytes }) => sizeBytes))
    return segmentColumns(largest, observedAtMs, zone)
  }, [segments, observedAtMs, zone])
  const change = (next: Partial<StorageSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })
  const open = segments.find(({ baseOffset }) => String(baseOffset) === search.segment)
  const place =
    open === undefined ? null : { cluster, topic, partition, brokerId, baseOffset: open.baseOffset }
  return (
    <div className="page-body storage-body">
      <div className="storage-main">
        <DataTable
          id="storage-segments"
          label={t('storage.segments')}
          columns={columns}
          rows={rows}
          active={search.segment ?? null}
          onActive={segment => change({ segment: segment ?? undefined, at: undefined })}
          isMain
        />
        {search.segment !== undefined && open === undefined && (
          <Empty sentence={t('storage.segmentGone', { offset: search.segment })} />
        )}
        {open !== undefined && place !== null && (
          <SegmentView
            place={place}
            segment={open}
            tab={search.tab ?? 'batches'}
            onTab={tab => change({ tab: tab === 'batches' ? undefined : tab })}
            active={search.at ?? null}
            onActive={at => change({ at: at ?? undefined })}
          />
        )}
      </div>
      {place !== null && search.at !== undefined && (
        <ResizableAside id="storage" label={t('storage.resize')}>
          <BatchPanel
            place={place}
            position={Number(search.at)}
            onClose={() => change({ at: undefined })}
          />
        </ResizableAside>
      )}
    </div>
  )
}
