/**
 * EndQuorumEpoch (key 54): a resigning leader asks the voters to elect without waiting (KIP-595).
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

export const endQuorumEpochRequest = message({
  name: 'EndQuorumEpochRequest',
  apiKey: 54,
  versions: [0, 1],
  flexibleSince: 1,
  fields: {
    clusterId: nullableString(),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            leaderId: int32(),
            leaderEpoch: int32(),
            preferredSuccessors: array(int32(), { until: 0, ignorable: true }),
            preferredCandidates: array(
              struct({
                candidateId: int32(),
                candidateDirectoryId: uuid(),
              }),
              { since: 1, ignorable: true },
            ),
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
export type EndQuorumEpochRequest = Infer<typeof endQuorumEpochRequest>

export const endQuorumEpochResponse = message({
  name: 'EndQuorumEpochResponse',
  apiKey: 54,
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
export type EndQuorumEpochResponse = Infer<typeof endQuorumEpochResponse>
