/**
 * InitProducerId (key 22) gives a producer its id and epoch, and ends what an earlier producer of
 * the same transactional id left open.
 *
 * Versions: 2 is flexible. 3 lets a producer keep its id and raise its epoch (KIP-360). 4 may
 * answer PRODUCER_FENCED. 5 may answer TRANSACTION_ABORTABLE (KIP-890). 6 adds two-phase commit
 * (KIP-939).
 */
import { boolean, int16, int32, int64, message, nullableString, type Infer } from '../schema.ts'

export const initProducerIdRequest = message({
  name: 'InitProducerIdRequest',
  apiKey: 22,
  versions: [0, 6],
  flexibleSince: 2,
  fields: {
    transactionalId: nullableString(),
    // Without meaning where there is no transactional id.
    transactionTimeoutMs: int32(),
    producerId: int64({ since: 3, default: -1n }),
    producerEpoch: int16({ since: 3, default: -1 }),
    enable2Pc: boolean({ since: 6 }),
    keepPreparedTxn: boolean({ since: 6 }),
  },
})
export type InitProducerIdRequest = Infer<typeof initProducerIdRequest>

export const initProducerIdResponse = message({
  name: 'InitProducerIdResponse',
  apiKey: 22,
  versions: [0, 6],
  flexibleSince: 2,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ default: -1n }),
    producerEpoch: int16(),
    ongoingTxnProducerId: int64({ since: 6, default: -1n }),
    ongoingTxnProducerEpoch: int16({ since: 6, default: -1 }),
  },
})
export type InitProducerIdResponse = Infer<typeof initProducerIdResponse>
