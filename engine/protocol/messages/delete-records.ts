/**
 * DeleteRecords (key 21) moves partitions' log start offsets forward.
 *
 * Versions: 2 is flexible.
 */
import { array, int16, int32, int64, message, string, struct, type Infer } from '../schema.ts'

export const deleteRecordsRequest = message({
  name: 'DeleteRecordsRequest',
  apiKey: 21,
  versions: [0, 2],
  flexibleSince: 2,
  fields: {
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            // -1 stands for the high watermark.
            offset: int64(),
          }),
        ),
      }),
    ),
    timeoutMs: int32(),
  },
})
export type DeleteRecordsRequest = Infer<typeof deleteRecordsRequest>

export const deleteRecordsResponse = message({
  name: 'DeleteRecordsResponse',
  apiKey: 21,
  versions: [0, 2],
  flexibleSince: 2,
  fields: {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            lowWatermark: int64(),
            errorCode: int16(),
          }),
        ),
      }),
    ),
  },
})
export type DeleteRecordsResponse = Infer<typeof deleteRecordsResponse>
