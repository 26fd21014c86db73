/**
 * Records of the metadata log about itself: the level of each feature, its controllers, its
 * transactions (KIP-868), and the NoOp that shows the log is alive (KIP-835).
 *
 * A new log begins with the FeatureLevelRecord of metadata.version. ZkMigrationState is written
 * once, by clusters of 3.4 and later, so that none of them is taken for a migrating one.
 */
import {
  array,
  boolean,
  int16,
  int32,
  int8,
  message,
  nullableString,
  string,
  struct,
  uint16,
  uuid,
  type Infer,
} from '../schema.ts'

export const featureLevelRecord = message({
  name: 'FeatureLevelRecord',
  apiKey: 12,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    name: string(),
    featureLevel: int16(),
  },
})
export type FeatureLevelRecord = Infer<typeof featureLevelRecord>

export const registerControllerRecord = message({
  name: 'RegisterControllerRecord',
  apiKey: 27,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: boolean(),
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
  },
})
export type RegisterControllerRecord = Infer<typeof registerControllerRecord>

export const unregisterControllerRecord = message({
  name: 'UnregisterControllerRecord',
  apiKey: 29,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    controllerId: int32(),
  },
})
export type UnregisterControllerRecord = Infer<typeof unregisterControllerRecord>

export const noOpRecord = message({
  name: 'NoOpRecord',
  apiKey: 20,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {},
})

export const beginTransactionRecord = message({
  name: 'BeginTransactionRecord',
  apiKey: 23,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    name: nullableString({ tag: 0 }),
  },
})
export type BeginTransactionRecord = Infer<typeof beginTransactionRecord>

export const endTransactionRecord = message({
  name: 'EndTransactionRecord',
  apiKey: 24,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {},
})

export const abortTransactionRecord = message({
  name: 'AbortTransactionRecord',
  apiKey: 25,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    reason: nullableString({ tag: 0 }),
  },
})
export type AbortTransactionRecord = Infer<typeof abortTransactionRecord>

export const zkMigrationStateRecord = message({
  name: 'ZkMigrationStateRecord',
  apiKey: 21,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    zkMigrationState: int8(),
  },
})
export type ZkMigrationStateRecord = Infer<typeof zkMigrationStateRecord>
