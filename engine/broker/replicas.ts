/**
 * The partitions that live on this broker: opened, created, led and deleted as the metadata image
 * says, appended to and read by handlers.
 *
 * Persist, then tell: a record is in the segment before anyone who waits for it hears of it.
 */
import { topicSettings, type BrokerConfigLayers, type TopicSettings } from '../config/settings.ts'
import type { PartitionImage, TopicImage } from '../controller/image-entries.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import type { LogConfig } from '../log/log-config.ts'
import type { LogFolder } from '../log/log-folder.ts'
import type { Random } from '../ports/random.ts'
import { KafkaError } from '../protocol/errors.ts'
import type { FetchPurgatory } from '../replica/fetch-purgatory.ts'
import { logConfigOf } from './log-config-of.ts'
import { Partition } from './partition.ts'
import type { Traffic } from './traffic.ts'

export interface AppendContext {
  readonly nowMs: number
  /** Version of the Produce request, which decides what codecs it may carry. */
  readonly apiVersion: number
}

export interface ReplicasOptions {
  readonly brokerId: number
  readonly folder: LogFolder
  readonly image: MetadataImage
  readonly random: Random
  readonly configLayers: () => BrokerConfigLayers
  readonly fetchPurgatory: FetchPurgatory<Partition>
  readonly traffic: Traffic
}

export class Replicas {
  readonly #options: ReplicasOptions
  readonly #byTopic = new Map<string, Map<number, Partition>>()
  #leaderCount = 0

  constructor(options: ReplicasOptions) {
    this.#options = options
  }

  get folderPath(): string {
    return this.#options.folder.folder
  }

  get leaderCount(): number {
    return this.#leaderCount
  }

  space(): { readonly freeBytes: bigint; readonly totalBytes: bigint } {
    return this.#options.folder.space()
  }

  *all(): Iterable<Partition> {
    for (const partitions of this.#byTopic.values()) yield* partitions.values()
  }

  find(topic: string, index: number): Partition | null {
    return this.#byTopic.get(topic)?.get(index) ?? null
  }

  /** Throws as `Partition.checkLeads`, and UNKNOWN_TOPIC_OR_PARTITION. */
  leader(topic: string, index: number, currentLeaderEpoch = -1): Partition {
    const partition = this.#byTopic.get(topic)?.get(index)
    if (partition === undefined) {
      if (this.#options.image.topicsByName.get(topic)?.partitions[index] === undefined)
        throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${index} does not exist`)
      throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `${topic}-${index} is on another broker`)
    }
    partition.checkLeads(currentLeaderEpoch)
    return partition
  }

  /** Appends a client's batches, stamped in place. Throws what the log refuses them with. */
  append(partition: Partition, records: Uint8Array, { nowMs, apiVersion }: AppendContext) {
    const appended = partition.log.appendAsLeader(records, {
      leaderEpoch: partition.leaderEpoch,
      nowMs,
      origin: 'client',
      produceVersion: apiVersion,
    })
    if (!appended.duplicate) {
      this.#options.traffic.produced(partition.topic, appended.recordCount, appended.sizeBytes)
      this.#options.fetchPurgatory.recordsReadable(partition, appended.sizeBytes)
    }
    return appended
  }

  /** Appends a coordinator's own records. */
  appendOwn(partition: Partition, records: Uint8Array, nowMs: number): void {
    const appended = partition.log.appendAsLeader(records, {
      leaderEpoch: partition.leaderEpoch,
      nowMs,
      origin: 'coordinator',
    })
    this.#options.fetchPurgatory.recordsReadable(partition, appended.sizeBytes)
  }

  /** A partition of the image is new or changed. Returns it where this broker has a replica. */
  partitionChanged(
    topic: TopicImage,
    index: number,
    state: PartitionImage,
    nowMs: number,
  ): Partition | null {
    if (!state.replicas.includes(this.#options.brokerId)) return null
    const partition = this.find(topic.name, index) ?? this.#open(topic, index, nowMs)
    const led = partition.leads
    if (state.leader === this.#options.brokerId) partition.lead(state.leaderEpoch)
    else partition.resign(state.leaderEpoch)
    if (led === partition.leads) return partition
    this.#leaderCount += partition.leads ? 1 : -1
    if (!partition.leads) this.#options.fetchPurgatory.interrupt(partition)
    return partition
  }

  topicDeleted(topic: TopicImage, nowMs: number): void {
    const partitions = this.#byTopic.get(topic.name)
    if (partitions === undefined) return
    this.#byTopic.delete(topic.name)
    for (const partition of partitions.values()) {
      if (partition.leads) this.#leaderCount--
      partition.leads = false
      this.#options.folder.delete(topic.name, partition.index, nowMs)
      this.#options.fetchPurgatory.interrupt(partition)
    }
    this.#options.traffic.topicDeleted(topic.name)
  }

  /** The topic's configuration, or a broker's default of it, is another one. */
  topicConfigChanged(name: string): void {
    const partitions = this.#byTopic.get(name)
    if (partitions === undefined) return
    const settings = this.#settingsOf(name)
    // Each draws its own jitter: segments that roll together are what it is there against.
    for (const { log } of partitions.values())
      log.updateConfig(logConfigOf(settings, this.#options.random))
  }

  allConfigsChanged(): void {
    for (const name of this.#byTopic.keys()) this.topicConfigChanged(name)
  }

  #open(topic: TopicImage, index: number, nowMs: number): Partition {
    const { folder } = this.#options
    let log = folder.get(topic.name, index, nowMs, topic.topicId)
    if (log !== null && log.topicId !== topic.topicId) {
      // The topic was deleted and made anew while this broker was away.
      folder.delete(topic.name, index, nowMs)
      log = null
    }
    log ??= folder.create({
      topic: topic.name,
      partition: index,
      topicId: topic.topicId,
      config: this.configOf(topic.name),
      nowMs,
    })
    const partition = new Partition({ topic: topic.name, topicId: topic.topicId, index, log })
    const partitions = this.#byTopic.get(topic.name)
    if (partitions === undefined) this.#byTopic.set(topic.name, new Map([[index, partition]]))
    else partitions.set(index, partition)
    return partition
  }

  /** What a topic's logs are to do, as the image says now. */
  configOf(name: string): LogConfig {
    return logConfigOf(this.#settingsOf(name), this.#options.random)
  }

  #settingsOf(name: string): TopicSettings {
    const { image, configLayers } = this.#options
    return topicSettings(image.topicConfigs(name), configLayers())
  }
}
