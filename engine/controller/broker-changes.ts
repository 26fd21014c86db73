/**
 * What the metadata log must hold when a broker is fenced, comes back, or leaves: the change of
 * its registration and of every partition that it takes part in.
 */
import {
  NO_LEADER,
  type BrokerImage,
  type PartitionImage,
  type TopicImage,
} from './image-entries.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { elect, partitionChange, type ElectionInput } from './election.ts'
import type { MetadataImage } from './metadata-image.ts'

/** Registered, not fenced, not shutting down: may lead, and gets new partitions. */
export function isActive(broker: BrokerImage | undefined): boolean {
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
}

export function hasLeaderships(image: MetadataImage, brokerId: number): boolean {
  for (const topic of image.topicsById.values())
    if (topic.partitions.some(partition => partition.leader === brokerId)) return true
  return false
}

export function fenceBroker(image: MetadataImage, broker: BrokerImage): readonly MetadataRecord[] {
  return [
    registrationChange(broker, { fenced: 1, inControlledShutdown: 0 }),
    ...removeFromPartitions(image, broker.brokerId),
  ]
}

export function unfenceBroker(
  image: MetadataImage,
  broker: BrokerImage,
): readonly MetadataRecord[] {
  const acceptable = (id: number): boolean =>
    id === broker.brokerId || isActive(image.brokers.get(id))
  return [
    registrationChange(broker, { fenced: -1, inControlledShutdown: 0 }),
    ...changes(
      image,
      partition => partition.leader === NO_LEADER,
      partition => ({ partition, acceptable }),
    ),
  ]
}

/** The broker hands over what it leads, and stays until it has. */
export function beginControlledShutdown(
  image: MetadataImage,
  broker: BrokerImage,
): readonly MetadataRecord[] {
  return [
    registrationChange(broker, { fenced: 0, inControlledShutdown: 1 }),
    ...removeFromPartitions(image, broker.brokerId),
  ]
}

/** Takes a broker out of every ISR and leadership, as far as the rules of election let it go. */
export function removeFromPartitions(
  image: MetadataImage,
  brokerId: number,
): readonly MetadataRecord[] {
  const acceptable = (id: number): boolean => id !== brokerId && isActive(image.brokers.get(id))
  const leavingIsr = [brokerId]
  return changes(
    image,
    partition => partition.isr.includes(brokerId),
    partition => ({ partition, acceptable, leavingIsr }),
  )
}

function changes(
  image: MetadataImage,
  concerned: (partition: PartitionImage) => boolean,
  input: (partition: PartitionImage) => ElectionInput,
): readonly MetadataRecord[] {
  const records: MetadataRecord[] = []
  const visit = (topic: TopicImage): void => {
    for (const [index, partition] of topic.partitions.entries()) {
      if (!concerned(partition)) continue
      const change = partitionChange(topic.topicId, index, partition, elect(input(partition)))
      if (change !== null) records.push(change)
    }
  }
  for (const topic of image.topicsById.values()) visit(topic)
  return records
}

function registrationChange(
  broker: BrokerImage,
  change: { readonly fenced: number; readonly inControlledShutdown: number },
): MetadataRecord {
  return {
    type: 'BrokerRegistrationChangeRecord',
    value: {
      brokerId: broker.brokerId,
      brokerEpoch: broker.brokerEpoch,
      ...change,
      logDirs: [],
      cordonedLogDirs: null,
    },
  }
}
