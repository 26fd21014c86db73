/** One batch: its header field by field, its records, and its bytes. */
import { X } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { StorageBatchDetail, StorageRecord } from '../../../src-main/contract/model/storage.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { BytesAround } from '../../ui/bytes-around.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, threeDigits, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { RowLink } from '../../ui/row-link.tsx'
import { Failure, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import type { SegmentPlace } from './batch-list.ts'
import { headerFields, type HeaderField } from './header-fields.ts'

interface BatchPanelProps {
  readonly place: SegmentPlace
  readonly position: number
  readonly onClose: () => void
}

export function BatchPanel({ place, position, onClose }: BatchPanelProps) {
  const client = useClient()
  const answer = useHeld(
    () => new AskedAnswer(client, 'storage.batch', { ...place, position }),
    `${place.topic}|${place.partition}|${place.brokerId}|${place.baseOffset}|${position}`,
  )
  const { value, problem } = useStore(answer)
  const what = t('storage.readingBatch')
  return (
    <aside className="panel" aria-label={t('storage.batch')}>
      <header className="panel-head">
        <strong>{t('storage.batch')}</strong>
        <span className="mono quiet">{t('storage.atPosition', { position })}</span>
        <span className="spacer" />
        <Button
          kind="quiet"
          icon={<X size={15} aria-hidden />}
          aria-label={t('storage.closeBatch')}
          title={`${t('storage.closeBatch')} · Esc`}
          onClick={onClose}
        />
      </header>
      {value === null ? (
        problem === null ? (
          <Loading what={what} />
        ) : isGone(problem) ? (
          <Gone sentence={problem.message}>
            <Button onClick={onClose}>{t('storage.closeBatch')}</Button>
          </Gone>
        ) : (
          <Failure what={what} problem={problem} onRetry={answer.refresh} />
        )
      ) : (
        <Batch key={position} detail={value} place={place} />
      )}
    </aside>
  )
}

interface BatchProps {
  readonly detail: StorageBatchDetail
  readonly place: SegmentPlace
}

function Batch({ detail, place }: BatchProps) {
  const [marked, setMarked] = useState<HeaderField | null>(null)
  const [tab, setTab] = useState<'header' | 'records'>('header')
  const { storedBytes, uncompressedBytes, crcIsRight, problem } = detail
  return (
    <>
      <div className="tabs" role="tablist">
        {(['header', 'records'] as const).map(each => (
          <button
            key={each}
            type="button"
            role="tab"
            className="tab"
            aria-selected={each === tab}
            onClick={() => setTab(each)}
          >
            {t(`storage.batchTab.${each}`)}
            {each === 'records' && (
              <span className="faint"> {formatCount(detail.batch.recordCount)}</span>
            )}
          </button>
        ))}
      </div>
      <div className="panel-body" role="tabpanel" tabIndex={0}>
        <p className="storage-facts">
          {t('storage.storedAs', {
            stored: formatBytes(storedBytes),
            plain: formatBytes(uncompressedBytes),
            ratio:
              uncompressedBytes === null || storedBytes === 0
                ? UNKNOWN
                : threeDigits(uncompressedBytes / storedBytes),
          })}
          {' · '}
          {crcIsRight ? (
            t('storage.crcRight')
          ) : (
            <span className="bad">{t('storage.crcWrong')}</span>
          )}
        </p>
        {problem !== null && (
          <p className="notice" data-tone="bad">
            {problem}
          </p>
        )}
        {tab === 'records' && <Records detail={detail} place={place} />}
        {tab === 'header' && (
          <div className="storage-header" role="group" aria-label={t('storage.batchTab.header')}>
            {headerFields(detail).map(field => (
              <button
                key={field.name}
                type="button"
                className="storage-field"
                aria-pressed={field.name === marked?.name}
                onClick={() => setMarked(field.name === marked?.name ? null : field)}
              >
                <span className="quiet">{field.name}</span>
                <span className="mono">
                  {field.value}
                  {field.meaning !== '' && <span className="faint"> {field.meaning}</span>}
                </span>
              </button>
            ))}
          </div>
        )}
      </div>
      {tab === 'header' && <BytesAround bytes={detail.bytes} marked={marked} />}
    </>
  )
}

function Records({ detail: { records, leftOut }, place }: BatchProps) {
  const [active, setActive] = useState<string | null>(null)
  const rows = useMemo(() => new ArrayRows(records, ({ offset }) => String(offset)), [records])
  const columns = useMemo(() => recordColumns(place), [place])
  return (
    <div className="storage-records">
      <DataTable
        id="storage-records"
        label={t('storage.records')}
        columns={columns}
        rows={rows}
        active={active}
        onActive={setActive}
      />
      {leftOut > 0 && (
        <p className="faint storage-note">
          {t('storage.recordsLeftOut', { count: leftOut, formatted: formatCount(leftOut) })}
        </p>
      )}
    </div>
  )
}

function recordColumns({
  cluster,
  topic,
  partition,
}: SegmentPlace): readonly Column<StorageRecord>[] {
  return [
    {
      id: 'offset',
      title: t('storage.offset'),
      width: 110,
      grow: 1,
      mono: true,
      text: ({ offset }) => String(offset),
      cell: ({ offset }) => (
        <RowLink
          path={[cluster, 'topics', topic]}
          search={`?p=${partition}&from=offset:${offset}&at=${partition}:${offset}`}
          title={t('storage.toRecord')}
        >
          {String(offset)}
        </RowLink>
      ),
    },
    {
      id: 'time',
      title: t('storage.time'),
      width: 180,
      text: ({ timestampMs }) => String(timestampMs),
      cell: ({ timestampMs }) => (
        <Moment
          timestampMs={timestampMs < 0n ? null : timestampMs}
          unknown={t('storage.noTimestamp')}
        />
      ),
    },
    {
      id: 'key',
      title: t('storage.key'),
      width: 70,
      align: 'end',
      text: ({ keyBytes }) => String(keyBytes ?? 'null'),
      cell: ({ keyBytes }) => sizeOrNull(keyBytes),
    },
    {
      id: 'value',
      title: t('storage.value'),
      width: 76,
      align: 'end',
      text: ({ valueBytes }) => String(valueBytes ?? 'null'),
      cell: ({ valueBytes }) => sizeOrNull(valueBytes),
    },
  ]
}

function sizeOrNull(bytes: number | null) {
  return bytes === null ? <span className="faint">null</span> : formatBytes(bytes)
}
