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

/** How far a topic's records are to go: up to a place in each partition, which stays. */
export type PurgeBound =
  /** Everything that is there now. */
  | { readonly type: 'end' }
  | { readonly type: 'offset'; readonly offset: bigint }
  /** Records before the first one with this timestamp or a later one. */
  | { readonly type: 'timestamp'; readonly timestampMs: bigint }

export interface PurgePreview {
  /** Why the cluster would refuse it for the whole topic, or null. */
  readonly refusal: Problem | null
  readonly cleanupPolicy: string | null
  readonly partitions: readonly PurgePartition[]
  /** Offsets that go; compaction and transactions leave some of them without a record. */
  readonly recordCount: bigint
  /** The leaders' bytes in proportion to the offsets that go: rough. Null where sizes are unknown. */
  readonly sizeBytes: number | null
}

export interface PurgePartition {
  readonly partition: number
  readonly logStartOffset: bigint | null
  readonly highWatermark: bigint | null
  /** The first record that stays; null where it is not known. */
  readonly beforeOffset: bigint | null
  readonly recordCount: bigint
  readonly sizeBytes: number | null
  readonly problem: Problem | null
}

export interface PurgedPartition {
  readonly partition: number
  /** Where the partition begins now; null when nothing was done. */
  readonly logStartOffset: bigint | null
  /** Offsets that went with this. */
  readonly recordCount: bigint
  readonly problem: Problem | null
}

/** What a topic that is made anew, or like another one, takes over. */
export interface TopicSettings {
  readonly partitionCount: number
  readonly replicationFactor: number
  /** The topic's own configurations, without what it inherits. */
  readonly configurations: readonly { readonly name: string; readonly value: string }[]
}

export interface RecreatedTopic {
  readonly name: string
  readonly oldId: string | null
  readonly id: string | null
  readonly settings: TopicSettings
}

/** What more partitions do to keys, by the partitioner of the Java client (murmur2). */
export interface KeyMoves {
  /** Of all possible keys, the part that gets another partition: exact arithmetic. */
  readonly share: number
  /** Of keys that were read from the topic; null where none could be read. */
  readonly sample: KeySample | null
}

export interface KeySample {
  /** Different keys among the records that were read. */
  readonly keyCount: number
  readonly movedCount: number
  /** Keys that do not lie where murmur2 puts them now: they were placed by something else. */
  readonly elsewhereCount: number
  readonly recordCount: number
  readonly withoutKeyCount: number
  /** A few of those that move, as text. */
  readonly examples: readonly {
    readonly key: string
    readonly from: number
    readonly to: number
  }[]
}

/** Who wrote to a partition of late and is remembered for it: idempotent producers alone. */
export interface ActiveProducer {
  readonly partition: number
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestampMs: bigint | null
  /** Where its open transaction began; null when it has none. */
  readonly transactionStartOffset: bigint | null
}

export interface ActiveProducers {
  readonly producers: readonly ActiveProducer[]
  /** Of partitions that could not be asked. */
  readonly problems: readonly { readonly partition: number; readonly problem: Problem }[]
}
