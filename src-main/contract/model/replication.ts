/** Who copies from whom and how far: partitions, the quorum, moves of replicas, and nodes. */
import type { Problem } from '../define.ts'

export interface TopicReplication {
  readonly topic: string
  /** Null where its configuration cannot be read. */
  readonly minInSyncReplicas: number | null
  readonly uncleanElection: boolean | null
  /** In order. */
  readonly partitions: readonly PartitionReplication[]
  /** Given back as `since`: what has not changed after it is not told again. */
  readonly version: string
  /** False: partitions that are left out are as they were told before. */
  readonly whole: boolean
  /** When all of them are worth another look, by what that costs the cluster. */
  readonly againMs: number
  readonly observedAtMs: bigint
}

export interface PartitionReplication {
  readonly partition: number
  /** Null while nobody leads. */
  readonly leader: number | null
  readonly leaderEpoch: number | null
  /** Null where the cluster tells it to nobody. */
  readonly partitionEpoch: number | null
  /** Null without a leader. */
  readonly highWatermark: bigint | null
  /** In the order of the assignment, the preferred leader first. */
  readonly replicas: readonly ReplicaProgress[]
  /** Eligible leader replicas (KIP-966); null where the cluster tells of none. */
  readonly elr: readonly number[] | null
  readonly lastKnownElr: readonly number[] | null
  /** By a reassignment that is under way. */
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  /** What is to be known about it, the worst first; empty when all is as it should be. */
  readonly findings: readonly ReplicationFinding[]
}

export type ReplicaBroker = 'online' | 'unreachable' | 'fenced' | 'offline'

export interface ReplicaProgress {
  readonly broker: number
  readonly brokerState: ReplicaBroker
  readonly isLeader: boolean
  readonly inSync: boolean
  readonly logStartOffset: bigint | null
  readonly logEndOffset: bigint | null
  /** Where it ended when it last told; null while it tells, and when it never did. */
  readonly seenEndOffset: bigint | null
  /** Offsets between its end and the leader's; null where one of them is not known. */
  readonly lag: bigint | null
  /** For how long it has lacked something that the leader has; 0 when it has everything. */
  readonly lagMs: number | null
  /** Who says so: the leader itself, or what was seen of both ends since someone looks. */
  readonly lagSource: 'leader' | 'observed' | null
  readonly sizeBytes: number | null
  readonly problem: Problem | null
}

/** One fact each, with what a sentence about it needs. */
export type ReplicationFinding =
  /** Nobody leads, and these must come back for one to be elected without loss. */
  | {
      readonly type: 'no-leader'
      readonly waitsFor: readonly number[]
      /** From whom the brokers come that are waited for. */
      readonly from: 'isr' | 'elr' | 'last-known'
    }
  /** What an unclean election would lose with this replica as leader; null where unknown. */
  | { readonly type: 'unclean-choice'; readonly broker: number; readonly lost: bigint | null }
  /** Fewer in sync than `min.insync.replicas`: acks=all is refused. */
  | { readonly type: 'below-min-isr'; readonly count: number; readonly min: number }
  /** As few as may be: one more that leaves stops acks=all. */
  | { readonly type: 'at-min-isr'; readonly count: number; readonly min: number }
  | {
      readonly type: 'replica-down'
      readonly broker: number
      readonly state: 'offline' | 'fenced' | 'unreachable'
      /** When it was first missed; null when it was away before anyone looked. */
      readonly sinceMs: bigint | null
      /** From where its log ended when it was last seen to the leader's end; null where unknown. */
      readonly lacking: bigint | null
    }
  | {
      readonly type: 'replica-behind'
      readonly broker: number
      readonly lag: bigint | null
      readonly lagMs: number | null
    }
  /** It has everything, and waits for the controller to take it into the ISR. */
  | { readonly type: 'replica-joining'; readonly broker: number }
  | { readonly type: 'replica-adding'; readonly broker: number; readonly lag: bigint | null }
  | { readonly type: 'replica-removing'; readonly broker: number }
  | { readonly type: 'log-dir-failed'; readonly broker: number; readonly reason: string }
  | { readonly type: 'not-preferred'; readonly leader: number; readonly preferred: number }

/** What concerns the cluster as a whole. */
export interface ClusterReplication {
  /** Null where it is not told; then `quorumProblem` says why. */
  readonly quorum: QuorumDescription | null
  readonly quorumProblem: Problem | null
  readonly nodes: readonly NodeSummary[]
  readonly leadership: Leadership
  readonly reassignments: readonly ReassignmentUnderWay[]
  readonly reassignmentsProblem: Problem | null
  readonly observedAtMs: bigint
}

export interface QuorumDescription {
  readonly leaderId: number | null
  readonly leaderEpoch: number
  /** Null until a new leader knows it. */
  readonly highWatermark: bigint | null
  readonly members: readonly QuorumMember[]
}

export interface QuorumMember {
  readonly id: number
  readonly role: 'leader' | 'follower' | 'observer'
  /** Whether it may vote. */
  readonly voter: boolean
  /** Brokers only observe, unless a node is both. */
  readonly kind: 'controller' | 'broker' | 'combined'
  /** As `127.0.0.1:19093`; null before version 2 of DescribeQuorum. */
  readonly address: string | null
  readonly logEndOffset: bigint | null
  /** Behind the leader's end. */
  readonly lag: bigint | null
  readonly lastFetchMs: bigint | null
  readonly lastCaughtUpMs: bigint | null
}

