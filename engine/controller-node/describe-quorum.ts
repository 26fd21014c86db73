/** DescribeQuorum (key 55): voters and observers, and how far each of them is (KIP-595, KIP-836). */
import { METADATA_TOPIC } from '../controller/topic-names.ts'
import { errorCode } from '../protocol/errors.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../protocol/messages/describe-quorum.ts'
import type { ReplicaProgress } from '../raft/raft-state.ts'
import { servedApi, type ServedApi } from '../server/dispatcher.ts'
import { NO_DIRECTORY } from './election-file.ts'
import type { QuorumServices } from './quorum-apis.ts'
import { endpointsOf, inTopic } from './quorum-messages.ts'

export function describeQuorum(services: QuorumServices): ServedApi {
  return servedApi({
    request: describeQuorumRequest,
    response: describeQuorumResponse,
    handle(request, { nowMs }) {
      const [topic] = request.topics
      const isOurs =
        request.topics.length === 1 &&
        topic?.topicName === METADATA_TOPIC &&
        topic.partitions.length === 1 &&
        topic.partitions[0]?.partitionIndex === 0
      if (!isOurs)
        return {
          errorCode: errorCode('UNKNOWN_TOPIC_OR_PARTITION'),
          errorMessage: 'a quorum keeps the metadata log alone',
          topics: [],
          nodes: [],
        }
      const nodes = [...services.quorum.log.voters.keys()].flatMap(nodeId => {
        const address = services.addresses().get(nodeId)
        return address === undefined ? [] : [{ nodeId, listeners: endpointsOf(address) }]
      })
      const topics = inTopic(partitionState(services, nowMs))
      return { errorCode: 0, errorMessage: '', topics, nodes }
    },
    failed: ({ code, reason }) => ({
      errorCode: code,
      errorMessage: reason,
      topics: [],
      nodes: [],
    }),
  })
}

function partitionState(services: QuorumServices, nowMs: number) {
  const { quorum, nodeId, directoryId, timestampOf } = services
  const { raft, log } = quorum
  const { role, leaderEpoch } = raft
  if (role.type !== 'leader')
    // Nothing is told of the leader, as in Apache Kafka: who asks looks for it by other means.
    return {
      partitionIndex: 0,
      errorCode: errorCode('NOT_LEADER_OR_FOLLOWER'),
      errorMessage: `this node does not lead the quorum`,
      leaderId: 0,
      leaderEpoch: 0,
      highWatermark: 0n,
      currentVoters: [],
      observers: [],
    }
  const itself = {
    replicaId: nodeId,
    replicaDirectoryId: directoryId,
    logEndOffset: log.endOffset,
    lastFetchTimestamp: BigInt(timestampOf(nowMs)),
    lastCaughtUpTimestamp: BigInt(timestampOf(nowMs)),
  }
  const currentVoters = [...log.voters.values()].map(voter => {
    if (voter.id === nodeId) return itself
    const progress = role.replicas.get(voter.id)
    return replicaState(voter.id, voter.directoryId, { progress, timestampOf })
  })
  const observers = [...role.observers].map(([id, progress]) =>
    replicaState(id, progress.key.directoryId, { progress, timestampOf }),
  )
  return {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: '',
    leaderId: nodeId,
    leaderEpoch,
    highWatermark: raft.highWatermark ?? -1n,
    currentVoters,
    // A leader that has taken its own vote away leads as an observer until that is committed.
    observers: raft.votes ? observers : [...observers, itself],
  }
}

function replicaState(
  replicaId: number,
  directoryId: string | null,
  {
    progress,
    timestampOf,
  }: {
    readonly progress: ReplicaProgress | undefined
    readonly timestampOf: (nowMs: number) => number
  },
) {
  // Below 0: never.
  const timestamp = (ms = -1) => BigInt(ms < 0 ? -1 : timestampOf(ms))
  return {
    replicaId,
    replicaDirectoryId: directoryId ?? progress?.key.directoryId ?? NO_DIRECTORY,
    logEndOffset: progress?.endOffset ?? -1n,
    lastFetchTimestamp: timestamp(progress?.lastFetchMs),
    lastCaughtUpTimestamp: timestamp(progress?.lastCaughtUpMs),
  }
}
