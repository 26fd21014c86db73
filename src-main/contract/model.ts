/**
 * What the pages show, as plain data. Offsets, timestamps, producer ids and counts of records are
 * bigint, since they are int64 in Kafka; sizes in bytes are numbers. `null` means unknown or
 * absent, never zero.
 */
import type { Problem } from './define.ts'

export type { Problem }

// ── Clusters ──────────────────────────────────────────────────────────────────────────────────

export type ClusterState = 'starting' | 'running' | 'stopping' | 'stopped' | 'unreachable'

export interface ClusterSummary {
  readonly id: string
  readonly name: string
  readonly kind: 'local' | 'remote'
  /** The owner's colour as `#rrggbb`; it tints the frame. */
  readonly colour: string
  readonly readOnly: boolean
  /** What clients connect to, as `127.0.0.1:9092,127.0.0.1:9093`. */
  readonly bootstrap: string
  readonly state: ClusterState
  /** Why the state is what it is, when it is not `running`. */
  readonly problem: Problem | null
}

export interface ClusterOverview {
  /** Kafka's own id of the cluster. */
  readonly clusterId: string | null
  readonly controllerId: number | null
  readonly brokers: readonly BrokerSummary[]
  /** Without internal topics. */
  readonly topicCount: number
  readonly internalTopicCount: number
  /** Of all topics, internal ones too. */
  readonly partitionCount: number
  /** All replicas of all partitions, or null where log folders cannot be described. */
  readonly sizeBytes: number | null
  /** The feature level that the cluster finalized, as `metadata.version 29`. */
  readonly version: string | null
  /** Empty means healthy. */
  readonly health: readonly HealthReason[]
  readonly observedAtMs: bigint
}

export interface HealthReason {
  readonly severity: 'warning' | 'error'
  readonly code:
    | 'OFFLINE_PARTITIONS'
    | 'UNDER_REPLICATED_PARTITIONS'
    | 'UNDER_MIN_ISR_PARTITIONS'
    | 'BROKER_UNREACHABLE'
    | 'LOG_DIR_OFFLINE'
    | 'NO_CONTROLLER'
  readonly message: string
  /** What it is about: topic partitions as `orders-3`, brokers as `2`. The first hundred. */
  readonly subjects: readonly string[]
  readonly subjectCount: number
}

/**
 * `online`: listed and answering. `unreachable`: listed but not answering. `offline`: replicas are
 * assigned to it, but the cluster does not list it.
 */
export type BrokerState = 'online' | 'unreachable' | 'offline'

export interface BrokerSummary {
  readonly id: number
  /** Null for an offline broker, of which only the id is known. */
  readonly host: string | null
  readonly port: number | null
  readonly rack: string | null
  readonly state: BrokerState
  readonly problem: Problem | null
  readonly isController: boolean
  readonly leaderCount: number
  readonly replicaCount: number
  /** Replicas of this broker that are in sync. */
  readonly inSyncCount: number
  readonly sizeBytes: number | null
  readonly logDirs: readonly LogDirSummary[]
}

export interface LogDirSummary {
  readonly path: string
  readonly sizeBytes: number
  readonly replicaCount: number
  /** Of the disk below; null before Kafka 3.3. */
  readonly totalBytes: number | null
  readonly usableBytes: number | null
  readonly problem: Problem | null
}

export interface BrokerDescription {
  readonly summary: BrokerSummary
  readonly configurations: readonly ConfigurationEntry[]
  readonly replicas: readonly BrokerReplica[]
  readonly apis: readonly ApiRange[]
}

export interface BrokerReplica {
  readonly topic: string
  readonly partition: number
  readonly logDir: string
  readonly sizeBytes: number
  readonly offsetLag: bigint
  readonly isFuture: boolean
}

export interface ApiRange {
  readonly key: number
  /** Kafka's name; `api 999` where we know none. */
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
}

// ── Topics ────────────────────────────────────────────────────────────────────────────────────

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

export type ConfigurationSource =
  | 'dynamic-topic'
  | 'dynamic-broker'
  | 'dynamic-default-broker'
  | 'dynamic-group'
  | 'dynamic-client-metrics'
  | 'dynamic-broker-logger'
  | 'static-broker'
  | 'default'
  | 'unknown'

export type ConfigurationType =
  | 'boolean'
  | 'string'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'list'
  | 'class'
  | 'password'
  | 'unknown'

export type ConfigurationUnit = 'ms' | 'bytes' | 'ratio' | 'count'

export interface ConfigurationEntry {
  readonly name: string
  /** Null when sensitive, or when it has none. */
  readonly value: string | null
  readonly source: ConfigurationSource
  /** What it would be without its first source; null where the cluster does not say. */
  readonly inheritedValue: string | null
  readonly readOnly: boolean
  readonly sensitive: boolean
  readonly type: ConfigurationType
  readonly unit: ConfigurationUnit | null
  readonly documentation: string | null
  /** The layers it is taken from, the effective one first. */
  readonly synonyms: readonly ConfigurationSynonym[]
}

export interface ConfigurationSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigurationSource
}

