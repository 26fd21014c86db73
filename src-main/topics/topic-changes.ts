/** `topic.create`, `topic.delete`, `topic.add-partitions` and `topic.settings`. */
import type { Client } from '../../engine/client/client.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../engine/protocol/messages/create-partitions.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../engine/protocol/messages/delete-topics.ts'
import { ZERO_UUID } from '../../engine/protocol/schema.ts'
import type { ApplicationApi } from '../contract/api.ts'
import { ContractError, type InputOf, type Problem } from '../contract/define.ts'
import type { CreatedTopic, TopicSettings } from '../contract/model/topic.ts'
import { codeProblem, describeMetadata } from '../lookups/cluster-topics.ts'
import { topicConfigurations } from './topic-configurations.ts'

const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const deleteApi = { request: deleteTopicsRequest, response: deleteTopicsResponse }
const partitionsApi = { request: createPartitionsRequest, response: createPartitionsResponse }
const TIMEOUT_MS = 30_000
/** DeleteTopics names topics in a list of names up to this version, and by structs after it. */
const NAMES_VERSION_MAX = 5

export async function createTopic(
  client: Client,
  input: Omit<InputOf<ApplicationApi, 'topic.create'>, 'cluster'>,
): Promise<CreatedTopic> {
  const { topic, partitionCount, replicationFactor, configurations, validateOnly } = input
  const answer = await client.request({ type: 'controller' }, createApi, {
    topics: [
      {
        name: topic,
        numPartitions: partitionCount ?? -1,
        replicationFactor: replicationFactor ?? -1,
        assignments: [],
        configs: configurations,
      },
    ],
    timeoutMs: TIMEOUT_MS,
    validateOnly,
  })
  const [created] = answer.topics
  const problem = codeProblem(created?.errorCode ?? -1, `topic ${topic}`, created?.errorMessage)
  if (problem !== null) throw new ContractError(problem)
  const { topicId, numPartitions, replicationFactor: factor } = created!
  return {
    name: topic,
    id: topicId === ZERO_UUID ? null : topicId,
    partitionCount: numPartitions < 0 ? (partitionCount ?? 1) : numPartitions,
    replicationFactor: factor < 0 ? (replicationFactor ?? 1) : factor,
    created: !validateOnly,
  }
}

/** What became of one topic of several. */
export interface TopicResult {
  readonly name: string
  readonly problem: Problem | null
}

export async function deleteTopics(
  client: Client,
  topics: readonly string[],
): Promise<readonly TopicResult[]> {
  const { responses } = await client.request(
    { type: 'controller' },
    deleteApi,
    { topicNames: topics, timeoutMs: TIMEOUT_MS },
    { versionMax: NAMES_VERSION_MAX },
  )
  return responses.map(({ name, errorCode, errorMessage }) => ({
    name: name ?? '',
    problem: codeProblem(errorCode, `topic ${name}`, errorMessage),
  }))
}

/** Throws a `ContractError` INVALID_PARTITIONS where the topic has as many, or more. */
export async function addPartitions(
  client: Client,
  { topic, count, validateOnly }: { topic: string; count: number; validateOnly: boolean },
): Promise<void> {
  const { results } = await client.request({ type: 'controller' }, partitionsApi, {
    topics: [{ name: topic, count, assignments: null }],
    timeoutMs: TIMEOUT_MS,
    validateOnly,
  })
  const [result] = results
  const problem = codeProblem(result?.errorCode ?? -1, `topic ${topic}`, result?.errorMessage)
  if (problem !== null) throw new ContractError(problem)
}

/** What a topic like this one is created with. */
export async function topicSettings(client: Client, topic: string): Promise<TopicSettings> {
  const [{ partitions }, entries] = await Promise.all([
    describeMetadata(client, topic),
    topicConfigurations(client, topic, false),
  ])
  return {
    partitionCount: partitions.length,
    replicationFactor: partitions[0]?.replicaNodes.length ?? 1,
    configurations: entries.flatMap(({ name, value, source }) =>
      source === 'dynamic-topic' && value !== null ? [{ name, value }] : [],
    ),
  }
}
