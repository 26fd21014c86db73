/**
 * Transactions in `__transaction_state`: one record for each transactional id, its state last. As
 * in `__consumer_offsets` an int16 stands before the key, its record type, and one before the
 * value, its version.
 *
 * Version 1 of the value is flexible (KIP-915); what came later came as tagged fields (KIP-890).
 */
import {
  array,
  int16,
  int32,
  int64,
  int8,
  message,
  nullableArray,
  string,
  struct,
  type Infer,
} from '../schema.ts'

export const transactionLogKey = message({
  name: 'TransactionLogKey',
  apiKey: 0,
  versions: [0, 0],
  flexibleSince: null,
  fields: {
    transactionalId: string(),
  },
})
export type TransactionLogKey = Infer<typeof transactionLogKey>

export const transactionLogValue = message({
  name: 'TransactionLogValue',
  apiKey: 0,
  versions: [0, 1],
  flexibleSince: 1,
  fields: {
    producerId: int64(),
    previousProducerId: int64({ since: 1, tag: 0, default: -1n }),
    nextProducerId: int64({ since: 1, tag: 1, default: -1n }),
    producerEpoch: int16(),
    nextProducerEpoch: int16({ since: 1, tag: 3, default: -1 }),
    transactionTimeoutMs: int32(),
    // 0 Empty, 1 Ongoing, 2 PrepareCommit, 3 PrepareAbort, 4 CompleteCommit, 5 CompleteAbort,
    // 6 Dead, 7 PrepareEpochFence.
    transactionStatus: int8(),
    // Null where the transaction has none.
    transactionPartitions: nullableArray(
      struct({
        topic: string(),
        partitionIds: array(int32()),
      }),
    ),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    clientTransactionVersion: int16({ since: 1, tag: 2, default: 0 }),
  },
})
export type TransactionLogValue = Infer<typeof transactionLogValue>
