/**
 * AlterConfigs and IncrementalAlterConfigs (KIP-339) for topics, brokers and groups. Each resource
 * is decided alone: all of its changes are written, or none.
 */
import { brokerConfigs } from '../config/broker-configs.ts'
import {
  formatConfigValue,
  parseConfigValue,
  type ConfigDefinition,
  type ConfigTable,
} from '../config/definition.ts'
import { configResourceTypes } from '../config/describe.ts'
import { groupConfigs } from '../config/group-configs.ts'
import {
  resourceValue,
  validateGroupConfigs,
  validateTopicConfigs,
  type ConfigMap,
} from '../config/settings.ts'
import { topicConfigs } from '../config/topic-configs.ts'
import { KafkaError } from '../protocol/errors.ts'
import type {
  AlterConfigsRequest,
  AlterConfigsResponse,
} from '../protocol/messages/alter-configs.ts'
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../protocol/messages/incremental-alter-configs.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { clearedElr, refuseOtherMinIsr } from './elr-configs.ts'
import type { ControllerState, Handled } from './handled.ts'
import { attempt, messageOf } from './item-error.ts'
import { elrEnabled } from './partition-rules.ts'

/** ConfigOperation of an IncrementalAlterConfigs request. */
export const configOperations = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const

interface Resource {
  readonly resourceType: number
  readonly resourceName: string
}

type ConfigChange = Extract<MetadataRecord, { readonly type: 'ConfigRecord' }>

/** Bytes of a string in Kafka's protocol, and of a UTF-16 unit in UTF-8, at most. */
const STRING_BYTES_MAX = 32_767
const UTF8_BYTES_MAX = 3

type Result = AlterConfigsResponse['responses'][number]
type AlterableConfig = IncrementalAlterConfigsRequest['resources'][number]['configs'][number]

export function incrementalAlterConfigs(
  state: ControllerState,
  request: IncrementalAlterConfigsRequest,
): Handled<IncrementalAlterConfigsResponse> {
  return alterEach(state, request, (resource, before, table) =>
    incrementallyAltered(state, resource.configs, before, table),
  )
}

/** Replaces a resource's whole configuration: what is not named goes back to its default. */
export function alterConfigs(
  state: ControllerState,
  request: AlterConfigsRequest,
): Handled<AlterConfigsResponse> {
  return alterEach(state, request, resource => {
    const after = new Map<string, string>()
    for (const { name, value } of resource.configs) after.set(name, present(name, value))
    return after
  })
}

interface AlterRequest<R extends Resource> {
  readonly resources: readonly R[]
  readonly validateOnly: boolean
}

function alterEach<R extends Resource & { readonly configs: readonly { readonly name: string }[] }>(
  state: ControllerState,
  request: AlterRequest<R>,
  alter: (resource: R, before: ConfigMap, table: ConfigTable) => ConfigMap,
): Handled<{ readonly throttleTimeMs: number; readonly responses: readonly Result[] }> {
  const counts = new Map<string, number>()
  for (const each of request.resources) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + 1)
  const withElr = elrEnabled(state)
  const records: ConfigChange[] = []
  const responses = new Map<string, Result>()
  for (const resource of request.resources) {
    const { resourceType, resourceName } = resource
    if (responses.has(keyOf(resource))) continue
    const result = attempt<Result>(
      () => {
        if (counts.get(keyOf(resource))! > 1)
          throw new KafkaError('INVALID_REQUEST', 'a resource stands in the request more than once')
        const table = tableOf(state, resource)
        refuseRepeatedNames(resource.configs)
        const before = state.image.configs(resourceType, resourceName)
        const after = alter(resource, before, table)
        validate(state, resource, before, after)
        const changes = differences(resource, before, after)
        for (const { value } of changes) refuseWhatNoRecordHolds(value)
        if (withElr) for (const change of changes) refuseOtherMinIsr(change)
        for (const change of changes) records.push(change)
        return { errorCode: 0, errorMessage: null, resourceType, resourceName }
      },
      error => ({
        errorCode: error.code,
        errorMessage: messageOf(error),
        resourceType,
        resourceName,
      }),
    )
    responses.set(keyOf(resource), result)
  }
  const all: readonly MetadataRecord[] = withElr
    ? [...records, ...clearedElr(state.image, records)]
    : records
  return {
    records: request.validateOnly ? [] : all,
    response: { throttleTimeMs: 0, responses: [...responses.values()] },
  }
}

