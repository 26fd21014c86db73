/**
 * BrokerRegistration (key 62): a starting broker makes itself known to the controller (KIP-631).
 *
 * Versions: 1 and 2 served the migration from ZooKeeper. 2 adds log directories (KIP-858). 3 adds
 * the epoch before the last clean shutdown (KIP-966). 4 allows a feature's minimum to be 0.
 */
import {
  array,
  boolean,
  int16,
  int32,
  int64,
  message,
  nullableString,
  string,
  struct,
  uint16,
  uuid,
  type Infer,
} from '../schema.ts'

export const brokerRegistrationRequest = message({
  name: 'BrokerRegistrationRequest',
  apiKey: 62,
  versions: [0, 4],
  flexibleSince: 0,
  fields: {
    brokerId: int32(),
    clusterId: string(),
    incarnationId: uuid(),
    listeners: array(
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
    isMigratingZkBroker: boolean({ since: 1 }),
    logDirs: array(uuid(), { since: 2, ignorable: true }),
    // -1 after an unclean shutdown.
    previousBrokerEpoch: int64({ since: 3, ignorable: true, default: -1n }),
  },
})
export type BrokerRegistrationRequest = Infer<typeof brokerRegistrationRequest>

export const brokerRegistrationResponse = message({
  name: 'BrokerRegistrationResponse',
  apiKey: 62,
  versions: [0, 4],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    brokerEpoch: int64({ default: -1n }),
  },
})
export type BrokerRegistrationResponse = Infer<typeof brokerRegistrationResponse>
