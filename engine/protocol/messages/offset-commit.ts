/**
 * OffsetCommit (key 8) stores a group's offsets.
 *
 * Versions: 0 and 1 exist up to Kafka 3.9 only: 0 has no membership, 1 has a commit timestamp in
 * its stead. 2 adds a retention time, which 5 takes away again. 3 adds throttling. 6 adds leader
 * epochs. 7 adds static membership (KIP-345). 8 is flexible. 9 serves consumer groups, whose
 * member epoch stands in the generation's place (KIP-848). 10 names topics by id.
 */
import {
  array,
  int16,
  int32,
  int64,
  message,
  nullableString,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const offsetCommitRequest = message({
  name: 'OffsetCommitRequest',
  apiKey: 8,
  versions: [0, 10],
  flexibleSince: 8,
  fields: {
    groupId: string(),
    // -1 from a consumer that is not a member.
    generationIdOrMemberEpoch: int32({ since: 1, ignorable: true, default: -1 }),
    memberId: string({ since: 1, ignorable: true }),
    groupInstanceId: nullableString({ since: 7 }),
    // -1 leaves it to the broker.
    retentionTimeMs: int64({ since: 2, until: 4, ignorable: true, default: -1n }),
    topics: array(
      struct({
        name: string({ until: 9, ignorable: true }),
        topicId: uuid({ since: 10, ignorable: true }),
        partitions: array(
          struct({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ since: 6, ignorable: true, default: -1 }),
            commitTimestamp: int64({ since: 1, until: 1, default: -1n }),
            committedMetadata: nullableString(),
          }),
        ),
      }),
    ),
  },
})
export type OffsetCommitRequest = Infer<typeof offsetCommitRequest>

export const offsetCommitResponse = message({
  name: 'OffsetCommitResponse',
  apiKey: 8,
  versions: [0, 10],
  flexibleSince: 8,
  fields: {
    throttleTimeMs: int32({ since: 3, ignorable: true }),
    topics: array(
      struct({
        name: string({ until: 9, ignorable: true }),
        topicId: uuid({ since: 10, ignorable: true }),
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
export type OffsetCommitResponse = Infer<typeof offsetCommitResponse>
