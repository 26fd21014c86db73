/**
 * Configurations as DescribeConfigs and CreateTopics answer them: every entry with its value,
 * where that value comes from, and what would apply if it were removed.
 */
import { brokerConfigs } from './broker-configs.ts'
import {
  formatConfigValue,
  parseConfigValue,
  string,
  type ConfigDefinition,
  type ConfigTable,
  type ConfigType,
} from './definition.ts'
import { groupConfigs } from './group-configs.ts'
import {
  noBrokerConfigs,
  resourceValue,
  type BrokerConfigLayers,
  type ConfigMap,
} from './settings.ts'
import { topicConfigs } from './topic-configs.ts'

/** Kinds of resource that have configurations, by their number on the wire (ConfigResource). */
export const configResourceTypes = {
  UNKNOWN: 0,
  TOPIC: 2,
  BROKER: 4,
  BROKER_LOGGER: 8,
  CLIENT_METRICS: 16,
  GROUP: 32,
} as const

/** Where a value comes from, by its number on the wire (DescribeConfigsResponse.ConfigSource). */
export const configSources = {
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_BROKER_LOGGER_CONFIG: 6,
  DYNAMIC_CLIENT_METRICS_CONFIG: 7,
  DYNAMIC_GROUP_CONFIG: 8,
} as const

const UNKNOWN_TYPE = 0

/** A type's number on the wire (DescribeConfigsResponse.ConfigType). */
const typeCodes: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
}

export interface DescribedSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: number
}

/** One entry, with the names of DescribeConfigsResponse. */
export interface DescribedConfig {
  readonly name: string
  /** Null when unset, and always when sensitive. */
  readonly value: string | null
  readonly readOnly: boolean
  /** One of `configSources`; DEFAULT_CONFIG is what clients show as "default". */
  readonly configSource: number
  readonly isSensitive: boolean
  readonly synonyms: readonly DescribedSynonym[]
  readonly configType: number
  readonly documentation: string | null
}

export interface DescribeOptions {
  /** The entries asked for, in the order asked; null for all. */
  readonly keys?: readonly string[] | null
  readonly includeSynonyms?: boolean
  readonly includeDocumentation?: boolean
}

export function describeTopicConfigs(
  overrides: ConfigMap,
  layers: BrokerConfigLayers = noBrokerConfigs,
  options: DescribeOptions = {},
): readonly DescribedConfig[] {
  const { DYNAMIC_TOPIC_CONFIG } = configSources
  return describeResource(topicConfigs, DYNAMIC_TOPIC_CONFIG, overrides, layers, options)
}

export function describeGroupConfigs(
  overrides: ConfigMap,
  layers: BrokerConfigLayers = noBrokerConfigs,
  options: DescribeOptions = {},
): readonly DescribedConfig[] {
  const { DYNAMIC_GROUP_CONFIG } = configSources
  return describeResource(groupConfigs, DYNAMIC_GROUP_CONFIG, overrides, layers, options)
}

/** Everything a broker is configured with, including what is left at its default. */
export function describeBrokerConfigs(
  layers: BrokerConfigLayers,
  options: DescribeOptions = {},
): readonly DescribedConfig[] {
  const { dynamicBroker, dynamicDefault, staticBroker } = layers
  const named = new Set(
    [dynamicBroker, dynamicDefault, staticBroker].flatMap(map => [...map.keys()]),
  )
  return chosen(withStrangers(brokerConfigs, named), options).map(([name, definition]) => {
    const synonyms = brokerSynonyms([name, ...(brokerFallbacks[name] ?? [])], layers)
    const effective = synonyms[0]
    // A fallback in another unit is listed, but the value stays the one of this name.
    const value = effective?.name === name ? effective.value : formatConfigValue(definition.default)
    return entry(name, definition, {
      value,
      source: effective?.source ?? configSources.DEFAULT_CONFIG,
      synonyms,
      readOnly: definition.update === 'read-only',
      options,
    })
  })
}

/** What is set for all brokers at once; nothing else is listed, as in Kafka. */
export function describeClusterBrokerConfigs(
  dynamicDefault: ConfigMap,
  options: DescribeOptions = {},
): readonly DescribedConfig[] {
  const source = configSources.DYNAMIC_DEFAULT_BROKER_CONFIG
  return chosen(withStrangers(brokerConfigs, dynamicDefault.keys()), options)
    .filter(([name]) => dynamicDefault.has(name))
    .map(([name, definition]) => {
      const value = definition.sensitive ? null : dynamicDefault.get(name)!
      const synonyms = [{ name, value, source }]
      return entry(name, definition, {
        value,
        source,
        synonyms,
        readOnly: definition === stranger,
        options,
      })
    })
}

