/**
 * OffsetCommit (key 8): a group's place in its partitions. Version 10 names topics by id, which
 * the coordinator does not know: ids become names here, and names ids on the way back.
 */
import { errorCode } from '../../protocol/errors.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
  type OffsetCommitRequest,
  type OffsetCommitResponse,
} from '../../protocol/messages/offset-commit.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import { askerOf } from '../asker.ts'
import type { BrokerServices } from '../broker-services.ts'

const TOPIC_IDS_SINCE = 10

type Topic = OffsetCommitRequest['topics'][number]
type TopicAnswer = OffsetCommitResponse['topics'][number]

export function offsetCommit(broker: BrokerServices): ServedApi {
  return servedApi({
    request: offsetCommitRequest,
    response: offsetCommitResponse,
    accepts: [0, 10],
    advertises: [2, 10],
    async handle(request, context) {
      const byId = context.apiVersion >= TOPIC_IDS_SINCE
      const resolved = request.topics.map(topic => ({
        topic,
        name: byId ? (broker.cluster.topicName(topic.topicId) ?? null) : topic.name,
      }))
      const known: Topic[] = []
      for (const { topic, name } of resolved) {
        const partitions = name === null ? [] : existing(broker, name, topic)
        if (name !== null && partitions.length > 0) known.push({ ...topic, name, partitions })
      }
      // The coordinator answers for the group even where no topic is left to commit.
      const answer = await broker.groups.request<OffsetCommitResponse>(request.groupId, {
        ...askerOf(context),
        type: 'OffsetCommit',
        request: { ...request, topics: known },
      })
      const answered = new Map(answer.topics.map(topic => [topic.name, topic]))
      return {
        ...answer,
        topics: resolved.map(({ topic, name }) =>
          inOrder(topic, name === null ? undefined : answered.get(name), byId),
        ),
      }
    },
    failed: ({ code }, request) => ({
      topics: request.topics.map(topic => ({
        name: topic.name,
        topicId: topic.topicId,
        partitions: topic.partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: code,
        })),
      })),
    }),
  })
}

function existing(broker: BrokerServices, name: string, topic: Topic): Topic['partitions'] {
  const count = broker.cluster.topicByName(name)?.partitions.length ?? 0
  return topic.partitions.filter(
    ({ partitionIndex }) => partitionIndex >= 0 && partitionIndex < count,
  )
}

/** The answers in the order of the request, with an error for what does not exist. */
function inOrder(topic: Topic, answer: TopicAnswer | undefined, byId: boolean): TopicAnswer {
  const codes = new Map(answer?.partitions.map(each => [each.partitionIndex, each.errorCode]))
  const missing = errorCode(
    byId && answer === undefined ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION',
  )
  return {
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: codes.get(partitionIndex) ?? missing,
    })),
  }
}
