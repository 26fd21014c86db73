/**
 * DescribeShareGroupOffsets (key 90) tells from where on records of a partition are not finished in
 * a share group: below its start offset all were acknowledged or archived (KIP-932).
 *
 * Versions: 1 adds the lag (KIP-1226).
 */
import {
  array,
  int16,
  int32,
  int64,
  message,
  nullableArray,
  nullableString,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const describeShareGroupOffsetsRequest = message({
  name: 'DescribeShareGroupOffsetsRequest',
  apiKey: 90,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    groups: array(
      struct({
        groupId: string(),
        // Null asks for all partitions.
        topics: nullableArray(
          struct({
            topicName: string(),
            partitions: array(int32()),
          }),
        ),
      }),
    ),
  },
})
export type DescribeShareGroupOffsetsRequest = Infer<typeof describeShareGroupOffsetsRequest>

export const describeShareGroupOffsetsResponse = message({
  name: 'DescribeShareGroupOffsetsResponse',
  apiKey: 90,
  versions: [0, 1],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    groups: array(
      struct({
        groupId: string(),
        topics: array(
          struct({
            topicName: string(),
            topicId: uuid(),
            partitions: array(
              struct({
                partitionIndex: int32(),
                // -1 where the group has not begun with the partition.
                startOffset: int64(),
                leaderEpoch: int32(),
                // -1 where it is not known.
                lag: int64({ since: 1, ignorable: true, default: -1n }),
                errorCode: int16(),
                errorMessage: nullableString({ default: null }),
              }),
            ),
          }),
        ),
        errorCode: int16(),
        errorMessage: nullableString({ default: null }),
      }),
    ),
  },
})
export type DescribeShareGroupOffsetsResponse = Infer<typeof describeShareGroupOffsetsResponse>
