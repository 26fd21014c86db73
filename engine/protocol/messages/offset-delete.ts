/**
 * OffsetDelete (key 47) forgets a group's offsets of topics that it is not subscribed to
 * (KIP-496).
 */
import { array, int16, int32, message, string, struct, type Infer } from '../schema.ts'

export const offsetDeleteRequest = message({
  name: 'OffsetDeleteRequest',
  apiKey: 47,
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    groupId: string(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
          }),
        ),
      }),
    ),
  },
})
export type OffsetDeleteRequest = Infer<typeof offsetDeleteRequest>

export const offsetDeleteResponse = message({
  name: 'OffsetDeleteResponse',
  apiKey: 47,
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    errorCode: int16(),
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
          }),
        ),
      }),
    ),
  },
})
export type OffsetDeleteResponse = Infer<typeof offsetDeleteResponse>
