import type { StorageBatch } from '../../../src-main/contract/model/storage.ts'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import type { Column } from '../../ui/table/column.ts'

export function batchColumns(): readonly Column<StorageBatch>[] {
  return [
    {
      id: 'position',
      title: t('storage.position'),
      hint: t('storage.positionHint'),
      width: 110,
      align: 'end',
      mono: true,
      text: ({ position }) => String(position),
      cell: ({ position, indexed }) => (
        <span title={indexed ? t('storage.indexed') : undefined}>
          {indexed && <span className="storage-indexed">◆ </span>}
          {position}
        </span>
      ),
    },
    {
      id: 'base',
      title: t('storage.baseOffset'),
      width: 120,
      align: 'end',
      mono: true,
      text: ({ baseOffset }) => String(baseOffset),
      cell: ({ baseOffset }) => String(baseOffset),
    },
    {
      id: 'last',
      title: t('storage.lastOffset'),
      width: 120,
      align: 'end',
      mono: true,
      text: ({ lastOffset }) => String(lastOffset),
      cell: ({ lastOffset }) => String(lastOffset),
    },
    {
      id: 'records',
      title: t('storage.records'),
      width: 84,
      align: 'end',
      text: ({ recordCount }) => String(recordCount),
      cell: ({ recordCount }) => formatCount(recordCount),
    },
    {
      id: 'size',
      title: t('storage.size'),
      width: 92,
      align: 'end',
      text: ({ sizeBytes }) => String(sizeBytes),
      cell: ({ sizeBytes }) => (
        <span title={`${formatCount(sizeBytes)} B`}>{formatBytes(sizeBytes)}</span>
      ),
    },
    {
      id: 'codec',
      title: t('storage.codec'),
      width: 74,
      text: ({ codec }) => codec,
      cell: ({ codec }) => <span className={codec === 'none' ? 'faint' : undefined}>{codec}</span>,
    },
    {
      id: 'time',
      title: t('storage.latest'),
      width: 190,
      text: ({ maxTimestampMs }) => String(maxTimestampMs),
      cell: ({ maxTimestampMs }) => (
        <Moment
          timestampMs={maxTimestampMs < 0n ? null : maxTimestampMs}
          unknown={t('storage.noTimestamp')}
        />
      ),
    },
    {
      id: 'producer',
      title: t('storage.producer'),
      hint: t('storage.producerHint'),
      width: 150,
      grow: 1,
      mono: true,
      text: ({ producerId, producerEpoch, baseSequence }) =>
        producerId < 0n ? '' : `${producerId} ${producerEpoch} ${baseSequence}`,
      cell: ({ producerId, producerEpoch, baseSequence }) =>
        producerId < 0n ? (
          <span className="faint" title={t('storage.noProducer')}>
            {UNKNOWN}
          </span>
        ) : (
          `${producerId} · ${producerEpoch} · ${baseSequence}`
        ),
    },
    {
      id: 'epoch',
      title: t('storage.leaderEpoch'),
      width: 90,
      align: 'end',
      text: ({ partitionLeaderEpoch }) => String(partitionLeaderEpoch),
      cell: ({ partitionLeaderEpoch }) => partitionLeaderEpoch,
    },
    {
      id: 'kind',
      title: t('storage.kind'),
      width: 110,
      text: batch => kindOf(batch),
      cell: batch => <span className="quiet">{kindOf(batch)}</span>,
    },
  ]
}

function kindOf({ control, transactional }: StorageBatch): string {
  if (control) return t('storage.control')
  return transactional ? t('storage.transactional') : ''
}
