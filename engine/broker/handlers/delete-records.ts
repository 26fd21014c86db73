/**
 * DeleteRecords (key 21): moves the log start offset up, and answers when every living replica has
 * done so, with the lowest of them. Nothing is said of bytes: segments that lie wholly below it go
 * with the next retention sweep.
 */
import { KafkaError } from '../../protocol/errors.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../protocol/messages/delete-records.ts'
import { expected, servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { Partition } from '../partition.ts'

const TO_HIGH_WATERMARK = -1n
const NO_LOW_WATERMARK = -1n

export function deleteRecords(broker: BrokerServices): ServedApi {
  return servedApi({
    request: deleteRecordsRequest,
    response: deleteRecordsResponse,
    handle: async ({ topics, timeoutMs }, { nowMs }) => ({
      throttleTimeMs: 0,
      topics: await Promise.all(
        topics.map(async ({ name, partitions }) => ({
          name,
          partitions: await Promise.all(
            partitions.map(asked => answerFor(broker, name, asked, nowMs + timeoutMs)),
          ),
        })),
      ),
    }),
    failed: ({ code }, { topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          lowWatermark: NO_LOW_WATERMARK,
          errorCode: code,
        })),
      })),
    }),
  })
}

async function answerFor(
  broker: BrokerServices,
  topic: string,
  { partitionIndex, offset }: { readonly partitionIndex: number; readonly offset: bigint },
  deadlineMs: number,
) {
  try {
    const { partition, startOffset } = deleteBefore(broker, topic, partitionIndex, offset)
    const { replication } = broker
    const lowWatermark = await replication.awaitDeletion(partition, startOffset, deadlineMs)
    return { partitionIndex, lowWatermark, errorCode: 0 }
  } catch (error) {
    // Waiting for what the protocol has a code for: each partition fails alone.
    return { partitionIndex, lowWatermark: NO_LOW_WATERMARK, errorCode: expected(error).code }
  }
}

function deleteBefore(
  broker: BrokerServices,
  topic: string,
  index: number,
  offset: bigint,
): { readonly partition: Partition; readonly startOffset: bigint } {
  if (broker.cluster.isInternalTopic(topic) && broker.cluster.topicByName(topic) !== null)
    throw new KafkaError('INVALID_TOPIC_EXCEPTION', `${topic} is internal: its records stay`)
  const partition = broker.replicas.leader(topic, index)
  const { log } = partition
  const { cleanupPolicy } = log.config
  // An empty policy keeps everything by itself, and nothing from being deleted by hand.
  if (cleanupPolicy.includes('compact') && !cleanupPolicy.includes('delete'))
    throw new KafkaError(
      'POLICY_VIOLATION',
      `${partition.name}: cleanup.policy is ${cleanupPolicy.join(',')}, without delete`,
    )
  const target = offset === TO_HIGH_WATERMARK ? partition.highWatermark : offset
  if (target < 0n || target > partition.highWatermark)
    throw new KafkaError(
      'OFFSET_OUT_OF_RANGE',
      `${partition.name}: offset ${target} is above high watermark ${partition.highWatermark}`,
    )
  log.deleteRecordsBefore(target)
  // Followers hear of it with their next answer, which there is no append to bring about.
  broker.followerWaits.wakeAll()
  return { partition, startOffset: target }
}
