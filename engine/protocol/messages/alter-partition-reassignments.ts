/**
 * AlterPartitionReassignments (key 45) starts or, with null replicas, cancels the move of
 * partitions to other brokers (KIP-455).
 *
 * Versions: 1 can forbid that the replication factor changes.
 */
import {
  array,
  boolean,
  int16,
  int32,
  message,
  nullableArray,
  nullableString,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const alterPartitionReassignmentsRequest = message({
  name: 'AlterPartitionReassignmentsRequest',
  apiKey: 45,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    timeoutMs: int32({ default: 60_000 }),
    allowReplicationFactorChange: boolean({ since: 1, default: true }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            // Null cancels.
            replicas: nullableArray(int32()),
          }),
        ),
      }),
    ),
  },
})
export type AlterPartitionReassignmentsRequest = Infer<typeof alterPartitionReassignmentsRequest>

export const alterPartitionReassignmentsResponse = message({
  name: 'AlterPartitionReassignmentsResponse',
  apiKey: 45,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    allowReplicationFactorChange: boolean({ since: 1, ignorable: true, default: true }),
    errorCode: int16(),
    errorMessage: nullableString(),
    responses: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: nullableString(),
          }),
        ),
      }),
    ),
  },
})
export type AlterPartitionReassignmentsResponse = Infer<typeof alterPartitionReassignmentsResponse>
