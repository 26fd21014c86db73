/** What a topic's records have to respect: partitions, and the configurations that limit them. */
import type { Client } from '../../engine/client/client.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
} from '../../engine/protocol/messages/describe-configs.ts'
import type { ProduceLimits, ProduceTarget } from '../contract/model/produce.ts'
import { describeMetadata } from '../lookups/cluster-topics.ts'

const api = { request: describeConfigsRequest, response: describeConfigsResponse }
const TOPIC_RESOURCE = 2
/** DescribeConfigs' source for a value that the topic sets itself. */
const DYNAMIC_TOPIC_CONFIG = 1

/** Throws a `ContractError` where the topic does not exist. */
export async function describeTarget(client: Client, topic: string): Promise<ProduceTarget> {
  const [described, limits] = await Promise.all([
    describeMetadata(client, topic),
    readLimits(client, topic),
  ])
  const partitions = [...described.partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)
  return {
    topic,
    internal: described.isInternal,
    partitions: partitions.map(({ partitionIndex, leaderId, isrNodes }) => ({
      partition: partitionIndex,
      leader: leaderId < 0 ? null : leaderId,
      inSyncCount: isrNodes.length,
    })),
    replicationFactor: described.partitions[0]?.replicaNodes.length ?? 0,
    limits,
  }
}

/** Null where they may not be read. */
export async function readLimits(client: Client, topic: string): Promise<ProduceLimits | null> {
  const { results } = await client.request({ type: 'any' }, api, {
    resources: [
      {
        resourceType: TOPIC_RESOURCE,
        resourceName: topic,
        configurationKeys: [
          'cleanup.policy',
          'max.message.bytes',
          'compression.type',
          'message.timestamp.type',
          'min.insync.replicas',
        ],
      },
    ],
  })
  const [found] = results
  if (found === undefined || found.errorCode !== 0) return null
  const entries = new Map(found.configs.map(each => [each.name, each]))
  const valueOf = (name: string) => entries.get(name)?.value ?? ''
  return {
    compacted: valueOf('cleanup.policy').split(',').includes('compact'),
    maxMessageBytes: Number(valueOf('max.message.bytes')),
    maxMessageBytesOfTopic: entries.get('max.message.bytes')?.configSource === DYNAMIC_TOPIC_CONFIG,
    compressionType: valueOf('compression.type'),
    logAppendTime: valueOf('message.timestamp.type') === 'LogAppendTime',
    minInSyncReplicas: Number(valueOf('min.insync.replicas')) || 1,
  }
}
