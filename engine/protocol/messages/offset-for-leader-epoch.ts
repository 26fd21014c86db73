/**
 * OffsetForLeaderEpoch (key 23) asks where a leader epoch ended, which is how a consumer notices
 * that the log was truncated under it (KIP-320).
 *
 * Versions: 0 and 1 exist up to Kafka 3.9 only; 1 returns the epoch too. 2 fences by leader epoch
 * and adds throttling. 3 says which replica asks. 4 is flexible.
 */
import { array, int16, int32, int64, message, string, struct, type Infer } from '../schema.ts'

export const offsetForLeaderEpochRequest = message({
  name: 'OffsetForLeaderEpochRequest',
  apiKey: 23,
  versions: [0, 4],
  flexibleSince: 4,
  fields: {
    replicaId: int32({ since: 3, ignorable: true, default: -2 }),
    topics: array(
      struct({
        topic: string(),
        partitions: array(
          struct({
            partition: int32(),
            currentLeaderEpoch: int32({ since: 2, ignorable: true, default: -1 }),
            leaderEpoch: int32(),
          }),
        ),
      }),
    ),
  },
})
export type OffsetForLeaderEpochRequest = Infer<typeof offsetForLeaderEpochRequest>

export const offsetForLeaderEpochResponse = message({
  name: 'OffsetForLeaderEpochResponse',
  apiKey: 23,
  versions: [0, 4],
  flexibleSince: 4,
  fields: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    topics: array(
      struct({
        topic: string(),
        partitions: array(
          struct({
            errorCode: int16(),
            partition: int32(),
            leaderEpoch: int32({ since: 1, ignorable: true, default: -1 }),
            endOffset: int64({ default: -1n }),
          }),
        ),
      }),
    ),
  },
})
export type OffsetForLeaderEpochResponse = Infer<typeof offsetForLeaderEpochResponse>
