/**
 * A record of the metadata log: which record it is, and its framing. Three unsigned varints stand
 * before the message: the frame's version, always 1, the record's type and its version.
 */
import { InvalidFrameError } from '../invalid-frame.ts'
import { Reader } from '../reader.ts'
import type { Infer, Input, Message } from '../schema.ts'
import { Writer } from '../writer.ts'
import {
  brokerRegistrationChangeRecord,
  fenceBrokerRecord,
  registerBrokerRecord,
  unfenceBrokerRecord,
  unregisterBrokerRecord,
} from './broker-records.ts'
import { clientQuotaRecord, configRecord, producerIdsRecord } from './config-records.ts'
import {
  abortTransactionRecord,
  beginTransactionRecord,
  endTransactionRecord,
  featureLevelRecord,
  noOpRecord,
  registerControllerRecord,
  unregisterControllerRecord,
  zkMigrationStateRecord,
} from './quorum-records.ts'
import {
  accessControlEntryRecord,
  delegationTokenRecord,
  removeAccessControlEntryRecord,
  removeDelegationTokenRecord,
  removeUserScramCredentialRecord,
  userScramCredentialRecord,
} from './security-records.ts'
import {
  clearElrRecord,
  partitionChangeRecord,
  partitionRecord,
  removeTopicRecord,
  topicRecord,
} from './topic-records.ts'

/** Every record of the metadata log by Kafka's name. A record's type is its `apiKey`. */
export const metadataRecords = {
  RegisterBrokerRecord: registerBrokerRecord,
  UnregisterBrokerRecord: unregisterBrokerRecord,
  TopicRecord: topicRecord,
  PartitionRecord: partitionRecord,
  ConfigRecord: configRecord,
  PartitionChangeRecord: partitionChangeRecord,
  FenceBrokerRecord: fenceBrokerRecord,
  UnfenceBrokerRecord: unfenceBrokerRecord,
  RemoveTopicRecord: removeTopicRecord,
  DelegationTokenRecord: delegationTokenRecord,
  UserScramCredentialRecord: userScramCredentialRecord,
  FeatureLevelRecord: featureLevelRecord,
  ClientQuotaRecord: clientQuotaRecord,
  ProducerIdsRecord: producerIdsRecord,
  BrokerRegistrationChangeRecord: brokerRegistrationChangeRecord,
  AccessControlEntryRecord: accessControlEntryRecord,
  RemoveAccessControlEntryRecord: removeAccessControlEntryRecord,
  NoOpRecord: noOpRecord,
  ZkMigrationStateRecord: zkMigrationStateRecord,
  RemoveUserScramCredentialRecord: removeUserScramCredentialRecord,
  BeginTransactionRecord: beginTransactionRecord,
  EndTransactionRecord: endTransactionRecord,
  AbortTransactionRecord: abortTransactionRecord,
  RemoveDelegationTokenRecord: removeDelegationTokenRecord,
  RegisterControllerRecord: registerControllerRecord,
  ClearElrRecord: clearElrRecord,
  UnregisterControllerRecord: unregisterControllerRecord,
} as const

export type MetadataRecordType = keyof typeof metadataRecords

/** A record as a reader gives it. */
export type MetadataRecord = {
  [T in MetadataRecordType]: {
    readonly type: T
    readonly value: Infer<(typeof metadataRecords)[T]>
  }
}[MetadataRecordType]

/** A record as a writer takes it: fields with a default may be left out. */
export type MetadataRecordInput = {
  [T in MetadataRecordType]: {
    readonly type: T
    readonly value: Input<(typeof metadataRecords)[T]>
  }
}[MetadataRecordType]

const FRAME_VERSION = 1

const typeByKey: ReadonlyMap<number, MetadataRecordType> = new Map(
  Object.entries(metadataRecords).map(([name, { apiKey }]) => [
    apiKey!,
    name as MetadataRecordType,
  ]),
)

/**
 * The bytes of a record, framed, in the newest version or the given one. The version may not be
 * newer than the cluster's metadata.version allows.
 *
 * @throws KafkaError UNSUPPORTED_VERSION where the version cannot hold the value.
 */
export function encodeMetadataRecord(record: MetadataRecordInput, version?: number): Uint8Array {
  const declaration = metadataRecords[record.type] as unknown as Message
  const written = version ?? declaration.versions[1]
  const writer = new Writer()
  writer.unsignedVarint(FRAME_VERSION)
  writer.unsignedVarint(declaration.apiKey!)
  writer.unsignedVarint(written)
  declaration.write(writer, record.value, written)
  return writer.finish()
}

/**
 * The record in a framed value. Byte fields are views of `bytes`.
 *
 * @throws InvalidFrameError for bytes that are no metadata record, or one that Kafka 4.4 has not.
 * @throws KafkaError UNSUPPORTED_VERSION for a version newer than Kafka 4.4's.
 */
export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  const reader = new Reader(bytes)
  const frameVersion = reader.unsignedVarint()
  if (frameVersion !== FRAME_VERSION)
    throw new InvalidFrameError(`metadata record of frame version ${frameVersion}`)
  const key = reader.unsignedVarint()
  const type = typeByKey.get(key)
  if (type === undefined) throw new InvalidFrameError(`metadata record of type ${key}`)
  const value = metadataRecords[type].read(reader, reader.unsignedVarint())
  if (reader.remaining > 0)
    throw new InvalidFrameError(`${type} leaves ${reader.remaining} bytes unread`)
  return { type, value } as MetadataRecord
}
