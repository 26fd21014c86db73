/**
 * What the metadata log must hold when a broker is fenced, comes back, or leaves: the change of
 * its registration and of every partition that it takes part in.
 */
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import type { ControllerState } from './handled.ts'
import {
  NO_LEADER,
  type BrokerImage,
  type PartitionImage,
  type TopicImage,
} from './image-entries.ts'
import type { MetadataImage } from './metadata-image.ts'
import { partitionChange, type PartitionTarget } from './partition-change.ts'
import { elrEnabled, isActive, rulesOfTopic } from './partition-rules.ts'
import { without } from './reassignment.ts'

export function hasLeaderships(image: MetadataImage, brokerId: number): boolean {
  for (const topic of image.topicsById.values())
    if (topic.partitions.some(partition => partition.leader === brokerId)) return true
  return false
}

export function fenceBroker(
  state: ControllerState,
  broker: BrokerImage,
): readonly MetadataRecord[] {
  return [
    registrationChange(broker, { fenced: 1, inControlledShutdown: 0 }),
    ...leaveIsrs(state, broker.brokerId),
  ]
}

export function unfenceBroker(
  state: ControllerState,
  broker: BrokerImage,
): readonly MetadataRecord[] {
  const { brokers } = state.image
  return [
    registrationChange(broker, { fenced: -1, inControlledShutdown: 0 }),
    ...changes(state, {
      mayLead: id => id === broker.brokerId || isActive(brokers.get(id)),
      concerns: partition => partition.leader === NO_LEADER,
      target: () => ({}),
    }),
  ]
}

/** The broker hands over what it leads, and stays until it has. */
export function beginControlledShutdown(
  state: ControllerState,
  broker: BrokerImage,
): readonly MetadataRecord[] {
  return [
    registrationChange(broker, { fenced: 0, inControlledShutdown: 1 }),
    ...leaveIsrs(state, broker.brokerId),
  ]
}

/** Takes a broker out of every ISR and leadership, as far as the rules of election let it go. */
export function leaveIsrs(state: ControllerState, brokerId: number): readonly MetadataRecord[] {
  return changes(state, {
    mayLead: othersThan(state, brokerId),
    concerns: partition => partition.isr.includes(brokerId),
    target: partition => ({ isr: without(partition.isr, [brokerId]) }),
  })
}

/**
 * A broker that comes back without a clean stop may have lost records that were only in memory:
 * it is not in sync any more, and not eligible either (KIP-966).
 */
export function leaveAfterUncleanShutdown(
  state: ControllerState,
  brokerId: number,
): readonly MetadataRecord[] {
  if (!elrEnabled(state)) return leaveIsrs(state, brokerId)
  return changes(state, {
    mayLead: othersThan(state, brokerId),
    concerns: ({ isr, eligibleLeaderReplicas }) =>
      isr.includes(brokerId) || eligibleLeaderReplicas.includes(brokerId),
    target: partition => ({
      isr: without(partition.isr, [brokerId]),
      uncleanShutdowns: [brokerId],
    }),
  })
}

/** Log folders of a broker broke: what lies in them is in sync and led elsewhere now (KIP-858). */
export function loseDirectories(
  state: ControllerState,
  broker: BrokerImage,
  offline: readonly string[],
): readonly MetadataRecord[] {
  const { brokerId, logDirs } = broker
  const lost = logDirs.filter(dir => offline.includes(dir))
  if (lost.length === 0) return []
  const liesInOne = ({ replicas, directories }: PartitionImage): boolean =>
    lost.includes(directories[replicas.indexOf(brokerId)] ?? '')
  const left = without(logDirs, lost)
  return [
    ...changes(state, {
      mayLead: othersThan(state, brokerId),
      concerns: liesInOne,
      target: partition => ({ isr: without(partition.isr, [brokerId]) }),
    }),
    // The record cannot say "none", and a broker without a folder does not stay.
    ...(left.length === 0 ? [] : [registrationChange(broker, noFencing, { logDirs: left })]),
  ]
}

/** Folders that get no new replicas (KIP-1066); null from a broker that has not said yet. */
export function cordonDirectories(
  broker: BrokerImage,
  cordoned: readonly string[] | null,
): readonly MetadataRecord[] {
  if (cordoned === null) return []
  const before = broker.cordonedLogDirs
  const same = before.length === cordoned.length && cordoned.every(dir => before.includes(dir))
  return same ? [] : [registrationChange(broker, noFencing, { cordonedLogDirs: cordoned })]
}

function othersThan(state: ControllerState, brokerId: number): (id: number) => boolean {
  return id => id !== brokerId && isActive(state.image.brokers.get(id))
}

interface Sweep {
  readonly mayLead: (brokerId: number) => boolean
  readonly concerns: (partition: PartitionImage) => boolean
  readonly target: (partition: PartitionImage) => PartitionTarget
}

function changes(state: ControllerState, sweep: Sweep): readonly MetadataRecord[] {
  const records: MetadataRecord[] = []
  for (const topic of state.image.topicsById.values()) changesOf(state, topic, sweep, records)
  return records
}

function changesOf(
  state: ControllerState,
  topic: TopicImage,
  { mayLead, concerns, target }: Sweep,
  records: MetadataRecord[],
): void {
  if (!topic.partitions.some(concerns)) return
  const { topicId } = topic
  const rulesOf = rulesOfTopic(state, topic, { mayLead })
  for (const [partitionIndex, partition] of topic.partitions.entries()) {
    if (!concerns(partition)) continue
    const place = { topicId, partitionIndex }
    const change = partitionChange(place, partition, target(partition), rulesOf(partition))
    if (change !== null) records.push(change)
  }
}

const noFencing = { fenced: 0, inControlledShutdown: 0 } as const

function registrationChange(
  { brokerId, brokerEpoch }: BrokerImage,
  change: { readonly fenced: number; readonly inControlledShutdown: number },
  folders: {
    readonly logDirs?: readonly string[]
    readonly cordonedLogDirs?: readonly string[]
  } = {},
): MetadataRecord {
  const { logDirs = [], cordonedLogDirs = null } = folders
  return {
    type: 'BrokerRegistrationChangeRecord',
    value: { brokerId, brokerEpoch, ...change, logDirs, cordonedLogDirs },
  }
}
