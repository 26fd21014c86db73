/**
 * DescribeTopicPartitions (key 75): partitions of topics, a page at a time, with their eligible
 * leader replicas (KIP-966).
 */
import { errorCode, KafkaError } from '../../protocol/errors.ts'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
} from '../../protocol/messages/describe-topic-partitions.ts'
import { ZERO_UUID } from '../../protocol/schema.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import { NOT_ASKED_OPERATIONS, topicOperations } from '../../server/authorized-operations.ts'
import type { BrokerServices } from '../broker-services.ts'

type TopicAnswer = DescribeTopicPartitionsResponse['topics'][number]

export function describeTopicPartitions(broker: BrokerServices): ServedApi {
  return servedApi({
    request: describeTopicPartitionsRequest,
    response: describeTopicPartitionsResponse,
    handle({ topics, cursor, responsePartitionLimit }) {
      if (cursor !== null) checkCursor(cursor, topics)
      const asked = topics.length > 0 ? topics.map(({ name }) => name) : allNames(broker)
      const names = [...new Set(asked)].sort().filter(name => name >= (cursor?.topicName ?? ''))
      const pageMax = Math.min(
        Math.max(responsePartitionLimit, 1),
        broker.settings().maxRequestPartitionSizeLimit,
      )
      const answers: TopicAnswer[] = []
      let left = pageMax
      for (const name of names) {
        const from = name === cursor?.topicName ? cursor.partitionIndex : 0
        if (left === 0)
          return {
            throttleTimeMs: 0,
            topics: answers,
            nextCursor: { topicName: name, partitionIndex: from },
          }
        const topic = broker.cluster.topicByName(name)
        if (topic === null) {
          answers.push(unknownTopic(broker, name))
          continue
        }
        const to = Math.min(topic.partitions.length, from + left)
        left -= Math.max(0, to - from)
        answers.push({
          errorCode: 0,
          name,
          topicId: topic.topicId,
          isInternal: broker.cluster.isInternalTopic(name),
          partitions: topic.partitions.slice(from, to).map((partition, index) => ({
            ...broker.cluster.partitionState(partition),
            partitionIndex: from + index,
            leaderEpoch: partition.leaderEpoch,
            replicaNodes: partition.replicas,
            isrNodes: partition.isr,
            // Empty, never null: the Java client cannot read null here.
            eligibleLeaderReplicas: partition.eligibleLeaderReplicas,
            lastKnownElr: partition.lastKnownElr,
          })),
          topicAuthorizedOperations: topicOperations,
        })
        if (to < topic.partitions.length)
          return {
            throttleTimeMs: 0,
            topics: answers,
            nextCursor: { topicName: name, partitionIndex: to },
          }
      }
      return { throttleTimeMs: 0, topics: answers, nextCursor: null }
    },
    failed: ({ code }, { topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name }) => ({
        ...nothing(name),
        errorCode: code,
        topicAuthorizedOperations: NOT_ASKED_OPERATIONS,
      })),
    }),
  })
}

function checkCursor(
  { topicName, partitionIndex }: NonNullable<DescribeTopicPartitionsRequest['cursor']>,
  topics: DescribeTopicPartitionsRequest['topics'],
): void {
  if (partitionIndex < 0)
    throw new KafkaError('INVALID_REQUEST', `the cursor is at partition ${partitionIndex}`)
  if (topics.length > 0 && !topics.some(({ name }) => name === topicName))
    throw new KafkaError(
      'INVALID_REQUEST',
      `the cursor's topic ${topicName} is not among those asked for`,
    )
}

function allNames(broker: BrokerServices): string[] {
  return [...broker.cluster.image.topicsByName.keys()]
}

function unknownTopic(broker: BrokerServices, name: string): TopicAnswer {
  const legal = broker.topicCreation.complaintAbout(name) === null
  const error = legal ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION'
  return { ...nothing(name), errorCode: errorCode(error) }
}

function nothing(name: string): TopicAnswer {
  return {
    errorCode: 0,
    name,
    topicId: ZERO_UUID,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: topicOperations,
  }
}
