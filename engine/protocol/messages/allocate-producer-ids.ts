/**
 * AllocateProducerIds (key 67): a broker takes a block of producer ids from the controller
 * (KIP-730).
 */
import { int16, int32, int64, message, type Infer } from '../schema.ts'

export const allocateProducerIdsRequest = message({
  name: 'AllocateProducerIdsRequest',
  apiKey: 67,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
  },
})
export type AllocateProducerIdsRequest = Infer<typeof allocateProducerIdsRequest>

export const allocateProducerIdsResponse = message({
  name: 'AllocateProducerIdsResponse',
  apiKey: 67,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  },
})
export type AllocateProducerIdsResponse = Infer<typeof allocateProducerIdsResponse>
