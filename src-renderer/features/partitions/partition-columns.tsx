import { Tooltip } from '@mantine/core'
import type {
  PartitionDescription,
  ReplicaDescription,
} from '../../../src-main/contract/model/topic.ts'
import { t } from '../../i18n/i18n.ts'
import { brokerHue } from '../../ui/broker-hue.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, formatPercent, UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark, Glyph, type GlyphState } from '../../ui/glyph.tsx'
import { Moment } from '../../ui/moment.tsx'
import type { Column } from '../../ui/table/column.ts'
import type { SortValue } from '../../ui/table/sort-search.ts'

/** What all partitions are drawn to: the furthest end, and the size of all. */
export interface PartitionScale {
  readonly lowest: bigint
  readonly highest: bigint
  readonly totalBytes: number
}

export function scaleOf(partitions: readonly PartitionDescription[]): PartitionScale {
  const starts = partitions.flatMap(({ logStartOffset }) => logStartOffset ?? [])
  const ends = partitions.flatMap(({ highWatermark }) => highWatermark ?? [])
  return {
    lowest: starts.reduce((low, start) => (start < low ? start : low), starts[0] ?? 0n),
    highest: ends.reduce((high, end) => (end > high ? end : high), 0n),
    totalBytes: partitions.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
  }
}

export function recordsIn({ logStartOffset, highWatermark }: PartitionDescription): bigint | null {
  return logStartOffset === null || highWatermark === null ? null : highWatermark - logStartOffset
}

export function partitionValue(row: PartitionDescription, column: string): SortValue {
  switch (column) {
    case 'leader':
      return row.leader
    case 'start':
      return row.logStartOffset
    case 'end':
      return row.highWatermark
    case 'records':
      return recordsIn(row)
    case 'size':
      return row.sizeBytes
    case 'last':
      return row.lastRecordTimestampMs
    default:
      return row.partition
  }
}

