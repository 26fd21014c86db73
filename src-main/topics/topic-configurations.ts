/** Configurations of topics and brokers as DescribeConfigs tells them. */
import type { Client, Target } from '../../engine/client/client.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
  type DescribeConfigsResponse,
} from '../../engine/protocol/messages/describe-configs.ts'
import { ContractError } from '../contract/define.ts'
import type {
  ConfigurationEntry,
  ConfigurationResource,
  ConfigurationSource,
  ConfigurationType,
} from '../contract/model/configuration.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import { factsOf, unitOf } from './configuration-facts.ts'
import { documentationText } from './documentation-text.ts'

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
export async function describeConfigurations(
  client: Client,
  resource: ConfigurationResource,
  ownEngine: boolean,
): Promise<readonly ConfigurationEntry[]> {
  switch (resource.type) {
    case 'topic':
      return topicConfigurations(client, resource.name, ownEngine)
    case 'broker':
      return brokerConfigurations(client, resource.brokerId, ownEngine)
    case 'brokers':
      return brokerDefaults(client, ownEngine)
  }
}

export async function topicConfigurations(
  client: Client,
  topic: string,
  ownEngine: boolean,
): Promise<readonly ConfigurationEntry[]> {
  const entries = await describe(client, { type: 'any' }, TOPIC, topic, ownEngine)
  return ownEngine ? entries.map(withDefault) : entries
}

/** Some configurations of many topics in one question; a topic that is gone is left out. */
export async function someOfTopics(
  client: Client,
  wanted: { readonly topics: readonly string[]; readonly names: readonly string[] },
  ownEngine: boolean,
): Promise<ReadonlyMap<string, readonly ConfigurationEntry[]>> {
  const { results } = await client.request({ type: 'any' }, api, {
    resources: wanted.topics.map(topic => ({
      resourceType: TOPIC,
      resourceName: topic,
      configurationKeys: wanted.names,
    })),
    includeSynonyms: true,
    includeDocumentation: false,
  })
  return new Map(
    results.flatMap(({ resourceName, errorCode, configs }) => {
      const entries = configs.map(config => entryOf(config, 'topic', ownEngine)).sort(byName)
      return errorCode === 0
        ? [[resourceName, ownEngine ? entries.map(withDefault) : entries] as const]
        : []
    }),
  )
}

/** Our own brokers' defaults are known also where the cluster does not tell them. */
function withDefault(entry: ConfigurationEntry): ConfigurationEntry {
  if (entry.source !== 'dynamic-topic' || entry.inheritedValue !== null) return entry
  return { ...entry, inheritedValue: entry.facts?.defaultValue ?? null }
}

function byName(a: ConfigurationEntry, b: ConfigurationEntry): number {
  return a.name < b.name ? -1 : 1
}

export function brokerConfigurations(
  client: Client,
  brokerId: number,
  ownEngine = false,
): Promise<readonly ConfigurationEntry[]> {
  return describe(client, { type: 'broker', brokerId }, BROKER, String(brokerId), ownEngine)
}

/**
 * What can be set for all brokers at once. A cluster tells only what is set so; the others are
 * known from a broker, without what is set for that broker alone.
 */
async function brokerDefaults(
  client: Client,
  ownEngine: boolean,
): Promise<readonly ConfigurationEntry[]> {
  const { brokers } = await client.metadata([])
  const brokerId = brokers[0]?.nodeId ?? 0
  const [set, known] = await Promise.all([
    describe(client, { type: 'any' }, BROKER, '', ownEngine),
    brokerConfigurations(client, brokerId, ownEngine),
  ])
  const setNames = new Map(set.map(entry => [entry.name, entry]))
  const settable = known.filter(
    ({ name, readOnly, facts }) =>
      !readOnly && (facts?.update === 'cluster-wide' || setNames.has(name)),
  )
  const listed = settable.map(entry => withoutOwnLayer(entry, setNames.get(entry.name)))
  const strangers = set.filter(({ name }) => !known.some(entry => entry.name === name))
  return [...listed, ...strangers]
}

/** A broker's entry as if nothing were set for that broker alone. */
function withoutOwnLayer(
  entry: ConfigurationEntry,
  set: ConfigurationEntry | undefined,
): ConfigurationEntry {
  const layers = entry.synonyms.filter(({ source }) => source !== 'dynamic-broker')
  // A coarser setting of another name, as log.retention.hours, is told beside it and is not it.
  const below = layers.find(
    ({ name, source }) => name === entry.name && source !== 'dynamic-default-broker',
  )
  const inheritedValue = below === undefined ? (entry.facts?.defaultValue ?? null) : below.value
  if (set !== undefined) return { ...entry, ...set, inheritedValue, synonyms: layers }
  const source = below?.source ?? 'default'
  return { ...entry, value: inheritedValue, source, inheritedValue, synonyms: layers }
}

async function describe(
  client: Client,
  target: Target,
  resourceType: number,
  resourceName: string,
  ownEngine: boolean,
): Promise<readonly ConfigurationEntry[]> {
  const question = {
    resources: [{ resourceType, resourceName, configurationKeys: null }],
    includeSynonyms: true,
    includeDocumentation: true,
  }
  const { results } = await (target.type === 'broker'
    ? askInTime(client, target.brokerId, connection => connection.request(api, question))
    : client.request(target, api, question))
  const [result] = results
  const what = resourceType === TOPIC ? `topic ${resourceName}` : `broker ${resourceName}`
  const problem = codeProblem(result?.errorCode ?? -1, what, result?.errorMessage)
  if (problem !== null) throw new ContractError(problem)
  const kind = resourceType === TOPIC ? 'topic' : 'broker'
  return result!.configs.map(config => entryOf(config, kind, ownEngine)).sort(byName)
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

function entryOf(config: Config, kind: 'topic' | 'broker', ownEngine: boolean): ConfigurationEntry {
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
    documentation: documentation ? documentationText(documentation) : null,
    synonyms,
    facts: factsOf(kind, name, ownEngine),
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
