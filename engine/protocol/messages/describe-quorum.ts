/**
 * DescribeQuorum (key 55) shows the voters and observers of the metadata log (KIP-595).
 *
 * Versions: 1 adds fetch and caught-up times (KIP-836). 2 adds directory ids, endpoints and error
 * messages (KIP-853).
 */
import {
  array,
  int16,
  int32,
  int64,
  message,
  nullableString,
  string,
  struct,
  uint16,
  uuid,
  type Infer,
} from '../schema.ts'

export const describeQuorumRequest = message({
  name: 'DescribeQuorumRequest',
  apiKey: 55,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
          }),
        ),
      }),
    ),
  },
})
export type DescribeQuorumRequest = Infer<typeof describeQuorumRequest>

const replicaState = {
  replicaId: int32(),
  replicaDirectoryId: uuid({ since: 2 }),
  logEndOffset: int64(),
  lastFetchTimestamp: int64({ since: 1, ignorable: true, default: -1n }),
  lastCaughtUpTimestamp: int64({ since: 1, ignorable: true, default: -1n }),
}

export const describeQuorumResponse = message({
  name: 'DescribeQuorumResponse',
  apiKey: 55,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    errorCode: int16(),
    errorMessage: nullableString({ since: 2, ignorable: true, default: '' }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: nullableString({ since: 2, ignorable: true, default: '' }),
            leaderId: int32(),
            leaderEpoch: int32(),
            highWatermark: int64(),
            currentVoters: array(struct(replicaState)),
            observers: array(struct(replicaState)),
          }),
        ),
      }),
    ),
    nodes: array(
      struct({
        nodeId: int32(),
        listeners: array(
          struct({
            name: string(),
            host: string(),
            port: uint16(),
          }),
        ),
      }),
      { since: 2 },
    ),
  },
})
export type DescribeQuorumResponse = Infer<typeof describeQuorumResponse>
