import { Tooltip } from '@mantine/core'
import { Pencil } from 'lucide-react'
import type {
  Drain,
  GroupMember,
  GroupPartition,
  LagTrend,
} from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { placeHue } from '../../ui/broker-hue.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { hrefOf, RowLink } from '../../ui/row-link.tsx'
import type { Column } from '../../ui/table/column.ts'
import type { SortValue } from '../../ui/table/sort-search.ts'
import { CommitText, DrainText, LagTimeText, TrendMark } from './lag-words.tsx'

/** Of a share group there are no commits to move, and a partition has several members. */
const NOT_OF_SHARE: ReadonlySet<string> = new Set(['client', 'host', 'since', 'metadata'])

export interface HeldPartition {
  readonly partition: GroupPartition
  readonly member: GroupMember | null
  /** The member's place in the order of members, for its hue. */
  readonly memberPlace: number
}

export function heldValue({ partition, member }: HeldPartition, column: string): SortValue {
  switch (column) {
    case 'member':
      return member?.memberId
    case 'committed':
      return partition.committedOffset
    case 'end':
      return partition.highWatermark
    case 'lag':
      return partition.lag
    case 'lagTime':
      return partition.lagTime?.ms
    case 'drain':
      return drainValue(partition.drain)
    case 'commit':
      return partition.commit.type === 'unknown' ? null : partition.commit.atMs
    default:
      return `${partition.topic}-${partition.partition}`
  }
}

function drainValue(drain: Drain): number | null {
  switch (drain.type) {
    case 'drained':
    case 'keeping-up':
      return 0
    case 'in':
      return drain.ms
    case 'never':
      return Infinity
    case 'unknown':
      return null
  }
}

export function groupPartitionColumns(
  cluster: string,
  groupId: string,
  largestLag: bigint,
  isShare: boolean,
): readonly Column<HeldPartition>[] {
  const columns: readonly Column<HeldPartition>[] = [
    {
      id: 'partition',
      title: t('group.partition'),
      width: 150,
      grow: 1,
      sortable: true,
      text: row => `${row.partition.topic}-${row.partition.partition}`,
      cell: ({ partition }) => (
        <span className="copyable" title={`${partition.topic}-${partition.partition}`}>
          <RowLink path={[cluster, 'topics', partition.topic]} search={fromCommitted(partition)}>
            {partition.topic}
          </RowLink>
          <span className="mono faint">·{partition.partition}</span>
        </span>
      ),
    },
    {
      id: 'lagBar',
      title: t('group.lagBar'),
      hint: t('group.lagBarHint'),
      width: 95,
      grow: 1,
      text: row => row.partition.lag?.toString() ?? '',
      cell: row => <LagBar row={row} largest={largestLag} />,
    },
    {
      id: 'lag',
      title: t('group.lag'),
      hint: t('groups.lagHint'),
      width: 75,
      align: 'end',
      sortable: true,
      text: row => row.partition.lag?.toString() ?? '',
      cell: row => (
        <Lag row={row} none={isShare ? t('group.shareNotBegun') : t('group.notCommitted')} />
      ),
    },
    {
      id: 'lagTime',
      title: t('group.lagTime'),
      hint: t('group.lagTimeHint'),
      width: 85,
      align: 'end',
      sortable: true,
      text: row => row.partition.lagTime?.ms.toString() ?? '',
      cell: row => <LagTimeText time={row.partition.lagTime} />,
    },
    {
      id: 'trend',
      title: t('group.trendTitle'),
      hint: t('group.trendHint'),
      width: 85,
      text: row => trendValue(row.partition.trend),
      cell: row => <TrendMark trend={row.partition.trend} lag={row.partition.lag} />,
    },
    {
      id: 'drain',
      title: t('group.drainTitle'),
      hint: t('group.drainHint'),
      width: 128,
      align: 'end',
      sortable: true,
      text: row => drainValue(row.partition.drain)?.toString() ?? '',
      cell: row => <DrainText drain={row.partition.drain} />,
    },
    {
      id: 'committed',
      title: isShare ? t('group.shareStart') : t('group.committed'),
      hint: isShare ? t('group.shareStartHint') : t('group.committedHint'),
      width: 85,
      align: 'end',
      mono: true,
      sortable: true,
      text: row => row.partition.committedOffset?.toString() ?? '',
      cell: ({ partition }) =>
        isShare ? (
          (partition.committedOffset?.toString() ?? (
            <span title={t('group.shareNotBegun')}>{UNKNOWN}</span>
          ))
        ) : (
          <Committed partition={partition} path={[cluster, 'groups', groupId]} />
        ),
    },
    {
      id: 'end',
      title: t('group.end'),
      hint: t('partitions.endHint'),
      width: 75,
      align: 'end',
      mono: true,
      sortable: true,
      text: row => row.partition.highWatermark?.toString() ?? '',
      cell: ({ partition }) => (
        <span title={partition.problem?.message}>
          {partition.highWatermark?.toString() ?? UNKNOWN}
        </span>
      ),
    },
    {
      id: 'commit',
      title: isShare ? t('group.shareMoved') : t('group.commitTime'),
      hint: isShare ? t('group.shareMovedHint') : t('group.commitTimeHint'),
      width: 102,
      sortable: true,
      text: row => (row.partition.commit.type === 'unknown' ? '' : `${row.partition.commit.atMs}`),
      cell: row => <CommitText commit={row.partition.commit} />,
    },
    {
      id: 'member',
      title: isShare ? t('group.sharedBy') : t('group.member'),
      width: 155,
      sortable: true,
      text: row => row.member?.memberId ?? row.partition.sharedBy.join(' '),
      cell: row => (isShare ? <SharedBy partition={row.partition} /> : <Member row={row} />),
    },
    {
      id: 'client',
      title: t('group.client'),
      width: 130,
      hiddenAtFirst: true,
      text: row => row.member?.clientId ?? '',
      cell: row => row.member?.clientId ?? UNKNOWN,
    },
    {
      id: 'host',
      title: t('group.host'),
      width: 120,
      mono: true,
      hiddenAtFirst: true,
      text: row => row.member?.clientHost ?? '',
      cell: row => <span className="quiet">{row.member?.clientHost ?? UNKNOWN}</span>,
    },
    {
      id: 'since',
      title: t('group.heldSince'),
      hint: t('group.heldSinceHint'),
      width: 190,
      hiddenAtFirst: true,
      text: row => row.partition.heldSinceMs?.toString() ?? '',
      cell: ({ partition }) =>
        partition.memberId === null ? (
          UNKNOWN
        ) : (
          <Moment timestampMs={partition.heldSinceMs} unknown={t('group.sinceUnknown')} />
        ),
    },
    {
      id: 'metadata',
      title: t('group.metadataTitle'),
      hint: t('group.metadataHint'),
      width: 160,
      hiddenAtFirst: true,
      text: row => row.partition.metadata,
      cell: ({ partition }) => (
        <span className="clip" title={partition.metadata}>
          {partition.metadata === '' ? UNKNOWN : partition.metadata}
        </span>
      ),
    },
    {
      id: 'epoch',
      title: t('group.leaderEpoch'),
      width: 110,
      align: 'end',
      mono: true,
      hiddenAtFirst: true,
      text: row => row.partition.committedLeaderEpoch?.toString() ?? '',
      cell: row => row.partition.committedLeaderEpoch ?? UNKNOWN,
    },
  ]
  return isShare ? columns.filter(({ id }) => !NOT_OF_SHARE.has(id)) : columns
}

