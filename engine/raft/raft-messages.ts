/**
 * What the nodes of a quorum say to each other: the requests and answers of KIP-595, KIP-630 and
 * KIP-996, without topics and versions. The shell puts them into the protocol's messages.
 */
import type { LogPlace, ReplicaKey } from './raft-log.ts'

export type RaftRequest =
  | VoteRequest
  | BeginQuorumEpochRequest
  | EndQuorumEpochRequest
  | FetchRequest
  | FetchSnapshotRequest

export interface VoteRequest {
  readonly type: 'vote'
  readonly leaderEpoch: number
  readonly candidate: ReplicaKey
  /** The candidate's log: its end, and the epoch of its last record. */
  readonly lastEpoch: number
  readonly endOffset: bigint
  /** Asks whether a vote would be given, and binds nobody (KIP-996). */
  readonly preVote: boolean
}

export interface BeginQuorumEpochRequest {
  readonly type: 'begin-quorum-epoch'
  readonly leaderEpoch: number
  readonly leaderId: number
}

export interface EndQuorumEpochRequest {
  readonly type: 'end-quorum-epoch'
  readonly leaderEpoch: number
  readonly leaderId: number
  /** Who should stand next, the best first. */
  readonly successors: readonly number[]
}

export interface FetchRequest {
  readonly type: 'fetch'
  readonly replica: ReplicaKey
  /** -1 from one that does not know. */
  readonly leaderEpoch: number
  readonly fetchOffset: bigint
  /** Epoch of the record before the fetched offset. */
  readonly lastEpoch: number
  /** What the replica knows of it (KIP-1166); null where it does not say. */
  readonly highWatermark: bigint | null
  readonly maxWaitMs: number
}

export interface FetchSnapshotRequest {
  readonly type: 'fetch-snapshot'
  readonly replica: ReplicaKey
  readonly leaderEpoch: number
  readonly snapshot: LogPlace
  readonly position: bigint
}

/** Errors that the quorum's requests are refused with. */
export type RaftError =
  | 'NONE'
  | 'FENCED_LEADER_EPOCH'
  | 'UNKNOWN_LEADER_EPOCH'
  | 'NOT_LEADER_OR_FOLLOWER'
  | 'BROKER_NOT_AVAILABLE'
  | 'SNAPSHOT_NOT_FOUND'
  | 'POSITION_OUT_OF_RANGE'
  | 'INVALID_REQUEST'
  | 'INVALID_VOTER_KEY'
  /** Anything else that was answered. */
  | 'OTHER'

/** Every answer tells the leader and the epoch that the other side knows. */
interface Answer {
  readonly error: RaftError
  readonly leaderEpoch: number
  readonly leaderId: number | null
}

export type RaftAnswer = VoteAnswer | EpochAnswer | FetchAnswer | FetchSnapshotAnswer

export interface VoteAnswer extends Answer {
  readonly type: 'vote'
  readonly granted: boolean
}

export interface EpochAnswer extends Answer {
  readonly type: 'begin-quorum-epoch' | 'end-quorum-epoch'
}

export interface FetchAnswer extends Answer {
  readonly type: 'fetch'
  readonly found: Fetched | null
}

export type Fetched =
  | { readonly type: 'records'; readonly batches: Uint8Array; readonly highWatermark: bigint }
  /** The fetched place is not of the leader's log, which has this one below it. */
  | { readonly type: 'diverging'; readonly place: LogPlace }
  /** The leader has no records so old any more. */
  | { readonly type: 'snapshot'; readonly snapshot: LogPlace }

export interface FetchSnapshotAnswer extends Answer {
  readonly type: 'fetch-snapshot'
  readonly part: {
    readonly sizeBytes: bigint
    readonly position: bigint
    readonly bytes: Uint8Array
  } | null
}
