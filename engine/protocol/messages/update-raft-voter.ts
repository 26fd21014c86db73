/**
 * UpdateRaftVoter (key 82): a voter of the metadata log tells the leader where it listens and which
 * versions it supports (KIP-853). One version.
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

export const updateRaftVoterRequest = message({
  name: 'UpdateRaftVoterRequest',
  apiKey: 82,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    clusterId: nullableString(),
    // -1 where it is not known.
    currentLeaderEpoch: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
      }),
    ),
    kRaftVersionFeature: struct({
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  },
})
export type UpdateRaftVoterRequest = Infer<typeof updateRaftVoterRequest>

export const updateRaftVoterResponse = message({
  name: 'UpdateRaftVoterResponse',
  apiKey: 82,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    currentLeader: struct(
      {
        leaderId: int32({ default: -1 }),
        leaderEpoch: int32({ default: -1 }),
        host: string(),
        port: int32(),
      },
      { tag: 0 },
    ),
  },
})
export type UpdateRaftVoterResponse = Infer<typeof updateRaftVoterResponse>
