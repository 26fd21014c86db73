/** The parts of the address that belong to the list of groups and to one group. */
import type { GroupState } from '../../../src-main/contract/model/group.ts'
import { readSort } from '../../ui/table/sort-search.ts'

export const GROUP_COLUMNS = [
  'group',
  'state',
  'type',
  'members',
  'topics',
  'coordinator',
  'lag',
  'lagTime',
] as const
export const GROUP_PARTITION_COLUMNS = [
  'partition',
  'member',
  'committed',
  'end',
  'lag',
  'lagTime',
  'drain',
  'commit',
] as const
export const GROUP_TABS = [
  'partitions',
  'members',
  'history',
  'rebalances',
  /** Of streams groups alone. */
  'topology',
] as const
export type GroupTab = (typeof GROUP_TABS)[number]

/** Ranges of the history, by their name in the address. */
export const SPANS = {
  '15m': 15 * 60_000,
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
} as const
export type SpanName = keyof typeof SPANS
export const SPAN_NAMES = Object.keys(SPANS) as SpanName[]

export const STATES: readonly GroupState[] = [
  'Stable',
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
  'NotReady',
  'Empty',
  'Dead',
  'Unknown',
]

export interface GroupsSearch {
  readonly q?: string
  readonly sort?: string
  /** Shown states, separated by commas; all when absent. */
  readonly state?: string
}

export interface GroupSearch {
  readonly tab?: GroupTab
  readonly q?: string
  readonly sort?: string
  /** Only partitions that lag. */
  readonly lagging?: '1'
  readonly span?: SpanName
  /** Whose history; the sum over all topics when absent. */
  readonly topic?: string
  readonly unit?: 'time'
  /** The rebalance that is open, by its number. */
  readonly rebalance?: string
}

export function readGroupsSearch(search: Record<string, unknown>): GroupsSearch {
  const states = readStates(typeof search.state === 'string' ? search.state : undefined)
  return {
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(readSort(search.sort, GROUP_COLUMNS) === undefined ? {} : { sort: String(search.sort) }),
    ...(states.size === 0 ? {} : { state: [...states].join(',') }),
  }
}

/** Empty for all. */
export function readStates(text: string | undefined): ReadonlySet<GroupState> {
  const named = new Set(text?.split(','))
  return new Set(STATES.filter(state => named.has(state)))
}

export function readGroupSearch(search: Record<string, unknown>): GroupSearch {
  const tab = GROUP_TABS.find(each => each === search.tab && each !== 'partitions')
  const span = SPAN_NAMES.find(each => each === search.span)
  const { q, topic, rebalance } = search
  return {
    ...(tab === undefined ? {} : { tab }),
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(readSort(search.sort, GROUP_PARTITION_COLUMNS) === undefined
      ? {}
      : { sort: String(search.sort) }),
    ...(search.lagging === '1' ? { lagging: '1' } : {}),
    ...(span === undefined ? {} : { span }),
    ...(typeof topic === 'string' && topic !== '' ? { topic } : {}),
    ...(search.unit === 'time' ? { unit: 'time' } : {}),
    ...(typeof rebalance === 'string' && /^\d{1,15}$/.test(rebalance) ? { rebalance } : {}),
  }
}
