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

test('an image that was told of something it does not keep says that it does not hold all', () => {
  const image = new MetadataImage()
  expect(image.holdsAll).toBe(true)
  image.replay(
    {
      type: 'RemoveAccessControlEntryRecord',
      value: { id: 'AAAAAAAAAAAAAAAAAAAAAQ' },
    },
    0n,
  )
  expect(image.holdsAll).toBe(false)
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
