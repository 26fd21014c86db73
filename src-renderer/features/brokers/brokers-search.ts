import { readSort } from '../../ui/table/sort-search.ts'

export const BROKER_COLUMNS = ['id', 'address', 'leaders', 'replicas', 'size'] as const

export interface BrokersSearch {
  readonly sort?: string
}

export function readBrokersSearch(search: Record<string, unknown>): BrokersSearch {
  return readSort(search.sort, BROKER_COLUMNS) === undefined ? {} : { sort: String(search.sort) }
}