/** The table of a resource's kind, once it is certain that the resource can be configured. */
function tableOf(state: ControllerState, { resourceType, resourceName }: Resource): ConfigTable {
  switch (resourceType) {
    case configResourceTypes.TOPIC:
      if (resourceName === '')
        throw new KafkaError('INVALID_REQUEST', 'there is no configuration for all topics at once')
      if (!state.image.topicsByName.has(resourceName))
        throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic '${resourceName}' does not exist`)
      return topicConfigs
    case configResourceTypes.BROKER:
      if (resourceName === '') return brokerConfigs
      if (!/^\d{1,10}$/.test(resourceName))
        throw new KafkaError('INVALID_REQUEST', `'${resourceName}' is no broker id`)
      if (!state.image.brokers.has(Number(resourceName)))
        throw new KafkaError('BROKER_ID_NOT_REGISTERED', `broker ${resourceName} is not registered`)
      return brokerConfigs
    case configResourceTypes.GROUP:
      if (resourceName === '')
        throw new KafkaError('INVALID_REQUEST', 'there is no configuration for all groups at once')
      return groupConfigs
    default:
      throw new KafkaError(
        'INVALID_REQUEST',
        `resources of type ${resourceType} cannot be configured: ` +
          'only topics, brokers and groups can',
      )
  }
}

function incrementallyAltered(
  state: ControllerState,
  changes: readonly AlterableConfig[],
  before: ConfigMap,
  table: ConfigTable,
): ConfigMap {
  const after = new Map(before)
  for (const { name, configOperation, value } of changes) {
    switch (configOperation) {
      case configOperations.SET:
        after.set(name, present(name, value))
        break
      case configOperations.DELETE:
        after.delete(name)
        break
      case configOperations.APPEND:
      case configOperations.SUBTRACT: {
        const definition = listDefinition(table, name)
        const layers = state.configLayers()
        const current = resourceValue(name, definition, before, layers) as readonly string[] | null
        const named = parseConfigElements(present(name, value))
        const kept = (current ?? []).filter(element => !named.includes(element))
        const appended = named.filter(element => !(current ?? []).includes(element))
        const elements =
          configOperation === configOperations.APPEND ? [...(current ?? []), ...appended] : kept
        after.set(name, formatConfigValue(elements)!)
        break
      }
      default:
        throw new KafkaError('INVALID_REQUEST', `${name}: there is no operation ${configOperation}`)
    }
  }
  return after
}

function present(name: string, value: string | null): string {
  if (value === null) throw new KafkaError('INVALID_REQUEST', `${name} is set to null`)
  return value
}

function listDefinition(table: ConfigTable, name: string): ConfigDefinition {
  const definition = Object.hasOwn(table, name) ? table[name] : undefined
  if (definition?.type !== 'list')
    throw new KafkaError('INVALID_CONFIG', `${name} is no list: nothing can be added or taken away`)
  return definition
}

function parseConfigElements(text: string): readonly string[] {
  const elements = text.split(',').map(element => element.trim())
  return [...new Set(elements.filter(element => element !== ''))]
}

function refuseRepeatedNames(configs: readonly { readonly name: string }[]): void {
  const seen = new Set<string>()
  for (const { name } of configs) {
    if (seen.has(name))
      throw new KafkaError('INVALID_REQUEST', `${name} stands in the resource more than once`)
    seen.add(name)
  }
}

function validate(
  state: ControllerState,
  { resourceType, resourceName }: Resource,
  before: ConfigMap,
  after: ConfigMap,
): void {
  if (resourceType === configResourceTypes.TOPIC) validateTopicConfigs(after, state.configLayers())
  else if (resourceType === configResourceTypes.GROUP)
    validateGroupConfigs(after, state.configLayers())
  else validateBroker(resourceName, before, after)
}

/** Kafka answers INVALID_REQUEST for a broker's configuration, whatever is wrong with it. */
function validateBroker(resourceName: string, before: ConfigMap, after: ConfigMap): void {
  const table: ConfigTable = brokerConfigs
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const value = after.get(name)
    if (value === before.get(name)) continue
    // Plug-ins and listeners have configurations of their own; a broker keeps what it cannot judge.
    const definition = Object.hasOwn(table, name) ? table[name] : undefined
    if (definition === undefined) continue
    if (definition.update === 'read-only')
      throw new KafkaError('INVALID_REQUEST', `${name} can only be set when a broker starts`)
    if (definition.update === 'per-broker' && resourceName === '')
      throw new KafkaError('INVALID_REQUEST', `${name} can only be set for a single broker`)
    if (value !== undefined)
      attempt(
        () => parseConfigValue(name, definition, value),
        error => {
          throw new KafkaError('INVALID_REQUEST', error.reason, { cause: error })
        },
      )
  }
}

function differences(
  { resourceType, resourceName }: Resource,
  before: ConfigMap,
  after: ConfigMap,
): readonly ConfigChange[] {
  const records: ConfigChange[] = []
  const write = (name: string, value: string | null): void => {
    records.push({ type: 'ConfigRecord', value: { resourceType, resourceName, name, value } })
  }
  for (const name of before.keys()) if (!after.has(name)) write(name, null)
  for (const [name, value] of after) if (before.get(name) !== value) write(name, value)
  return records
}

/** A name that was no UTF-8, or a list that grew, may be longer than the string of a record. */
function refuseWhatNoRecordHolds({ resourceName, name, value }: ConfigChange['value']): void {
  for (const text of [resourceName, name, value ?? '']) {
    if (text.length * UTF8_BYTES_MAX <= STRING_BYTES_MAX) continue
    const { length } = new TextEncoder().encode(text)
    if (length > STRING_BYTES_MAX)
      throw new KafkaError(
        'INVALID_CONFIG',
        `'${text.slice(0, 40)}…' has ${length} bytes, ` +
          `more than the ${STRING_BYTES_MAX} that a record holds`,
      )
  }
}

function keyOf({ resourceType, resourceName }: Resource): string {
  return `${resourceType} ${resourceName}`
}
