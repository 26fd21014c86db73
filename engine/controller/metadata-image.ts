/**
 * The cluster's metadata as replayed from its log: brokers, topics, partitions, configurations,
 * features, producer ids. Controllers and brokers hold the same image and feed it the same
 * records; it decides nothing and refuses nothing that the log says.
 *
 * Its maps change in place, since a copy of 40,000 partitions per record would be the cost of
 * every record. What is in the maps never changes: a partition's new state is a new object.
 */
import type {
  MetadataRecord,
  MetadataRecordInput,
} from '../protocol/metadata-records/metadata-record.ts'
import type { ConfigMap } from '../config/settings.ts'
import { configResourceTypes } from '../config/describe.ts'
import { assert, assertNever } from '../support/assert.ts'
import { OperationalError } from '../support/operational-error.ts'
import {
  changedBroker,
  changedPartition,
  newPartition,
  registeredBroker,
  withoutElr,
  type BrokerImage,
  type ControllerImage,
  type PartitionImage,
  type TopicImage,
} from './image-entries.ts'
import { changesBetween } from './image-snapshot.ts'
import { KeptRecords } from './kept-records.ts'

/** What one record changed; null stands for a record that changes nothing that anyone sees. */
export type MetadataChange =
  | {
      readonly type: 'broker-changed'
      readonly before: BrokerImage | null
      readonly after: BrokerImage
    }
  | { readonly type: 'broker-unregistered'; readonly before: BrokerImage }
  | { readonly type: 'topic-created'; readonly topic: TopicImage }
  | { readonly type: 'topic-deleted'; readonly topic: TopicImage }
  | {
      readonly type: 'partition-changed'
      readonly topic: TopicImage
      readonly partitionIndex: number
      /** Null when the partition is new. */
      readonly before: PartitionImage | null
      readonly after: PartitionImage
    }
  | {
      readonly type: 'elr-cleared'
      /** Those that changed: their partition epoch is one more, as their leaders must know. */
      readonly partitions: readonly {
        readonly topic: TopicImage
        readonly partitionIndex: number
        readonly before: PartitionImage
        readonly after: PartitionImage
      }[]
    }
  | {
      readonly type: 'config-changed'
      readonly resourceType: number
      readonly resourceName: string
      readonly name: string
      /** Null when the configuration was removed. */
      readonly value: string | null
    }
  | { readonly type: 'feature-changed'; readonly name: string; readonly level: number }
  | { readonly type: 'producer-ids-allocated'; readonly nextProducerId: bigint }
  | { readonly type: 'controller-registered'; readonly controller: ControllerImage }

interface MutableTopic {
  readonly topicId: string
  readonly name: string
  readonly partitions: PartitionImage[]
}

const noConfigs: ConfigMap = new Map()

export class MetadataImage {
  readonly #brokers = new Map<number, BrokerImage>()
  readonly #controllers = new Map<number, ControllerImage>()
  readonly #topicsById = new Map<string, MutableTopic>()
  readonly #topicsByName = new Map<string, MutableTopic>()
  /** By resource type and then by resource name; a resource without configurations is absent. */
  readonly #configs = new Map<number, Map<string, Map<string, string>>>()
  readonly #features = new Map<string, number>()
  #nextProducerId = 0n
  #partitionCount = 0
  #lastOffset = -1n
  #lastEpoch = -1
  readonly #kept = new KeptRecords()
  /** Level of `kraft.version`: no record of the metadata says it, but the quorum itself. */
  kRaftVersion = 0

  /** Registered brokers by id, fenced ones among them. */
  get brokers(): ReadonlyMap<number, BrokerImage> {
    return this.#brokers
  }

  get controllers(): ReadonlyMap<number, ControllerImage> {
    return this.#controllers
  }

  get topicsById(): ReadonlyMap<string, TopicImage> {
    return this.#topicsById
  }

  get topicsByName(): ReadonlyMap<string, TopicImage> {
    return this.#topicsByName
  }

  /** Number of partitions of all topics. */
  get partitionCount(): number {
    return this.#partitionCount
  }

  /** Finalized level of each feature; one that is absent is at level 0. */
  get features(): ReadonlyMap<string, number> {
    return this.#features
  }

  /** The first producer id that no broker has been given. */
  get nextProducerId(): bigint {
    return this.#nextProducerId
  }

  /** Offset of the last record replayed, -1 before the first. */
  get lastOffset(): bigint {
    return this.#lastOffset
  }

  /** Leader epoch of the metadata log under which that record was written, -1 before the first. */
  get lastEpoch(): number {
    return this.#lastEpoch
  }

