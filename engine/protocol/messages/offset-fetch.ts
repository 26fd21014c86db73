/**
 * OffsetFetch (key 9) reads a group's committed offsets. An offset never committed is -1, and no
 * error.
 *
 * Versions: 0 exists up to Kafka 3.9 only, and read from ZooKeeper. 2 asks for all topics with
 * null, and adds a top-level error. 3 adds throttling. 5 adds leader epochs. 6 is flexible. 7 can
 * wait for pending transactions (KIP-447). 8 asks for many groups at once (KIP-709). 9 serves
 * consumer groups (KIP-848). 10 names topics by id.
 */
import {
  array,
  boolean,
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

export const offsetFetchRequest = message({
  name: 'OffsetFetchRequest',
  apiKey: 9,
  versions: [0, 10],
  flexibleSince: 6,
  fields: {
    groupId: string({ until: 7 }),
    // Null asks for all topics.
    topics: nullableArray(
      struct({
        name: string(),
        partitionIndexes: array(int32()),
      }),
      { until: 7, nullableSince: 2, default: [] },
    ),
    groups: array(
      struct({
        groupId: string(),
        memberId: nullableString({ since: 9, ignorable: true }),
        memberEpoch: int32({ since: 9, ignorable: true, default: -1 }),
        // Null asks for all topics.
        topics: nullableArray(
          struct({
            name: string({ until: 9, ignorable: true }),
            topicId: uuid({ since: 10, ignorable: true }),
            partitionIndexes: array(int32()),
          }),
        ),
      }),
      { since: 8 },
    ),
    requireStable: boolean({ since: 7 }),
  },
})
export type OffsetFetchRequest = Infer<typeof offsetFetchRequest>

export const offsetFetchResponse = message({
  name: 'OffsetFetchResponse',
  apiKey: 9,
  versions: [0, 10],
  flexibleSince: 6,
  fields: {
    throttleTimeMs: int32({ since: 3, ignorable: true }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ since: 5, ignorable: true, default: -1 }),
            metadata: nullableString(),
            errorCode: int16(),
          }),
        ),
      }),
      { until: 7 },
    ),
    errorCode: int16({ since: 2, until: 7, ignorable: true }),
    groups: array(
      struct({
        groupId: string(),
        topics: array(
          struct({
            name: string({ until: 9, ignorable: true }),
            topicId: uuid({ since: 10, ignorable: true }),
            partitions: array(
              struct({
                partitionIndex: int32(),
                committedOffset: int64(),
                committedLeaderEpoch: int32({ default: -1 }),
                metadata: nullableString(),
                errorCode: int16(),
              }),
            ),
          }),
        ),
        errorCode: int16(),
      }),
      { since: 8 },
    ),
  },
})
export type OffsetFetchResponse = Infer<typeof offsetFetchResponse>
