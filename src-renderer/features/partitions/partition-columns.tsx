import { t } from '../../i18n/i18n.ts'
import { findingWords } from '../../replication/finding-words.ts'
import { ReplicaStrip } from '../../replication/replica-strip.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount, formatPercent, UNKNOWN } from '../../ui/format/number.ts'
import type { Zone } from '../../ui/format/time.ts'
import { BrokerMark, Glyph } from '../../ui/glyph.tsx'
import { Moment } from '../../ui/moment.tsx'
import type { Column } from '../../ui/table/column.ts'
import { OffsetBar, type PartitionScale } from './offset-bar.tsx'
import {
  furthestBehind,
  highWatermarkOf,
  inSyncOf,
  logEndOf,
  partitionValue,
  recordsIn,
  sizeOf,
  startOf,
  type PartitionRow,
} from './partition-row.ts'

const number = { align: 'end', mono: true } as const

export function partitionColumns(
  scale: PartitionScale,
  zone: Zone,
): readonly Column<PartitionRow>[] {
  return [...placeColumns(), ...offsetColumns(scale), ...stateColumns(scale, zone)]
}

function placeColumns(): readonly Column<PartitionRow>[] {
  return [
    {
      id: 'partition',
      title: t('partitions.partition'),
      width: 88,
      mono: true,
      sortable: true,
      text: row => String(row.partition),
      cell: row => row.partition,
    },
    {
      id: 'leader',
      title: t('partitions.leader'),
      hint: t('partitions.leaderHint'),
      width: 66,
      sortable: true,
      text: row => String(row.replication.leader ?? ''),
      cell: row => <Leader row={row} />,
    },
    {
      id: 'epoch',
      title: t('replication.epoch'),
      hint: t('replication.epochHint'),
      width: 92,
      ...number,
      sortable: true,
      hiddenAtFirst: true,
      text: row => String(row.replication.leaderEpoch ?? ''),
      cell: row => row.replication.leaderEpoch ?? UNKNOWN,
    },
    {
      id: 'replicas',
      title: t('partitions.replicas'),
      hint: t('partitions.replicasHint'),
      width: 118,
      text: row => row.replication.replicas.map(({ broker }) => broker).join(','),
      cell: row => <ReplicaStrip replicas={row.replication.replicas} />,
    },
    {
      id: 'isr',
      title: t('partitions.isr'),
      hint: t('partitions.isrHint'),
      width: 66,
      text: row => inSyncOf(row).join(','),
      cell: row => <Isr row={row} />,
    },
    {
      id: 'elr',
      title: t('replication.elr'),
      hint: t('replication.elrHint'),
      width: 56,
      hiddenAtFirst: true,
      text: row => row.replication.elr?.join(',') ?? '',
      cell: row => <Elr row={row} />,
    },
  ]
}

function offsetColumns(scale: PartitionScale): readonly Column<PartitionRow>[] {
  return [
    {
      id: 'scale',
      title: t('partitions.offsets'),
      hint: `${t('replication.ends')}. ${t('partitions.offsetsHint')}`,
      width: 112,
      grow: 1,
      text: row => `${startOf(row)}-${highWatermarkOf(row)}`,
      cell: row => <OffsetBar row={row} scale={scale} />,
    },
    {
      id: 'start',
      title: t('partitions.start'),
      width: 78,
      ...number,
      sortable: true,
      text: row => startOf(row)?.toString() ?? '',
      cell: row => <Known value={startOf(row)} />,
    },
    {
      id: 'end',
      title: t('partitions.end'),
      hint: t('partitions.endHint'),
      width: 90,
      ...number,
      sortable: true,
      text: row => highWatermarkOf(row)?.toString() ?? '',
      cell: row => <Known value={highWatermarkOf(row)} />,
    },
    {
      id: 'logEnd',
      title: t('replication.logEnd'),
      hint: t('replication.logEndHint'),
      width: 96,
      ...number,
      hiddenAtFirst: true,
      text: row => logEndOf(row)?.toString() ?? '',
      cell: row => <Known value={logEndOf(row)} />,
    },
    {
      id: 'lag',
      title: t('replication.lag'),
      hint: t('replication.lagHint'),
      width: 104,
      align: 'end',
      sortable: true,
      text: row => partitionValue(row, 'lag')?.toString() ?? '',
      cell: row => <Lag row={row} />,
    },
    {
      id: 'records',
      title: t('partitions.records'),
      width: 110,
      align: 'end',
      sortable: true,
      hiddenAtFirst: true,
      text: row => recordsIn(row)?.toString() ?? '',
      cell: row => formatCount(recordsIn(row)),
    },
  ]
}

