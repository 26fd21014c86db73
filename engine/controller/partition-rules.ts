/** What holds for the partitions of a topic when one of them is to change. */
import { resourceValue } from '../config/settings.ts'
import { topicConfigs } from '../config/topic-configs.ts'
import { ZERO_UUID } from '../protocol/schema.ts'
import type { Election } from './election.ts'
import type { ControllerState } from './handled.ts'
import type { BrokerImage, PartitionImage, TopicImage } from './image-entries.ts'
import type { PartitionRules } from './partition-change.ts'

export const ELR_FEATURE = 'eligible.leader.replicas.version'

/** Stands for a log folder that the broker chooses by itself (DirectoryId.UNASSIGNED). */
const UNASSIGNED_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAQ'
/** Stands for a log folder that is broken (DirectoryId.LOST). */
const LOST_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAg'
export const reservedDirectories: readonly string[] = [
  ZERO_UUID,
  UNASSIGNED_DIRECTORY,
  LOST_DIRECTORY,
]

/** Registered, not fenced, not shutting down: may lead, and gets new partitions. */
export function isActive(broker: BrokerImage | undefined): boolean {
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
}

export function elrEnabled(state: ControllerState): boolean {
  return (state.image.features.get(ELR_FEATURE) ?? 0) > 0
}

export function uncleanElectionAllowed(state: ControllerState, topicName: string): boolean {
  return topicValue(state, topicName, 'unclean.leader.election.enable') === true
}

function topicValue(
  state: ControllerState,
  topicName: string,
  name: 'unclean.leader.election.enable' | 'min.insync.replicas',
) {
  const overrides = state.image.topicConfigs(topicName)
  return resourceValue(name, topicConfigs[name], overrides, state.configLayers())
}

export interface RulesOptions {
  /** When not given: unclean where the topic allows it, else online. */
  readonly election?: Election
  /** Who may lead at all; when not given, whoever is active. */
  readonly mayLead?: (brokerId: number) => boolean
}

/** The rules of a topic, by partition: worked out once for all of its partitions. */
export function rulesOfTopic(
  state: ControllerState,
  topic: TopicImage,
  options: RulesOptions = {},
): (partition: PartitionImage) => PartitionRules {
  const { brokers } = state.image
  const minIsrSet = topicValue(state, topic.name, 'min.insync.replicas') as number
  const allowed = uncleanElectionAllowed(state, topic.name)
  const { election = allowed ? 'unclean' : 'online' } = options
  const { mayLead = (id: number) => isActive(brokers.get(id)) } = options
  const rules = {
    election,
    minIsr: Math.min(minIsrSet, topic.partitions[0]!.replicas.length),
    elrEnabled: elrEnabled(state),
    directoryOf: (id: number) => directoryOf(brokers.get(id)),
  }
  return partition => ({
    ...rules,
    acceptable: id =>
      mayLead(id) && online(brokers.get(id), partition.directories[partition.replicas.indexOf(id)]),
  })
}

/** With one log folder there is no choice; with several the broker makes it (KIP-858). */
export function directoryOf(broker: BrokerImage | undefined): string {
  const { logDirs = [] } = broker ?? {}
  if (logDirs.length === 1) return logDirs[0]!
  return logDirs.length === 0 ? ZERO_UUID : UNASSIGNED_DIRECTORY
}

/** Whether the folder of a replica is known to work; one that is not assigned yet counts as such. */
function online(broker: BrokerImage | undefined, directory: string | undefined): boolean {
  if (directory === LOST_DIRECTORY) return false
  if (directory === undefined || reservedDirectories.includes(directory)) return true
  const { logDirs = [] } = broker ?? {}
  return logDirs.length === 0 || logDirs.includes(directory)
}
