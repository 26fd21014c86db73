/** The parts of the address that belong to a topic's storage: which replica, segment and batch. */

export const SEGMENT_TABS = ['batches', 'offsets', 'times', 'producers'] as const
export type SegmentTab = (typeof SEGMENT_TABS)[number]

export interface StorageSearch {
  /** The partition; 0 when absent. */
  readonly p?: string
  /** The broker whose replica is shown; the leader's when absent. */
  readonly broker?: string
  /** The open segment, by its base offset. */
  readonly segment?: string
  readonly tab?: Exclude<SegmentTab, 'batches'>
  /** The open batch, by its position in the segment's file. */
  readonly at?: string
}

const INTEGER = /^\d{1,10}$/

export function readStorageSearch(search: Record<string, unknown>): StorageSearch {
  const { p, broker, segment, tab, at } = search
  return {
    ...(INTEGER.test(String(p)) ? { p: String(p) } : {}),
    ...(INTEGER.test(String(broker)) ? { broker: String(broker) } : {}),
    ...(/^\d{1,19}$/.test(String(segment)) ? { segment: String(segment) } : {}),
    ...(tab === 'offsets' || tab === 'times' || tab === 'producers' ? { tab } : {}),
    ...(INTEGER.test(String(at)) ? { at: String(at) } : {}),
  }
}
