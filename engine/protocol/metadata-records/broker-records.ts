/**
 * Records of the metadata log about brokers (KIP-631). A broker's epoch is the offset of its
 * RegisterBrokerRecord.
 *
 * FenceBroker and UnfenceBroker are what Kafka 3.0 wrote; BrokerRegistrationChange replaced them.
 * Versions of RegisterBroker: 1 adds controlled shutdown, 2 the migration from ZooKeeper, 3 log
 * directories (KIP-858), 4 cordoned ones (KIP-1066); BrokerRegistrationChange follows with 1, 2
 * and 3.
 */
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  int8,
  message,
  nullableArray,
  nullableString,
  string,
  struct,
  uint16,
  uuid,
  type Infer,
} from '../schema.ts'

export const registerBrokerRecord = message({
  name: 'RegisterBrokerRecord',
  apiKey: 0,
  versions: [0, 4],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    isMigratingZkBroker: boolean({ since: 2 }),
    incarnationId: uuid(),
    brokerEpoch: int64(),
    endPoints: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
        securityProtocol: int16(),
      }),
    ),
    features: array(
      struct({
        name: string(),
        minSupportedVersion: int16(),
        maxSupportedVersion: int16(),
      }),
    ),
    rack: nullableString(),
    fenced: boolean({ default: true }),
    inControlledShutdown: boolean({ since: 1 }),
    logDirs: array(uuid(), { since: 3, tag: 0 }),
    cordonedLogDirs: nullableArray(uuid(), { since: 4, tag: 1 }),
  },
})
export type RegisterBrokerRecord = Infer<typeof registerBrokerRecord>

export const unregisterBrokerRecord = message({
  name: 'UnregisterBrokerRecord',
  apiKey: 1,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    brokerEpoch: int64(),
  },
})
export type UnregisterBrokerRecord = Infer<typeof unregisterBrokerRecord>

export const fenceBrokerRecord = message({
  name: 'FenceBrokerRecord',
  apiKey: 7,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    id: int32(),
    epoch: int64(),
  },
})
export type FenceBrokerRecord = Infer<typeof fenceBrokerRecord>

export const unfenceBrokerRecord = message({
  name: 'UnfenceBrokerRecord',
  apiKey: 8,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    id: int32(),
    epoch: int64(),
  },
})
export type UnfenceBrokerRecord = Infer<typeof unfenceBrokerRecord>

export const brokerRegistrationChangeRecord = message({
  name: 'BrokerRegistrationChangeRecord',
  apiKey: 17,
  versions: [0, 3],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    brokerEpoch: int64(),
    // 1 when fenced, -1 when unfenced, 0 for no change.
    fenced: int8({ tag: 0 }),
    inControlledShutdown: int8({ since: 1, tag: 1 }),
    logDirs: array(uuid(), { since: 2, tag: 2 }),
    // Null stands for no change.
    cordonedLogDirs: nullableArray(uuid(), { since: 3, tag: 3 }),
  },
})
export type BrokerRegistrationChangeRecord = Infer<typeof brokerRegistrationChangeRecord>