export interface Leadership {
  readonly partitionCount: number
  /** Led by the first of their replicas. */
  readonly preferredCount: number
  readonly leaderlessCount: number
}

export type NodeKind = 'broker' | 'controller' | 'combined'
export type NodeAct = 'kill' | 'stop' | 'pause' | 'resume' | 'start'
/** What a power cut took of one node's folder: bytes that were written and not flushed. */
export interface NodePowerCut {
  readonly kind: 'broker' | 'controller' | 'combined'
  readonly id: number
  readonly droppedBytes: number
  readonly droppedFileCount: number
  /** Of them, those that lost most; at most a hundred. */
  readonly files: readonly DroppedFile[]
}
export interface DroppedFile {
  /** Below the folder of the cluster, as `broker-1/orders-0/00000000000000000000.log`. */
  readonly path: string
  readonly keptBytes: number
  readonly droppedBytes: number
}
/** `unknown`: a remote node that cannot be asked. */
export type NodeState =
  | 'starting'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'stopped'
  | 'killed'
  | 'failed'
  | 'fenced'
  | 'unreachable'
  | 'offline'
  | 'unknown'

export interface NodeSummary {
  readonly id: number
  readonly kind: NodeKind
  readonly state: NodeState
  /** Why it failed. */
  readonly reason: string | null
  /** Null where the cluster tells it to nobody. */
  readonly brokerEpoch: bigint | null
  readonly fenced: boolean | null
  /** Partitions whose preferred leader it is, and how many of them it leads. */
  readonly preferredCount: number
  readonly preferredLedCount: number
  /** What can be done to it from here: nothing on a remote cluster. */
  readonly acts: readonly NodeAct[]
}

/** What partitions are looked for by, as Kafka's own tools and metrics tell them apart. */
export const partitionStates = [
  'leaderless',
  'below-min-isr',
  'at-min-isr',
  'under-replicated',
  'moving',
  'not-preferred',
] as const
/** A partition can be in several of them. */
export type PartitionState = (typeof partitionStates)[number]

/** Partitions of all topics that fit what was asked for. */
export interface PartitionListing {
  /** In order of their topics; the first ones, where there are very many. */
  readonly partitions: readonly ListedPartition[]
  readonly count: number
  /** Of the whole cluster. */
  readonly partitionCount: number
  /** How many partitions are in each state, whatever was asked for. */
  readonly states: Readonly<Record<PartitionState, number>>
  /** That hold a replica. */
  readonly brokers: readonly number[]
  /** When another look is worth what it costs. */
  readonly againMs: number
}

export interface ListedPartition extends TopicPartition {
  /** Null while nobody leads. */
  readonly leader: number | null
  /** The preferred leader first. */
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  /** Replicas whose brokers are away. */
  readonly offline: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  /** Where it matters: null while nothing is missing. */
  readonly minInSyncReplicas: number | null
  readonly states: readonly PartitionState[]
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface ReassignmentUnderWay extends TopicPartition {
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  /** Bytes that the added replicas hold by now, and how many they will; null where unknown. */
  readonly copiedBytes: number | null
  readonly totalBytes: number | null
}

/** What `replication.election-preview` found. */
export interface ElectionPreview {
  readonly moves: readonly LeaderMove[]
  /** Not led by their preferred leader, and it cannot lead now. */
  readonly blocked: readonly (LeaderMove & { readonly why: 'away' | 'out-of-sync' })[]
  readonly partitionCount: number
}

export interface LeaderMove extends TopicPartition {
  readonly from: number | null
  readonly to: number
}

export interface ElectedLeader extends TopicPartition {
  /** Null when it was elected, or led already. */
  readonly problem: Problem | null
}

export type ReassignmentStrategy =
  | { readonly type: 'vacate'; readonly brokers: readonly number[] }
  /** Over these brokers; null for all that are online. */
  | { readonly type: 'spread'; readonly brokers: readonly number[] | null }
  | { readonly type: 'factor'; readonly factor: number }
  | { readonly type: 'explicit'; readonly assignments: readonly Assignment[] }

export interface Assignment extends TopicPartition {
  readonly replicas: readonly number[]
}

export interface ReassignmentPlan {
  readonly moves: readonly PlannedMove[]
  /** Partitions of the scope that stay as they are. */
  readonly unchangedCount: number
  readonly brokers: readonly BrokerShare[]
  /** Null where a size is not known. */
  readonly copyBytes: number | null
  /** Partitions that cannot be placed, and why. */
  readonly refusals: readonly (TopicPartition & { readonly reason: string })[]
}

export interface PlannedMove extends TopicPartition {
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly copyBytes: number | null
}

export interface BrokerShare {
  readonly broker: number
  readonly replicasBefore: number
  readonly replicasAfter: number
  /** As the first of the replicas. */
  readonly preferredBefore: number
  readonly preferredAfter: number
}

export interface StartedReassignment {
  /** Null when none of them was accepted. */
  readonly jobId: string | null
  readonly results: readonly (TopicPartition & { readonly problem: Problem | null })[]
}

/** What a broker is throttled to while replicas move. */
export interface BrokerThrottle {
  readonly broker: number
  readonly isSet: boolean
  /** Null where nothing is set, and where the cluster does not tell: Kafka hides these values. */
  readonly leaderBytesPerSecond: number | null
  readonly followerBytesPerSecond: number | null
}
