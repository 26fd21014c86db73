/**
 * Vote (key 52): a candidate for leadership of the metadata log asks for votes (KIP-595).
 *
 * Versions: 1 adds directory ids and endpoints (KIP-853). 2 adds the pre-vote (KIP-996), and its
 * fields are named after the replica that asks.
 */
import {
  array,
  boolean,
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

export const voteRequest = message({
  name: 'VoteRequest',
  apiKey: 52,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    clusterId: nullableString(),
    voterId: int32({ since: 1, ignorable: true, default: -1 }),
    topics: array(
      struct({
        topicName: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            replicaEpoch: int32(),
            replicaId: int32(),
            replicaDirectoryId: uuid({ since: 1, ignorable: true }),
            voterDirectoryId: uuid({ since: 1, ignorable: true }),
            lastOffsetEpoch: int32(),
            lastOffset: int64(),
            preVote: boolean({ since: 2 }),
          }),
        ),
      }),
    ),
  },
})
export type VoteRequest = Infer<typeof voteRequest>

export const voteResponse = message({
  name: 'VoteResponse',
  apiKey: 52,
  versions: [0, 2],
  flexibleSince: 0,
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
            voteGranted: boolean(),
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
export type VoteResponse = Infer<typeof voteResponse>
