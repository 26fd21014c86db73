/**
 * DescribeCluster (key 60) shows the cluster's id, its controller and its brokers (KIP-700).
 *
 * Versions: 1 can ask for controllers instead of brokers (KIP-919). 2 can include fenced brokers
 * (KIP-1073).
 */
import {
  array,
  boolean,
  int16,
  int32,
  int8,
  message,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const describeClusterRequest = message({
  name: 'DescribeClusterRequest',
  apiKey: 60,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    includeClusterAuthorizedOperations: boolean(),
    // 1 for brokers, 2 for controllers.
    endpointType: int8({ since: 1, default: 1 }),
    includeFencedBrokers: boolean({ since: 2 }),
  },
})
export type DescribeClusterRequest = Infer<typeof describeClusterRequest>

export const describeClusterResponse = message({
  name: 'DescribeClusterResponse',
  apiKey: 60,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullableString(),
    endpointType: int8({ since: 1, default: 1 }),
    clusterId: string(),
    controllerId: int32({ default: -1 }),
    brokers: array(
      struct({
        brokerId: int32(),
        host: string(),
        port: int32(),
        rack: nullableString(),
        isFenced: boolean({ since: 2 }),
      }),
    ),
    clusterAuthorizedOperations: int32({ default: -2_147_483_648 }),
  },
})
export type DescribeClusterResponse = Infer<typeof describeClusterResponse>
