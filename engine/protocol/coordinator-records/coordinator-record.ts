/**
 * A record of `__consumer_offsets`: which record it is, and its framing. Before the key stands the
 * record's type and before the value its version, both as int16. Share and streams groups keep
 * their records in the same topic; a reader is told their type and no more.
 */
import { InvalidFrameError } from '../invalid-frame.ts'
import { Reader } from '../reader.ts'
import type { Infer, Input, Message } from '../schema.ts'
import { Writer } from '../writer.ts'
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from './consumer-group.ts'
import { groupMetadataKey, groupMetadataValue } from './group-metadata.ts'
import {
  legacyOffsetCommitKey,
  legacyOffsetCommitValue,
  offsetCommitKey,
  offsetCommitValue,
} from './offset-commit.ts'

/** Every record that a classic or consumer group writes. A record's type is its key's `apiKey`. */
export const coordinatorRecords = {
  LegacyOffsetCommit: { key: legacyOffsetCommitKey, value: legacyOffsetCommitValue },
  OffsetCommit: { key: offsetCommitKey, value: offsetCommitValue },
  GroupMetadata: { key: groupMetadataKey, value: groupMetadataValue },
  ConsumerGroupMetadata: { key: consumerGroupMetadataKey, value: consumerGroupMetadataValue },
  ConsumerGroupPartitionMetadata: {
    key: consumerGroupPartitionMetadataKey,
    value: consumerGroupPartitionMetadataValue,
  },
  ConsumerGroupMemberMetadata: {
    key: consumerGroupMemberMetadataKey,
    value: consumerGroupMemberMetadataValue,
  },
  ConsumerGroupTargetAssignmentMetadata: {
    key: consumerGroupTargetAssignmentMetadataKey,
    value: consumerGroupTargetAssignmentMetadataValue,
  },
  ConsumerGroupTargetAssignmentMember: {
    key: consumerGroupTargetAssignmentMemberKey,
    value: consumerGroupTargetAssignmentMemberValue,
  },
  ConsumerGroupCurrentMemberAssignment: {
    key: consumerGroupCurrentMemberAssignmentKey,
    value: consumerGroupCurrentMemberAssignmentValue,
  },
  ConsumerGroupRegularExpression: {
    key: consumerGroupRegularExpressionKey,
    value: consumerGroupRegularExpressionValue,
  },
} as const

type Records = typeof coordinatorRecords
export type CoordinatorRecordType = keyof Records

/** A record as a reader gives it. A null value is a tombstone. */
export type CoordinatorRecord = {
  [T in CoordinatorRecordType]: {
    readonly type: T
    readonly key: Infer<Records[T]['key']>
    readonly value: Infer<Records[T]['value']> | null
  }
}[CoordinatorRecordType]

/** A record as a writer takes it: fields with a default may be left out. */
export type CoordinatorRecordInput = {
  [T in CoordinatorRecordType]: {
    readonly type: T
    readonly key: Input<Records[T]['key']>
    readonly value: Input<Records[T]['value']> | null
  }
}[CoordinatorRecordType]

const KEY_VERSION = 0

const typeById: ReadonlyMap<number, CoordinatorRecordType> = new Map(
  Object.entries(coordinatorRecords).map(([name, { key }]) => [
    key.apiKey!,
    name as CoordinatorRecordType,
  ]),
)

/**
 * The key and the value of a record, its value in the newest version or the given one.
 *
 * @throws KafkaError UNSUPPORTED_VERSION where the version cannot hold the value.
 */
export function encodeCoordinatorRecord(
  record: CoordinatorRecordInput,
  version?: number,
): { readonly key: Uint8Array; readonly value: Uint8Array | null } {
  const declared = coordinatorRecords[record.type]
  const key = declared.key as unknown as Message
  const value = declared.value as unknown as Message
  return {
    key: prefixed(key.apiKey!, key, record.key, KEY_VERSION),
    value:
      record.value === null
        ? null
        : prefixed(version ?? value.versions[1], value, record.value, version ?? value.versions[1]),
  }
}

function prefixed(prefix: number, message: Message, value: object, version: number): Uint8Array {
  const writer = new Writer()
  writer.int16(prefix)
  message.write(writer, value, version)
  return writer.finish()
}

/**
 * The record behind a key and a value, or its type's number where the record is of a share or
 * streams group, or of a Kafka newer than 4.4. Byte fields are views of the arguments.
 *
 * @throws InvalidFrameError for bytes that are no such record.
 * @throws KafkaError UNSUPPORTED_VERSION for a value newer than Kafka 4.4's.
 */
export function decodeCoordinatorRecord(
  key: Uint8Array,
  value: Uint8Array | null,
): CoordinatorRecord | { readonly type: 'unknown'; readonly recordType: number } {
  const keyReader = new Reader(key)
  const recordType = keyReader.int16()
  const type = typeById.get(recordType)
  if (type === undefined) return { type: 'unknown', recordType }
  const declared = coordinatorRecords[type]
  return {
    type,
    key: wholeOf(declared.key, keyReader, KEY_VERSION),
    value: value === null ? null : decodeValue(declared.value, value),
  } as CoordinatorRecord
}

function decodeValue(declaration: Pick<Message, 'name' | 'read'>, bytes: Uint8Array): unknown {
  const reader = new Reader(bytes)
  return wholeOf(declaration, reader, reader.int16())
}

function wholeOf(
  declaration: Pick<Message, 'name' | 'read'>,
  reader: Reader,
  version: number,
): unknown {
  const value = declaration.read(reader, version)
  if (reader.remaining > 0)
    throw new InvalidFrameError(`${declaration.name} leaves ${reader.remaining} bytes unread`)
  return value
}
