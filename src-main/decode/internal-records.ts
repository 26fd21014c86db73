/** Records of `__consumer_offsets` and `__transaction_state`, in Kafka's own names, as exact JSON. */
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../engine/protocol/consumer-protocol.ts'
import {
  coordinatorRecords,
  decodeCoordinatorRecord,
} from '../../engine/protocol/coordinator-records/coordinator-record.ts'
import {
  transactionLogKey,
  transactionLogValue,
} from '../../engine/protocol/coordinator-records/transaction-log.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { InvalidFrameError } from '../../engine/protocol/invalid-frame.ts'
import { Reader } from '../../engine/protocol/reader.ts'
import type { Message } from '../../engine/protocol/schema.ts'
import type { DecodeAbout } from '../contract/model/decode.ts'
import { bytesText, float64Text, stringText } from './json-text.ts'
import { readAsJson, refused, type Reading } from './reading.ts'

const KEY_NEEDED = "a value's format is told by its record's key, which is not here"

/** Of `transactionStatus`, by its number. */
const TRANSACTION_STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
]

export function readConsumerOffsets(bytes: Uint8Array, about: DecodeAbout): Reading {
  return attempt(() => {
    if (about.part === 'key') {
      const record = decodeCoordinatorRecord(bytes, null)
      if (record.type === 'unknown') return unknownType(record.recordType)
      return readAsJson(typedText(record.type, record.key))
    }
    if (about.key === null || about.key === undefined) return refused(KEY_NEEDED)
    const record = decodeCoordinatorRecord(about.key, bytes)
    if (record.type === 'unknown') return unknownType(record.recordType)
    const value = withMembersRead(record.value as object)
    return readAsJson(typedText(record.type, { version: new Reader(bytes).int16(), ...value }))
  })
}

export function readTransactionState(bytes: Uint8Array, about: DecodeAbout): Reading {
  return attempt(() => {
    const reader = new Reader(bytes)
    const prefix = reader.int16()
    if (about.part === 'key') {
      if (prefix !== transactionLogKey.apiKey) return unknownType(prefix)
      return readAsJson(typedText('TransactionLog', whole(transactionLogKey, reader, 0)))
    }
    const value = whole(transactionLogValue, reader, prefix) as { transactionStatus: number }
    const state = TRANSACTION_STATES[value.transactionStatus] ?? null
    return readAsJson(typedText('TransactionLog', { version: prefix, state, ...value }))
  })
}

function unknownType(recordType: number): Reading {
  const known = Object.values(coordinatorRecords).map(({ key }) => key.apiKey)
  return refused(
    `record type ${recordType} is none of ${known.join(', ')}: of a share or streams group, or of a newer Kafka`,
    0,
  )
}

/** What consumers say and get, which brokers keep as bytes, in a classic group of consumers. */
function withMembersRead(value: object): object {
  const { protocolType, members } = value as { protocolType?: unknown; members?: unknown }
  if (protocolType !== 'consumer' || !Array.isArray(members)) return value
  return {
    ...value,
    members: members.map((member: { subscription: Uint8Array; assignment: Uint8Array }) => ({
      ...member,
      subscription: consumerBytes(consumerProtocolSubscription, member.subscription),
      assignment: consumerBytes(consumerProtocolAssignment, member.assignment),
    })),
  }
}

/** Bytes stay bytes where a member put something of its own there. */
function consumerBytes(declared: Pick<Message, 'read' | 'versions'>, bytes: Uint8Array): unknown {
  try {
    const reader = new Reader(bytes)
    const version = reader.int16()
    // Newer versions only add fields at the end.
    return { version, ...declared.read(reader, Math.min(version, declared.versions[1])) }
  } catch (error) {
    // Waits for bytes in another format.
    if (error instanceof InvalidFrameError || error instanceof KafkaError) return bytes
    throw error
  }
}

function whole(declared: Pick<Message, 'name' | 'read'>, reader: Reader, version: number): object {
  const value = declared.read(reader, version)
  if (reader.remaining > 0)
    throw new InvalidFrameError(`${declared.name} leaves ${reader.remaining} bytes unread`)
  return value
}

function attempt(read: () => Reading): Reading {
  try {
    return read()
  } catch (error) {
    // Waits for bytes that are no such record, which is an answer here.
    if (error instanceof InvalidFrameError) return refused(error.message)
    if (error instanceof KafkaError) return refused(error.message)
    throw error
  }
}

function typedText(type: string, fields: object): string {
  return exactText({ type, ...fields })
}

/** Values of declared messages as JSON: int64 with all digits, bytes marked as such. */
function exactText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringText(value)
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'number':
      return Number.isInteger(value) ? String(value) : float64Text(value)
    default:
      break
  }
  if (value === null || value === undefined) return 'null'
  if (value instanceof Uint8Array) return bytesText(value)
  if (Array.isArray(value)) return `[${value.map(exactText).join(',')}]`
  const entries = Object.entries(value).map(
    ([name, each]) => `${stringText(name)}:${exactText(each)}`,
  )
  return `{${entries.join(',')}}`
}
