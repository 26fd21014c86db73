import type { SegmentForecast, StorageSegment } from '../../../src-main/contract/model/storage.ts'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { formatTimestamp, type Zone } from '../../ui/format/time.ts'
import { Moment } from '../../ui/moment.tsx'
import type { Column } from '../../ui/table/column.ts'

export function segmentColumns(
  largestBytes: number,
  nowMs: bigint,
  zone: Zone,
): readonly Column<StorageSegment>[] {
  return [
    {
      id: 'segment',
      title: t('storage.segment'),
      hint: t('storage.segmentHint'),
      width: 240,
      mono: true,
      text: ({ baseOffset }) => String(baseOffset),
      cell: ({ baseOffset, active }) => (
        <>
          {String(baseOffset).padStart(20, '0')}
          {active && <span className="tag storage-active">{t('storage.active')}</span>}
        </>
      ),
    },
    {
      id: 'offsets',
      title: t('storage.offsets'),
      hint: t('storage.offsetsHint'),
      width: 100,
      align: 'end',
      text: ({ baseOffset, nextOffset }) => String(nextOffset - baseOffset),
      cell: ({ baseOffset, nextOffset }) => (
        <span title={`${baseOffset} … ${nextOffset}`}>{formatCount(nextOffset - baseOffset)}</span>
      ),
    },
    {
      id: 'size',
      title: t('storage.size'),
      width: 170,
      text: ({ sizeBytes }) => String(sizeBytes),
      cell: ({ sizeBytes }) => (
        <span className="storage-size" title={`${formatCount(sizeBytes)} B`}>
          <span className="storage-bar">
            <span style={{ inlineSize: `${(100 * sizeBytes) / Math.max(1, largestBytes)}%` }} />
          </span>
          {formatBytes(sizeBytes)}
        </span>
      ),
    },
    {
      id: 'time',
      title: t('storage.latest'),
      hint: t('storage.latestHint'),
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
      id: 'index',
      title: t('storage.index'),
      hint: t('storage.indexHint'),
      width: 90,
      align: 'end',
      text: ({ offsetIndexEntries }) => String(offsetIndexEntries),
      cell: ({ offsetIndexEntries }) => formatCount(offsetIndexEntries),
    },
    {
      id: 'timeindex',
      title: t('storage.timeIndex'),
      hint: t('storage.timeIndexHint'),
      width: 90,
      align: 'end',
      text: ({ timeIndexEntries }) => String(timeIndexEntries),
      cell: ({ timeIndexEntries }) => formatCount(timeIndexEntries),
    },
    {
      id: 'snapshot',
      title: t('storage.snapshot'),
      hint: t('storage.snapshotHint'),
      width: 90,
      align: 'end',
      text: ({ snapshotBytes }) => String(snapshotBytes ?? ''),
      cell: ({ snapshotBytes }) =>
        snapshotBytes === null ? (
          <span className="faint">{UNKNOWN}</span>
        ) : (
          formatBytes(snapshotBytes)
        ),
    },
    {
      id: 'retention',
      title: t('storage.goes'),
      hint: t('storage.goesHint'),
      width: 220,
      grow: 1,
      text: ({ forecast }) => forecastText(forecast, nowMs),
      cell: ({ forecast }) => (
        <span
          className={forecast.type === 'due' ? 'warn' : 'quiet'}
          title={forecast.type === 'at' ? formatTimestamp(forecast.timestampMs, zone) : undefined}
        >
          {forecastText(forecast, nowMs)}
        </span>
      ),
    },
  ]
}

function forecastText(forecast: SegmentForecast, nowMs: bigint): string {
  switch (forecast.type) {
    case 'due':
      return t('storage.forecast.due', { reason: forecast.reason })
    case 'at':
      return t('storage.forecast.at', {
        span: formatDuration(Number(forecast.timestampMs - nowMs)),
        reason: forecast.reason,
      })
    case 'after-bytes':
      return t('storage.forecast.afterBytes', {
        size: formatBytes(forecast.bytes),
        reason: forecast.reason,
      })
    case 'kept':
      return t(`storage.forecast.kept.${forecast.why}`)
  }
}
