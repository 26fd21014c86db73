/**
 * BeginQuorumEpoch (key 53): a new leader of the metadata log presents itself to the voters
 * (KIP-595).
 *
 * Versions: 1 is flexible and adds directory ids and endpoints (KIP-853).
 */
import {
  array,
  int16,
  int32,
  message,
  nullableString,
  string,
  struct,
  uint16,
  uuid,
  type Infer,
} from '../schema.ts'

export const beginQuorumEpochRequest = message({
  name: 'BeginQuorumEpochRequest',
  apiKey: 53,
  versions: [0, 1],
  flexibleSince: 1,
  fields: {
    clusterId: nullableString(),
    voterId: int32({ since: 1, ignorable: true, default: -1 }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            voterDirectoryId: uuid({ since: 1, ignorable: true }),
            leaderId: int32(),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
    leaderEndpoints: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
      }),
      { since: 1, ignorable: true },
    ),
  },
})
export type BeginQuorumEpochRequest = Infer<typeof beginQuorumEpochRequest>

export const beginQuorumEpochResponse = message({
  name: 'BeginQuorumEpochResponse',
  apiKey: 53,
  versions: [0, 1],
  flexibleSince: 1,
  fields: {
    errorCode: int16(),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            leaderId: int32(),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: uint16(),
      }),
      { since: 1, tag: 0 },
    ),
  },
})
export type BeginQuorumEpochResponse = Infer<typeof beginQuorumEpochResponse>
