/** `replication.election-preview` and `replication.elect`. */
import type { Client } from '../../engine/client/client.ts'
import {
  electLeadersRequest,
  electLeadersResponse,
} from '../../engine/protocol/messages/elect-leaders.ts'
import { errorTable } from '../../engine/protocol/errors.ts'
import { ContractError } from '../contract/define.ts'
import type {
  ElectedLeader,
  ElectionPreview,
  LeaderMove,
  TopicPartition,
} from '../contract/model/replication.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'

const api = { request: electLeadersRequest, response: electLeadersResponse }
const TIMEOUT_MS = 30_000
const electionTypes = { preferred: 0, unclean: 1 } as const

/** Of these topics; null for all. */
export async function previewElection(
  client: Client,
  names: readonly string[] | null,
): Promise<ElectionPreview> {
  const { topics, brokers } = await client.metadata(names)
  const there = new Set(brokers.map(({ nodeId }) => nodeId))
  const moves: LeaderMove[] = []
  const blocked: ElectionPreview['blocked'][number][] = []
  let partitionCount = 0
  for (const { name, partitions, errorCode } of topics) {
    if (errorCode !== 0 || name === null) continue
    partitionCount += partitions.length
    for (const { partitionIndex, leaderId, replicaNodes, isrNodes } of partitions) {
      const [preferred] = replicaNodes
      if (preferred === undefined || preferred === leaderId) continue
      const from = leaderId < 0 ? null : leaderId
      const move = { topic: name, partition: partitionIndex, from, to: preferred }
      if (!there.has(preferred)) blocked.push({ ...move, why: 'away' })
      else if (!isrNodes.includes(preferred)) blocked.push({ ...move, why: 'out-of-sync' })
      else moves.push(move)
    }
  }
  return { moves: inOrder(moves), blocked: inOrder(blocked), partitionCount }
}

/** One answer each; that a partition is led as it was wanted already is no problem. */
export async function electLeaders(
  client: Client,
  election: keyof typeof electionTypes,
  partitions: readonly TopicPartition[],
): Promise<readonly ElectedLeader[]> {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic)
  const answer = await client.aside.request({ type: 'controller' }, api, {
    // Version 0 knows preferred elections alone.
    ...(election === 'unclean' ? { electionType: electionTypes.unclean } : {}),
    topicPartitions: [...byTopic].map(([topic, share]) => ({
      topic,
      partitions: share.map(({ partition }) => partition),
    })),
    timeoutMs: TIMEOUT_MS,
  })
  const whole = codeProblem(answer.errorCode, 'the election')
  if (whole !== null) throw new ContractError(whole)
  client.forget()
  return answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
    partitionResult.map(({ partitionId, errorCode, errorMessage }) => ({
      topic,
      partition: partitionId,
      problem:
        errorCode === errorTable.ELECTION_NOT_NEEDED.code
          ? null
          : codeProblem(errorCode, `${topic}-${partitionId}`, errorMessage),
    })),
  )
}

function inOrder<T extends TopicPartition>(partitions: T[]): readonly T[] {
  return partitions.sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}
