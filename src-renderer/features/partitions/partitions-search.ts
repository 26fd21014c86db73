import { readSort } from '../../ui/table/sort-search.ts'

export const PARTITION_COLUMNS = [
  'partition',
  'leader',
  'start',
  'end',
  'records',
  'size',
  'last',
] as const

export interface PartitionsSearch {
  readonly sort?: string
}

export function readPartitionsSearch(search: Record<string, unknown>): PartitionsSearch {
  return readSort(search.sort, PARTITION_COLUMNS) === undefined ? {} : { sort: String(search.sort) }
}
