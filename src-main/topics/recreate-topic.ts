/**
 * `topic.recreate`: deletes a topic and creates it with the same partitions and configurations.
 * Between the two there is no topic, so whatever can be checked is checked before.
 */
import type { Client } from '../../engine/client/client.ts'
import { ZERO_UUID } from '../../engine/protocol/schema.ts'
import { ContractError } from '../contract/define.ts'
import type { RecreatedTopic, TopicSettings } from '../contract/model/topic.ts'
import { kafkaProblem, problemOf } from '../contract/problem.ts'
import { describeMetadata } from '../lookups/cluster-topics.ts'
import type { Wait } from '../lookups/watch.ts'
import { createTopic, deleteTopics, topicSettings } from './topic-changes.ts'

const GONE_TRIES = 300
const GONE_PAUSE_MS = 100
const NAME_LENGTH_MAX = 249
const CHECK_SUFFIX = '.settings-check'

export async function recreateTopic(
  client: Client,
  topic: string,
  wait: Wait,
): Promise<RecreatedTopic> {
  const { topicId, isInternal } = await describeMetadata(client, topic)
  if (isInternal)
    throw new ContractError(
      kafkaProblem('INVALID_TOPIC_EXCEPTION', `topic ${topic} is internal: the cluster keeps it`),
    )
  const settings = await topicSettings(client, topic)
  // The cluster may have come to refuse what it accepted once; it is asked while nothing is lost.
  const free = topic.slice(0, NAME_LENGTH_MAX - CHECK_SUFFIX.length) + CHECK_SUFFIX
  await createTopic(client, { topic: free, ...settings, validateOnly: true })

  const [deleted] = await deleteTopics(client, [topic])
  if (deleted !== undefined && deleted.problem !== null) throw new ContractError(deleted.problem)
  // From here on it is carried to its end, whether or not anyone still waits.
  const created = await createWhenGone(client, topic, settings, wait)
  return {
    name: topic,
    oldId: topicId === ZERO_UUID ? null : topicId,
    id: created.id,
    settings,
  }
}

async function createWhenGone(client: Client, topic: string, settings: TopicSettings, wait: Wait) {
  const never = new AbortController().signal
  for (let attempt = 1; ; attempt++) {
    try {
      return await createTopic(client, { topic, ...settings, validateOnly: false })
    } catch (error) {
      // Waiting for the deletion: until all of the cluster knows of it, the name is taken.
      const problem = problemOf(error)
      const isTaken = problem.code === 'TOPIC_ALREADY_EXISTS'
      if (!isTaken || attempt >= GONE_TRIES || (await existsAnew(client, topic, attempt)))
        throw new ContractError(notCreated(topic, settings, problem.message), { cause: error })
    }
    await wait(GONE_PAUSE_MS, never)
  }
}

/** A client with `allow.auto.create.topics` may have been quicker; that topic is not overwritten. */
async function existsAnew(client: Client, topic: string, attempt: number): Promise<boolean> {
  if (attempt < 10) return false
  const { topics } = await client.metadata([topic])
  return topics[0]?.errorCode === 0
}

function notCreated(topic: string, settings: TopicSettings, why: string) {
  const { partitionCount, replicationFactor, configurations } = settings
  const configured = configurations.map(({ name, value }) => `${name}=${value}`).join('\n')
  return {
    code: 'INTERRUPTED',
    message: `topic ${topic} is deleted, and was not created again: ${why}`,
    remedy: 'Stop the clients that create it by themselves, and create it with these settings.',
    details: `partitions ${partitionCount}, replication factor ${replicationFactor}\n${configured}`,
  }
}
