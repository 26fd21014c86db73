/** The part of the address that belongs to the list of all topics' partitions. */
import type { PartitionState } from '../../../src-main/contract/model/replication.ts'
import { isPartitionState } from '../../replication/partition-states.ts'
import { readSort } from '../../ui/table/sort-search.ts'

export const LISTED_COLUMNS = ['partition', 'leader', 'inSync'] as const

export interface ClusterPartitionsSearch {
  readonly sort?: string
  /** Part of a topic's name. */
  readonly q?: string
  readonly state?: PartitionState
  /** Only those that this broker holds a replica of. */
  readonly broker?: number
}

export function readClusterPartitionsSearch(
  search: Record<string, unknown>,
): ClusterPartitionsSearch {
  const { sort, q, state } = search
  const broker = String(search.broker)
  return {
    ...(readSort(sort, LISTED_COLUMNS) === undefined ? {} : { sort: String(sort) }),
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(isPartitionState(state) ? { state } : {}),
    ...(/^\d{1,9}$/.test(broker) ? { broker: Number(broker) } : {}),
  }
}
