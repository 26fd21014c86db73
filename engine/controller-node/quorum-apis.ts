/**
 * The quorum's own APIs on a controller's listener: votes, epochs, the replication of the metadata
 * log to voters and observers (brokers among them), and what describes it.
 */
import type { MetadataImage } from '../controller/metadata-image.ts'
import { METADATA_TOPIC, METADATA_TOPIC_ID } from '../controller/topic-names.ts'
import type { Address } from '../ports/network.ts'
import { KafkaError } from '../protocol/errors.ts'
import {
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
} from '../protocol/messages/begin-quorum-epoch.ts'
import {
  endQuorumEpochRequest,
  endQuorumEpochResponse,
} from '../protocol/messages/end-quorum-epoch.ts'
import { fetchSnapshotRequest, fetchSnapshotResponse } from '../protocol/messages/fetch-snapshot.ts'
import { fetchRequest, fetchResponse, type FetchRequest } from '../protocol/messages/fetch.ts'
import { voteRequest, voteResponse } from '../protocol/messages/vote.ts'
import type { FetchAnswer, RaftAnswer, RaftError, RaftRequest } from '../raft/raft-messages.ts'
import { assert } from '../support/assert.ts'
import { servedApi, type RequestContext, type ServedApi } from '../server/dispatcher.ts'
import { describeCluster } from './describe-cluster.ts'
import { describeQuorum } from './describe-quorum.ts'
import { NO_DIRECTORY } from './election-file.ts'
import { inTopic, nodeIdOf, raftErrorCode } from './quorum-messages.ts'
import type { QuorumNode } from './quorum-node.ts'

/** By topic id, as the nodes of a quorum ask. */
const FETCH_VERSION_FIRST = 13
const HIGH_WATERMARK_NOT_SAID = 0x7fff_ffff_ffff_ffffn

export interface QuorumServices {
  readonly nodeId: number
  readonly clusterId: string
  readonly directoryId: string
  readonly quorum: QuorumNode
  readonly addresses: () => ReadonlyMap<number, Address>
  readonly image: () => MetadataImage
  /** What the wall clock says at a moment of `nowMs`. */
  readonly timestampOf: (nowMs: number) => number
}

export function quorumServedApis(services: QuorumServices): ServedApi[] {
  return [
    metadataFetch(services),
    fetchSnapshot(services),
    vote(services),
    beginQuorumEpoch(services),
    endQuorumEpoch(services),
    describeQuorum(services),
    describeCluster(services),
  ]
}

function vote(services: QuorumServices): ServedApi {
  return servedApi({
    request: voteRequest,
    response: voteResponse,
    async handle(request, context) {
      checkCluster(services, request.clusterId)
      const asked = onlyPartition(request.topics)
      const answer = isForOther(services, request.voterId, asked.voterDirectoryId)
        ? ({ ...notThisVoter(services), type: 'vote', granted: false } as const)
        : await answerTo(services, context, {
            type: 'vote',
            leaderEpoch: asked.replicaEpoch,
            candidate: { id: asked.replicaId, directoryId: directoryOf(asked.replicaDirectoryId) },
            lastEpoch: asked.lastOffsetEpoch,
            endOffset: asked.lastOffset,
            preVote: asked.preVote,
          })
      assert(answer.type === 'vote', 'a request is answered by its kind')
      const partition = { ...epochPartition(answer), voteGranted: answer.granted }
      return { errorCode: 0, topics: inTopic(partition), nodeEndpoints: leaderOf(services, answer) }
    },
    failed: epochFailed,
  })
}

function beginQuorumEpoch(services: QuorumServices): ServedApi {
  return servedApi({
    request: beginQuorumEpochRequest,
    response: beginQuorumEpochResponse,
    async handle(request, context) {
      checkCluster(services, request.clusterId)
      const asked = onlyPartition(request.topics)
      const { leaderEpoch, leaderId } = asked
      const type = 'begin-quorum-epoch' as const
      const answer = isForOther(services, request.voterId, asked.voterDirectoryId)
        ? { ...notThisVoter(services), type }
        : await answerTo(services, context, { type, leaderEpoch, leaderId })
      return epochAnswered(services, answer)
    },
    failed: epochFailed,
  })
}

