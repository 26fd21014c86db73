/** Where merged reading gets its batches: the cluster, or a test's memory. */
import type { Problem } from '../contract/define.ts'
import type { RecordRow } from '../contract/model/record.ts'

/** A record before it is shown: merging needs its time only, and most records are never shown. */
export interface LooseRow {
  readonly slot: number
  readonly offset: bigint
  readonly timestampMs: bigint
  readonly show: () => RowContents
}

/** A record with its place in a view. */
export interface PlacedRow extends LooseRow {
  readonly position: bigint
}

/** What is decoded for a row of a table. */
export type RowContents = Omit<
  RecordRow,
  'topic' | 'partition' | 'offset' | 'position' | 'timestampMs'
>

export interface RecordSource {
  /**
   * Reads whole batches, the first of which contains `offset` or, where that holds no record,
   * follows it. A partition may come back empty because others filled the answer. One that fails
   * comes back with its problem; only an aborted signal rejects.
   */
  read(wanted: readonly WantedBatches[]): Promise<ReadonlyMap<number, ReadPartition>>
  /** Lets others have their turn. Rejects when the signal was aborted. */
  pause(): Promise<void>
}

export interface WantedBatches {
  readonly slot: number
  readonly offset: bigint
  readonly maxBytes: number
}

export type ReadPartition =
  | { readonly type: 'problem'; readonly problem: Problem }
  | {
      readonly type: 'batches'
      readonly batches: readonly RowBatch[]
      /** What can be read ends here: the high watermark, or the last stable offset. */
      readonly endOffset: bigint
      /** Of the answer, what lies outside of whole batches too. */
      readonly sizeBytes: number
    }

export interface RowBatch {
  readonly baseOffset: bigint
  /** The offset after its last one, whether or not that record is still there. */
  readonly nextOffset: bigint
  readonly sizeBytes: number
  /** 0 until rows were asked for. */
  readonly unpackedBytes: number
  /** Records with `from` <= offset < `to`: the first `max` of them, or the last. */
  rows(range: RowRange): readonly LooseRow[]
}

export interface RowRange {
  readonly from: bigint
  readonly to: bigint
  readonly max: number
  readonly keep: 'first' | 'last'
}
