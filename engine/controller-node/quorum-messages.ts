/** The quorum's requests and answers as messages of the Kafka protocol, and back. */
import { METADATA_TOPIC, METADATA_TOPIC_ID } from '../controller/topic-names.ts'
import type { Address } from '../ports/network.ts'
import { errorCode, errorName } from '../protocol/errors.ts'
import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
  type BeginQuorumEpochResponse,
} from '../protocol/messages/begin-quorum-epoch.ts'
import {
  endQuorumEpochRequest,
  endQuorumEpochResponse,
  type EndQuorumEpochResponse,
} from '../protocol/messages/end-quorum-epoch.ts'
import {
  fetchSnapshotRequest,
  fetchSnapshotResponse,
  type FetchSnapshotResponse,
} from '../protocol/messages/fetch-snapshot.ts'
import { fetchRequest, fetchResponse, type FetchResponse } from '../protocol/messages/fetch.ts'
import { voteRequest, voteResponse, type VoteResponse } from '../protocol/messages/vote.ts'
import type {
  BeginQuorumEpochRequest,
  EndQuorumEpochRequest,
  EpochAnswer,
  FetchAnswer,
  FetchRequest,
  FetchSnapshotAnswer,
  FetchSnapshotRequest,
  RaftError,
  VoteAnswer,
  VoteRequest,
} from '../raft/raft-messages.ts'
import type { Voter, VoterSet } from '../raft/voter-set.ts'
import { NO_DIRECTORY } from './election-file.ts'

const FETCH_BYTES_MAX = 8 * 1024 * 1024
export const SNAPSHOT_PART_BYTES_MAX = 1024 * 1024
export const CONTROLLER_LISTENER = 'CONTROLLER'
const NO_NODE = -1

export const quorumApis = {
  vote: { request: voteRequest, response: voteResponse },
  'begin-quorum-epoch': { request: beginQuorumEpochRequest, response: beginQuorumEpochResponse },
  'end-quorum-epoch': { request: endQuorumEpochRequest, response: endQuorumEpochResponse },
  fetch: { request: fetchRequest, response: fetchResponse },
  'fetch-snapshot': { request: fetchSnapshotRequest, response: fetchSnapshotResponse },
} as const

/** Who sends, and to whom. */
export interface Sender {
  readonly clusterId: string
  readonly address: Address
  readonly voters: VoterSet
  readonly to: number
}

export function voteMessage(request: VoteRequest, { clusterId, voters, to }: Sender) {
  const partition = {
    partitionIndex: 0,
    replicaEpoch: request.leaderEpoch,
    replicaId: request.candidate.id,
    replicaDirectoryId: request.candidate.directoryId ?? NO_DIRECTORY,
    voterDirectoryId: directoryOf(voters.get(to)),
    lastOffsetEpoch: request.lastEpoch,
    lastOffset: request.endOffset,
    preVote: request.preVote,
  }
  return { clusterId, voterId: to, topics: inTopic(partition) }
}

export function beginQuorumEpochMessage(request: BeginQuorumEpochRequest, sender: Sender) {
  const { leaderId, leaderEpoch } = request
  const { clusterId, voters, to } = sender
  const voterDirectoryId = directoryOf(voters.get(to))
  return {
    clusterId,
    voterId: to,
    topics: inTopic({ partitionIndex: 0, voterDirectoryId, leaderId, leaderEpoch }),
    leaderEndpoints: endpointsOf(sender.address),
  }
}

export function endQuorumEpochMessage(request: EndQuorumEpochRequest, sender: Sender) {
  const { leaderId, leaderEpoch, successors } = request
  const { clusterId, voters } = sender
  const partition = {
    partitionIndex: 0,
    leaderId,
    leaderEpoch,
    preferredSuccessors: successors,
    preferredCandidates: successors.map(candidateId => {
      return { candidateId, candidateDirectoryId: directoryOf(voters.get(candidateId)) }
    }),
  }
  return { clusterId, topics: inTopic(partition), leaderEndpoints: endpointsOf(sender.address) }
}

export function fetchMessage(request: FetchRequest, { clusterId }: Sender) {
  const partition = {
    partition: 0,
    currentLeaderEpoch: request.leaderEpoch,
    fetchOffset: request.fetchOffset,
    lastFetchedEpoch: request.lastEpoch,
    partitionMaxBytes: FETCH_BYTES_MAX,
    replicaDirectoryId: request.replica.directoryId ?? NO_DIRECTORY,
    ...(request.highWatermark === null ? {} : { highWatermark: request.highWatermark }),
  }
  return {
    clusterId,
    replicaState: { replicaId: request.replica.id, replicaEpoch: -1n },
    maxWaitMs: request.maxWaitMs,
    minBytes: 1,
    maxBytes: FETCH_BYTES_MAX,
    isolationLevel: 0,
    topics: [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }],
  }
}