function SharedBy({ partition: { sharedBy } }: { readonly partition: GroupPartition }) {
  if (sharedBy.length === 0) return <span className="absent">{t('group.nobody')}</span>
  const formatted = formatCount(sharedBy.length)
  return (
    <span title={sharedBy.join('\n')}>
      {t('group.sharedByCount', { count: sharedBy.length, formatted })}
    </span>
  )
}

function trendValue(trend: LagTrend | null): string {
  return trend === null ? '' : String(trend.producedPerSecond - trend.consumedPerSecond)
}

/** The link shows the first record that the group has not read. */
function fromCommitted({ partition, committedOffset }: GroupPartition): string {
  return `?p=${partition}${committedOffset === null ? '' : `&from=offset:${committedOffset}`}`
}

interface LagProps {
  readonly row: HeldPartition
  /** Why there is none, where nothing else is wrong. */
  readonly none: string
}

function Lag({ row: { partition }, none }: LagProps) {
  if (partition.lag === null)
    return <span title={partition.problem?.message ?? none}>{UNKNOWN}</span>
  return (
    <span className={partition.lag === 0n ? 'quiet' : 'lag-some'}>
      {partition.fellOffLog && (
        <Tooltip label={t('group.fellOff')}>
          <span className="bad">○ </span>
        </Tooltip>
      )}
      {formatCount(partition.lag)}
    </span>
  )
}

function LagBar({ row, largest }: { readonly row: HeldPartition; readonly largest: bigint }) {
  const { lag } = row.partition
  if (lag === null) return null
  const share = largest === 0n ? 0 : (Number(lag) / Number(largest)) * 100
  const hue = row.member === null ? 'var(--text-faint)' : placeHue(row.memberPlace).colour
  return (
    <span className="lag-bar" aria-hidden>
      <span style={{ width: `${share}%`, background: hue, minWidth: lag > 0n ? 2 : 0 }} />
    </span>
  )
}

function Member({ row: { member, memberPlace } }: { readonly row: HeldPartition }) {
  if (member === null) return <span className="absent">{t('group.nobody')}</span>
  return (
    <span className="member" title={member.memberId}>
      <span className="member-mark" style={{ background: placeHue(memberPlace).colour }} />
      <span className="clip">{member.groupInstanceId ?? member.clientId}</span>
      <span className="mono small faint">{shortId(member.memberId)}</span>
    </span>
  )
}

/** The part of a generated id that tells members of one client apart. */
export function shortId(memberId: string): string {
  return memberId.slice(-6)
}

interface CommittedProps {
  readonly partition: GroupPartition
  /** Of the group. */
  readonly path: readonly string[]
}

function Committed({ partition: row, path }: CommittedProps) {
  const { topic, partition, committedOffset, metadata } = row
  const move = t('offsets.openRow', { name: `${topic}-${partition}` })
  return (
    <span className="copyable">
      <a
        href={hrefOf([...path, 'offsets'], `?t=${topic}:${partition}`)}
        className="copy-button"
        aria-label={move}
        title={move}
        tabIndex={-1}
      >
        <Pencil size={12} aria-hidden />
      </a>
      {committedOffset === null ? (
        <span title={t('group.notCommitted')}>{UNKNOWN}</span>
      ) : (
        <span title={metadata === '' ? undefined : t('group.metadata', { text: metadata })}>
          {committedOffset.toString()}
        </span>
      )}
    </span>
  )
}
