/**
 * Produce (key 0) appends record batches to partitions. With acks 0 the broker sends no response.
 *
 * Versions: 3 is the oldest that Kafka 4 accepts (record batches of magic 2, transactional ids). 4
 * may answer KAFKA_STORAGE_ERROR. 5 adds the log start offset. 7 allows zstd (KIP-110). 8 names
 * the records that spoiled a batch (KIP-467). 9 is flexible. 10 tells the new leader in the
 * response (KIP-951). 11 may answer TRANSACTION_ABORTABLE; 12 adds the partition to the
 * transaction on its way (KIP-890). 13 names topics by id (KIP-516).
 */
import {
  array,
  int16,
  int32,
  int64,
  message,
  nullableString,
  records,
  string,
  struct,
  uuid,
  type Infer,
} from '../schema.ts'

export const produceRequest = message({
  name: 'ProduceRequest',
  apiKey: 0,
  versions: [3, 13],
  flexibleSince: 9,
  fields: {
    transactionalId: nullableString(),
    // 0 wants no response, 1 the leader's append, -1 the whole ISR.
    acks: int16(),
    timeoutMs: int32(),
    topicData: array(
      struct({
        name: string({ until: 12, ignorable: true }),
        topicId: uuid({ since: 13, ignorable: true }),
        partitionData: array(
          struct({
            index: int32(),
            records: records(),
          }),
        ),
      }),
    ),
  },
})
export type ProduceRequest = Infer<typeof produceRequest>

export const produceResponse = message({
  name: 'ProduceResponse',
  apiKey: 0,
  versions: [3, 13],
  flexibleSince: 9,
  fields: {
    responses: array(
      struct({
        name: string({ until: 12, ignorable: true }),
        topicId: uuid({ since: 13, ignorable: true }),
        partitionResponses: array(
          struct({
            index: int32(),
            errorCode: int16(),
            baseOffset: int64(),
            // -1 where records keep the time of their creation.
            logAppendTimeMs: int64({ default: -1n }),
            logStartOffset: int64({ since: 5, ignorable: true, default: -1n }),
            recordErrors: array(
              struct({
                batchIndex: int32(),
                batchIndexErrorMessage: nullableString(),
              }),
              { since: 8, ignorable: true },
            ),
            errorMessage: nullableString({ since: 8, ignorable: true }),
            currentLeader: struct(
              {
                leaderId: int32({ default: -1 }),
                leaderEpoch: int32({ default: -1 }),
              },
              { since: 10, tag: 0 },
            ),
          }),
        ),
      }),
    ),
    throttleTimeMs: int32(),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: nullableString(),
      }),
      { since: 10, tag: 0 },
    ),
  },
})
export type ProduceResponse = Infer<typeof produceResponse>
