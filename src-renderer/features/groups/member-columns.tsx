import type { GroupMember } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { placeHue } from '../../ui/broker-hue.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import type { Column } from '../../ui/table/column.ts'

export interface MemberRow {
  readonly member: GroupMember
  readonly place: number
  /** Over the partitions that it holds; null where none is known. */
  readonly lag: bigint | null
}

export function memberColumns(): readonly Column<MemberRow>[] {
  return [
    {
      id: 'client',
      title: t('group.client'),
      width: 170,
      text: row => row.member.clientId,
      cell: ({ member, place }) => (
        <span className="member">
          <span className="member-mark" style={{ background: placeHue(place).colour }} />
          <span className="clip">{member.clientId}</span>
        </span>
      ),
    },
    {
      id: 'holds',
      title: t('group.holds'),
      width: 260,
      grow: 1,
      text: row => assignmentText(row.member),
      cell: ({ member }) => <span title={assignmentText(member)}>{assignmentText(member)}</span>,
    },
    {
      id: 'count',
      title: t('group.partitionCount'),
      width: 90,
      align: 'end',
      text: row => String(partitionCount(row.member)),
      cell: row => formatCount(partitionCount(row.member)),
    },
    {
      id: 'lag',
      title: t('group.lag'),
      width: 100,
      align: 'end',
      text: row => row.lag?.toString() ?? '',
      cell: row => formatCount(row.lag),
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

function assignmentText({ assignment, assignmentBytes }: GroupMember): string {
  if (assignment === null)
    return assignmentBytes === null
      ? UNKNOWN
      : t('group.foreignAssignment', { size: formatBytes(assignmentBytes.length) })
  if (assignment.length === 0) return t('group.holdsNothing')
  return assignment.map(({ topic, partitions }) => `${topic} ${partitions.join(', ')}`).join(' · ')
}

function partitionCount({ assignment }: GroupMember): number {
  return (assignment ?? []).reduce((sum, { partitions }) => sum + partitions.length, 0)
}
