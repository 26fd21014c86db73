/** The part of the address that belongs to a topic's statistics: the order of its partitions. */
import { readSort } from '../../ui/table/sort-search.ts'

export const STATISTICS_COLUMNS = [
  'partition',
  'records',
  'bytes',
  'nullKeys',
  'nullValues',
  'distinctKeys',
  'meanValue',
  'first',
  'last',
] as const

export interface StatisticsSearch {
  readonly sort?: string
}

export function readStatisticsSearch(search: Record<string, unknown>): StatisticsSearch {
  return readSort(search.sort, STATISTICS_COLUMNS) === undefined
    ? {}
    : { sort: String(search.sort) }
}
