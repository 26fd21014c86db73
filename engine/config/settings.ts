/**
 * Configurations as typed settings: what is set somewhere, over what is set further away, over
 * the default. A topic falls back to its broker, and a broker to the whole cluster.
 */
import { KafkaError } from '../protocol/errors.ts'
import { brokerConfigs } from './broker-configs.ts'
import {
  parseConfigValue,
  settingName,
  type ConfigDefinition,
  type ConfigSynonym,
  type ConfigTable,
  type ConfigValue,
  type SettingsOf,
} from './definition.ts'
import { groupConfigs } from './group-configs.ts'
import { topicConfigs } from './topic-configs.ts'

/** Configurations as text, by name, as they are kept in the metadata log. */
export type ConfigMap = ReadonlyMap<string, string>

/** What is set for a broker, nearest first. */
export interface BrokerConfigLayers {
  /** Set for this broker through the cluster (DYNAMIC_BROKER_CONFIG). */
  readonly dynamicBroker: ConfigMap
  /** Set for every broker through the cluster (DYNAMIC_DEFAULT_BROKER_CONFIG). */
  readonly dynamicDefault: ConfigMap
  /** What the broker was started with (STATIC_BROKER_CONFIG). */
  readonly staticBroker: ConfigMap
}

const nothing: ConfigMap = new Map()
export const noBrokerConfigs: BrokerConfigLayers = {
  dynamicBroker: nothing,
  dynamicDefault: nothing,
  staticBroker: nothing,
}

/** Longs are bigint; all other numbers are number. */
export type TopicSettings = SettingsOf<typeof topicConfigs>
export type BrokerSettings = SettingsOf<typeof brokerConfigs>
export type GroupSettings = SettingsOf<typeof groupConfigs>

/** Fails with INVALID_CONFIG when a value is none; names that no table has are passed over. */
export function topicSettings(
  overrides: ConfigMap,
  layers: BrokerConfigLayers = noBrokerConfigs,
): TopicSettings {
  return collect(topicConfigs, (name, definition) =>
    resourceValue(name, definition, overrides, layers),
  ) as TopicSettings
}

export function brokerSettings(layers: BrokerConfigLayers = noBrokerConfigs): BrokerSettings {
  return collect(brokerConfigs, (name, definition) =>
    brokerValue(name, definition, layers),
  ) as BrokerSettings
}

export function groupSettings(
  overrides: ConfigMap,
  layers: BrokerConfigLayers = noBrokerConfigs,
): GroupSettings {
  return collect(groupConfigs, (name, definition) =>
    resourceValue(name, definition, overrides, layers),
  ) as GroupSettings
}

/** One typed value of a topic or group: its own, else its broker's, else the default. */
export function resourceValue(
  name: string,
  definition: ConfigDefinition,
  overrides: ConfigMap,
  layers: BrokerConfigLayers,
): ConfigValue {
  const own = overrides.get(name)
  if (own !== undefined) return parseConfigValue(name, definition, own)
  for (const synonym of definition.synonyms) {
    const value = synonymValue(synonym, definition, layers)
    if (value !== null) return value
  }
  return definition.default
}

/** A broker's value for a topic's or group's configuration, in the latter's unit; null if unset. */
function synonymValue(
  synonym: ConfigSynonym,
  definition: ConfigDefinition,
  layers: BrokerConfigLayers,
): ConfigValue {
  const brokers: ConfigTable = brokerConfigs
  const broker = brokers[synonym.name]
  if (broker === undefined) return null
  const text = brokerText(synonym.name, layers)
  // The broker's own default is the same as the topic's, which a test holds true.
  if (text === undefined) return null
  const value = parseConfigValue(synonym.name, broker, text)
  if (typeof value !== 'number' && typeof value !== 'bigint') return value
  if (definition.type !== 'long') return value
  const scaled = BigInt(value) * synonym.factor
  // Kafka takes every negative retention for "no limit".
  return scaled < 0n && definition.atLeast === -1 ? -1n : scaled
}

function brokerValue(
  name: string,
  definition: ConfigDefinition,
  layers: BrokerConfigLayers,
): ConfigValue {
  const text = brokerText(name, layers)
  return text === undefined ? definition.default : parseConfigValue(name, definition, text)
}

