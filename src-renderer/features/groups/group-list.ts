/** The groups of a cluster: names first, members and lag for those that are looked at. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { GroupFigures, GroupSummary } from '../../../src-main/contract/model/group.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { LazyFigures } from '../../connection/lazy-figures.ts'
import type { Sort } from '../../ui/table/column.ts'
import { compare, type SortValue } from '../../ui/table/sort-search.ts'

const LIST_INTERVAL_MS = 3_000

export interface GroupRow {
  readonly summary: GroupSummary
  readonly figures: GroupFigures | undefined
}

export class GroupList {
  readonly names: AskedAnswer<'group.list'>
  readonly figures: LazyFigures<GroupFigures>

  constructor(client: ApplicationClient, cluster: string) {
    this.names = new AskedAnswer(client, 'group.list', { cluster }, LIST_INTERVAL_MS)
    this.figures = new LazyFigures(
      (groupIds, signal) => client.call('group.figures', { cluster, groupIds }, signal),
      figures => figures.groupId,
    )
  }

  open(): void {
    this.names.open()
    this.figures.open()
  }

  close(): void {
    this.names.close()
    this.figures.close()
  }
}

export function sortGroups(rows: readonly GroupRow[], sort: Sort): readonly GroupRow[] {
  return [...rows].sort(
    (a, b) =>
      compare(groupValue(a, sort.column), groupValue(b, sort.column), sort.direction) ||
      compare(a.summary.groupId, b.summary.groupId, 'ascending'),
  )
}

function groupValue({ summary, figures }: GroupRow, column: string): SortValue {
  switch (column) {
    case 'state':
      return figures?.state ?? summary.state
    case 'members':
      return figures?.memberCount
    case 'topics':
      return figures?.topics.length
    case 'coordinator':
      return figures?.coordinator ?? summary.coordinator
    case 'type':
      return `${summary.type ?? ''} ${summary.protocolType}`
    case 'lagTime':
      return figures?.lagTime?.ms
    case 'lag':
      return figures?.totalLag
    default:
      return summary.groupId
  }
}