export function fetchSnapshotMessage(request: FetchSnapshotRequest, { clusterId }: Sender) {
  const partition = {
    partition: 0,
    currentLeaderEpoch: request.leaderEpoch,
    snapshotId: { endOffset: request.snapshot.endOffset, epoch: request.snapshot.leaderEpoch },
    position: request.position,
    replicaDirectoryId: request.replica.directoryId ?? NO_DIRECTORY,
  }
  return {
    clusterId,
    replicaId: request.replica.id,
    maxBytes: SNAPSHOT_PART_BYTES_MAX,
    topics: [{ name: METADATA_TOPIC, partitions: [partition] }],
  }
}

/** Null for an answer that is about another partition, or refuses as a whole without a leader. */
export function voteAnswer(response: VoteResponse): VoteAnswer | null {
  const partition = response.topics[0]?.partitions[0]
  if (response.errorCode !== 0 || partition === undefined) return null
  const { errorCode: code, leaderEpoch, leaderId, voteGranted } = partition
  return {
    type: 'vote',
    error: raftError(code),
    leaderEpoch,
    leaderId: nodeOf(leaderId),
    granted: voteGranted,
  }
}

export function epochAnswer(
  type: EpochAnswer['type'],
  response: BeginQuorumEpochResponse | EndQuorumEpochResponse,
): EpochAnswer | null {
  const partition = response.topics[0]?.partitions[0]
  if (response.errorCode !== 0 || partition === undefined) return null
  const { errorCode: code, leaderEpoch, leaderId } = partition
  return { type, error: raftError(code), leaderEpoch, leaderId: nodeOf(leaderId) }
}

export function fetchAnswer(response: FetchResponse): FetchAnswer | null {
  const partition = response.responses[0]?.partitions[0]
  if (response.errorCode !== 0 || partition === undefined) return null
  const { currentLeader, divergingEpoch, snapshotId, highWatermark } = partition
  const common = {
    type: 'fetch' as const,
    error: raftError(partition.errorCode),
    leaderEpoch: currentLeader.leaderEpoch,
    leaderId: nodeOf(currentLeader.leaderId),
  }
  if (common.error !== 'NONE') return { ...common, found: null }
  if (snapshotId.endOffset >= 0n) {
    const snapshot = { endOffset: snapshotId.endOffset, leaderEpoch: snapshotId.epoch }
    return { ...common, found: { type: 'snapshot', snapshot } }
  }
  if (divergingEpoch.epoch >= 0) {
    const place = { endOffset: divergingEpoch.endOffset, leaderEpoch: divergingEpoch.epoch }
    return { ...common, found: { type: 'diverging', place } }
  }
  const batches = partition.records ?? new Uint8Array(0)
  return { ...common, found: { type: 'records', batches, highWatermark } }
}

export function fetchSnapshotAnswer(response: FetchSnapshotResponse): FetchSnapshotAnswer | null {
  const partition = response.topics[0]?.partitions[0]
  if (response.errorCode !== 0 || partition === undefined) return null
  const { currentLeader, size, position, unalignedRecords } = partition
  const error = raftError(partition.errorCode)
  return {
    type: 'fetch-snapshot',
    error,
    leaderEpoch: currentLeader.leaderEpoch,
    leaderId: nodeOf(currentLeader.leaderId),
    part: error === 'NONE' ? { sizeBytes: size, position, bytes: unalignedRecords } : null,
  }
}

const raftErrors: ReadonlySet<string> = new Set<RaftError>([
  'NONE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'NOT_LEADER_OR_FOLLOWER',
  'BROKER_NOT_AVAILABLE',
  'SNAPSHOT_NOT_FOUND',
  'POSITION_OUT_OF_RANGE',
  'INVALID_REQUEST',
  'INVALID_VOTER_KEY',
])

function raftError(code: number): RaftError {
  const name = errorName(code)
  return raftErrors.has(name) ? (name as RaftError) : 'OTHER'
}

export function raftErrorCode(error: RaftError): number {
  return errorCode(error === 'OTHER' ? 'UNKNOWN_SERVER_ERROR' : error)
}

function nodeOf(id: number): number | null {
  return id === NO_NODE ? null : id
}

export function nodeIdOf(id: number | null): number {
  return id ?? NO_NODE
}

function directoryOf(voter: Voter | undefined): string {
  return voter?.directoryId ?? NO_DIRECTORY
}

export function endpointsOf({ host, port }: Address) {
  return [{ name: CONTROLLER_LISTENER, host, port }]
}

export function inTopic<P>(partition: P) {
  return [{ topicName: METADATA_TOPIC, partitions: [partition] }]
}
