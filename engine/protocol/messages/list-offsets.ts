/**
 * ListOffsets (key 2) finds an offset by timestamp. Special timestamps: -1 the end, -2 the start,
 * -3 the record with the largest timestamp, -4 the start of the local log, -5 the last tiered
 * offset, -6 the first offset not uploaded yet.
 *
 * Versions: 0 returns a list of offsets and exists up to Kafka 3.9 only. 1 returns one offset with
 * its timestamp. 2 adds isolation levels and throttling. 4 fences by leader epoch. 5 may answer
 * OFFSET_NOT_AVAILABLE. 6 is flexible. 7 knows -3 (KIP-734), 8 knows -4 (KIP-405), 9 knows -5
 * (KIP-1005). 10 adds a timeout for reading remote storage (KIP-1075). 11 knows -6 (KIP-1023).
 */
import { array, int16, int32, int64, int8, message, string, struct, type Infer } from '../schema.ts'

export const listOffsetsRequest = message({
  name: 'ListOffsetsRequest',
  apiKey: 2,
  versions: [0, 11],
  flexibleSince: 6,
  fields: {
    // -1 for a consumer.
    replicaId: int32(),
    isolationLevel: int8({ since: 2 }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            currentLeaderEpoch: int32({ since: 4, ignorable: true, default: -1 }),
            timestamp: int64(),
            maxNumOffsets: int32({ until: 0, default: 1 }),
          }),
        ),
      }),
    ),
    timeoutMs: int32({ since: 10, ignorable: true }),
  },
})
export type ListOffsetsRequest = Infer<typeof listOffsetsRequest>

export const listOffsetsResponse = message({
  name: 'ListOffsetsResponse',
  apiKey: 2,
  versions: [0, 11],
  flexibleSince: 6,
  fields: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            oldStyleOffsets: array(int64(), { until: 0 }),
            timestamp: int64({ since: 1, default: -1n }),
            offset: int64({ since: 1, default: -1n }),
            leaderEpoch: int32({ since: 4, default: -1 }),
          }),
        ),
      }),
    ),
  },
})
export type ListOffsetsResponse = Infer<typeof listOffsetsResponse>
