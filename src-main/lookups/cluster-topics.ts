/** What Metadata says about topics, in the form that the other requests need it. */
import type { Client } from '../../engine/client/client.ts'
import { errorName } from '../../engine/protocol/errors.ts'
import type { MetadataResponse } from '../../engine/protocol/messages/metadata.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import { kafkaProblem } from '../contract/problem.ts'

export type MetadataTopic = MetadataResponse['topics'][number]

/** A topic's partitions and who leads them; -1 where nobody does. */
export interface TopicLeaders {
  readonly topic: string
  readonly leaders: ReadonlyMap<number, number>
}

/** Throws a `ContractError` where the topic cannot be described. */
export async function describeMetadata(client: Client, topic: string): Promise<MetadataTopic> {
  const { topics } = await client.metadata([topic])
  const [found] = topics
  const problem =
    found === undefined
      ? kafkaProblem('UNKNOWN_TOPIC_OR_PARTITION', `topic ${topic} does not exist`)
      : codeProblem(found.errorCode, `topic ${topic}`)
  if (problem !== null) throw new ContractError(problem)
  return found!
}

export function leadersOf({ name, partitions }: MetadataTopic): TopicLeaders {
  const inOrder = [...partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)
  return {
    topic: name ?? '',
    leaders: new Map(inOrder.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId])),
  }
}

/** A problem for an error code inside an answer, or null for none. `subject`: `topic orders`. */
export function codeProblem(
  errorCode: number,
  subject: string,
  errorMessage?: string | null,
): Problem | null {
  if (errorCode === 0) return null
  const error = errorName(errorCode)
  const reason = errorMessage || error.toLowerCase().replaceAll('_', ' ')
  // Brokers name the thing in most of their messages, and once is enough.
  const named = reason.includes(subject.slice(subject.indexOf(' ') + 1))
  return kafkaProblem(error, named ? reason : `${subject}: ${reason}`)
}

export function noLeader(topic: string, partition: number): Problem {
  return kafkaProblem('LEADER_NOT_AVAILABLE', `${topic}-${partition} has no leader`)
}

/** Partitions by the broker that leads them. */
export function byLeader(topics: readonly TopicLeaders[]): Map<number, TopicLeaders[]> {
  const brokers = new Map<number, TopicLeaders[]>()
  for (const { topic, leaders } of topics) {
    const shares = new Map<number, Map<number, number>>()
    for (const [partition, leader] of leaders) {
      const share = shares.get(leader) ?? new Map<number, number>()
      shares.set(leader, share.set(partition, leader))
    }
    for (const [leader, share] of shares) {
      const list = brokers.get(leader) ?? []
      list.push({ topic, leaders: share })
      brokers.set(leader, list)
    }
  }
  return brokers
}
