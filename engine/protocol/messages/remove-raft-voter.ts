/** RemoveRaftVoter (key 81): a voter of the metadata log loses its vote (KIP-853). One version. */
import { int16, int32, message, nullableString, uuid, type Infer } from '../schema.ts'

export const removeRaftVoterRequest = message({
  name: 'RemoveRaftVoterRequest',
  apiKey: 81,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    clusterId: nullableString(),
    voterId: int32(),
    voterDirectoryId: uuid(),
  },
})
export type RemoveRaftVoterRequest = Infer<typeof removeRaftVoterRequest>

export const removeRaftVoterResponse = message({
  name: 'RemoveRaftVoterResponse',
  apiKey: 81,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullableString({ ignorable: true }),
  },
})
export type RemoveRaftVoterResponse = Infer<typeof removeRaftVoterResponse>