function stateColumns(scale: PartitionScale, zone: Zone): readonly Column<PartitionRow>[] {
  return [
    {
      id: 'size',
      title: t('partitions.size'),
      hint: t('partitions.sizeHint'),
      width: 78,
      align: 'end',
      sortable: true,
      text: row => sizeOf(row)?.toString() ?? '',
      cell: row => <span title={shareOf(row, scale)}>{formatBytes(sizeOf(row))}</span>,
    },
    {
      id: 'why',
      title: t('replication.why'),
      hint: t('replication.whyHint'),
      width: 220,
      grow: 2,
      text: ({ replication }) =>
        replication.findings.map(each => findingWords(each, zone).text).join(' '),
      cell: row => <Why row={row} zone={zone} />,
    },
    {
      id: 'last',
      title: t('partitions.last'),
      width: 186,
      align: 'end',
      sortable: true,
      hiddenAtFirst: true,
      text: ({ lastRecordTimestampMs }) => lastRecordTimestampMs?.toString() ?? '',
      cell: ({ lastRecordTimestampMs }) => (
        <span className="quiet">
          <Moment
            timestampMs={lastRecordTimestampMs ?? null}
            unknown={t('partitions.lastUnknown')}
          />
        </span>
      ),
    },
  ]
}

function Leader({ row }: { readonly row: PartitionRow }) {
  const { leader, leaderEpoch } = row.replication
  if (leader === null) return <span className="bad">✕ {t('partitions.offline')}</span>
  const epoch = leaderEpoch ?? UNKNOWN
  return (
    <span title={t('partitions.leaderEpoch', { epoch })}>
      <BrokerMark id={leader} />
    </span>
  )
}

function Isr({ row }: { readonly row: PartitionRow }) {
  const inSync = inSyncOf(row)
  const all = row.replication.replicas.length
  return (
    <span className={inSync.length < all ? 'warn' : 'quiet'} title={inSync.join(', ')}>
      {t('partitions.isrOf', { count: inSync.length, all })}
    </span>
  )
}

function Elr({ row: { replication } }: { readonly row: PartitionRow }) {
  if (replication.elr === null) return <span title={t('replication.notTold')}>{UNKNOWN}</span>
  if (replication.elr.length === 0) return <span className="faint">{t('replication.none')}</span>
  return <span className="mono">{replication.elr.join(', ')}</span>
}

function Lag({ row }: { readonly row: PartitionRow }) {
  if (row.replication.leader === null) return <span className="faint">{UNKNOWN}</span>
  const behind = furthestBehind(row)
  if (behind === null) return <span className="faint">0</span>
  const { replica, lag, estimated } = behind
  const { broker, lagMs, inSync } = replica
  if (lag === null)
    return (
      <span className="faint" title={t('replication.lagAway', { broker })}>
        {UNKNOWN}
      </span>
    )
  if (estimated)
    return (
      <span className="warn" title={t('replication.lagSeen', { broker })}>
        ≈ {formatCount(lag)}
      </span>
    )
  const words = { broker, lag: formatCount(lag), count: Number(lag) }
  // Zero is less than the time between two looks.
  const span = lagMs === null || lagMs === 0 ? null : formatDuration(lagMs)
  return (
    <span
      className={inSync ? 'quiet' : 'warn'}
      title={
        span === null
          ? t('replication.lagOfUnknown', words)
          : t('replication.lagOf', { ...words, span })
      }
    >
      {formatCount(lag)}
      {span !== null && <span className="faint"> · {span}</span>}
    </span>
  )
}

function Why({ row: { replication }, zone }: { readonly row: PartitionRow; readonly zone: Zone }) {
  const [first, ...rest] = replication.findings
  if (first === undefined)
    return (
      <span className="quiet">
        <Glyph state="inSync" /> {t('replication.fine', { count: replication.replicas.length })}
      </span>
    )
  const { tone, glyph, text } = findingWords(first, zone)
  return (
    <span className={tone} title={text}>
      <Glyph state={glyph} explanation={text} /> {text}
      {rest.length > 0 && <span className="faint"> +{rest.length}</span>}
    </span>
  )
}

function Known({ value }: { readonly value: bigint | null }) {
  if (value !== null) return value.toString()
  return <span title={t('partitions.offsetsUnknown')}>{UNKNOWN}</span>
}

function shareOf(row: PartitionRow, scale: PartitionScale): string | undefined {
  const sizeBytes = sizeOf(row)
  if (sizeBytes === null) return t('partitions.sizeUnknown')
  return t('partitions.sizeShare', {
    bytes: formatCount(sizeBytes),
    share: formatPercent(sizeBytes, scale.totalBytes),
  })
}
