/** Records, the windows that show them, and what one record is made of. */
import type { Problem } from '../define.ts'

/** Bytes of which a page may have got the beginning only: truncated if shorter than `sizeBytes`. */
export interface BytesPreview {
  readonly bytes: Uint8Array
  readonly sizeBytes: number
}

export type TimestampType = 'create' | 'append' | 'none'

export interface RecordRow {
  readonly partition: number
  readonly offset: bigint
  /** The row's place in the view; see `RecordPage`. */
  readonly position: bigint
  readonly timestampMs: bigint
  readonly timestampType: TimestampType
  /** Null is a null key; an empty key is an empty preview. */
  readonly key: BytesPreview | null
  /** Null is a tombstone. */
  readonly value: BytesPreview | null
  readonly headerCount: number
  /** Key, value and headers. */
  readonly sizeBytes: number
}

/** One offset for each partition of a view, in ascending order of partitions: a place between records. */
export type Cut = readonly PartitionOffset[]

export interface PartitionOffset {
  readonly partition: number
  readonly offset: bigint
}

/**
 * A window of records, merged by time over the partitions of a view.
 *
 * A view is a topic, some partitions and its `base` cut: where each log started when the view was
 * opened. A cut has a **position**: the number of offsets between base and cut, summed over the
 * partitions. So a table has `endPosition` rows, each page fills those from `before.position` up to
 * and without `after.position`, and with one partition a position is simply offset minus start.
 * Positions without a row are offsets that hold no record (compacted, or a transaction's marker).
 *
 * Pages that are asked for from each other's cuts tile: nothing is lost or shown twice, whatever
 * the timestamps. After a jump (`position`, `timestamp`) begin anew from its page: keep one
 * unbroken run of pages and extend it at both ends.
 */
export interface RecordPage {
  readonly base: Cut
  readonly before: PositionedCut
  readonly after: PositionedCut
  /** High watermarks now. */
  readonly end: PositionedCut
  /** Log starts now; past `base` where retention went on since. */
  readonly logStart: PositionedCut
  /** In ascending order of position, whatever the direction was. */
  readonly rows: readonly RecordRow[]
  /** Partitions that are missing from this page, each with the reason. */
  readonly problems: readonly PartitionProblem[]
  readonly elapsedMs: number
  readonly bytesRead: number
}

export interface PositionedCut {
  readonly cut: Cut
  readonly position: bigint
}

export interface PartitionProblem {
  readonly partition: number
  readonly problem: Problem
}

export type CompressionCodec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

export interface RecordDetail {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly timestampMs: bigint
  readonly timestampType: TimestampType
  readonly key: BytesPreview | null
  readonly value: BytesPreview | null
  readonly headers: readonly RecordHeader[]
  /** Key, value and headers. */
  readonly sizeBytes: number
  readonly batch: BatchDetail
}

export interface RecordHeader {
  /** Header keys are text in Kafka. */
  readonly key: string
  readonly value: BytesPreview | null
}

export interface BatchDetail {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly recordCount: number
  readonly magic: number
  readonly codec: CompressionCodec
  /** As stored and sent, header included. */
  readonly sizeBytes: number
  /** The same without compression. */
  readonly uncompressedBytes: number
  readonly crc: number
  readonly baseTimestampMs: bigint
  readonly maxTimestampMs: bigint
  /** Null for a producer without idempotence. */
  readonly producer: ProducerDetail | null
  readonly partitionLeaderEpoch: number
  readonly transactional: boolean
  readonly control: boolean
  /** The batch as stored, its beginning only. */
  readonly bytes: BytesPreview
}

export interface ProducerDetail {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  /** Of this record. */
  readonly sequence: number
}

export interface LiveUpdate {
  /** New rows, at most `rowsMax` an update; the newest when more came. */
  readonly rows: readonly RecordRow[]
  /** Where reading stands: open the stream again from here to lose nothing. */
  readonly at: PositionedCut
  /** Offsets between the stream's beginning and `at`. */
  readonly readCount: bigint
  /** Of these, records that were not sent because the page was too slow or there were too many. */
  readonly skippedCount: bigint
  /** Offsets past `at`: what still waits to be read, or what came while only counting. */
  readonly waitingCount: bigint
  readonly problems: readonly PartitionProblem[]
}
