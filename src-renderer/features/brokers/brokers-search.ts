/** The parts of the address that belong to the list of brokers and to one broker. */
import { readSort } from '../../ui/table/sort-search.ts'

export const BROKER_COLUMNS = ['id', 'address', 'leaders', 'replicas', 'segments', 'size'] as const
export const REPLICA_COLUMNS = ['replica', 'size', 'lag'] as const
export const CONNECTION_COLUMNS = ['client', 'opened', 'requests', 'rate', 'in', 'out'] as const
export const BROKER_TABS = ['configuration', 'replicas', 'connections'] as const
export type BrokerTab = (typeof BROKER_TABS)[number]

export interface BrokersSearch {
  readonly sort?: string
}

export interface BrokerSearch {
  /** Configuration when absent. */
  readonly tab?: Exclude<BrokerTab, 'configuration'>
  readonly q?: string
  readonly sort?: string
  /** Only what differs from the default. */
  readonly changed?: '1'
  /** The configuration that is opened beside the table. */
  readonly config?: string
}

export function readBrokersSearch(search: Record<string, unknown>): BrokersSearch {
  return readSort(search.sort, BROKER_COLUMNS) === undefined ? {} : { sort: String(search.sort) }
}

export function readBrokerSearch(search: Record<string, unknown>): BrokerSearch {
  const { tab, q, sort, changed, config } = search
  const sortable = tab === 'replicas' ? REPLICA_COLUMNS : CONNECTION_COLUMNS
  return {
    ...(tab === 'replicas' || tab === 'connections' ? { tab } : {}),
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(readSort(sort, sortable) === undefined ? {} : { sort: String(sort) }),
    ...(changed === '1' ? { changed: '1' } : {}),
    ...(typeof config === 'string' && config !== '' ? { config } : {}),
  }
}
