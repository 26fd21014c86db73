/** What lies on a broker's disk for a partition: files, segments, batches, index entries. */
import type { Problem } from '../define.ts'
import type { BytesPreview, CompressionCodec, TimestampType } from './record.ts'

export interface PartitionStorage {
  readonly topic: string
  readonly partition: number
  readonly brokerId: number
  /** Brokers that hold a replica, the leader first. */
  readonly replicas: readonly number[]
  /** The partition's folder, absolute. */
  readonly folder: string
  readonly logStartOffset: bigint
  readonly highWatermark: bigint
  readonly logEndOffset: bigint
  /** Everything below it survives a power cut. */
  readonly recoveryPoint: bigint
  readonly segments: readonly StorageSegment[]
  /** Every file of the folder, those that belong to no segment too. */
  readonly files: readonly StorageFile[]
  readonly epochs: readonly StorageEpoch[]
  readonly producers: readonly StorageProducer[]
  readonly retention: StorageRetention
  readonly observedAtMs: bigint
}

export interface StorageSegment {
  readonly baseOffset: bigint
  /** The next segment's base offset; of the last one, the log end offset. */
  readonly nextOffset: bigint
  /** Of the batches. */
  readonly sizeBytes: number
  /** -1 where no record has a timestamp. */
  readonly maxTimestampMs: bigint
  readonly active: boolean
  /** Files of this base offset with what they take; null where there is none. */
  readonly logFileBytes: number | null
  readonly offsetIndexBytes: number | null
  readonly timeIndexBytes: number | null
  readonly snapshotBytes: number | null
  readonly offsetIndexEntries: number
  readonly timeIndexEntries: number
  readonly forecast: SegmentForecast
}

/** When retention takes a segment, if nothing else is written and no configuration changes. */
export type SegmentForecast =
  /** Kept: the reason in `why`. */
  | { readonly type: 'kept'; readonly why: 'no-limit' | 'compacted' | 'not-committed' }
  /** At the next check: `log.retention.check.interval.ms`. */
  | { readonly type: 'due'; readonly reason: RetentionReason }
  | { readonly type: 'at'; readonly reason: 'retention.ms'; readonly timestampMs: bigint }
  /** Once so many more bytes are written to the partition. */
  | { readonly type: 'after-bytes'; readonly reason: 'retention.bytes'; readonly bytes: bigint }

export type RetentionReason = 'retention.ms' | 'retention.bytes' | 'log start offset'

export interface StorageRetention {
  /** As `delete`, `compact` or `compact,delete`. */
  readonly cleanupPolicy: string
  /** -1 keeps records for ever. */
  readonly retentionMs: bigint
  /** -1 is no limit. */
  readonly retentionBytes: bigint
  readonly segmentBytes: number
  readonly segmentMs: bigint
  readonly fileDeleteDelayMs: bigint
  readonly checkIntervalMs: bigint
}

export interface StorageFile {
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedAtMs: bigint
}

export interface StorageEpoch {
  readonly leaderEpoch: number
  readonly startOffset: bigint
}

export interface StorageProducer {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly lastTimestampMs: bigint
  /** Null while no transaction is open. */
  readonly currentTxnFirstOffset: bigint | null
  readonly lastSequence: number | null
  readonly lastOffset: bigint | null
}

export interface StorageBatches {
  readonly batches: readonly StorageBatch[]
  /** The position to go on from; null at the segment's end. */
  readonly next: number | null
  /** Why the walk ended before the segment's end. */
  readonly problem: string | null
}

export interface StorageBatch {
  /** In the segment's file. */
  readonly position: number
  readonly sizeBytes: number
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly recordCount: number
  readonly magic: number
  readonly codec: CompressionCodec
  readonly timestampType: TimestampType
  readonly baseTimestampMs: bigint
  readonly maxTimestampMs: bigint
  readonly partitionLeaderEpoch: number
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly transactional: boolean
  readonly control: boolean
  readonly crc: number
  /** An entry of the offset index points at it. */
  readonly indexed: boolean
}

export interface StorageBatchDetail {
  readonly batch: StorageBatch
  /** Computed anew over the bytes on disk. */
  readonly crcIsRight: boolean
  readonly attributes: number
  readonly deleteHorizonMs: bigint | null
  readonly lastOffsetDelta: number
  /** Of the records, header left out. */
  readonly storedBytes: number
  readonly uncompressedBytes: number | null
  readonly records: readonly StorageRecord[]
  /** Records that are not listed because there were too many. */
  readonly leftOut: number
  /** Why records could not be read. */
  readonly problem: string | null
  /** The batch as it lies on disk, header first; its beginning where it is large. */
  readonly bytes: BytesPreview
}

export interface StorageRecord {
  readonly offset: bigint
  readonly timestampMs: bigint
  /** Null is a null key. */
  readonly keyBytes: number | null
  /** Null is a tombstone. */
  readonly valueBytes: number | null
  readonly headerCount: number
}

export interface StorageIndex {
  readonly entries: readonly StorageIndexEntry[]
  readonly entryCount: number
}

export interface StorageIndexEntry {
  readonly offset: bigint
  /** Of an offset index: where the batch begins in the segment's file. */
  readonly position: number | null
  /** Of a time index: the largest timestamp up to the offset. */
  readonly timestampMs: bigint | null
}

export interface StorageCompression {
  /** Records of the batches that were looked at, as stored and without compression. */
  readonly storedBytes: number
  readonly uncompressedBytes: number
  readonly sampledBatches: number
  /** Whether every batch of the segment was looked at. */
  readonly complete: boolean
  readonly codecs: readonly CompressionCodec[]
}

export interface BrokerStorage {
  readonly brokerId: number
  /** Why it could not be counted, and then all counts are 0. */
  readonly problem: Problem | null
  readonly logCount: number
  readonly segmentCount: number
  readonly sizeBytes: number
}
