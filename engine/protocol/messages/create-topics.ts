/**
 * CreateTopics (key 19).
 *
 * Versions: 0 and 1 exist up to Kafka 3.9 only; 1 adds validateOnly and error messages. 2 adds
 * throttling. 4 lets the broker choose partition count and replication factor, sent as -1
 * (KIP-464). 5 is flexible and returns the topic's configuration (KIP-525). 6 may answer
 * THROTTLING_QUOTA_EXCEEDED (KIP-599). 7 returns the topic id.
 */
import {
  array,
  boolean,
  int16,
  int32,
  int8,
  message,
  nullableArray,
  nullableString,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const createTopicsRequest = message({
  name: 'CreateTopicsRequest',
  apiKey: 19,
  versions: [0, 7],
  flexibleSince: 5,
  fields: {
    topics: array(
      struct({
        name: string(),
        // -1 where the assignments say it, or the broker's default is wanted.
        numPartitions: int32(),
        // -1 where the assignments say it, or the broker's default is wanted.
        replicationFactor: int16(),
        assignments: array(
          struct({
            partitionIndex: int32(),
            brokerIds: array(int32()),
          }),
        ),
        configs: array(
          struct({
            name: string(),
            value: nullableString(),
          }),
        ),
      }),
    ),
    timeoutMs: int32({ default: 60_000 }),
    validateOnly: boolean({ since: 1 }),
  },
})
export type CreateTopicsRequest = Infer<typeof createTopicsRequest>

export const createTopicsResponse = message({
  name: 'CreateTopicsResponse',
  apiKey: 19,
  versions: [0, 7],
  flexibleSince: 5,
  fields: {
    throttleTimeMs: int32({ since: 2, ignorable: true }),
    topics: array(
      struct({
        name: string(),
        topicId: uuid({ since: 7, ignorable: true }),
        errorCode: int16(),
        errorMessage: nullableString({ since: 1, ignorable: true, default: '' }),
        topicConfigErrorCode: int16({ since: 5, tag: 0, ignorable: true }),
        numPartitions: int32({ since: 5, ignorable: true, default: -1 }),
        replicationFactor: int16({ since: 5, ignorable: true, default: -1 }),
        configs: nullableArray(
          struct({
            name: string(),
            value: nullableString(),
            readOnly: boolean(),
            configSource: int8({ default: -1 }),
            isSensitive: boolean(),
          }),
          { since: 5, ignorable: true, default: [] },
        ),
      }),
    ),
  },
})
export type CreateTopicsResponse = Infer<typeof createTopicsResponse>
