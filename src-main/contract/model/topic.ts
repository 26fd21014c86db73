/** Topics, partitions and configurations as the pages show them. */
import type { Problem } from '../define.ts'

/** Ten thousand come at once, and seldom change: a page that has them is told just that. */
export interface TopicListing {
  readonly version: string
  /** Null where the page's version is still the true one. */
  readonly topics: Columns<TopicSummary> | null
}

/** Rows as one array for each of their fields, which says every field's name once. */
export type Columns<Row> = { readonly [K in keyof Row]: readonly Row[K][] }

/** From one Metadata answer. */
export interface TopicSummary {
  readonly name: string
  /** Kafka's topic id, or null before Kafka 2.8. */
  readonly id: string | null
  readonly internal: boolean
  readonly partitionCount: number
  readonly replicationFactor: number
  /** Partitions whose ISR lacks a replica. */
  readonly underReplicatedCount: number
  /** Partitions without a leader. */
  readonly offlineCount: number
  readonly problem: Problem | null
}

/** What costs a request per topic or per broker; asked for visible rows. */
export interface TopicFigures {
  readonly name: string
  /** The leaders' replicas. */
  readonly sizeBytes: number | null
  /** All replicas. */
  readonly replicatedSizeBytes: number | null
  readonly recordCount: RecordCount | null
  /** As `delete`, `compact` or `compact,delete`. */
  readonly cleanupPolicy: string | null
  /** The largest timestamp in the topic; null when it is empty. */
  readonly lastRecordTimestampMs: bigint | null
  readonly problem: Problem | null
}

/** The sum of end minus start over partitions. */
export interface RecordCount {
  readonly count: bigint
  /** Compaction and transaction markers take offsets that hold no record. */
  readonly estimate: boolean
  /** Partitions that could not be counted. */
  readonly missingPartitionCount: number
}

export interface TopicDescription {
  readonly name: string
  readonly id: string | null
  readonly internal: boolean
  readonly replicationFactor: number
  readonly partitions: readonly PartitionDescription[]
  readonly figures: TopicFigures
}

export interface PartitionDescription {
  readonly partition: number
  /** Null while offline. */
  readonly leader: number | null
  readonly leaderEpoch: number | null
  /** The preferred leader is first. */
  readonly replicas: readonly ReplicaDescription[]
  readonly logStartOffset: bigint | null
  /** The high watermark: what consumers can read ends before it. */
  readonly highWatermark: bigint | null
  /** The leader's replica. */
  readonly sizeBytes: number | null
  readonly lastRecordTimestampMs: bigint | null
  readonly problem: Problem | null
}

export interface ReplicaDescription {
  readonly broker: number
  readonly isLeader: boolean
  readonly inSync: boolean
  readonly offline: boolean
  readonly sizeBytes: number | null
  /** How far it is behind the high watermark, as its broker says. */
  readonly offsetLag: bigint | null
  readonly logDir: string | null
}

export interface CreatedTopic {
  readonly name: string
  readonly id: string | null
  readonly partitionCount: number
  readonly replicationFactor: number
  /** False when it was only validated. */
  readonly created: boolean
}

export interface DeletedTopic {
  readonly name: string
  readonly problem: Problem | null
}
