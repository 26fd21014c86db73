import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { snapshotRecords } from '../../../engine/controller/image-snapshot.ts'
import { MetadataImage, type MetadataChange } from '../../../engine/controller/metadata-image.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
} from '../../../engine/protocol/metadata-records/metadata-record.ts'
import { isControl, wholeBatches } from '../../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../../engine/protocol/records/record-reader.ts'
import { imageText } from '../../simulation/image-comparison.ts'

/** Metadata logs that Apache Kafka 4.3.1 wrote, of one node and of three. */
const captured = ['cluster-metadata', 'replicated-metadata']

describe.each(captured)("a snapshot of Apache Kafka's %s", name => {
  const records = recordsOf(name)

  test('gives the same image, wherever in the log it is taken', () => {
    for (let count = 0; count <= records.length; count++) {
      const image = imageOf(records.slice(0, count))
      const loaded = new MetadataImage()
      loaded.load(written(image), placeOf(image))
      expect(allOf(loaded)).toEqual(allOf(image))
    }
  })

  test('turns any earlier image into the later one, and says what that changed', () => {
    for (let count = 0; count <= records.length; count += 3) {
      const later = imageOf(records)
      const held = imageOf(records.slice(0, count))
      const topicsBefore = new Set(held.topicsById.keys())
      const changes = held.load(written(later), placeOf(later))
      expect(allOf(held)).toEqual(allOf(later))
      expect(idsOf(changes, 'topic-created')).toEqual(
        [...later.topicsById.keys()].filter(id => !topicsBefore.has(id)),
      )
      expect(idsOf(changes, 'topic-deleted')).toEqual(
        [...topicsBefore].filter(id => !later.topicsById.has(id)),
      )
      for (const change of changes)
        if (change.type === 'partition-changed') expect(change.before).not.toEqual(change.after)
    }
  })

  test('of an image that is the same tells of no topic and no configuration', () => {
    const image = imageOf(records)
    const changes = image.load(written(image), placeOf(image))
    const kinds = new Set(changes.map(({ type }) => type))
    expect([...kinds].filter(kind => kind !== 'broker-changed')).toEqual(
      image.controllers.size > 0 ? ['controller-registered'] : [],
    )
  })
})

describe('what a snapshot holds of access and quotas', () => {
  const acl = (id: string): MetadataRecord => ({
    type: 'AccessControlEntryRecord',
    value: {
      id,
      resourceType: 2,
      resourceName: 'orders',
      patternType: 3,
      principal: 'User:alice',
      host: '*',
      operation: 3,
      permissionType: 3,
    },
  })
  const scram = (name: string, mechanism: number, iterations: number): MetadataRecord => ({
    type: 'UserScramCredentialRecord',
    value: {
      name,
      mechanism,
      salt: Uint8Array.of(1, 2),
      storedKey: Uint8Array.of(3),
      serverKey: Uint8Array.of(4, 5, 6),
      iterations,
    },
  })
  const token = (tokenId: string): MetadataRecord => ({
    type: 'DelegationTokenRecord',
    value: {
      owner: 'User:alice',
      requester: 'User:bob',
      renewers: ['User:carol'],
      issueTimestamp: 1n,
      maxTimestamp: 2n,
      expirationTimestamp: 3n,
      tokenId,
    },
  })
  const user = { entityType: 'user', entityName: 'alice' }
  const client = { entityType: 'client-id', entityName: null }
  const quota = (entity: readonly (typeof user | typeof client)[], value: number) => {
    const key = 'producer_byte_rate'
    const type = 'ClientQuotaRecord' as const
    return { type, value: { entity: [...entity], key, value, remove: value < 0 } }
  }
  const [first, second] = ['AAAAAAAAAAAAAAAAAAAAAQ', 'AAAAAAAAAAAAAAAAAAAAAg'] as const

  test.each<[string, readonly MetadataRecord[], readonly MetadataRecord[]]>([
    [
      'ACLs that were not removed',
      [acl(first), acl(second), { type: 'RemoveAccessControlEntryRecord', value: { id: first } }],
      [acl(second)],
    ],
    [
      'the last credential for each mechanism of a user',
      [
        scram('alice', 1, 4096),
        scram('alice', 2, 4096),
        scram('alice', 1, 8192),
        scram('bob', 1, 4096),
        { type: 'RemoveUserScramCredentialRecord', value: { name: 'bob', mechanism: 1 } },
      ],
      [scram('alice', 1, 8192), scram('alice', 2, 4096)],
    ],
    [
      'tokens that are valid',
      [token('a'), token('b'), { type: 'RemoveDelegationTokenRecord', value: { tokenId: 'a' } }],
      [token('b')],
    ],
    [
      'the last quota of an entity, however it is named',
      [
        quota([user, client], 1.5),
        quota([user], 2),
        quota([client, user], 3),
        quota([client], 4),
        quota([client], -1),
      ],
      [quota([client, user], 3), quota([user], 2)],
    ],
  ])('%s, byte for byte', (_, records, kept) => {
    const image = imageOf(records)
    const bytes = [...snapshotRecords(image)].map(each => encodeMetadataRecord(each))
    expect(bytes).toEqual(kept.map(each => encodeMetadataRecord(each)))
    const loaded = imageOf([acl(first)])
    loaded.load(written(image), { lastOffset: image.lastOffset + 1n, lastEpoch: 3 })
    expect([...snapshotRecords(loaded)].map(each => encodeMetadataRecord(each))).toEqual(bytes)
  })
})

function recordsOf(name: string): MetadataRecord[] {
  const path = new URL(`./captured/apache-kafka-4.3.1-${name}.log`, import.meta.url)
  const bytes = readFileSync(path)
  const records: MetadataRecord[] = []
  for (const { at } of wholeBatches(bytes))
    if (!isControl(bytes, at))
      for (const { value } of readRecords(bytes, at)) records.push(decodeMetadataRecord(value!))
  expect(records.length).toBeGreaterThan(20)
  return records
}

function imageOf(records: readonly MetadataRecord[]): MetadataImage {
  const image = new MetadataImage()
  for (const [index, record] of records.entries()) image.replay(record, BigInt(index), 3)
  return image
}

/** As a file would give them back. */
function written(image: MetadataImage): MetadataRecord[] {
  return [...snapshotRecords(image)].map(each => decodeMetadataRecord(encodeMetadataRecord(each)))
}

function placeOf(image: MetadataImage) {
  return { lastOffset: image.lastOffset, lastEpoch: image.lastEpoch }
}

function allOf(image: MetadataImage) {
  return { text: imageText(image), controllers: image.controllers, features: image.features }
}

function idsOf(changes: readonly MetadataChange[], type: 'topic-created' | 'topic-deleted') {
  return changes.flatMap(change => (change.type === type ? [change.topic.topicId] : []))
}
