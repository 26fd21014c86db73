import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  coordinatorRecords,
  decodeCoordinatorRecord,
  encodeCoordinatorRecord,
  type CoordinatorRecordInput,
} from '../../../engine/protocol/coordinator-records/coordinator-record.ts'
import { KafkaError } from '../../../engine/protocol/errors.ts'
import { InvalidFrameError } from '../../../engine/protocol/invalid-frame.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  metadataRecords,
  type MetadataRecordInput,
} from '../../../engine/protocol/metadata-records/metadata-record.ts'
import type { Message } from '../../../engine/protocol/schema.ts'
import { arbitraryMessage, asRead, comparable } from './arbitrary-message.ts'
import { hex, hexOf, text } from './hex.ts'

const UUID = '000102030405060708090a0b0c0d0e0f'
const UUID_TEXT = 'AAECAwQFBgcICQoLDA0ODw'

describe('a metadata record', () => {
  test('stands behind its frame version, type and version', () => {
    const record = { type: 'TopicRecord', value: { name: 't', topicId: UUID_TEXT } } as const
    const bytes = encodeMetadataRecord(record)
    expect(hexOf(bytes)).toBe(hexOf(hex('01 02 00  02', text('t'), UUID, '00')))
    expect(decodeMetadataRecord(bytes)).toEqual(record)
  })

  test('of a changed partition has what changed and nothing else', () => {
    const bytes = encodeMetadataRecord(
      {
        type: 'PartitionChangeRecord',
        value: { partitionId: 3, topicId: UUID_TEXT, isr: [1, 2], leader: -1 },
      },
      0,
    )
    expect(hexOf(bytes)).toBe(
      hexOf(hex('01 05 00  00000003', UUID, '02  00 09 03 00000001 00000002  01 04 ffffffff')),
    )
    expect(decodeMetadataRecord(bytes)).toEqual({
      type: 'PartitionChangeRecord',
      value: {
        partitionId: 3,
        topicId: UUID_TEXT,
        isr: [1, 2],
        leader: -1,
        replicas: null,
        removingReplicas: null,
        addingReplicas: null,
        leaderRecoveryState: -1,
        directories: null,
        eligibleLeaderReplicas: null,
        lastKnownElr: null,
      },
    })
  })

  test('returns from its bytes, whatever it is and in whichever version', () => {
    for (const [type, declared] of Object.entries(metadataRecords)) {
      const message = declared as unknown as Message
      for (let version = message.versions[0]; version <= message.versions[1]; version++)
        fc.assert(
          fc.property(arbitraryMessage(message, version), value => {
            const record = { type, value } as MetadataRecordInput
            const read = decodeMetadataRecord(encodeMetadataRecord(record, version))
            const expected = { type, value: asRead(message.fields, value, version) }
            expect(comparable(read)).toEqual(comparable(expected))
          }),
          { numRuns: 5, seed: 6 },
        )
    }
  })

  test('is refused with another frame version, an unknown type or bytes left over', () => {
    expect(() => decodeMetadataRecord(hex('02 14 00 00'))).toThrow('frame version 2')
    expect(() => decodeMetadataRecord(hex('01 7f 00 00'))).toThrow('metadata record of type 127')
    expect(() => decodeMetadataRecord(hex('01 14 00 00 00'))).toThrow('leaves 1 bytes unread')
    expect(() => decodeMetadataRecord(hex(''))).toThrow(InvalidFrameError)
    expect(() => decodeMetadataRecord(hex('01 14 09 00'))).toThrow(KafkaError)
  })
})

describe('a coordinator record', () => {
  const commit = {
    type: 'OffsetCommit',
    key: { group: 'g', topic: 't', partition: 5 },
    value: { offset: 42n, leaderEpoch: 7, metadata: '', commitTimestamp: 1n },
  } as const

  test('has its type before the key and its version before the value', () => {
    const { key, value } = encodeCoordinatorRecord(commit, 3)
    expect(hexOf(key)).toBe(hexOf(hex('0001  0001', text('g'), '0001', text('t'), '00000005')))
    expect(hexOf(value!)).toBe(hexOf(hex('0003  000000000000002a 00000007 0000 0000000000000001')))
  })

  test('of version 1 has an expiry, which later ones leave out', () => {
    const { value } = encodeCoordinatorRecord(
      { ...commit, value: { ...commit.value, expireTimestamp: 9n } },
      1,
    )
    expect(hexOf(value!)).toBe(
      hexOf(hex('0001  000000000000002a 0000 0000000000000001 0000000000000009')),
    )
  })

  test('without a value is a tombstone', () => {
    const { key, value } = encodeCoordinatorRecord({ ...commit, value: null })
    expect(value).toBeNull()
    expect(decodeCoordinatorRecord(key, null)).toEqual({ ...commit, value: null })
  })

  test('of a share group is told by its type alone', () => {
    expect(decodeCoordinatorRecord(hex('000b 0001', text('g')), null)).toEqual({
      type: 'unknown',
      recordType: 11,
    })
  })

  test('returns from its bytes, whatever it is and in whichever version', () => {
    for (const [type, declared] of Object.entries(coordinatorRecords)) {
      const key = declared.key as unknown as Message
      const value = declared.value as unknown as Message
      for (let version = value.versions[0]; version <= value.versions[1]; version++)
        fc.assert(
          fc.property(arbitraryMessage(key, 0), arbitraryMessage(value, version), (k, v) => {
            const record = { type, key: k, value: v } as unknown as CoordinatorRecordInput
            const encoded = encodeCoordinatorRecord(record, version)
            const read = decodeCoordinatorRecord(encoded.key, encoded.value)
            const expected = { type, key: k, value: asRead(value.fields, v, version) }
            expect(comparable(read)).toEqual(comparable(expected))
          }),
          { numRuns: 5, seed: 7 },
        )
    }
  })

  test('is refused when bytes are left over or its value is from a newer Kafka', () => {
    const { key, value } = encodeCoordinatorRecord(commit)
    const longer = Buffer.concat([key, hex('00')])
    expect(() => decodeCoordinatorRecord(longer, value)).toThrow(InvalidFrameError)
    expect(() => decodeCoordinatorRecord(key, hex('0009'))).toThrow(KafkaError)
    expect(() => decodeCoordinatorRecord(hex('00'), null)).toThrow(InvalidFrameError)
  })
})