function brokerText(name: string, layers: BrokerConfigLayers): string | undefined {
  return (
    layers.dynamicBroker.get(name) ??
    layers.dynamicDefault.get(name) ??
    layers.staticBroker.get(name)
  )
}

/** Names as settings have them, made once: a broker collects the settings of every partition. */
const namesOf = new WeakMap<ConfigTable, readonly (readonly [string, string, ConfigDefinition])[]>()

function collect(
  table: ConfigTable,
  valueOf: (name: string, definition: ConfigDefinition) => ConfigValue,
): Record<string, ConfigValue> {
  let names = namesOf.get(table)
  if (names === undefined) {
    names = Object.entries(table).map(([name, definition]) => {
      return [settingName(name), name, definition] as const
    })
    namesOf.set(table, names)
  }
  const settings: Record<string, ConfigValue> = {}
  for (const [setting, name, definition] of names) settings[setting] = valueOf(name, definition)
  return settings
}

/**
 * Checks what a topic is to be configured with, each value alone and then together. Fails with
 * INVALID_CONFIG; an unknown name is an error here, since a person has just typed it.
 */
export function validateTopicConfigs(
  overrides: ConfigMap,
  layers: BrokerConfigLayers = noBrokerConfigs,
): void {
  validateEach('topic', topicConfigs, overrides)
  const lagMs = (name: 'min.compaction.lag.ms' | 'max.compaction.lag.ms'): bigint =>
    resourceValue(name, topicConfigs[name], overrides, layers) as bigint
  if (lagMs('min.compaction.lag.ms') > lagMs('max.compaction.lag.ms'))
    throw new KafkaError(
      'INVALID_CONFIG',
      `min.compaction.lag.ms (${lagMs('min.compaction.lag.ms')}) is above ` +
        `max.compaction.lag.ms (${lagMs('max.compaction.lag.ms')})`,
    )
}

/** As `validateTopicConfigs`, with the bounds that the brokers set for groups. */
export function validateGroupConfigs(
  overrides: ConfigMap,
  layers: BrokerConfigLayers = noBrokerConfigs,
): void {
  validateEach('group', groupConfigs, overrides)
  const settings = groupSettings(overrides, layers)
  const broker = brokerSettings(layers)
  for (const [name, value, lowest, highest] of [
    [
      'consumer.session.timeout.ms',
      settings.consumerSessionTimeoutMs,
      broker.groupConsumerMinSessionTimeoutMs,
      broker.groupConsumerMaxSessionTimeoutMs,
    ],
    [
      'consumer.heartbeat.interval.ms',
      settings.consumerHeartbeatIntervalMs,
      broker.groupConsumerMinHeartbeatIntervalMs,
      broker.groupConsumerMaxHeartbeatIntervalMs,
    ],
    [
      'consumer.assignment.interval.ms',
      settings.consumerAssignmentIntervalMs,
      broker.groupConsumerMinAssignmentIntervalMs,
      broker.groupConsumerMaxAssignmentIntervalMs,
    ],
  ] as const)
    if (value < lowest || value > highest)
      throw new KafkaError(
        'INVALID_CONFIG',
        `invalid value for ${name}: '${value}' must be from ${lowest} to ${highest}, ` +
          `the brokers' limits for groups`,
      )
  if (settings.consumerHeartbeatIntervalMs >= settings.consumerSessionTimeoutMs)
    throw new KafkaError(
      'INVALID_CONFIG',
      `consumer.heartbeat.interval.ms (${settings.consumerHeartbeatIntervalMs}) must be below ` +
        `consumer.session.timeout.ms (${settings.consumerSessionTimeoutMs})`,
    )
}

function validateEach(kind: string, table: ConfigTable, overrides: ConfigMap): void {
  for (const [name, text] of overrides) {
    const definition = Object.hasOwn(table, name) ? table[name] : undefined
    if (definition === undefined)
      throw new KafkaError('INVALID_CONFIG', `unknown ${kind} configuration: ${name}`)
    parseConfigValue(name, definition, text)
  }
}
