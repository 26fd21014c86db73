import type { PartitionState } from '../../../src-main/contract/model/replication.ts'
import { isPartitionState } from '../../replication/partition-states.ts'
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
  readonly state?: PartitionState
  /** Only those that this broker holds a replica of. */
  readonly broker?: number
}

export function readPartitionsSearch(search: Record<string, unknown>): PartitionsSearch {
  const { sort, state } = search
  const open = String(search.open)
  const broker = String(search.broker)
  return {
    ...(readSort(sort, PARTITION_COLUMNS) === undefined ? {} : { sort: String(sort) }),
    ...(/^\d{1,7}$/.test(open) ? { open } : {}),
    ...(isPartitionState(state) ? { state } : {}),
    ...(/^\d{1,9}$/.test(broker) ? { broker: Number(broker) } : {}),
  }
}
