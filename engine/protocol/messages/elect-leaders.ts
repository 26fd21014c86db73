/**
 * ElectLeaders (key 43) starts leader elections: preferred (0) or unclean (1) (KIP-460).
 *
 * Versions: 1 adds unclean elections and a top-level error. 2 is flexible.
 */
import {
  array,
  int16,
  int32,
  int8,
  message,
  nullableArray,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const electLeadersRequest = message({
  name: 'ElectLeadersRequest',
  apiKey: 43,
  versions: [0, 2],
  flexibleSince: 2,
  fields: {
    electionType: int8({ since: 1 }),
    // Null elects for all partitions.
    topicPartitions: nullableArray(
      struct({
        topic: string(),
        partitions: array(int32()),
      }),
    ),
    timeoutMs: int32({ default: 60_000 }),
  },
})
export type ElectLeadersRequest = Infer<typeof electLeadersRequest>

export const electLeadersResponse = message({
  name: 'ElectLeadersResponse',
  apiKey: 43,
  versions: [0, 2],
  flexibleSince: 2,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16({ since: 1 }),
    replicaElectionResults: array(
      struct({
        topic: string(),
        partitionResult: array(
          struct({
            partitionId: int32(),
            errorCode: int16(),
            errorMessage: nullableString(),
          }),
        ),
      }),
    ),
  },
})
export type ElectLeadersResponse = Infer<typeof electLeadersResponse>
