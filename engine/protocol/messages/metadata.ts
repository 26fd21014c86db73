/**
 * Metadata (key 3) tells a client which brokers, topics and partition leaders there are.
 *
 * Versions: 0 asks for all topics with an empty array; from 1 on null means all and empty means
 * none, and the response has racks, the controller and internal topics. 2 adds the cluster id. 3
 * adds throttling. 4 lets the client forbid the creation of topics. 5 adds offline replicas. 7
 * adds leader epochs. 8 adds authorized operations. 9 is flexible. 10 adds topic ids, which only
 * 12 lets a client ask by. 11 leaves the cluster's authorized operations to DescribeCluster
 * (KIP-700). 13 adds a top-level error.
 */
import {
  array,
  boolean,
  int16,
  int32,
  message,
  nullableArray,
  nullableString,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const metadataRequest = message({
  name: 'MetadataRequest',
  apiKey: 3,
  versions: [0, 13],
  flexibleSince: 9,
  fields: {
    // Null asks for all topics; in version 0 an empty array does.
    topics: nullableArray(
      struct({
        topicId: uuid({ since: 10, ignorable: true }),
        name: nullableString({ nullableSince: 10, default: '' }),
      }),
      { nullableSince: 1, default: [] },
    ),
    allowAutoTopicCreation: boolean({ since: 4, default: true }),
    includeClusterAuthorizedOperations: boolean({ since: 8, until: 10 }),
    includeTopicAuthorizedOperations: boolean({ since: 8 }),
  },
})
export type MetadataRequest = Infer<typeof metadataRequest>

export const metadataResponse = message({
  name: 'MetadataResponse',
  apiKey: 3,
  versions: [0, 13],
  flexibleSince: 9,
  fields: {
    throttleTimeMs: int32({ since: 3, ignorable: true }),
    brokers: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: nullableString({ since: 1, ignorable: true }),
      }),
    ),
    clusterId: nullableString({ since: 2, ignorable: true }),
    controllerId: int32({ since: 1, ignorable: true, default: -1 }),
    topics: array(
      struct({
        errorCode: int16(),
        name: nullableString({ nullableSince: 12, default: '' }),
        topicId: uuid({ since: 10, ignorable: true }),
        isInternal: boolean({ since: 1, ignorable: true }),
        partitions: array(
          struct({
            errorCode: int16(),
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32({ since: 7, ignorable: true, default: -1 }),
            replicaNodes: array(int32()),
            isrNodes: array(int32()),
            offlineReplicas: array(int32(), { since: 5, ignorable: true }),
          }),
        ),
        // A bit for each operation; the smallest int32 where it was not asked for.
        topicAuthorizedOperations: int32({ since: 8, default: -2_147_483_648 }),
      }),
    ),
    clusterAuthorizedOperations: int32({ since: 8, until: 10, default: -2_147_483_648 }),
    errorCode: int16({ since: 13, ignorable: true }),
  },
})
export type MetadataResponse = Infer<typeof metadataResponse>
