/** Metadata (key 3): brokers, topics and leaders as this broker knows them. */
import { errorCode } from '../../protocol/errors.ts'
import {
  metadataRequest,
  metadataResponse,
  type MetadataRequest,
  type MetadataResponse,
} from '../../protocol/messages/metadata.ts'
import { ZERO_UUID } from '../../protocol/schema.ts'
import {
  expected,
  servedApi,
  type RequestContext,
  type ServedApi,
} from '../../server/dispatcher.ts'
import type { TopicImage } from '../../controller/image-entries.ts'
import {
  clusterOperations,
  NOT_ASKED_OPERATIONS,
  topicOperations,
} from '../../server/authorized-operations.ts'
import type { BrokerServices } from '../broker-services.ts'

type TopicAnswer = MetadataResponse['topics'][number]

export function metadata(broker: BrokerServices): ServedApi {
  return servedApi({
    request: metadataRequest,
    response: metadataResponse,
    async handle(request, context) {
      const topics = await topicsOf(broker, request, context)
      const operations = request.includeTopicAuthorizedOperations
        ? topicOperations
        : NOT_ASKED_OPERATIONS
      return {
        brokers: broker.cluster.brokers().map(({ brokerId, host, port, rack }) => ({
          nodeId: brokerId,
          host,
          port,
          rack,
        })),
        clusterId: broker.clusterId,
        controllerId: broker.cluster.anyBrokerId(broker.brokerId),
        topics: topics.map(topic => ({
          ...topic,
          // Told of topics that do not exist, too, as Apache Kafka does; not of unknown ids.
          topicAuthorizedOperations: topic.name === null ? NOT_ASKED_OPERATIONS : operations,
        })),
        ...(request.includeClusterAuthorizedOperations
          ? { clusterAuthorizedOperations: clusterOperations }
          : {}),
      }
    },
    failed: ({ code }, { topics }) => ({
      brokers: [],
      topics: (topics ?? []).map(({ name, topicId }) => failedTopic(name, topicId, code)),
      errorCode: code,
    }),
  })
}

async function topicsOf(
  broker: BrokerServices,
  request: MetadataRequest,
  { apiVersion }: RequestContext,
): Promise<TopicAnswer[]> {
  const { topics } = request
  if (topics === null || (apiVersion === 0 && topics.length === 0))
    return [...broker.cluster.image.topicsByName.values()].map(topic => described(broker, topic))
  const create = request.allowAutoTopicCreation && broker.settings().autoCreateTopicsEnable
  // Whoever names a topic twice is told of it once.
  const asked = new Map(topics.map(topic => [`${topic.topicId}/${topic.name}`, topic]))
  return Promise.all(
    [...asked.values()].map(async ({ name, topicId }) => {
      if (topicId !== ZERO_UUID) {
        const found = broker.cluster.topicById(topicId)
        if (found !== null) return described(broker, found)
        return failedTopic(null, topicId, errorCode('UNKNOWN_TOPIC_ID'))
      }
      if (name === null) return failedTopic(null, topicId, errorCode('INVALID_REQUEST'))
      return byName(broker, name, create)
    }),
  )
}

async function byName(broker: BrokerServices, name: string, create: boolean): Promise<TopicAnswer> {
  try {
    if (create) await broker.topicCreation.create(name)
  } catch (error) {
    // Each topic fails alone; why it cannot be created now is not told, as in Apache Kafka, so that
    // clients ask again.
    expected(error)
  }
  const found = broker.cluster.topicByName(name)
  if (found !== null) return described(broker, found)
  const complaint = broker.topicCreation.complaintAbout(name)
  return failedTopic(
    name,
    ZERO_UUID,
    errorCode(complaint === null ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION'),
  )
}

function described(broker: BrokerServices, topic: TopicImage): TopicAnswer {
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: broker.cluster.isInternalTopic(topic.name),
    partitions: topic.partitions.map((partition, partitionIndex) => ({
      ...broker.cluster.partitionState(partition),
      partitionIndex,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: partition.replicas,
      isrNodes: partition.isr,
    })),
    topicAuthorizedOperations: NOT_ASKED_OPERATIONS,
  }
}

function failedTopic(name: string | null, topicId: string, code: number): TopicAnswer {
  return {
    errorCode: code,
    name,
    topicId,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: NOT_ASKED_OPERATIONS,
  }
}
