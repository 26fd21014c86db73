import { useMemo } from 'react'
import type { GroupMember, GroupPartition } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { Empty } from '../../ui/state/states.tsx'
import { ArrayRows } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { memberColumns } from './member-columns.tsx'

interface GroupMembersProps {
  readonly members: readonly GroupMember[]
  readonly type: string | null
  readonly partitions: readonly GroupPartition[]
  readonly active: string | null
  readonly onActive: (key: string | null) => void
}

export function GroupMembers(props: GroupMembersProps) {
  const { members, type, partitions, active, onActive } = props
  const columns = useMemo(() => memberColumns(type), [type])
  const rows = useMemo(
    () =>
      new ArrayRows(
        members.map((member, place) => ({ member, place, lag: lagOf(member, partitions) })),
        row => row.member.memberId,
      ),
    [members, partitions],
  )
  return (
    <DataTable
      id="group-members"
      label={t('group.tab.members')}
      columns={columns}
      rows={rows}
      active={active}
      onActive={onActive}
      isMain
    >
      <Empty sentence={t('group.noMembers')} />
    </DataTable>
  )
}

function lagOf({ memberId }: GroupMember, partitions: readonly GroupPartition[]): bigint | null {
  const known = partitions.filter(row => row.memberId === memberId).flatMap(row => row.lag ?? [])
  return known.length === 0 ? null : known.reduce((sum, lag) => sum + lag, 0n)
}
