/**
 * CreateTopics: every topic of the request is decided alone, and what is created is one batch of
 * records, a topic's own first, then its configurations, then its partitions.
 */
import { configResourceTypes, configSources } from '../config/describe.ts'
import { validateTopicConfigs, type ConfigMap } from '../config/settings.ts'
import { KafkaError } from '../protocol/errors.ts'
import type {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from '../protocol/messages/create-topics.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { ZERO_UUID } from '../protocol/schema.ts'
import {
  manualAssignment,
  partitionRecord,
  PARTITIONS_PER_REQUEST_MAX,
  placedAssignments,
  type Assignment,
} from './assignment.ts'
import type { ControllerState, Handled } from './handled.ts'
import { attempt, messageOf } from './item-error.ts'
import { METADATA_TOPIC, TopicNames, validateTopicName } from './topic-names.ts'

type CreatableTopic = CreateTopicsRequest['topics'][number]
type CreatableTopicResult = CreateTopicsResponse['topics'][number]

interface Created {
  readonly records: readonly MetadataRecord[]
  readonly result: CreatableTopicResult
}

export function createTopics(
  state: ControllerState,
  request: CreateTopicsRequest,
): Handled<CreateTopicsResponse> {
  const refusal = tooManyPartitions(state, request)
  const repeated = repeatedNames(request)
  /** Names of this request, which may collide among themselves. */
  const names = new TopicNames()
  const records: MetadataRecord[] = []
  const results = new Map<string, CreatableTopicResult>()
  for (const topic of request.topics) {
    if (results.has(topic.name)) continue
    const created = attempt(
      () => {
        if (repeated.has(topic.name))
          throw new KafkaError(
            'INVALID_REQUEST',
            `topic '${topic.name}' stands in the request more than once`,
          )
        if (refusal !== null) throw refusal
        return createTopic(state, names, topic, request.validateOnly)
      },
      error => failure(topic.name, error),
    )
    for (const record of created.records) records.push(record)
    results.set(topic.name, created.result)
  }
  return {
    records: request.validateOnly ? [] : records,
    response: { throttleTimeMs: 0, topics: [...results.values()] },
  }
}

function createTopic(
  state: ControllerState,
  namesOfRequest: TopicNames,
  topic: CreatableTopic,
  validateOnly: boolean,
): Created {
  const { name } = topic
  if (name === METADATA_TOPIC)
    throw new KafkaError('INVALID_REQUEST', `${name} is the cluster's own log, not a topic`)
  if (state.image.topicsByName.has(name))
    throw new KafkaError('TOPIC_ALREADY_EXISTS', `topic '${name}' exists already`)
  validateTopicName(name, state.names)
  validateTopicName(name, namesOfRequest)
  const configs = requestedConfigs(topic)
  validateTopicConfigs(configs, state.configLayers())
  const assignments = assignmentsOf(state, topic)
  namesOfRequest.add(name)

  const topicId = state.random.uuid()
  const records: MetadataRecord[] = [{ type: 'TopicRecord', value: { name, topicId } }]
  for (const [key, value] of configs)
    records.push({
      type: 'ConfigRecord',
      value: { resourceType: configResourceTypes.TOPIC, resourceName: name, name: key, value },
    })
  for (const [index, assignment] of assignments.entries())
    records.push(partitionRecord(state, topicId, index, assignment))
  return {
    records,
    result: {
      name,
      topicId: validateOnly ? ZERO_UUID : topicId,
      errorCode: 0,
      errorMessage: null,
      topicConfigErrorCode: 0,
      numPartitions: assignments.length,
      replicationFactor: assignments[0]!.replicas.length,
      configs: createdConfigs(state, configs),
    },
  }
}

/** All of the topic's configurations: those the brokers give, under those of the request. */
function createdConfigs(
  state: ControllerState,
  configs: ConfigMap,
): NonNullable<CreatableTopicResult['configs']> {
  const inherited = state.inheritedTopicConfigs()
  if (configs.size === 0) return inherited
  const configSource = configSources.DYNAMIC_TOPIC_CONFIG
  return inherited.map(config => {
    const value = configs.get(config.name)
    return value === undefined ? config : { ...config, value, configSource }
  })
}

function requestedConfigs(topic: CreatableTopic): ConfigMap {
  const configs = new Map<string, string>()
  for (const { name, value } of topic.configs) {
    if (value === null)
      throw new KafkaError('INVALID_CONFIG', `topic '${topic.name}' sets ${name} to null`)
    configs.set(name, value)
  }
  return configs
}

function assignmentsOf(state: ControllerState, topic: CreatableTopic): readonly Assignment[] {
  if (topic.assignments.length > 0) return manualAssignments(state, topic)
  const { numPartitions, defaultReplicationFactor } = state.settings()
  if (topic.replicationFactor < -1 || topic.replicationFactor === 0)
    throw new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      `topic '${topic.name}' asks for replication factor ${topic.replicationFactor}: ` +
        "it must be positive, or -1 for the brokers' default",
    )
  if (topic.numPartitions < -1 || topic.numPartitions === 0)
    throw new KafkaError(
      'INVALID_PARTITIONS',
      `topic '${topic.name}' asks for ${topic.numPartitions} partitions: ` +
        "the number must be positive, or -1 for the brokers' default",
    )
  const replicationFactor =
    topic.replicationFactor === -1 ? defaultReplicationFactor : topic.replicationFactor
  const partitionCount = topic.numPartitions === -1 ? numPartitions : topic.numPartitions
  return placedAssignments(state, { partitionCount, replicationFactor })
}

