/**
 * UnregisterBroker (key 64) removes a stopped broker from the cluster (KIP-631).
 */
import { int16, int32, message, nullableString, type Infer } from '../schema.ts'

export const unregisterBrokerRequest = message({
  name: 'UnregisterBrokerRequest',
  apiKey: 64,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
  },
})
export type UnregisterBrokerRequest = Infer<typeof unregisterBrokerRequest>

export const unregisterBrokerResponse = message({
  name: 'UnregisterBrokerResponse',
  apiKey: 64,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullableString(),
  },
})
export type UnregisterBrokerResponse = Infer<typeof unregisterBrokerResponse>
