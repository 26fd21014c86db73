/**
 * What the metadata image is made of, and how a record makes or changes each entry. Entries are
 * never written to: whoever holds one may compare it with a later one.
 */
import type {
  BrokerRegistrationChangeRecord,
  RegisterBrokerRecord,
} from '../protocol/metadata-records/broker-records.ts'
import type { RegisterControllerRecord } from '../protocol/metadata-records/quorum-records.ts'
import type {
  PartitionChangeRecord,
  PartitionRecord,
} from '../protocol/metadata-records/topic-records.ts'

export const NO_LEADER = -1
/** In a PartitionChangeRecord: the leader stays, and so does its epoch. */
export const NO_LEADER_CHANGE = -2

export interface Endpoint {
  readonly name: string
  readonly host: string
  readonly port: number
  /** 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
  readonly securityProtocol: number
}

export interface SupportedFeature {
  readonly name: string
  readonly minSupportedVersion: number
  readonly maxSupportedVersion: number
}

export interface BrokerImage {
  readonly brokerId: number
  /** Offset of the record that registered this incarnation. */
  readonly brokerEpoch: bigint
  /** Names one run of the broker's process. */
  readonly incarnationId: string
  readonly endPoints: readonly Endpoint[]
  readonly features: readonly SupportedFeature[]
  readonly rack: string | null
  /** A fenced broker leads nothing and is not shown to clients. */
  readonly fenced: boolean
  readonly inControlledShutdown: boolean
  readonly logDirs: readonly string[]
  readonly cordonedLogDirs: readonly string[]
}

export type ControllerImage = RegisterControllerRecord

export interface TopicImage {
  readonly topicId: string
  readonly name: string
  /** By partition index, without gaps. */
  readonly partitions: readonly PartitionImage[]
}

export interface PartitionImage {
  /** In the order of preference; the first is the preferred leader. */
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly removingReplicas: readonly number[]
  readonly addingReplicas: readonly number[]
  /** A member of the replicas, or NO_LEADER. */
  readonly leader: number
  /** 1 while recovering from an unclean election, else 0. */
  readonly leaderRecoveryState: number
  /** Goes up whenever the leader is set, also to NO_LEADER. */
  readonly leaderEpoch: number
  /** Goes up with every change of the partition. */
  readonly partitionEpoch: number
  /** Log folder of each replica, in the order of the replicas. */
  readonly directories: readonly string[]
  readonly eligibleLeaderReplicas: readonly number[]
  readonly lastKnownElr: readonly number[]
}

export function registeredBroker(record: RegisterBrokerRecord): BrokerImage {
  return {
    brokerId: record.brokerId,
    brokerEpoch: record.brokerEpoch,
    incarnationId: record.incarnationId,
    endPoints: record.endPoints,
    features: record.features,
    rack: record.rack,
    fenced: record.fenced,
    inControlledShutdown: record.inControlledShutdown,
    logDirs: record.logDirs,
    cordonedLogDirs: record.cordonedLogDirs ?? [],
  }
}

export function changedBroker(
  before: BrokerImage,
  record: BrokerRegistrationChangeRecord,
): BrokerImage {
  return {
    ...before,
    fenced: record.fenced === 0 ? before.fenced : record.fenced > 0,
    inControlledShutdown: record.inControlledShutdown > 0 || before.inControlledShutdown,
    logDirs: record.logDirs.length > 0 ? record.logDirs : before.logDirs,
    cordonedLogDirs: record.cordonedLogDirs ?? before.cordonedLogDirs,
  }
}

export function newPartition(record: PartitionRecord): PartitionImage {
  return {
    replicas: record.replicas,
    isr: record.isr,
    removingReplicas: record.removingReplicas,
    addingReplicas: record.addingReplicas,
    leader: record.leader,
    leaderRecoveryState: record.leaderRecoveryState,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
    directories: record.directories,
    eligibleLeaderReplicas: record.eligibleLeaderReplicas ?? [],
    lastKnownElr: record.lastKnownElr ?? [],
  }
}

/** Epochs are not in the record: both sides count them, in the same way. */
export function changedPartition(
  before: PartitionImage,
  record: PartitionChangeRecord,
): PartitionImage {
  const leaderSet = record.leader !== NO_LEADER_CHANGE
  return {
    replicas: record.replicas ?? before.replicas,
    isr: record.isr ?? before.isr,
    removingReplicas: record.removingReplicas ?? before.removingReplicas,
    addingReplicas: record.addingReplicas ?? before.addingReplicas,
    leader: leaderSet ? record.leader : before.leader,
    leaderRecoveryState:
      record.leaderRecoveryState === -1 ? before.leaderRecoveryState : record.leaderRecoveryState,
    leaderEpoch: leaderSet ? before.leaderEpoch + 1 : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
    directories: record.directories ?? before.directories,
    eligibleLeaderReplicas: record.eligibleLeaderReplicas ?? before.eligibleLeaderReplicas,
    lastKnownElr: record.lastKnownElr ?? before.lastKnownElr,
  }
}

/** A ClearElrRecord counts the partition epoch up where it changes something, as any record. */
export function withoutElr(before: PartitionImage): PartitionImage {
  const { eligibleLeaderReplicas, lastKnownElr, partitionEpoch } = before
  if (eligibleLeaderReplicas.length === 0 && lastKnownElr.length === 0) return before
  return {
    ...before,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    partitionEpoch: partitionEpoch + 1,
  }
}
