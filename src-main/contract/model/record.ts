/** Records, the windows that show them, and what one record is made of. */
import type { Problem } from '../define.ts'
import type { DecodedLine } from './decode.ts'

/** Bytes of which a page may have got the beginning only: truncated if shorter than `sizeBytes`. */
export interface BytesPreview {
  readonly bytes: Uint8Array
  readonly sizeBytes: number
}

/** A key or a value as one line of a table. The bytes themselves are had by `record.get`. */
export interface CellPreview extends DecodedLine {
  /** As stored; 0 for null too, which `form` tells apart. */
  readonly sizeBytes: number
}

export type TimestampType = 'create' | 'append' | 'none'

export interface RecordRow {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** The row's place in the view; see `RecordPage`. */
  readonly position: bigint
  readonly timestampMs: bigint
  readonly timestampType: TimestampType
  readonly key: CellPreview
  /** The form `null` is a tombstone. */
  readonly value: CellPreview
  readonly headerCount: number
  /** As `name: value, name: value`, cut to one line; empty where there are none. */
  readonly headers: string
  /** Key, value and headers, without compression. */
  readonly sizeBytes: number
  /** Of the batch. */
  readonly codec: CompressionCodec
  /** Null for a producer without idempotence. */
  readonly producerId: bigint | null
  /** What the asked field columns hold, in their order; null where the record has no such field. */
  readonly fields: readonly (string | null)[]
}

/**
 * One offset for each partition of a view: a place between records. Packed (`contract/cut.ts`), so
 * that those who only pass it on need not read what may be ten thousand offsets.
 */
export type Cut = Uint8Array

export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/**
 * A window of records, merged by time over the partitions of a view, which may be several topics'.
 *
 * A view is its partitions and their `base` cut: where each log started when the view was opened.
 * A cut has a **position**: the number of offsets between base and cut, summed over the
 * partitions. So a table has `endPosition` rows, each page fills those from `before.position` up to
 * and without `after.position`, and with one partition a position is simply offset minus start.
 * Positions without a row are offsets that hold no record (compacted, or a transaction's marker).
 *
 * Pages that are asked for from each other's cuts tile: nothing is lost or shown twice, whatever
 * the timestamps. After a jump (`position`, `timestamp`) begin anew from its page: keep one
 * unbroken run of pages and extend it at both ends. Ask for them with the `base` and the `until`
 * of the first page.
 */
export interface RecordPage {
  readonly base: Cut
  readonly before: PositionedCut
  readonly after: PositionedCut
  /** Where the view ends: no page goes past it. Null for a view without an end. */
  readonly until: PositionedCut | null
  /** The ends of the logs now: high watermarks, or last stable offsets for `read_committed`. */
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
  readonly topic: string
  /** Null where it is the whole topic's. */
  readonly partition: number | null
  readonly problem: Problem
}

/**
 * How many records a view holds in each stretch of time, from the brokers' time indexes alone: no
 * record is read. A bucket counts offsets between the first record not older than its beginning and
 * the first not older than its end.
 */
export interface RecordHistogram {
  readonly fromMs: bigint
  /** Exclusive. */
  readonly toMs: bigint
  readonly bucketMs: bigint
  readonly counts: readonly bigint[]
  /** What no bucket holds although it lies in the view. */
  readonly beforeCount: bigint
  readonly afterCount: bigint
  /**
   * Why the counts are not exact; empty when they are, which takes timestamps in order and offsets
   * without holes.
   * - `sampled`: only some partitions were asked; counts are scaled up
   * - `unordered`: timestamps run back, so records of one time lie on both sides of an edge
   * - `unanswered`: partitions did not answer; see `problems`
   */
  readonly estimate: readonly ('sampled' | 'unordered' | 'unanswered')[]
  readonly partitionCount: number
  readonly askedPartitionCount: number
  readonly problems: readonly PartitionProblem[]
}

/** One call's part of the search for the next record with the same key. */
export interface KeySearch {
  /** Null when none was found in what was read. */
  readonly found: PartitionOffset | null
  /** Where to go on; null when everything was read. */
  readonly next: Cut | null
  readonly readRecords: number
  readonly readBytes: number
  /** Offsets that are left to read. */
  readonly leftCount: bigint
  readonly problems: readonly PartitionProblem[]
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
