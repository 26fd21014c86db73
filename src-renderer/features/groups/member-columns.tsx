import type {
  GroupMember,
  MemberMove,
  StreamsTask,
  StreamsTasks,
  TopicPartitions,
} from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { placeHue } from '../../ui/broker-hue.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { formatTimestamp } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { Moment } from '../../ui/moment.tsx'
import { shortId } from './group-partition-columns.tsx'
import type { Column } from '../../ui/table/column.ts'

export interface MemberRow {
  readonly member: GroupMember
  readonly place: number
  /** Over the partitions that it holds; null where none is known. */
  readonly lag: bigint | null
}

/** What nobody tells of a share group's members: their part of a lag, and their past. */
const NOT_OF_SHARE: ReadonlySet<string> = new Set(['lag', 'joined', 'moved', 'instance'])

const LESS_OF_STREAMS: ReadonlySet<string> = new Set(['joined', 'instance'])

/** By the type of the group. */
export function memberColumns(type: string | null): readonly Column<MemberRow>[] {
  const columns = allColumns().filter(({ id }) =>
    id === 'tasks' ? type === 'streams' : type !== 'share' || !NOT_OF_SHARE.has(id),
  )
  if (type !== 'streams') return columns
  // Tasks take the room of what is seldom looked for.
  return columns.map(each =>
    LESS_OF_STREAMS.has(each.id) ? { ...each, hiddenAtFirst: true } : each,
  )
}

function allColumns(): readonly Column<MemberRow>[] {
  return [
    {
      id: 'client',
      title: t('group.client'),
      width: 190,
      text: row => row.member.clientId,
      cell: ({ member, place }) => (
        <span className="member">
          <span className="member-mark" style={{ background: placeHue(place).colour }} />
          <span className="clip">{member.clientId}</span>
          <span className="mono small faint">{shortId(member.memberId)}</span>
        </span>
      ),
    },
    {
      id: 'holds',
      title: t('group.holds'),
      width: 220,
      grow: 1,
      text: row => assignmentText(row.member),
      cell: ({ member }) => <span title={assignmentText(member)}>{assignmentText(member)}</span>,
    },
    {
      id: 'tasks',
      title: t('group.tasks'),
      hint: t('group.tasksHint'),
      width: 220,
      grow: 1,
      text: ({ member }) => tasksText(member.tasks),
      cell: ({ member }) => <span title={tasksText(member.tasks)}>{tasksText(member.tasks)}</span>,
    },
    {
      id: 'count',
      title: t('group.partitionCount'),
      width: 80,
      align: 'end',
      text: row => String(partitionCount(row.member)),
      cell: row => formatCount(partitionCount(row.member)),
    },
    {
      id: 'lag',
      title: t('group.lag'),
      width: 80,
      align: 'end',
      text: row => row.lag?.toString() ?? '',
      cell: row => formatCount(row.lag),
    },
    {
      id: 'joined',
      title: t('group.joined'),
      hint: t('group.joinedHint'),
      width: 185,
      text: row => row.member.joinedMs?.toString() ?? '',
      cell: ({ member }) => (
        <Moment timestampMs={member.joinedMs} unknown={t('group.sinceUnknown')} />
      ),
    },
    {
      id: 'moved',
      title: t('group.lastMove'),
      hint: t('group.lastMoveHint'),
      width: 180,
      text: ({ member }) => moveText(member.lastMove),
      cell: ({ member }) => <LastMove move={member.lastMove} />,
    },
    {
      id: 'host',
      title: t('group.host'),
      width: 120,
      mono: true,
      text: row => row.member.clientHost,
      cell: row => <span className="quiet">{row.member.clientHost}</span>,
    },
    {
      id: 'instance',
      title: t('group.instance'),
      hint: t('group.instanceHint'),
      width: 130,
      text: row => row.member.groupInstanceId ?? '',
      cell: row => row.member.groupInstanceId ?? <span className="faint">{UNKNOWN}</span>,
    },
    {
      id: 'subscribed',
      title: t('group.subscribed'),
      width: 160,
      hiddenAtFirst: true,
      text: row => row.member.subscribedTopics?.join(' ') ?? '',
      cell: row => row.member.subscribedTopics?.join(', ') ?? UNKNOWN,
    },
    {
      id: 'id',
      title: t('group.memberId'),
      width: 250,
      mono: true,
      text: row => row.member.memberId,
      cell: ({ member }) => (
        <span className="copyable quiet" title={member.memberId}>
          <span className="clip">{member.memberId}</span>
          <CopyButton text={member.memberId} />
        </span>
      ),
    },
  ]
}

function LastMove({ move }: { readonly move: MemberMove | null }) {
  const zone = useZone()
  if (move === null) return <span title={t('group.moveUnknown')}>{UNKNOWN}</span>
  const [gained, lost] = [countOf(move.gained), countOf(move.lost)]
  const said = `${formatTimestamp(move.atMs, zone)}\n${moveText(move)}`
  if (gained + lost === 0)
    return (
      <span className="quiet" title={said}>
        {t('group.movedNothing')}
      </span>
    )
  return (
    <span title={said}>
      {gained > 0 && <span className="good-text">+{gained}</span>}
      {gained > 0 && lost > 0 && ' '}
      {lost > 0 && <span className="warn-text">−{lost}</span>}{' '}
      <span className="faint">{placesText(gained > 0 ? move.gained : move.lost)}</span>
    </span>
  )
}

function moveText(move: MemberMove | null): string {
  if (move === null) return ''
  return [
    ...move.gained.map(each => `+ ${placesText([each])}`),
    ...move.lost.map(each => `− ${placesText([each])}`),
  ].join('\n')
}

function placesText(places: readonly TopicPartitions[]): string {
  return places.map(({ topic, partitions }) => `${topic} ${partitions.join(', ')}`).join(' · ')
}

function countOf(places: readonly TopicPartitions[]): number {
  return places.reduce((sum, { partitions }) => sum + partitions.length, 0)
}

function assignmentText({ assignment, assignmentBytes }: GroupMember): string {
  if (assignment === null)
    return assignmentBytes === null
      ? UNKNOWN
      : t('group.foreignAssignment', { size: formatBytes(assignmentBytes.length) })
  if (assignment.length === 0) return t('group.holdsNothing')
  return placesText(assignment)
}

function tasksText(tasks: StreamsTasks | null): string {
  if (tasks === null) return UNKNOWN
  const named = (each: readonly StreamsTask[]) =>
    each.map(({ subtopologyId, partition }) => `${subtopologyId}_${partition}`).join(', ')
  const parts = (['active', 'standby', 'warmup'] as const).flatMap(kind =>
    tasks[kind].length === 0 ? [] : `${t(`group.taskKind.${kind}`)} ${named(tasks[kind])}`,
  )
  return parts.length === 0 ? t('group.holdsNothing') : parts.join(' · ')
}

function partitionCount({ assignment }: GroupMember): number {
  return countOf(assignment ?? [])
}
