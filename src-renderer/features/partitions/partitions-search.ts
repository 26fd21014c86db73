import { readSort } from '../../ui/table/sort-search.ts'

export const PARTITION_COLUMNS = [
  'partition',
  'leader',
  'epoch',
  'start',
  'end',
  'lag',
  'records',
  'size',
  'last',
] as const

export interface PartitionsSearch {
  readonly sort?: string
  /** The partition that is opened beside the table. */
  readonly open?: string
}

export function readPartitionsSearch(search: Record<string, unknown>): PartitionsSearch {
  const { sort } = search
  const open = String(search.open)
  return {
    ...(readSort(sort, PARTITION_COLUMNS) === undefined ? {} : { sort: String(sort) }),
    ...(/^\d{1,7}$/.test(open) ? { open } : {}),
  }
}
