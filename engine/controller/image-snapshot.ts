/**
 * The metadata image as records: what a snapshot holds, so that replaying it gives the same image.
 * And what a snapshot changes for one who held an older image.
 */
import { configResourceTypes } from '../config/describe.ts'
import type { MetadataRecordInput } from '../protocol/metadata-records/metadata-record.ts'
import type { MetadataChange, MetadataImage } from './metadata-image.ts'

/** Features come first: they say how the others are to be read. */
export function* snapshotRecords(image: MetadataImage): Iterable<MetadataRecordInput> {
  for (const [name, featureLevel] of image.features)
    yield { type: 'FeatureLevelRecord', value: { name, featureLevel } }
  for (const broker of image.brokers.values()) yield { type: 'RegisterBrokerRecord', value: broker }
  for (const controller of image.controllers.values())
    yield { type: 'RegisterControllerRecord', value: controller }
  for (const { topicId, name, partitions } of image.topicsById.values()) {
    yield { type: 'TopicRecord', value: { name, topicId } }
    for (const [partitionId, partition] of partitions.entries())
      yield { type: 'PartitionRecord', value: { ...partition, partitionId, topicId } }
  }
  for (const resourceType of Object.values(configResourceTypes))
    for (const resourceName of image.configuredResources(resourceType))
      for (const [name, value] of image.configs(resourceType, resourceName))
        yield { type: 'ConfigRecord', value: { resourceType, resourceName, name, value } }
  yield* image.keptRecords
  const { nextProducerId } = image
  if (nextProducerId > 0n)
    yield { type: 'ProducerIdsRecord', value: { brokerId: -1, nextProducerId } }
}

/** What turns one image into the other, as the changes of single records would tell it. */
export function changesBetween(before: MetadataImage, after: MetadataImage): MetadataChange[] {
  return [
    ...featureChanges(before, after),
    ...brokerChanges(before, after),
    ...topicChanges(before, after),
    ...configChanges(before, after),
    ...(before.nextProducerId === after.nextProducerId
      ? []
      : [{ type: 'producer-ids-allocated', nextProducerId: after.nextProducerId } as const]),
  ]
}

function* featureChanges(before: MetadataImage, after: MetadataImage): Iterable<MetadataChange> {
  for (const name of new Set([...before.features.keys(), ...after.features.keys()])) {
    const level = after.features.get(name) ?? 0
    if (level !== (before.features.get(name) ?? 0)) yield { type: 'feature-changed', name, level }
  }
}

function* brokerChanges(before: MetadataImage, after: MetadataImage): Iterable<MetadataChange> {
  for (const broker of before.brokers.values())
    if (!after.brokers.has(broker.brokerId)) yield { type: 'broker-unregistered', before: broker }
  for (const broker of after.brokers.values())
    yield {
      type: 'broker-changed',
      before: before.brokers.get(broker.brokerId) ?? null,
      after: broker,
    }
  for (const controller of after.controllers.values())
    yield { type: 'controller-registered', controller }
}

/** A topic of an old name and a new id is another one: the old one goes first. */
function* topicChanges(before: MetadataImage, after: MetadataImage): Iterable<MetadataChange> {
  for (const topic of before.topicsById.values())
    if (!after.topicsById.has(topic.topicId)) yield { type: 'topic-deleted', topic }
  for (const topic of after.topicsById.values()) {
    const held = before.topicsById.get(topic.topicId)
    if (held === undefined) yield { type: 'topic-created', topic }
    for (const [partitionIndex, partition] of topic.partitions.entries()) {
      const known = held?.partitions[partitionIndex] ?? null
      if (known?.partitionEpoch === partition.partitionEpoch) continue
      const change = { topic, partitionIndex, before: known, after: partition }
      yield { type: 'partition-changed', ...change }
    }
  }
}

function* configChanges(before: MetadataImage, after: MetadataImage): Iterable<MetadataChange> {
  for (const resourceType of Object.values(configResourceTypes)) {
    const names = new Set([
      ...before.configuredResources(resourceType),
      ...after.configuredResources(resourceType),
    ])
    for (const resourceName of names) {
      const [was, is] = [before, after].map(image => image.configs(resourceType, resourceName))
      for (const name of new Set([...was!.keys(), ...is!.keys()])) {
        const value = is!.get(name) ?? null
        if (value === (was!.get(name) ?? null)) continue
        yield { type: 'config-changed', resourceType, resourceName, name, value }
      }
    }
  }
}
