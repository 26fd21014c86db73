/** The parts of the address that belong to the list of groups and to one group. */
import { readSort } from '../../ui/table/sort-search.ts'

export const GROUP_COLUMNS = ['group', 'state', 'members', 'topics', 'coordinator', 'lag'] as const
export const GROUP_PARTITION_COLUMNS = ['partition', 'member', 'committed', 'end', 'lag'] as const
export const GROUP_TABS = ['partitions', 'members'] as const
export type GroupTab = (typeof GROUP_TABS)[number]

export interface GroupsSearch {
  readonly q?: string
  readonly sort?: string
}

export interface GroupSearch {
  readonly tab?: GroupTab
  readonly q?: string
  readonly sort?: string
  /** Only partitions that lag. */
  readonly lagging?: '1'
}

export function readGroupsSearch(search: Record<string, unknown>): GroupsSearch {
  return {
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(readSort(search.sort, GROUP_COLUMNS) === undefined ? {} : { sort: String(search.sort) }),
  }
}

export function readGroupSearch(search: Record<string, unknown>): GroupSearch {
  return {
    ...(search.tab === 'members' ? { tab: 'members' } : {}),
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(readSort(search.sort, GROUP_PARTITION_COLUMNS) === undefined
      ? {}
      : { sort: String(search.sort) }),
    ...(search.lagging === '1' ? { lagging: '1' } : {}),
  }
}
