/**
 * What one node of the quorum knows, and the role it plays. Changed in place by the files beside
 * this one; nothing here reads a clock or a socket. Effects gather in `effects` while an event is
 * handled: what has to be durable before them is written first, through the log and the store.
 */
import type { Random } from '../ports/random.ts'
import type { ElectionStore, LogPlace, RaftLog, ReplicaKey } from './raft-log.ts'
import type { RaftAnswer, RaftRequest } from './raft-messages.ts'
import { isVoter } from './voter-set.ts'

/** Kafka's `controller.quorum.*`. */
export interface RaftConfig {
  readonly electionTimeoutMs: number
  readonly electionBackoffMaxMs: number
  readonly fetchTimeoutMs: number
  readonly retryBackoffMs: number
  /** How long a leader may let a fetch wait for records. */
  readonly fetchMaxWaitMs: number
}

export const defaultRaftConfig: RaftConfig = {
  electionTimeoutMs: 1_000,
  electionBackoffMaxMs: 1_000,
  fetchTimeoutMs: 2_000,
  retryBackoffMs: 20,
  fetchMaxWaitMs: 500,
}

export interface Unattached {
  readonly type: 'unattached'
  /** When it stands for election; Infinity for one that has no vote. */
  deadlineMs: number
}

/** Asks whether it would be elected (Prospective, KIP-996) or asks for votes (Candidate). */
export interface Standing {
  readonly type: 'prospective' | 'candidate'
  deadlineMs: number
  /** By voter, itself included. */
  readonly votes: Map<number, boolean>
}

export interface Follower {
  readonly type: 'follower'
  readonly leaderId: number
  /** When it gives the leader up: to stand for election, or to look for another. */
  deadlineMs: number
  /** It has fetched from this leader, and so supports no other before the deadline. */
  heardFromLeader: boolean
  /** It has said that its epoch ends: an answer that it gave before is no sign of life any more. */
  leaderHasResigned: boolean
  /** The leader's snapshot that is being read, and how much of it is here. */
  installing: { readonly snapshot: LogPlace; position: bigint } | null
}

export interface ReplicaProgress {
  /** As the replica said last: fixed voters are known by their ids alone at first. */
  key: ReplicaKey
  /** Null until it has fetched from this leader. */
  endOffset: bigint | null
  lastFetchMs: number
  lastCaughtUpMs: number
  /** The leader's log end when it last fetched. */
  leaderEndOffsetAtFetch: bigint
}

/** A fetch that waits for records. */
export interface WaitingFetch {
  readonly requestId: number
  readonly voter: boolean
  readonly fetchOffset: bigint
  readonly highWatermark: bigint | null
  readonly deadlineMs: number
}

export interface Leader {
  readonly type: 'leader'
  /** Offset of the record that begins its epoch. */
  readonly epochStartOffset: bigint
  readonly replicas: Map<number, ReplicaProgress>
  readonly observers: Map<number, ReplicaProgress>
  /** When each voter is next told who leads. */
  readonly announceAtMs: Map<number, number>
  waiting: WaitingFetch[]
  /** Voters that fetched since a majority last had. */
  readonly fetchedVoters: Set<number>
  /** When it resigns for want of a majority; Infinity for a single voter. */
  deadlineMs: number
}

/** Led, and leads no more: it cannot follow in an epoch that it led. */
export interface Resigned {
  readonly type: 'resigned'
  deadlineMs: number
  /** Voters that do not know yet. */
  readonly untold: Set<number>
  readonly successors: readonly number[]
  /** When the first successor is told at the latest. */
  readonly tellFirstAtMs: number
}

export type Role = Unattached | Standing | Follower | Leader | Resigned

export type RaftEffect =
  | {
      readonly type: 'send'
      readonly to: number
      readonly id: number
      readonly request: RaftRequest
    }
  | { readonly type: 'answer'; readonly requestId: number; readonly answer: RaftAnswer }
  | {
      readonly type: 'answer-records'
      readonly requestId: number
      readonly fetchOffset: bigint
      readonly upToOffset: bigint
      readonly highWatermark: bigint
      readonly leaderEpoch: number
      readonly leaderId: number
    }
  | {
      readonly type: 'answer-snapshot-part'
      readonly requestId: number
      readonly snapshot: LogPlace
      readonly position: bigint
      readonly leaderEpoch: number
      readonly leaderId: number
    }
  | { readonly type: 'committed'; readonly highWatermark: bigint }
  | {
      readonly type: 'leader-changed'
      readonly leaderId: number | null
      readonly leaderEpoch: number
    }
  | { readonly type: 'elected'; readonly leaderEpoch: number }
  | { readonly type: 'deposed'; readonly leaderEpoch: number }
  | { readonly type: 'snapshot-installed'; readonly snapshot: LogPlace }

/** The one request that another node is asked at a time. */
export interface Peer {
  inFlight: { readonly id: number; readonly request: RaftRequest } | null
  retryAtMs: number
  failures: number
}

export interface RaftState {
  readonly local: ReplicaKey
  readonly config: RaftConfig
  readonly random: Random
  readonly log: RaftLog
  readonly store: ElectionStore
  leaderEpoch: number
  leaderId: number | null
  votedFor: ReplicaKey | null
  role: Role
  /** Null until it is known. It never goes back while the node runs. */
  highWatermark: bigint | null
  /** Elections lost in a row. */
  failedElections: number
  /** Where a node without a leader asks for one: all nodes it has an address of. */
  bootstrap: readonly number[]
  nextBootstrap: number
  readonly peers: Map<number, Peer>
  nextRequestId: number
  effects: RaftEffect[]
}

export function newProgress(key: ReplicaKey): ReplicaProgress {
  return {
    key,
    endOffset: null,
    lastFetchMs: -1,
    lastCaughtUpMs: -1,
    leaderEndOffsetAtFetch: 0n,
  }
}

export function votes(raft: RaftState): boolean {
  return isVoter(raft.log.voters, raft.local)
}

export function otherVoters({ log, local }: RaftState): number[] {
  return [...log.voters.keys()].filter(id => id !== local.id)
}

/** Kafka draws between one and two timeouts, so that nodes rarely stand at once. */
export function electionTimeoutMs({ config, random }: RaftState): number {
  return config.electionTimeoutMs + random.integer(Math.max(1, config.electionTimeoutMs))
}

export function saveElection({ store, leaderEpoch, leaderId, votedFor }: RaftState): void {
  store.write({ leaderEpoch, leaderId, votedFor })
}

export function peerOf({ peers }: RaftState, id: number): Peer {
  const known = peers.get(id)
  if (known !== undefined) return known
  const peer: Peer = { inFlight: null, retryAtMs: -Infinity, failures: 0 }
  peers.set(id, peer)
  return peer
}

/** Whether that node may be asked something now. */
export function isFree(raft: RaftState, id: number, nowMs: number): boolean {
  const { inFlight, retryAtMs } = peerOf(raft, id)
  return inFlight === null && nowMs >= retryAtMs
}

export function send(raft: RaftState, to: number, request: RaftRequest): void {
  const id = raft.nextRequestId++
  peerOf(raft, to).inFlight = { id, request }
  raft.effects.push({ type: 'send', to, id, request })
}

export function forgetRequests({ peers }: RaftState): void {
  for (const peer of peers.values()) {
    peer.inFlight = null
    peer.retryAtMs = -Infinity
  }
}
