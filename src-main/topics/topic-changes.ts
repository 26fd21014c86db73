/** `topic.create` and `topic.delete`. */
import type { Client } from '../../engine/client/client.ts'
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
import { ContractError, type InputOf } from '../contract/define.ts'
import type { CreatedTopic, DeletedTopic } from '../contract/model/topic.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'

const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const deleteApi = { request: deleteTopicsRequest, response: deleteTopicsResponse }
const TIMEOUT_MS = 30_000
/** DeleteTopics names topics in a list of names up to this version, and by structs after it. */
const NAMES_VERSION_MAX = 5

export async function createTopic(
  client: Client,
  input: InputOf<ApplicationApi, 'topic.create'>,
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

export async function deleteTopics(
  client: Client,
  topics: readonly string[],
): Promise<readonly DeletedTopic[]> {
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
