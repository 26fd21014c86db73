/**
 * AddRaftVoter (key 80): a replica of the metadata log that follows it becomes a voter (KIP-853).
 *
 * Versions: 1 may be answered before the new voters are committed.
 */
import {
  array,
  boolean,
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

export const addRaftVoterRequest = message({
  name: 'AddRaftVoterRequest',
  apiKey: 80,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    clusterId: nullableString(),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
      }),
    ),
    ackWhenCommitted: boolean({ since: 1, default: true }),
  },
})
export type AddRaftVoterRequest = Infer<typeof addRaftVoterRequest>

export const addRaftVoterResponse = message({
  name: 'AddRaftVoterResponse',
  apiKey: 80,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullableString({ ignorable: true }),
  },
})
export type AddRaftVoterResponse = Infer<typeof addRaftVoterResponse>
