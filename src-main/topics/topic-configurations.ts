/** Configurations of topics and brokers as DescribeConfigs tells them. */
import type { Client, Target } from '../../engine/client/client.ts'
import { topicConfigs } from '../../engine/config/topic-configs.ts'
import { formatConfigValue, type ConfigDefinition } from '../../engine/config/definition.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
  type DescribeConfigsResponse,
} from '../../engine/protocol/messages/describe-configs.ts'
import { ContractError } from '../contract/define.ts'
import type {
  ConfigurationEntry,
  ConfigurationSource,
  ConfigurationType,
  ConfigurationUnit,
  TopicConfigurationDefinition,
} from '../contract/model/configuration.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'

const api = { request: describeConfigsRequest, response: describeConfigsResponse }
const TOPIC = 2
const BROKER = 4

/** By number, as `ConfigSource` of Apache Kafka. */
const sources: readonly ConfigurationSource[] = [
  'unknown',
  'dynamic-topic',
  'dynamic-broker',
  'dynamic-default-broker',
  'static-broker',
  'default',
  'dynamic-broker-logger',
  'dynamic-client-metrics',
  'dynamic-group',
]

/** By number, as `ConfigType` of Apache Kafka. */
const types: readonly ConfigurationType[] = [
  'unknown',
  'boolean',
  'string',
  'int',
  'short',
  'long',
  'double',
  'list',
  'class',
  'password',
]

/** `ownEngine`: the cluster is ours, so that its defaults are known where it does not tell them. */
export async function topicConfigurations(
  client: Client,
  topic: string,
  ownEngine: boolean,
): Promise<readonly ConfigurationEntry[]> {
  const entries = await describe(client, { type: 'any' }, TOPIC, topic)
  if (!ownEngine) return entries
  const table: Readonly<Record<string, ConfigDefinition>> = topicConfigs
  return entries.map(entry => {
    const definition = table[entry.name]
    if (entry.source !== 'dynamic-topic' || entry.inheritedValue !== null) return entry
    const inheritedValue = definition === undefined ? null : formatConfigValue(definition.default)
    return { ...entry, inheritedValue }
  })
}

export function brokerConfigurations(
  client: Client,
  brokerId: number,
): Promise<readonly ConfigurationEntry[]> {
  return describe(client, { type: 'broker', brokerId }, BROKER, String(brokerId))
}

async function describe(
  client: Client,
  target: Target,
  resourceType: number,
  resourceName: string,
): Promise<readonly ConfigurationEntry[]> {
  const { results } = await client.request(target, api, {
    resources: [{ resourceType, resourceName, configurationKeys: null }],
    includeSynonyms: true,
    includeDocumentation: true,
  })
  const [result] = results
  const what = resourceType === TOPIC ? `topic ${resourceName}` : `broker ${resourceName}`
  const problem = codeProblem(result?.errorCode ?? -1, what, result?.errorMessage)
  if (problem !== null) throw new ContractError(problem)
  return result!.configs.map(entryOf).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** One configuration of many topics; a topic that cannot be described is left out. */
export async function topicConfigValues(
  client: Client,
  topics: readonly string[],
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const { results } = await client.request({ type: 'any' }, api, {
    resources: topics.map(topic => ({
      resourceType: TOPIC,
      resourceName: topic,
      configurationKeys: [name],
    })),
  })
  const values = results.flatMap(({ resourceName, configs }) =>
    configs.flatMap(({ name: found, value }): [string, string][] =>
      found === name && value !== null ? [[resourceName, value]] : [],
    ),
  )
  return new Map(values)
}

type Config = DescribeConfigsResponse['results'][number]['configs'][number]

function entryOf(config: Config): ConfigurationEntry {
  const { name, value, readOnly, isSensitive, configSource, configType, documentation } = config
  const synonyms = config.synonyms.map(({ name, value, source }) => ({
    name,
    value,
    source: sources[source] ?? 'unknown',
  }))
  return {
    name,
    value,
    source: sources[configSource] ?? 'unknown',
    inheritedValue: synonyms[1] === undefined ? null : valueAs(name, synonyms[1]),
    readOnly,
    sensitive: isSensitive,
    type: types[configType] ?? 'unknown',
    unit: unitOf(name),
    documentation: documentation === '' ? null : documentation,
    synonyms,
  }
}

/** Some brokers' settings have another unit than the topic's they stand for: hours, minutes. */
function valueAs(name: string, synonym: { name: string; value: string | null }): string | null {
  const { value } = synonym
  if (value === null || unitOf(name) !== 'ms' || !/^-?\d+$/.test(value)) return value
  const factor = synonym.name.endsWith('.hours')
    ? 3_600_000n
    : synonym.name.endsWith('.minutes')
      ? 60_000n
      : 1n
  return value.startsWith('-') ? value : String(BigInt(value) * factor)
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
export function topicConfigurationDefinitions(): readonly TopicConfigurationDefinition[] {
  const table: Readonly<Record<string, ConfigDefinition>> = topicConfigs
  return Object.entries(table).map(([name, definition]) => ({
    name,
    type: definition.type,
    unit: unitOf(name),
    defaultValue: formatConfigValue(definition.default) ?? '',
    documentation: definition.documentation,
    validValues: definition.among,
    min: definition.atLeast,
    max: definition.atMost,
    takesEffect: definition.effective,
  }))
}
