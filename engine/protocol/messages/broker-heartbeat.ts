/**
 * BrokerHeartbeat (key 63) keeps a broker registered, and is how it asks to be unfenced or to shut
 * down (KIP-631).
 *
 * Versions: 1 adds offline log directories (KIP-858). 2 adds cordoned ones (KIP-1066).
 */
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  message,
  nullableArray,
  uuid,
  type Infer,
} from '../schema.ts'

export const brokerHeartbeatRequest = message({
  name: 'BrokerHeartbeatRequest',
  apiKey: 63,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    currentMetadataOffset: int64(),
    wantFence: boolean(),
    wantShutDown: boolean(),
    offlineLogDirs: array(uuid(), { since: 1, tag: 0 }),
    cordonedLogDirs: nullableArray(uuid(), { since: 2, tag: 1 }),
  },
})
export type BrokerHeartbeatRequest = Infer<typeof brokerHeartbeatRequest>

export const brokerHeartbeatResponse = message({
  name: 'BrokerHeartbeatResponse',
  apiKey: 63,
  versions: [0, 2],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    isCaughtUp: boolean(),
    isFenced: boolean({ default: true }),
    shouldShutDown: boolean(),
  },
})
export type BrokerHeartbeatResponse = Infer<typeof brokerHeartbeatResponse>
