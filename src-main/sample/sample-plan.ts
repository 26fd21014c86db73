/** What belongs to the sample shop in a cluster: its topics, its groups, and how they behave. */
import type { ShopTopic } from './shop.ts'

export interface SampleTopic {
  readonly name: ShopTopic
  readonly partitionCount: number
  readonly codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  readonly configurations: readonly { readonly name: string; readonly value: string }[]
}

/** Bounded, so that a forgotten sample does not fill a disk. */
const bounded = [
  { name: 'retention.bytes', value: '67108864' },
  { name: 'segment.bytes', value: '16777216' },
]

export const sampleTopics: readonly SampleTopic[] = [
  { name: 'shop.orders', partitionCount: 6, codec: 'zstd', configurations: bounded },
  { name: 'shop.payments', partitionCount: 3, codec: 'lz4', configurations: bounded },
  { name: 'shop.shipments', partitionCount: 1, codec: 'none', configurations: bounded },
  {
    name: 'shop.inventory',
    partitionCount: 3,
    codec: 'gzip',
    configurations: [{ name: 'cleanup.policy', value: 'compact' }],
  },
  { name: 'shop.page-views', partitionCount: 6, codec: 'snappy', configurations: bounded },
]

export interface SampleGroup {
  readonly groupId: string
  readonly topics: readonly ShopTopic[]
  readonly memberCount: number
  /** Time that one record takes; the group falls behind when it is more than it has. */
  readonly recordMs: number
}

export const sampleGroups: readonly SampleGroup[] = [
  {
    groupId: 'shop-billing',
    topics: ['shop.orders', 'shop.payments'],
    memberCount: 2,
    recordMs: 0,
  },
  // About forty page views come a second, and it manages ten.
  { groupId: 'shop-analytics', topics: ['shop.page-views'], memberCount: 1, recordMs: 100 },
]

/** How far back the first records lie, so that there is something to see at once. */
export const HISTORY_MS = 5 * 60_000
export const SEED = 1_917
