/** What a filter needs to know of a batch: its decompressed records, and which of them count. */
import type { TopicPartition } from '../contract/model/search.ts'

export interface FilterBatch {
  /** Whose it is. */
  readonly scan: TopicPartition
  /** What holds the batch's header, which begins at `at`. */
  readonly bytes: Uint8Array
  readonly at: number
  readonly payload: Uint8Array
  readonly baseOffset: bigint
  readonly recordCount: number
  /** Records count from this offset delta up to and without `toDelta`. */
  readonly fromDelta: number
  readonly toDelta: number
}