function endQuorumEpoch(services: QuorumServices): ServedApi {
  return servedApi({
    request: endQuorumEpochRequest,
    response: endQuorumEpochResponse,
    async handle(request, context) {
      checkCluster(services, request.clusterId)
      const { leaderEpoch, leaderId, preferredSuccessors, preferredCandidates } = onlyPartition(
        request.topics,
      )
      const successors =
        preferredCandidates.length > 0
          ? preferredCandidates.map(({ candidateId }) => candidateId)
          : preferredSuccessors
      const type = 'end-quorum-epoch'
      const asked = { type, leaderEpoch, leaderId, successors } as const
      return epochAnswered(services, await answerTo(services, context, asked))
    },
    failed: epochFailed,
  })
}

/** What a node knows of epoch and leader once it was told that one begins or ends. */
function epochAnswered(services: QuorumServices, answer: RaftAnswer) {
  return {
    errorCode: 0,
    topics: inTopic(epochPartition(answer)),
    nodeEndpoints: leaderOf(services, answer),
  }
}

function epochFailed({ code }: KafkaError) {
  return { errorCode: code, topics: [], nodeEndpoints: [] }
}

/** Voters and observers replicate the log through it; there is one partition, and no sessions. */
function metadataFetch(services: QuorumServices): ServedApi {
  return servedApi({
    request: fetchRequest,
    response: fetchResponse,
    accepts: [FETCH_VERSION_FIRST, fetchRequest.versions[1]],
    async handle(request, context) {
      checkCluster(services, request.clusterId)
      const asked = partitionAsked(request)
      const { replicaState, replicaId } = request
      const said = asked.highWatermark
      const answer = await answerTo(services, context, {
        type: 'fetch',
        replica: {
          id: replicaState.replicaId >= 0 ? replicaState.replicaId : replicaId,
          directoryId: directoryOf(asked.replicaDirectoryId),
        },
        leaderEpoch: asked.currentLeaderEpoch,
        fetchOffset: asked.fetchOffset,
        lastEpoch: asked.lastFetchedEpoch,
        highWatermark: said === HIGH_WATERMARK_NOT_SAID ? null : said,
        maxWaitMs: request.maxWaitMs,
      })
      assert(answer.type === 'fetch', 'a request is answered by its kind')
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        sessionId: 0,
        responses: [
          { topicId: METADATA_TOPIC_ID, partitions: [fetchedPartition(services, answer)] },
        ],
        nodeEndpoints: leaderOf(services, answer).map(node => ({ ...node, rack: null })),
      }
    },
    failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, sessionId: 0, responses: [] }),
  })
}

function partitionAsked(request: FetchRequest) {
  const [topic] = request.topics
  const [partition] = topic?.partitions ?? []
  if (topic?.topicId !== METADATA_TOPIC_ID || partition?.partition !== 0)
    throw new KafkaError('INVALID_REQUEST', 'a controller holds the metadata log alone')
  return partition
}

function fetchedPartition({ quorum }: QuorumServices, answer: FetchAnswer) {
  const { found, error, leaderEpoch, leaderId } = answer
  const highWatermark = toldHighWatermark(found, quorum)
  return {
    partitionIndex: 0,
    errorCode: raftErrorCode(error),
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset: quorum.log.startOffset,
    currentLeader: { leaderId: nodeIdOf(leaderId), leaderEpoch },
    abortedTransactions: [],
    records: found?.type === 'records' ? found.batches : Buffer.alloc(0),
    ...(found?.type === 'diverging'
      ? { divergingEpoch: { epoch: found.place.leaderEpoch, endOffset: found.place.endOffset } }
      : {}),
    ...(found?.type === 'snapshot'
      ? { snapshotId: { epoch: found.snapshot.leaderEpoch, endOffset: found.snapshot.endOffset } }
      : {}),
  }
}

/** Whoever is elsewhere is told too how far all is committed; not so where a fetch is refused. */
function toldHighWatermark(found: FetchAnswer['found'], { raft }: QuorumNode): bigint {
  if (found?.type === 'records') return found.highWatermark
  return found === null ? -1n : (raft.highWatermark ?? -1n)
}

