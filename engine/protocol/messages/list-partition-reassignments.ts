/**
 * ListPartitionReassignments (key 46) shows the moves that are under way (KIP-455).
 */
import {
  array,
  int16,
  int32,
  message,
  nullableArray,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const listPartitionReassignmentsRequest = message({
  name: 'ListPartitionReassignmentsRequest',
  apiKey: 46,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    timeoutMs: int32({ default: 60_000 }),
    // Null asks for all of them.
    topics: nullableArray(
      struct({
        name: string(),
        partitionIndexes: array(int32()),
      }),
    ),
  },
})
export type ListPartitionReassignmentsRequest = Infer<typeof listPartitionReassignmentsRequest>

export const listPartitionReassignmentsResponse = message({
  name: 'ListPartitionReassignmentsResponse',
  apiKey: 46,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullableString(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            replicas: array(int32()),
            addingReplicas: array(int32()),
            removingReplicas: array(int32()),
          }),
        ),
      }),
    ),
  },
})
export type ListPartitionReassignmentsResponse = Infer<typeof listPartitionReassignmentsResponse>
