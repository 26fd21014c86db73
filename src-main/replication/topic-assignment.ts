/**
 * A topic's partitions as the controller has them: leaders, ISR, ELR. All of them page after page,
 * or some of them by asking for the stretches that they lie in.
 */
import type { Client } from '../../engine/client/client.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  type DescribeTopicPartitionsResponse,
} from '../../engine/protocol/messages/describe-topic-partitions.ts'
import { ContractError } from '../contract/define.ts'
import { codeProblem, describeMetadata } from '../lookups/cluster-topics.ts'
import { TIMEOUT_MS } from './broker-states.ts'

const api = { request: describeTopicPartitionsRequest, response: describeTopicPartitionsResponse }
const PAGE_MAX = 2_000
/** Partitions that are asked for without being wanted cost less than one question more. */
const GAP_MAX = 100
/** Scattered further than this, all partitions are asked for. */
const STRETCHES_MAX = 8

/** A partition as the controller has it. */
export interface Assigned {
  readonly partition: number
  readonly leader: number | null
  readonly leaderEpoch: number | null
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly elr: readonly number[] | null
  readonly lastKnownElr: readonly number[] | null
}

/**
 * Of these partitions, or of all when null; what does not exist is left out. By
 * DescribeTopicPartitions, or by Metadata, without ELR, before Kafka 3.8.
 */
export async function assignmentOf(
  client: Client,
  topic: string,
  wanted: readonly number[] | null,
): Promise<readonly Assigned[]> {
  const connection = await client.connection({ type: 'any' })
  const told: Assigned[] = []
  if (connection.versionsOf(describeTopicPartitionsRequest.apiKey!) === null) {
    const { partitions } = await describeMetadata(client, topic)
    for (const each of partitions)
      told.push(assignedOf({ ...each, eligible: null, lastKnown: null }))
  } else
    for (const stretch of stretchesOf(wanted))
      told.push(...(await readStretch(client, topic, stretch)))
  const kept = wanted === null ? null : new Set(wanted)
  return told
    .filter(({ partition }) => kept === null || kept.has(partition))
    .sort((a, b) => a.partition - b.partition)
}

/** From the first on; null for all that follow. */
export interface Stretch {
  readonly first: number
  readonly count: number | null
}

const EVERYTHING: readonly Stretch[] = [{ first: 0, count: null }]

export function stretchesOf(wanted: readonly number[] | null): readonly Stretch[] {
  if (wanted === null) return EVERYTHING
  const stretches: { first: number; count: number }[] = []
  for (const partition of [...wanted].sort((a, b) => a - b)) {
    const last = stretches.at(-1)
    if (last !== undefined && partition - (last.first + last.count) <= GAP_MAX)
      last.count = Math.max(last.count, partition - last.first + 1)
    else stretches.push({ first: partition, count: 1 })
  }
  return stretches.length > STRETCHES_MAX ? EVERYTHING : stretches
}

async function readStretch(
  client: Client,
  topic: string,
  { first, count }: Stretch,
): Promise<readonly Assigned[]> {
  const assigned: Assigned[] = []
  const wanted = count ?? Infinity
  let cursor = first === 0 ? null : { topicName: topic, partitionIndex: first }
  do {
    const limit = Math.min(PAGE_MAX, wanted - assigned.length)
    const answer: DescribeTopicPartitionsResponse = await client.request(
      { type: 'any' },
      api,
      { topics: [{ name: topic }], responsePartitionLimit: limit, cursor },
      { timeoutMs: TIMEOUT_MS },
    )
    const [found] = answer.topics
    const problem = codeProblem(found?.errorCode ?? 3, `topic ${topic}`)
    if (problem !== null) throw new ContractError(problem)
    for (const each of found!.partitions) {
      const { eligibleLeaderReplicas: eligible, lastKnownElr: lastKnown } = each
      assigned.push(assignedOf({ ...each, eligible, lastKnown }))
    }
    cursor = answer.nextCursor
  } while (cursor !== null && assigned.length < wanted)
  return assigned
}

interface ToldPartition {
  readonly partitionIndex: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicaNodes: readonly number[]
  readonly isrNodes: readonly number[]
  readonly eligible: readonly number[] | null
  readonly lastKnown: readonly number[] | null
}

function assignedOf(told: ToldPartition): Assigned {
  return {
    partition: told.partitionIndex,
    leader: told.leaderId < 0 ? null : told.leaderId,
    leaderEpoch: told.leaderEpoch < 0 ? null : told.leaderEpoch,
    replicas: told.replicaNodes,
    isr: told.isrNodes,
    elr: told.eligible,
    lastKnownElr: told.lastKnown,
  }
}