export interface TopicConfigurationDefinition {
  readonly name: string
  readonly type: ConfigurationType
  readonly unit: ConfigurationUnit | null
  readonly defaultValue: string
  readonly documentation: string
  /** The only values allowed, or null. */
  readonly validValues: readonly string[] | null
  readonly min: number | null
  readonly max: number | null
  /** Whether the local engine acts on it; else it is stored and reported only. */
  readonly takesEffect: boolean
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

// ── Records ───────────────────────────────────────────────────────────────────────────────────

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

// ── Groups ────────────────────────────────────────────────────────────────────────────────────

/** In Kafka's own spelling. */
export type GroupState =
  | 'Unknown'
  | 'PreparingRebalance'
  | 'CompletingRebalance'
  | 'Stable'
  | 'Dead'
  | 'Empty'
  | 'Assigning'
  | 'Reconciling'
  | 'NotReady'

export interface GroupSummary {
  readonly groupId: string
  readonly state: GroupState
  /** `classic`, `consumer`, `share`, `streams`; null where the cluster does not say. */
  readonly type: string | null
  /** `consumer` for consumers; Connect and Schema Registry have their own. */
  readonly protocolType: string
}

/** What costs requests per group; asked for visible rows. */
export interface GroupFigures {
  readonly groupId: string
  readonly state: GroupState
  readonly memberCount: number
  readonly coordinator: number | null
  readonly topics: readonly string[]
  /** Over partitions with a committed offset; null when there is none. */
  readonly totalLag: bigint | null
  /** Partitions whose lag could not be found. */
  readonly unknownLagCount: number
  readonly problem: Problem | null
}

export interface GroupDescription {
  readonly groupId: string
  readonly state: GroupState
  readonly type: string | null
  readonly protocolType: string
  /** The assignor that was chosen, as `range`; empty outside of Stable. */
  readonly protocol: string
  readonly coordinator: number | null
  readonly members: readonly GroupMember[]
  readonly partitions: readonly GroupPartition[]
  readonly totalLag: bigint | null
  readonly unknownLagCount: number
  readonly observedAtMs: bigint
}

export interface GroupMember {
  readonly memberId: string
  /** Set for a static member (KIP-345). */
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** What it asked for; null when its metadata is not the consumer protocol's. */
  readonly subscribedTopics: readonly string[] | null
  /** What it holds; null when its assignment is not the consumer protocol's. */
  readonly assignment: readonly TopicPartitions[] | null
  /** The assignment's raw bytes where it could not be decoded. */
  readonly assignmentBytes: Uint8Array | null
}

export interface TopicPartitions {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** A partition that the group committed for, or that a member holds. */
export interface GroupPartition {
  readonly topic: string
  readonly partition: number
  readonly committedOffset: bigint | null
  readonly committedLeaderEpoch: number | null
  /** Text that the client stored beside its offset. */
  readonly metadata: string
  readonly logStartOffset: bigint | null
  readonly highWatermark: bigint | null
  /** High watermark minus committed offset, never below 0; null where one is unknown. */
  readonly lag: bigint | null
  /** Committed before the log start: those records are gone. */
  readonly fellOffLog: boolean
  /** Who holds it, or null. */
  readonly memberId: string | null
  readonly problem: Problem | null
}

// ── Rates ─────────────────────────────────────────────────────────────────────────────────────

export interface RatesUpdate {
  /**
   * `offsets`: all from differences of end and committed offsets. `counters`: bytes are counted by
   * the brokers themselves, internal topics and every reader included.
   */
  readonly source: 'offsets' | 'counters'
  /** Everything that is remembered on the first update, one sample on later ones. */
  readonly samples: readonly RatesSample[]
}

export interface RatesSample {
  readonly atMs: bigint
  /** The window that the rates were measured over. */
  readonly windowMs: number
  readonly producedRecordsPerSecond: number
  /** Null where the source cannot know. */
  readonly producedBytesPerSecond: number | null
  readonly consumedRecordsPerSecond: number
  readonly consumedBytesPerSecond: number | null
  /** The busiest topics, at most a hundred, and those that were asked for by name. */
  readonly topics: readonly TopicRates[]
}

export interface TopicRates {
  readonly topic: string
  readonly producedRecordsPerSecond: number
  readonly consumedRecordsPerSecond: number
}

// ── Application ───────────────────────────────────────────────────────────────────────────────

export interface SampleStatus {
  readonly state: 'absent' | 'starting' | 'running' | 'stopping' | 'stopped' | 'removing' | 'failed'
  readonly cluster: string
  /** Topics and groups that belong to the sample shop, whether they exist yet or not. */
  readonly topics: readonly string[]
  readonly groups: readonly string[]
  /** Since it was started in this process. */
  readonly producedCount: bigint
  readonly consumedCount: bigint
  readonly problem: Problem | null
}

export interface ApplicationInfo {
  readonly version: string
  readonly mode: 'desktop' | 'web'
  /** As `linux x64`. */
  readonly platform: string
  readonly runtime: string
  readonly dataFolder: string | null
  readonly startedAtMs: bigint
  /** What works on this machine, as `odradek doctor` prints it. */
  readonly doctor: readonly DoctorLine[]
}

export interface DoctorLine {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'missing'
  readonly detail: string
  readonly remedy: string | null
}
