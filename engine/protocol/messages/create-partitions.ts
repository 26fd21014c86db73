/**
 * CreatePartitions (key 37) raises the number of a topic's partitions.
 *
 * Versions: 2 is flexible. 3 may answer THROTTLING_QUOTA_EXCEEDED (KIP-599).
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

export const createPartitionsRequest = message({
  name: 'CreatePartitionsRequest',
  apiKey: 37,
  versions: [0, 3],
  flexibleSince: 2,
  fields: {
    topics: array(
      struct({
        name: string(),
        count: int32(),
        // Null leaves the placement to the controller.
        assignments: nullableArray(
          struct({
            brokerIds: array(int32()),
          }),
        ),
      }),
    ),
    timeoutMs: int32(),
    validateOnly: boolean(),
  },
})
export type CreatePartitionsRequest = Infer<typeof createPartitionsRequest>

export const createPartitionsResponse = message({
  name: 'CreatePartitionsResponse',
  apiKey: 37,
  versions: [0, 3],
  flexibleSince: 2,
  fields: {
    throttleTimeMs: int32(),
    results: array(
      struct({
        name: string(),
        errorCode: int16(),
        errorMessage: nullableString(),
      }),
    ),
  },
})
export type CreatePartitionsResponse = Infer<typeof createPartitionsResponse>
