/**
 * Committed offsets in `__consumer_offsets`. The legacy key is what Kafka 0.8 wrote, and is read
 * alike.
 *
 * Versions of the value: 1 has an expiry of its own, 2 leaves that to the broker, 3 adds the
 * leader epoch, 4 is flexible and adds the topic id.
 */
import { int32, int64, message, string, uuid, type Infer } from '../schema.ts'

export const legacyOffsetCommitKey = message({
  name: 'LegacyOffsetCommitKey',
  apiKey: 0,
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    group: string(),
    topic: string(),
    partition: int32(),
  },
})
export type LegacyOffsetCommitKey = Infer<typeof legacyOffsetCommitKey>

export const legacyOffsetCommitValue = message({
  name: 'LegacyOffsetCommitValue',
  apiKey: 0,
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    offset: int64(),
    metadata: string(),
    commitTimestamp: int64(),
  },
})
export type LegacyOffsetCommitValue = Infer<typeof legacyOffsetCommitValue>

export const offsetCommitKey = message({
  name: 'OffsetCommitKey',
  apiKey: 1,
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    group: string(),
    topic: string(),
    partition: int32(),
  },
})
export type OffsetCommitKey = Infer<typeof offsetCommitKey>

export const offsetCommitValue = message({
  name: 'OffsetCommitValue',
  apiKey: 1,
  versions: [0, 4],
  flexibleSince: 4,
  fields: {
    offset: int64(),
    leaderEpoch: int32({ since: 3, ignorable: true, default: -1 }),
    metadata: string(),
    commitTimestamp: int64(),
    // -1 leaves expiry to the broker's retention.
    expireTimestamp: int64({ since: 1, until: 1, ignorable: true, default: -1n }),
    topicId: uuid({ since: 4, tag: 0, ignorable: true }),
  },
})
export type OffsetCommitValue = Infer<typeof offsetCommitValue>
