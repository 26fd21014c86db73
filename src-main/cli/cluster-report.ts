/**
 * A cluster as it tells of itself over the Kafka protocol, with what its supervisor knows of the
 * nodes: for `odradek status`. What could not be read is in `problems`, in words.
 */
import type { Client } from '../../engine/client/client.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../engine/protocol/messages/describe-cluster.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../engine/protocol/messages/describe-quorum.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
} from '../../engine/protocol/messages/describe-topic-partitions.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { addressesOf, openClient } from '../clusters/cluster-connection.ts'
import type { BrokerStatus, ControlStatus, NodeStatus } from '../control/control-model.ts'

export interface ClusterReport {
  readonly clusterId: string
  readonly bootstrap: string
  readonly brokers: readonly BrokerReport[]
  readonly controllers: readonly NodeStatus[]
  /** Null where no broker tells it. */
  readonly quorum: QuorumReport | null
  /** Null where no broker tells them; in order of their topics. */
  readonly partitions: readonly PartitionReport[] | null
  readonly problems: readonly string[]
}

export interface BrokerReport extends BrokerStatus {
  /** As the controller has it; null where nobody tells. */
  readonly fenced: boolean | null
  readonly leaders: number
  readonly replicas: number
  readonly inSync: number
}

export interface QuorumReport {
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: bigint
  readonly voters: readonly QuorumReplica[]
  readonly observers: readonly QuorumReplica[]
}

export interface QuorumReplica {
  readonly replicaId: number
  readonly logEndOffset: bigint
  /** Records behind the leader. */
  readonly lag: bigint
  /** -1 where it is not known. */
  readonly lastFetchTimestampMs: bigint
  readonly lastCaughtUpTimestampMs: bigint
}

export interface PartitionReport {
  readonly topic: string
  readonly partition: number
  /** -1 where nobody leads. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
  readonly offlineReplicas: readonly number[]
}

const ANSWER_MS_MAX = 5_000
const METADATA_TOPIC = '__cluster_metadata'

const clusterApi = { request: describeClusterRequest, response: describeClusterResponse }
const quorumApi = { request: describeQuorumRequest, response: describeQuorumResponse }
const partitionsApi = {
  request: describeTopicPartitionsRequest,
  response: describeTopicPartitionsResponse,
}

export async function reportCluster(status: ControlStatus): Promise<ClusterReport> {
  const { clusterId, bootstrap, controllers } = status
  const problems: string[] = []
  const living = status.brokers.filter(({ state }) => state === 'running')
  if (living.length === 0) problems.push('no broker runs, so the cluster tells nothing of itself')
  const asked = await askAny(living, problems)
  const { fenced, quorum, partitions } = asked
  const brokers = status.brokers.map(broker => ({
    ...broker,
    fenced: fenced?.get(broker.id) ?? null,
    ...tallyOf(broker.id, partitions ?? []),
  }))
  return { clusterId, bootstrap, brokers, controllers, quorum, partitions, problems }
}

async function askAny(living: readonly BrokerStatus[], problems: string[]) {
  const nothing = { fenced: null, quorum: null, partitions: null }
  if (living.length === 0) return nothing
  const bootstrap = addressesOf(living.map(({ address }) => address).join(','))
  const client = openClient({ bootstrap, clientId: 'odradek-status' })
  const attempt = async <T>(what: string, ask: Promise<T>): Promise<T | null> => {
    try {
      return await ask
    } catch (error) {
      // A part that cannot be had is said, and the others are shown.
      if (!(error instanceof KafkaError || error instanceof OperationalError)) throw error
      problems.push(`${what}: ${error.message}`)
      return null
    }
  }
  try {
    return {
      fenced: await attempt('fenced brokers', fencedBrokers(client)),
      quorum: await attempt('the quorum', describeQuorum(client)),
      partitions: await attempt('partitions', describePartitions(client)),
    }
  } finally {
    client.close()
  }
}

async function fencedBrokers(client: Client): Promise<ReadonlyMap<number, boolean>> {
  const { errorCode, errorMessage, brokers } = await client.request(
    { type: 'any' },
    clusterApi,
    { includeClusterAuthorizedOperations: false, includeFencedBrokers: true },
    { timeoutMs: ANSWER_MS_MAX },
  )
  if (errorCode !== 0) throw new KafkaError(errorName(errorCode), errorMessage ?? 'DescribeCluster')
  return new Map(brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced]))
}

async function describeQuorum(client: Client): Promise<QuorumReport> {
  const { errorCode, errorMessage, topics } = await client.request(
    { type: 'any' },
    quorumApi,
    { topics: [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0 }] }] },
    { timeoutMs: ANSWER_MS_MAX },
  )
  const partition = topics[0]?.partitions[0]
  const code = errorCode === 0 ? (partition?.errorCode ?? 0) : errorCode
  if (code !== 0 || partition === undefined)
    throw new KafkaError(errorName(code), errorMessage ?? partition?.errorMessage ?? 'no answer')
  const { leaderId, leaderEpoch, highWatermark, currentVoters, observers } = partition
  const leader = currentVoters.find(({ replicaId }) => replicaId === leaderId)
  const replica = (each: (typeof currentVoters)[number]): QuorumReplica => ({
    replicaId: each.replicaId,
    logEndOffset: each.logEndOffset,
    lag: (leader?.logEndOffset ?? each.logEndOffset) - each.logEndOffset,
    lastFetchTimestampMs: each.lastFetchTimestamp,
    lastCaughtUpTimestampMs: each.lastCaughtUpTimestamp,
  })
  return {
    leaderId,
    leaderEpoch,
    highWatermark,
    voters: currentVoters.map(replica),
    observers: observers.map(replica),
  }
}

async function describePartitions(client: Client): Promise<PartitionReport[]> {
  const found: PartitionReport[] = []
  let cursor: DescribeTopicPartitionsRequest['cursor'] = null
  do {
    const answer: DescribeTopicPartitionsResponse = await client.request(
      { type: 'any' },
      partitionsApi,
      { topics: [], cursor },
      { timeoutMs: ANSWER_MS_MAX },
    )
    for (const { name, partitions } of answer.topics)
      for (const each of partitions)
        found.push({
          topic: name ?? '',
          partition: each.partitionIndex,
          leader: each.leaderId,
          leaderEpoch: each.leaderEpoch,
          replicas: each.replicaNodes,
          isr: each.isrNodes,
          elr: each.eligibleLeaderReplicas ?? [],
          lastKnownElr: each.lastKnownElr ?? [],
          offlineReplicas: each.offlineReplicas,
        })
    cursor = answer.nextCursor
  } while (cursor !== null)
  return found
}

function tallyOf(brokerId: number, partitions: readonly PartitionReport[]) {
  let leaders = 0
  let replicas = 0
  let inSync = 0
  for (const partition of partitions) {
    if (partition.leader === brokerId) leaders += 1
    if (partition.replicas.includes(brokerId)) replicas += 1
    if (partition.isr.includes(brokerId)) inSync += 1
  }
  return { leaders, replicas, inSync }
}