  /** What is said about access and quotas, which nothing here acts on. */
  get keptRecords(): Iterable<MetadataRecordInput> {
    return this.#kept.records()
  }

  partition(topicId: string, partitionIndex: number): PartitionImage | null {
    return this.#topicsById.get(topicId)?.partitions[partitionIndex] ?? null
  }

  /** What is set for a resource; empty for one that has nothing or does not exist. */
  configs(resourceType: number, resourceName: string): ConfigMap {
    return this.#configs.get(resourceType)?.get(resourceName) ?? noConfigs
  }

  topicConfigs(name: string): ConfigMap {
    return this.configs(configResourceTypes.TOPIC, name)
  }

  /** Names of the resources of a type for which something is set. */
  configuredResources(resourceType: number): readonly string[] {
    return [...(this.#configs.get(resourceType)?.keys() ?? [])]
  }

  /** Applies one record of the log. Records come in the order of their offsets, each once. */
  replay(record: MetadataRecord, offset: bigint, epoch = 0): MetadataChange | null {
    assert(offset > this.#lastOffset, 'the metadata log is replayed forward, each record once')
    const change = this.#apply(record)
    this.#lastOffset = offset
    this.#lastEpoch = epoch
    return change
  }

  /**
   * Takes the records of a snapshot in place of all that is here, and says what that changed. The
   * last offset is that of the last record which the snapshot stands for.
   */
  load(
    records: Iterable<MetadataRecord>,
    { lastOffset, lastEpoch }: { readonly lastOffset: bigint; readonly lastEpoch: number },
  ): MetadataChange[] {
    assert(lastOffset >= this.#lastOffset, 'a snapshot is not older than the image')
    const loaded = new MetadataImage()
    for (const record of records) loaded.#apply(record)
    const changes = changesBetween(this, loaded)
    refill(this.#brokers, loaded.#brokers)
    refill(this.#controllers, loaded.#controllers)
    refill(this.#topicsById, loaded.#topicsById)
    refill(this.#topicsByName, loaded.#topicsByName)
    refill(this.#configs, loaded.#configs)
    refill(this.#features, loaded.#features)
    this.#nextProducerId = loaded.#nextProducerId
    this.#partitionCount = loaded.#partitionCount
    this.#kept.refill(loaded.#kept)
    this.#lastOffset = lastOffset
    this.#lastEpoch = lastEpoch
    return changes
  }

  #apply(record: MetadataRecord): MetadataChange | null {
    switch (record.type) {
      case 'RegisterBrokerRecord':
        return this.#setBroker(registeredBroker(record.value))
      case 'BrokerRegistrationChangeRecord':
        return this.#setBroker(changedBroker(this.#broker(record.value.brokerId), record.value))
      case 'FenceBrokerRecord':
        return this.#setBroker({ ...this.#broker(record.value.id), fenced: true })
      case 'UnfenceBrokerRecord':
        return this.#setBroker({ ...this.#broker(record.value.id), fenced: false })
      case 'UnregisterBrokerRecord': {
        const before = this.#broker(record.value.brokerId)
        this.#brokers.delete(before.brokerId)
        return { type: 'broker-unregistered', before }
      }
      case 'RegisterControllerRecord':
        this.#controllers.set(record.value.controllerId, record.value)
        return { type: 'controller-registered', controller: record.value }
      case 'UnregisterControllerRecord':
        this.#controllers.delete(record.value.controllerId)
        return null
      case 'TopicRecord':
        return this.#createTopic(record.value)
      case 'RemoveTopicRecord':
        return this.#removeTopic(record.value.topicId)
      case 'PartitionRecord': {
        const { topicId, partitionId } = record.value
        return this.#setPartition(topicId, partitionId, newPartition(record.value))
      }
      case 'PartitionChangeRecord': {
        const { topicId, partitionId } = record.value
        const before = this.#topic(topicId).partitions[partitionId]
        assert(before, 'a partition changes after its creation')
        return this.#setPartition(topicId, partitionId, changedPartition(before, record.value))
      }
      case 'ClearElrRecord':
        return this.#clearElr(record.value.topicName)
      case 'ConfigRecord':
        return this.#setConfig(record.value)
      case 'FeatureLevelRecord':
        return this.#setFeature(record.value)
      case 'ProducerIdsRecord': {
        const { nextProducerId } = record.value
        assert(nextProducerId >= this.#nextProducerId, 'producer ids are given out once')
        this.#nextProducerId = nextProducerId
        return { type: 'producer-ids-allocated', nextProducerId }
      }
      case 'AbortTransactionRecord':
        // A controller writes what it decides as one batch, and has nothing to abort.
        throw new OperationalError('the metadata log holds an aborted transaction')
      case 'BeginTransactionRecord':
      case 'EndTransactionRecord':
      case 'NoOpRecord':
      case 'ZkMigrationStateRecord':
        return null
      case 'AccessControlEntryRecord':
      case 'RemoveAccessControlEntryRecord':
      case 'UserScramCredentialRecord':
      case 'RemoveUserScramCredentialRecord':
      case 'DelegationTokenRecord':
      case 'RemoveDelegationTokenRecord':
      case 'ClientQuotaRecord':
        this.#kept.apply(record)
        return null
      default:
        return assertNever(record)
    }
  }

  #broker(brokerId: number): BrokerImage {
    const broker = this.#brokers.get(brokerId)
    assert(broker, 'a broker changes only while it is registered')
    return broker
  }

  #setBroker(after: BrokerImage): MetadataChange {
    const before = this.#brokers.get(after.brokerId) ?? null
    this.#brokers.set(after.brokerId, after)
    return { type: 'broker-changed', before, after }
  }

  #topic(topicId: string): MutableTopic {
    const topic = this.#topicsById.get(topicId)
    assert(topic, 'a partition belongs to a topic that exists')
    return topic
  }

  #createTopic({ name, topicId }: { name: string; topicId: string }): MetadataChange {
    assert(!this.#topicsByName.has(name), 'a topic name is taken once')
    assert(!this.#topicsById.has(topicId), 'a topic id is taken once')
    const topic: MutableTopic = { topicId, name, partitions: [] }
    this.#topicsById.set(topicId, topic)
    this.#topicsByName.set(name, topic)
    return { type: 'topic-created', topic }
  }

  /** Takes the topic's configurations along: a later topic of this name starts from none. */
  #removeTopic(topicId: string): MetadataChange {
    const topic = this.#topic(topicId)
    this.#topicsById.delete(topicId)
    this.#topicsByName.delete(topic.name)
    this.#configs.get(configResourceTypes.TOPIC)?.delete(topic.name)
    this.#partitionCount -= topic.partitions.length
    return { type: 'topic-deleted', topic }
  }

  #setPartition(topicId: string, partitionIndex: number, after: PartitionImage): MetadataChange {
    const topic = this.#topic(topicId)
    const before = topic.partitions[partitionIndex] ?? null
    assert(partitionIndex <= topic.partitions.length, 'partitions are created in order')
    if (before === null) this.#partitionCount++
    topic.partitions[partitionIndex] = after
    return { type: 'partition-changed', topic, partitionIndex, before, after }
  }

  #clearElr(topicName: string): MetadataChange {
    const topics = topicName === '' ? this.#topicsByName.values() : [this.#named(topicName)]
    const cleared = []
    for (const topic of topics)
      for (const [partitionIndex, before] of topic.partitions.entries()) {
        const after = withoutElr(before)
        if (after === before) continue
        topic.partitions[partitionIndex] = after
        cleared.push({ topic, partitionIndex, before, after })
      }
    return { type: 'elr-cleared', partitions: cleared }
  }

  #named(topicName: string): MutableTopic {
    const topic = this.#topicsByName.get(topicName)
    assert(topic, 'eligible leader replicas are cleared of a topic that exists')
    return topic
  }

  #setConfig(record: {
    resourceType: number
    resourceName: string
    name: string
    value: string | null
  }): MetadataChange {
    const { resourceType, resourceName, name, value } = record
    const resources = entryOf(this.#configs, resourceType)
    const configs = entryOf(resources, resourceName)
    if (value === null) configs.delete(name)
    else configs.set(name, value)
    if (configs.size === 0) resources.delete(resourceName)
    return { type: 'config-changed', resourceType, resourceName, name, value }
  }

  #setFeature({ name, featureLevel }: { name: string; featureLevel: number }): MetadataChange {
    if (featureLevel === 0) this.#features.delete(name)
    else this.#features.set(name, featureLevel)
    return { type: 'feature-changed', name, level: featureLevel }
  }
}

/** A change of several partitions as one change of each, for whoever looks at them one by one. */
export function singleChanges(change: MetadataChange): readonly MetadataChange[] {
  if (change.type !== 'elr-cleared') return [change]
  return change.partitions.map(each => ({ type: 'partition-changed', ...each }))
}

function refill<K, V>(map: Map<K, V>, from: ReadonlyMap<K, V>): void {
  map.clear()
  for (const [key, value] of from) map.set(key, value)
}

function entryOf<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = new Map<L, V>()
  map.set(key, created)
  return created
}
