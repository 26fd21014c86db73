/** What Kafka's own tables say of configurations: units, defaults, what is allowed. */
import { brokerConfigs } from '../../engine/config/broker-configs.ts'
import { formatConfigValue, type ConfigDefinition } from '../../engine/config/definition.ts'
import { topicConfigs } from '../../engine/config/topic-configs.ts'
import type {
  ConfigurationFacts,
  ConfigurationUnit,
  TopicConfigurationDefinition,
} from '../contract/model/configuration.ts'

const tables: Readonly<Record<'topic' | 'broker', Readonly<Record<string, ConfigDefinition>>>> = {
  topic: topicConfigs,
  broker: brokerConfigs,
}

/** `ownEngine`: the cluster is ours, so that it is known what it acts on. */
export function factsOf(
  kind: 'topic' | 'broker',
  name: string,
  ownEngine: boolean,
): ConfigurationFacts | null {
  const definition = Object.hasOwn(tables[kind], name) ? tables[kind][name] : undefined
  if (definition === undefined) return null
  return {
    defaultValue: formatConfigValue(definition.default),
    validValues: definition.among,
    min: definition.atLeast,
    max: definition.atMost,
    takesEffect: ownEngine ? definition.effective : null,
    update: kind === 'topic' ? 'cluster-wide' : definition.update,
  }
}

/** Kafka writes the unit at the end of most names. */
export function unitOf(name: string): ConfigurationUnit | null {
  if (name.endsWith('.ms')) return 'ms'
  if (name.endsWith('.bytes') || name.endsWith('.bytes.per.second')) return 'bytes'
  if (name.endsWith('.ratio')) return 'ratio'
  if (name.endsWith('.messages') || name === 'min.insync.replicas') return 'count'
  return null
}

/** What a topic can be created with, from the engine's own table. */
export function topicConfigurationDefinitions(
  ownEngine: boolean,
): readonly TopicConfigurationDefinition[] {
  return Object.entries(tables.topic).map(([name, definition]) => ({
    name,
    type: definition.type,
    unit: unitOf(name),
    defaultValue: formatConfigValue(definition.default) ?? '',
    documentation: definition.documentation,
    validValues: definition.among,
    min: definition.atLeast,
    max: definition.atMost,
    // Apache Kafka acts on all of them.
    takesEffect: !ownEngine || definition.effective,
  }))
}