function fetchSnapshot(services: QuorumServices): ServedApi {
  return servedApi({
    request: fetchSnapshotRequest,
    response: fetchSnapshotResponse,
    async handle(request, context) {
      checkCluster(services, request.clusterId)
      const [topic] = request.topics
      const [asked] = topic?.partitions ?? []
      if (topic?.name !== METADATA_TOPIC || asked?.partition !== 0)
        throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'a controller holds one partition')
      const { snapshotId, position } = asked
      const answer = await answerTo(services, context, {
        type: 'fetch-snapshot',
        replica: { id: request.replicaId, directoryId: directoryOf(asked.replicaDirectoryId) },
        leaderEpoch: asked.currentLeaderEpoch,
        snapshot: { endOffset: snapshotId.endOffset, leaderEpoch: snapshotId.epoch },
        position,
      })
      assert(answer.type === 'fetch-snapshot', 'a request is answered by its kind')
      const { part, error, leaderEpoch, leaderId } = answer
      const partition = {
        index: 0,
        errorCode: raftErrorCode(error),
        snapshotId,
        currentLeader: { leaderId: nodeIdOf(leaderId), leaderEpoch },
        size: part?.sizeBytes ?? 0n,
        position: part?.position ?? position,
        unalignedRecords: part?.bytes ?? Buffer.alloc(0),
      }
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        topics: [{ name: METADATA_TOPIC, partitions: [partition] }],
        nodeEndpoints: leaderOf(services, answer),
      }
    },
    failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, topics: [], nodeEndpoints: [] }),
  })
}

/** Gives the request up when its connection ends. */
async function answerTo(
  { quorum }: QuorumServices,
  { connection }: RequestContext,
  request: RaftRequest,
): Promise<RaftAnswer> {
  const { answer, giveUp } = quorum.ask(request)
  connection.waiting = { askerGone: giveUp }
  const given = await answer
  connection.waiting = null
  return given
}

export function checkCluster({ clusterId }: QuorumServices, asked: string | null): void {
  if (asked !== null && asked !== clusterId)
    throw new KafkaError('INCONSISTENT_CLUSTER_ID', `cluster ${asked} is not this one`)
}

/** A request that is meant for another voter, as one on an older disk, must not be answered. */
function isForOther(services: QuorumServices, voterId: number, voterDirectoryId: string): boolean {
  const { nodeId, directoryId } = services
  const isOther = voterId >= 0 && voterId !== nodeId
  return isOther || (voterDirectoryId !== NO_DIRECTORY && voterDirectoryId !== directoryId)
}

function notThisVoter({ quorum }: QuorumServices) {
  const { leaderId, leaderEpoch } = quorum.raft
  const error: RaftError = 'INVALID_VOTER_KEY'
  return { error, leaderId, leaderEpoch }
}

/** Fails with INVALID_REQUEST, as in Apache Kafka, for any log but the quorum's. */
function onlyPartition<P extends { readonly partitionIndex: number }>(
  topics: readonly { readonly topicName: string; readonly partitions: readonly P[] }[],
): P {
  const [topic] = topics
  const [partition] = topic?.partitions ?? []
  const isOurs = topic?.topicName === METADATA_TOPIC && partition?.partitionIndex === 0
  if (!isOurs || topics.length !== 1)
    throw new KafkaError('INVALID_REQUEST', 'a quorum keeps the metadata log alone')
  return partition
}

function epochPartition({ error, leaderId, leaderEpoch }: RaftAnswer) {
  return {
    partitionIndex: 0,
    errorCode: raftErrorCode(error),
    leaderId: nodeIdOf(leaderId),
    leaderEpoch,
  }
}

function leaderOf({ addresses }: QuorumServices, { leaderId }: RaftAnswer) {
  const address = leaderId === null ? undefined : addresses().get(leaderId)
  return leaderId === null || address === undefined ? [] : [{ nodeId: leaderId, ...address }]
}

function directoryOf(id: string): string | null {
  return id === NO_DIRECTORY ? null : id
}