/** Broker configurations that give way to a finer one of another name. */
const brokerFallbacks: Readonly<Record<string, readonly string[]>> = {
  'log.retention.ms': ['log.retention.minutes', 'log.retention.hours'],
  'log.roll.ms': ['log.roll.hours'],
  'log.roll.jitter.ms': ['log.roll.jitter.hours'],
  'log.flush.interval.ms': ['log.flush.scheduler.interval.ms'],
}

/**
 * A configuration of a plug-in or a listener, which no table has. Since it may be a secret, it is
 * shown without its value, as Apache Kafka does.
 */
const stranger: ConfigDefinition = {
  ...string('', 'Configuration of a plug-in or a listener.'),
  default: null,
  sensitive: true,
}

function withStrangers(table: ConfigTable, names: Iterable<string>): ConfigTable {
  const unknown = [...names].filter(name => !Object.hasOwn(table, name))
  if (unknown.length === 0) return table
  return { ...table, ...Object.fromEntries(unknown.map(name => [name, stranger])) }
}

function describeResource(
  table: ConfigTable,
  ownSource: number,
  overrides: ConfigMap,
  layers: BrokerConfigLayers,
  options: DescribeOptions,
): readonly DescribedConfig[] {
  return chosen(table, options).map(([name, definition]) => {
    const set = overrides.get(name)
    // As Apache Kafka tells it: without the spaces, and the repetitions, that were typed.
    const own =
      set === undefined ? null : formatConfigValue(parseConfigValue(name, definition, set))
    const inherited = brokerSynonyms(
      definition.synonyms.map(synonym => synonym.name),
      layers,
    )
    const synonyms =
      own === null ? inherited : [{ name, value: own, source: ownSource }, ...inherited]
    return entry(name, definition, {
      value: own ?? formatConfigValue(resourceValue(name, definition, overrides, layers)),
      source: synonyms[0]?.source ?? configSources.DEFAULT_CONFIG,
      synonyms,
      readOnly: false,
      options,
    })
  })
}

/**
 * Every place that sets one of the names, the nearest first. Kafka leaves out a default that
 * stands under another name than the first, when nothing is set before it.
 */
function brokerSynonyms(
  names: readonly string[],
  layers: BrokerConfigLayers,
): readonly DescribedSynonym[] {
  const table: ConfigTable = brokerConfigs
  const found: DescribedSynonym[] = []
  const add = (name: string, value: string | null | undefined, source: number): void => {
    if (value === undefined || value === null) return
    found.push({ name, value: table[name]?.sensitive === false ? value : null, source })
  }
  const { dynamicBroker, dynamicDefault, staticBroker } = layers
  for (const name of names) add(name, dynamicBroker.get(name), configSources.DYNAMIC_BROKER_CONFIG)
  for (const name of names)
    add(name, dynamicDefault.get(name), configSources.DYNAMIC_DEFAULT_BROKER_CONFIG)
  for (const name of names) add(name, staticBroker.get(name), configSources.STATIC_BROKER_CONFIG)
  for (const name of names)
    add(name, formatConfigValue(table[name]?.default ?? null), configSources.DEFAULT_CONFIG)
  const first = found.findIndex(
    each => each.name === names[0] || each.source !== configSources.DEFAULT_CONFIG,
  )
  return first < 0 ? [] : found.slice(first)
}

function chosen(
  table: ConfigTable,
  options: DescribeOptions,
): readonly (readonly [string, ConfigDefinition])[] {
  const keys = options.keys ?? null
  if (keys === null) return Object.entries(table)
  return [...new Set(keys)].flatMap(name => {
    const definition = Object.hasOwn(table, name) ? table[name] : undefined
    return definition === undefined ? [] : [[name, definition] as const]
  })
}

interface EntryParts {
  readonly value: string | null
  readonly source: number
  readonly synonyms: readonly DescribedSynonym[]
  readonly readOnly: boolean
  readonly options: DescribeOptions
}

function entry(name: string, definition: ConfigDefinition, parts: EntryParts): DescribedConfig {
  const { includeSynonyms = false, includeDocumentation = false } = parts.options
  return {
    name,
    value: definition.sensitive ? null : parts.value,
    readOnly: parts.readOnly,
    configSource: parts.source,
    isSensitive: definition.sensitive,
    synonyms: includeSynonyms ? parts.synonyms : [],
    configType: definition === stranger ? UNKNOWN_TYPE : typeCodes[definition.type],
    documentation:
      includeDocumentation && definition !== stranger ? definition.documentation : null,
  }
}