export function partitionColumns(scale: PartitionScale): readonly Column<PartitionDescription>[] {
  return [
    {
      id: 'partition',
      title: t('partitions.partition'),
      width: 84,
      mono: true,
      sortable: true,
      text: row => String(row.partition),
      cell: row => row.partition,
    },
    {
      id: 'leader',
      title: t('partitions.leader'),
      hint: t('partitions.leaderHint'),
      width: 76,
      sortable: true,
      text: row => String(row.leader ?? ''),
      cell: row => <Leader row={row} />,
    },
    {
      id: 'replicas',
      title: t('partitions.replicas'),
      hint: t('partitions.replicasHint'),
      width: 110,
      text: row => row.replicas.map(replica => replica.broker).join(','),
      cell: row => <Replicas row={row} />,
    },
    {
      id: 'isr',
      title: t('partitions.isr'),
      hint: t('partitions.isrHint'),
      width: 72,
      text: row => inSync(row).join(','),
      cell: row => <Isr row={row} />,
    },
    {
      id: 'scale',
      title: t('partitions.offsets'),
      hint: t('partitions.offsetsHint'),
      width: 140,
      grow: 1,
      text: row => `${row.logStartOffset}-${row.highWatermark}`,
      cell: row => <OffsetBar row={row} scale={scale} />,
    },
    {
      id: 'start',
      title: t('partitions.start'),
      width: 90,
      align: 'end',
      mono: true,
      sortable: true,
      text: row => row.logStartOffset?.toString() ?? '',
      cell: row => <Known value={row.logStartOffset} row={row} />,
    },
    {
      id: 'end',
      title: t('partitions.end'),
      hint: t('partitions.endHint'),
      width: 100,
      align: 'end',
      mono: true,
      sortable: true,
      text: row => row.highWatermark?.toString() ?? '',
      cell: row => <Known value={row.highWatermark} row={row} />,
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
    {
      id: 'size',
      title: t('partitions.size'),
      hint: t('partitions.sizeHint'),
      width: 88,
      align: 'end',
      sortable: true,
      text: row => row.sizeBytes?.toString() ?? '',
      cell: row => <span title={shareOf(row, scale)}>{formatBytes(row.sizeBytes)}</span>,
    },
    {
      id: 'last',
      title: t('partitions.last'),
      width: 186,
      align: 'end',
      sortable: true,
      text: row => row.lastRecordTimestampMs?.toString() ?? '',
      cell: row => (
        <span className="quiet">
          <Moment timestampMs={row.lastRecordTimestampMs} unknown={t('partitions.lastUnknown')} />
        </span>
      ),
    },
  ]
}

function Leader({ row }: { readonly row: PartitionDescription }) {
  if (row.leader === null) return <span className="bad">✕ {t('partitions.offline')}</span>
  return (
    <span title={t('partitions.leaderEpoch', { epoch: row.leaderEpoch ?? UNKNOWN })}>
      <BrokerMark id={row.leader} />
    </span>
  )
}

function Replicas({ row }: { readonly row: PartitionDescription }) {
  return (
    <span className="replicas">
      {row.replicas.map(replica => (
        <span
          key={replica.broker}
          className="replica"
          style={{ color: brokerHue(replica.broker).colour }}
        >
          <Glyph
            state={stateOf(replica)}
            colour={
              replica.offline || !replica.inSync ? undefined : brokerHue(replica.broker).colour
            }
            explanation={t(`partitions.replicaState.${stateOf(replica)}`, {
              broker: replica.broker,
              lag: formatCount(replica.offsetLag),
            })}
          />
          <span className="mono small">{replica.broker}</span>
        </span>
      ))}
    </span>
  )
}

function stateOf(
  replica: ReplicaDescription,
): 'leader' | 'inSync' | 'catchingUp' | 'outOfSync' | 'offline' {
  if (replica.offline) return 'offline'
  if (replica.isLeader) return 'leader'
  if (replica.inSync) return 'inSync'
  return replica.offsetLag === null ? 'outOfSync' : 'catchingUp'
}

stateOf satisfies (replica: ReplicaDescription) => GlyphState

function inSync(row: PartitionDescription): readonly number[] {
  return row.replicas.filter(replica => replica.inSync).map(replica => replica.broker)
}

function Isr({ row }: { readonly row: PartitionDescription }) {
  const count = inSync(row).length
  const all = row.replicas.length
  return (
    <span className={count < all ? 'warn' : 'quiet'} title={inSync(row).join(', ')}>
      {t('partitions.isrOf', { count, all })}
    </span>
  )
}

/** Log start to high watermark, on the scale of the whole topic: skew shows at a glance. */
function OffsetBar({
  row,
  scale,
}: {
  readonly row: PartitionDescription
  readonly scale: PartitionScale
}) {
  const { logStartOffset: start, highWatermark: end } = row
  if (start === null || end === null) return <span title={row.problem?.message}>{UNKNOWN}</span>
  const span = Number(scale.highest - scale.lowest)
  const share = (offset: bigint) => (span === 0 ? 0 : (Number(offset - scale.lowest) / span) * 100)
  const said = t('partitions.bar', {
    start: formatCount(start),
    end: formatCount(end),
    records: formatCount(end - start),
  })
  const colour = row.leader === null ? 'var(--text-faint)' : brokerHue(row.leader).colour
  return (
    <Tooltip label={said}>
      <span className="offset-bar" role="img" aria-label={said}>
        <span
          className="offset-span"
          style={{
            left: `${share(start)}%`,
            width: `${share(end) - share(start)}%`,
            background: colour,
          }}
        />
        <span className="offset-end" style={{ left: `${share(end)}%`, background: colour }} />
      </span>
    </Tooltip>
  )
}

function Known({
  value,
  row,
}: {
  readonly value: bigint | null
  readonly row: PartitionDescription
}) {
  return value === null ? <span title={row.problem?.message}>{UNKNOWN}</span> : value.toString()
}

function shareOf(row: PartitionDescription, scale: PartitionScale): string | undefined {
  if (row.sizeBytes === null) return row.problem?.message
  return t('partitions.sizeShare', {
    bytes: formatCount(row.sizeBytes),
    share: formatPercent(row.sizeBytes, scale.totalBytes),
  })
}
