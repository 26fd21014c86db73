/** One segment: its batches, its two indexes, and the producers of its snapshot. */
import { useMemo } from 'react'
import type {
  StorageIndexEntry,
  StorageProducer,
  StorageSegment,
} from '../../../src-main/contract/model/storage.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, threeDigits, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { Empty, Failure, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { batchColumns } from './batch-columns.tsx'
import { BatchList, type SegmentPlace } from './batch-list.ts'
import { SEGMENT_TABS, type SegmentTab } from './storage-search.ts'

const INDEX_ENTRIES_MAX = 5_000

interface SegmentViewProps {
  readonly place: SegmentPlace
  readonly segment: StorageSegment
  readonly tab: SegmentTab
  readonly onTab: (tab: SegmentTab) => void
  /** The open batch, by its position. */
  readonly active: string | null
  readonly onActive: (position: string | null) => void
}

export function SegmentView(props: SegmentViewProps) {
  const { place, segment, tab, onTab } = props
  const key = keyOf(place)
  return (
    <section className="storage-segment" aria-label={t('storage.segmentTitle')}>
      <div className="tabs storage-tabs" role="tablist">
        {SEGMENT_TABS.map(each => (
          <button
            key={each}
            type="button"
            role="tab"
            className="tab"
            aria-selected={each === tab}
            onClick={() => onTab(each)}
          >
            {t(`storage.tab.${each}`)}
          </button>
        ))}
        <span className="spacer" />
        <Compression key={key} place={place} />
      </div>
      {tab === 'batches' && <Batches key={key} {...props} />}
      {tab === 'offsets' && <IndexEntries key={`${key}|offset`} place={place} kind="offset" />}
      {tab === 'times' && <IndexEntries key={`${key}|time`} place={place} kind="time" />}
      {tab === 'producers' &&
        (segment.snapshotBytes === null ? (
          <Empty sentence={t('storage.noSnapshot')} />
        ) : (
          <Snapshot key={key} place={place} />
        ))}
    </section>
  )
}

function keyOf({ topic, partition, brokerId, baseOffset }: SegmentPlace): string {
  return `${topic}|${partition}|${brokerId}|${baseOffset}`
}

function Batches({ place, segment, active, onActive }: SegmentViewProps) {
  const client = useClient()
  const list = useHeld(() => new BatchList(client, place), keyOf(place))
  const { batches, next, reading, broken, problem } = useStore(list)
  const rows = useMemo(() => new ArrayRows(batches, ({ position }) => String(position)), [batches])
  const columns = useMemo(() => batchColumns(), [])
  const last = batches.at(-1)
  const grown = last !== undefined && last.position + last.sizeBytes < segment.sizeBytes
  if (problem !== null && batches.length === 0)
    return <Failure what={t('storage.readingBatches')} problem={problem} onRetry={list.more} />
  return (
    <>
      {broken !== null && (
        <p className="notice" data-tone="bad">
          {t('storage.broken', { reason: broken })}
        </p>
      )}
      <DataTable
        id="storage-batches"
        label={t('storage.tab.batches')}
        columns={columns}
        rows={rows}
        active={active}
        onActive={onActive}
        onVisible={list.show}
      >
        {reading ? (
          <Loading what={t('storage.readingBatches')} />
        ) : (
          <Empty sentence={t('storage.noBatches')} />
        )}
      </DataTable>
      {next === null && grown && (
        <div className="storage-note">
          <Button kind="quiet" onClick={list.more}>
            {t('storage.grown')}
          </Button>
        </div>
      )}
    </>
  )
}

function IndexEntries(props: { readonly place: SegmentPlace; readonly kind: 'offset' | 'time' }) {
  const { place, kind } = props
  const client = useClient()
  const answer = useHeld(
    () =>
      new AskedAnswer(client, 'storage.index', {
        ...place,
        kind,
        from: 0,
        limit: INDEX_ENTRIES_MAX,
      }),
    `${keyOf(place)}|${kind}`,
  )
  const { value, problem } = useStore(answer)
  const rows = useMemo(
    () => new ArrayRows(value?.entries ?? [], entry => `${entry.offset}|${entry.timestampMs}`),
    [value],
  )
  const columns = useMemo(() => indexColumns(kind), [kind])
  const what = t('storage.readingIndex')
  if (value === null)
    return problem === null ? (
      <Loading what={what} />
    ) : (
      <Failure what={what} problem={problem} onRetry={answer.refresh} />
    )
  const leftOut = value.entryCount - value.entries.length
  return (
    <>
      <DataTable id={`storage-${kind}-index`} label={what} columns={columns} rows={rows}>
        <Empty sentence={t('storage.noEntries')} />
      </DataTable>
      {leftOut > 0 && (
        <p className="faint storage-note">
          {t('storage.entriesLeftOut', { count: leftOut, formatted: formatCount(leftOut) })}
        </p>
      )}
    </>
  )
}