function manualAssignments(state: ControllerState, topic: CreatableTopic): readonly Assignment[] {
  if (topic.replicationFactor !== -1 || topic.numPartitions !== -1)
    throw new KafkaError(
      'INVALID_REQUEST',
      `topic '${topic.name}' has assignments made by hand, so number of partitions and ` +
        'replication factor must be -1',
    )
  const ordered = [...topic.assignments].sort((one, two) => one.partitionIndex - two.partitionIndex)
  for (const [index, { partitionIndex }] of ordered.entries())
    if (partitionIndex !== index)
      throw new KafkaError(
        'INVALID_REPLICA_ASSIGNMENT',
        `topic '${topic.name}' assigns partition ${partitionIndex} where ${index} is due: ` +
          'partitions are counted from 0 without gaps',
      )
  const replicationFactor = ordered[0]!.brokerIds.length
  return ordered.map(({ partitionIndex, brokerIds }) =>
    manualAssignment(state, `${topic.name}-${partitionIndex}`, brokerIds, replicationFactor),
  )
}

function tooManyPartitions(
  state: ControllerState,
  request: CreateTopicsRequest,
): KafkaError | null {
  const byDefault = state.settings().numPartitions
  let total = 0
  for (const { assignments, numPartitions } of request.topics) {
    if (assignments.length > 0) total += assignments.length
    else if (numPartitions > 0) total += numPartitions
    else if (numPartitions === -1) total += byDefault
  }
  if (total <= PARTITIONS_PER_REQUEST_MAX) return null
  return new KafkaError(
    'POLICY_VIOLATION',
    `${total} partitions in one request are more than ${PARTITIONS_PER_REQUEST_MAX}`,
  )
}

function repeatedNames(request: CreateTopicsRequest): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { name } of request.topics)
    if (seen.has(name)) repeated.add(name)
    else seen.add(name)
  return repeated
}

function failure(name: string, error: KafkaError): Created {
  return {
    records: [],
    result: {
      name,
      topicId: ZERO_UUID,
      errorCode: error.code,
      errorMessage: messageOf(error),
      topicConfigErrorCode: 0,
      numPartitions: -1,
      replicationFactor: -1,
      // Never null: the Java client fails on that with an exception of its own.
      configs: [],
    },
  }
}
