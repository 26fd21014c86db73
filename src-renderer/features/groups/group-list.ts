/** The groups of a cluster: names first, members and lag for those that are looked at. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { GroupFigures, GroupSummary } from '../../../src-main/contract/model/group.ts'
import { Asked } from '../../connection/answer.ts'
import { LazyFigures } from '../../connection/lazy-figures.ts'
import type { RowSource, Sort } from '../../ui/table/column.ts'
import { compare, type SortValue } from '../../ui/table/sort-search.ts'

const LIST_INTERVAL_MS = 3_000

export interface GroupRow {
  readonly summary: GroupSummary
  /** Undefined until they arrive. */
  readonly figures: GroupFigures | undefined
}

export type GroupFiguresByName = ReadonlyMap<string, GroupFigures>

export class GroupList {
  readonly names: Asked<readonly GroupSummary[]>
  readonly figures: LazyFigures<GroupFigures>

  constructor(client: ApplicationClient, cluster: string) {
    this.names = new Asked(async (before, signal) => {
      const now = await client.call('group.list', { cluster }, signal)
      // The same answer is the same list: nothing is put in order again.
      return before !== null && sameGroups(before, now) ? before : now
    }, LIST_INTERVAL_MS)
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

function sameGroups(before: readonly GroupSummary[], now: readonly GroupSummary[]): boolean {
  return (
    before.length === now.length &&
    before.every((group, index) => {
      const other = now[index]!
      return (
        group.groupId === other.groupId &&
        group.state === other.state &&
        group.type === other.type &&
        group.protocolType === other.protocolType &&
        group.coordinator === other.coordinator
      )
    })
  )
}

/** Columns whose values have to be fetched: to order by one, all groups' are needed. */
export function needsFigures(column: string): boolean {
  return ['members', 'topics', 'lag', 'lagTime'].includes(column)
}

export function sortGroups(
  groups: readonly GroupSummary[],
  figures: GroupFiguresByName,
  sort: Sort,
): readonly GroupSummary[] {
  const byName = sort.column === 'group'
  return [...groups].sort(
    (a, b) =>
      compare(
        groupValue(a, figures.get(a.groupId), sort.column),
        groupValue(b, figures.get(b.groupId), sort.column),
        sort.direction,
      ) || (byName ? 0 : compare(a.groupId, b.groupId, 'ascending')),
  )
}

/** Joins names and figures row by row, only for rows that are drawn. */
export class GroupRows implements RowSource<GroupRow> {
  readonly count: number
  readonly #groups: readonly GroupSummary[]
  readonly #figures: GroupFiguresByName
  readonly #rows = new Map<number, GroupRow>()

  constructor(groups: readonly GroupSummary[], figures: GroupFiguresByName) {
    this.count = groups.length
    this.#groups = groups
    this.#figures = figures
  }

  at(index: number): GroupRow | undefined {
    const summary = this.#groups[index]
    if (summary === undefined) return undefined
    let row = this.#rows.get(index)
    if (row === undefined) {
      row = { summary, figures: this.#figures.get(summary.groupId) }
      this.#rows.set(index, row)
    }
    return row
  }

  keyAt(index: number): string {
    return this.#groups[index]?.groupId ?? ''
  }

  indexOf(key: string): number {
    return this.#groups.findIndex(({ groupId }) => groupId === key)
  }
}

function groupValue(
  summary: GroupSummary,
  figures: GroupFigures | undefined,
  column: string,
): SortValue {
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
    case 'lag':
      return figures?.totalLag
    case 'lagTime':
      return figures?.lagTime?.ms
    default:
      return summary.groupId
  }
}
