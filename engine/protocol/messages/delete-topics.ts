/**
 * DeleteTopics (key 20).
 *
 * Versions: 0 exists up to Kafka 3.9 only. 1 adds throttling. 3 may answer
 * TOPIC_DELETION_DISABLED. 4 is flexible. 5 adds error messages and may answer
 * THROTTLING_QUOTA_EXCEEDED (KIP-599). 6 names topics by name or by id (KIP-516).
 */
import {
  array,
  int16,
  int32,
  message,
  nullableString,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const deleteTopicsRequest = message({
  name: 'DeleteTopicsRequest',
  apiKey: 20,
  versions: [0, 6],
  flexibleSince: 4,
  fields: {
    topics: array(
      struct({
        name: nullableString(),
        topicId: uuid(),
      }),
      { since: 6 },
    ),
    topicNames: array(string(), { until: 5, ignorable: true }),
    timeoutMs: int32(),
  },
})
export type DeleteTopicsRequest = Infer<typeof deleteTopicsRequest>

export const deleteTopicsResponse = message({
  name: 'DeleteTopicsResponse',
  apiKey: 20,
  versions: [0, 6],
  flexibleSince: 4,
  fields: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    responses: array(
      struct({
        name: nullableString({ nullableSince: 6, default: '' }),
        topicId: uuid({ since: 6, ignorable: true }),
        errorCode: int16(),
        errorMessage: nullableString({ since: 5, ignorable: true }),
      }),
    ),
  },
})
export type DeleteTopicsResponse = Infer<typeof deleteTopicsResponse>