function indexColumns(kind: 'offset' | 'time'): readonly Column<StorageIndexEntry>[] {
  return [
    {
      id: 'offset',
      title: t('storage.offset'),
      width: 160,
      align: 'end',
      mono: true,
      text: ({ offset }) => String(offset),
      cell: ({ offset }) => String(offset),
    },
    kind === 'offset'
      ? {
          id: 'position',
          title: t('storage.position'),
          hint: t('storage.positionHint'),
          width: 160,
          align: 'end',
          mono: true,
          text: ({ position }) => String(position),
          cell: ({ position }) => position,
        }
      : {
          id: 'timestamp',
          title: t('storage.largestTime'),
          hint: t('storage.largestTimeHint'),
          width: 220,
          text: ({ timestampMs }) => String(timestampMs),
          cell: ({ timestampMs }) => <Moment timestampMs={timestampMs} />,
        },
  ]
}

function Snapshot({ place }: { readonly place: SegmentPlace }) {
  const client = useClient()
  const answer = useHeld(() => new AskedAnswer(client, 'storage.snapshot', place), keyOf(place))
  const { value, problem } = useStore(answer)
  const what = t('storage.readingSnapshot')
  if (value === null)
    return problem === null ? (
      <Loading what={what} />
    ) : (
      <Failure what={what} problem={problem} onRetry={answer.refresh} />
    )
  return <Producers producers={value} />
}

export function Producers({ producers }: { readonly producers: readonly StorageProducer[] }) {
  const rows = useMemo(
    () => new ArrayRows(producers, ({ producerId }) => String(producerId)),
    [producers],
  )
  return (
    <DataTable
      id="storage-producers"
      label={t('storage.tab.producers')}
      columns={producerColumns}
      rows={rows}
    >
      <Empty sentence={t('storage.noProducers')} />
    </DataTable>
  )
}

const producerColumns: readonly Column<StorageProducer>[] = [
  {
    id: 'id',
    title: t('storage.producerId'),
    width: 130,
    align: 'end',
    mono: true,
    text: ({ producerId }) => String(producerId),
    cell: ({ producerId }) => String(producerId),
  },
  {
    id: 'epoch',
    title: t('storage.epoch'),
    width: 80,
    align: 'end',
    text: ({ producerEpoch }) => String(producerEpoch),
    cell: ({ producerEpoch }) => producerEpoch,
  },
  {
    id: 'sequence',
    title: t('storage.lastSequence'),
    width: 120,
    align: 'end',
    mono: true,
    text: ({ lastSequence }) => String(lastSequence ?? ''),
    cell: ({ lastSequence }) => lastSequence ?? UNKNOWN,
  },
  {
    id: 'offset',
    title: t('storage.lastOffset'),
    width: 130,
    align: 'end',
    mono: true,
    text: ({ lastOffset }) => String(lastOffset ?? ''),
    cell: ({ lastOffset }) => (lastOffset === null ? UNKNOWN : String(lastOffset)),
  },
  {
    id: 'time',
    title: t('storage.time'),
    width: 200,
    grow: 1,
    text: ({ lastTimestampMs }) => String(lastTimestampMs),
    cell: ({ lastTimestampMs }) => (
      <Moment timestampMs={lastTimestampMs < 0n ? null : lastTimestampMs} />
    ),
  },
  {
    id: 'transaction',
    title: t('storage.openTransaction'),
    width: 140,
    align: 'end',
    mono: true,
    text: ({ currentTxnFirstOffset }) => String(currentTxnFirstOffset ?? ''),
    cell: ({ currentTxnFirstOffset }) =>
      currentTxnFirstOffset === null ? (
        <span className="faint">{UNKNOWN}</span>
      ) : (
        String(currentTxnFirstOffset)
      ),
  },
]

/** Asked for with the segment: a few batches are opened for it. */
function Compression({ place }: { readonly place: SegmentPlace }) {
  const client = useClient()
  const answer = useHeld(() => new AskedAnswer(client, 'storage.compression', place), keyOf(place))
  const { value, problem } = useStore(answer)
  if (value === null)
    return (
      <span className="faint" title={problem?.message}>
        {problem === null ? t('storage.measuring') : t('storage.noRatio')}
      </span>
    )
  if (value.sampledBatches === 0) return null
  const ratio = value.storedBytes === 0 ? 1 : value.uncompressedBytes / value.storedBytes
  return (
    <span
      className="faint"
      title={t('storage.ratioHint', {
        stored: formatBytes(value.storedBytes),
        plain: formatBytes(value.uncompressedBytes),
        count: value.sampledBatches,
      })}
    >
      {value.complete ? '' : '≈ '}
      {t('storage.ratio', { ratio: threeDigits(ratio), codecs: value.codecs.join(', ') })}
    </span>
  )
}
