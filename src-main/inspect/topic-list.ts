/** `topic.list`: every topic from one Metadata answer. */
import type { Client } from '../../engine/client/client.ts'
import { ZERO_UUID } from '../../engine/protocol/schema.ts'
import type { TopicSummary } from '../contract/model.ts'
import { codeProblem, type MetadataTopic } from './cluster-topics.ts'

export async function listTopics(client: Client): Promise<readonly TopicSummary[]> {
  const { topics } = await client.metadata(null)
  return topics.map(summaryOf)
}

export function summaryOf(topic: MetadataTopic): TopicSummary {
  const { name, topicId, isInternal, partitions, errorCode } = topic
  let underReplicatedCount = 0
  let offlineCount = 0
  for (const { leaderId, isrNodes, replicaNodes } of partitions) {
    if (leaderId < 0) offlineCount += 1
    if (isrNodes.length < replicaNodes.length) underReplicatedCount += 1
  }
  return {
    name: name ?? '',
    id: topicId === ZERO_UUID ? null : topicId,
    internal: isInternal,
    partitionCount: partitions.length,
    replicationFactor: partitions[0]?.replicaNodes.length ?? 0,
    underReplicatedCount,
    offlineCount,
    problem: codeProblem(errorCode, `topic ${name ?? topicId}`),
  }
}
