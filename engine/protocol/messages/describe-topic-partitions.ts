/**
 * DescribeTopicPartitions (key 75) shows topics page by page, with eligible leader replicas
 * (KIP-966).
 */
import {
  array,
  boolean,
  int16,
  int32,
  message,
  nullableArray,
  nullableString,
  nullableStruct,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const describeTopicPartitionsRequest = message({
  name: 'DescribeTopicPartitionsRequest',
  apiKey: 75,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    topics: array(
      struct({
        name: string(),
      }),
    ),
    responsePartitionLimit: int32({ default: 2000 }),
    cursor: nullableStruct({
      topicName: string(),
      partitionIndex: int32(),
    }),
  },
})
export type DescribeTopicPartitionsRequest = Infer<typeof describeTopicPartitionsRequest>

export const describeTopicPartitionsResponse = message({
  name: 'DescribeTopicPartitionsResponse',
  apiKey: 75,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        errorCode: int16(),
        name: nullableString(),
        topicId: uuid(),
        isInternal: boolean(),
        partitions: array(
          struct({
            errorCode: int16(),
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32({ default: -1 }),
            replicaNodes: array(int32()),
            isrNodes: array(int32()),
            eligibleLeaderReplicas: nullableArray(int32()),
            lastKnownElr: nullableArray(int32()),
            offlineReplicas: array(int32()),
          }),
        ),
        topicAuthorizedOperations: int32({ default: -2_147_483_648 }),
      }),
    ),
    nextCursor: nullableStruct({
      topicName: string(),
      partitionIndex: int32(),
    }),
  },
})
export type DescribeTopicPartitionsResponse = Infer<typeof describeTopicPartitionsResponse>
