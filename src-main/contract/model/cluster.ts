/** Clusters and brokers as the pages show them. */
import type { Problem } from '../define.ts'
import type { ConfigurationEntry } from './configuration.ts'

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
    | 'AT_MIN_ISR_PARTITIONS'
    | 'BROKER_UNREACHABLE'
    | 'LOG_DIR_OFFLINE'
    | 'CONTROLLER_UNREACHABLE'
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
