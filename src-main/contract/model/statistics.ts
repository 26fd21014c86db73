/** What one scan over a topic tells about its records. */
import type { Problem } from '../define.ts'
import type { ScanProgress } from './search.ts'

export type StatisticsState = 'running' | 'done' | 'stopped' | 'failed'

export interface TopicStatistics {
  readonly cluster: string
  readonly topic: string
  readonly state: StatisticsState
  readonly problem: Problem | null
  readonly jobId: string
  readonly startedAtMs: bigint
  readonly endedAtMs: bigint | null
  readonly progress: ScanProgress
  /** Of what was read until now; of everything once `state` is `done`. */
  readonly total: RecordStatistics
  /** In ascending order of partitions. */
  readonly partitions: readonly PartitionStatistics[]
  /** Records by hour of their timestamp, ascending, hours without records left out. */
  readonly hours: readonly HourCount[]
  /** More hours than are kept: those that do not fit are counted here. */
  readonly otherHoursCount: bigint
  readonly largestKeys: LargestKeys
  readonly skew: Skew
}

export interface PartitionStatistics extends RecordStatistics {
  readonly partition: number
}

export interface RecordStatistics {
  readonly records: bigint
  readonly nullKeys: bigint
  readonly emptyKeys: bigint
  /** Tombstones. */
  readonly nullValues: bigint
  readonly emptyValues: bigint
  readonly recordsWithHeaders: bigint
  readonly batches: bigint
  /** As stored, batch headers included. */
  readonly storedBytes: bigint
  /** Key, value and headers, uncompressed. */
  readonly recordBytes: bigint
  readonly keySize: SizeStatistics
  readonly valueSize: SizeStatistics
  readonly recordSize: SizeStatistics
  /** Null where there is no record with a timestamp. */
  readonly firstTimestampMs: bigint | null
  readonly lastTimestampMs: bigint | null
  /** Offsets between start and end that hold no record: compacted, or a transaction's marker. */
  readonly emptyOffsets: bigint
  readonly distinctKeys: DistinctKeys
}

/** Of the sizes that are not null. Least, greatest and mean are exact; percentiles are not. */
export interface SizeStatistics {
  readonly count: bigint
  readonly leastBytes: number
  readonly greatestBytes: number
  readonly meanBytes: number
  /** Percentiles 50, 75, 90, 95, 99 and 99.9, each within `errorPercent` of the true one, and rounded. */
  readonly percentiles: readonly Percentile[]
  readonly errorPercent: number
}

export interface Percentile {
  readonly percent: number
  readonly bytes: number
}

/** A HyperLogLog estimate; null keys are not counted. */
export interface DistinctKeys {
  readonly estimate: bigint
  /** One standard error, in percent of the estimate. */
  readonly errorPercent: number
}

export interface HourCount {
  readonly hourMs: bigint
  readonly records: bigint
  readonly bytes: bigint
}

/**
 * The keys with the most records and the most bytes, from a sketch of bounded size: a figure is
 * never below the truth, and at most `overcount` above it.
 */
export interface LargestKeys {
  readonly byCount: readonly LargeKey[]
  readonly byBytes: readonly LargeKey[]
}

export interface LargeKey {
  /** One line, decoded by content. */
  readonly key: string
  readonly keyBytes: Uint8Array
  readonly truncated: boolean
  readonly partition: number
  readonly amount: bigint
  readonly overcount: bigint
}

/** How unevenly partitions are filled: the fullest against the mean, 1 when all are alike. */
export interface Skew {
  readonly recordsRatio: number
  readonly bytesRatio: number
  /** Of the coefficient of variation over the partitions' records, 0 when all are alike. */
  readonly recordsVariation: number
  readonly fullestPartition: number | null
  readonly emptyPartitions: number
}
