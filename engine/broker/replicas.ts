/**
 * The partitions that live on this broker: opened, created, led, followed and deleted as the
 * metadata image says, appended to and read by handlers.
 *
 * Persist, then tell: a record is in the segment before anyone who waits for it hears of it.
 */
import { topicSettings, type BrokerConfigLayers, type TopicSettings } from '../config/settings.ts'
import { NO_LEADER, type PartitionImage, type TopicImage } from '../controller/image-entries.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import type { LogConfig } from '../log/log-config.ts'
import type { AppendResult } from '../log/log-append.ts'
import type { LogFolder } from '../log/log-folder.ts'
import type { Random } from '../ports/random.ts'
import { KafkaError } from '../protocol/errors.ts'
import { PartitionFollower } from '../replica/partition-follower.ts'
import { PartitionLeader, type LeaderRules } from '../replica/partition-leader.ts'
import { assert } from '../support/assert.ts'
import type { GroupedFlushes } from './grouped-flushes.ts'
import { logConfigOf } from './log-config-of.ts'
import { Partition } from './partition.ts'
import type { Traffic } from './traffic.ts'

export interface AppendContext {
  readonly nowMs: number
  /** Version of the Produce request, which decides what codecs it may carry. */
  readonly apiVersion: number
  /** The whole ISR is to have it (acks -1), and it is to be as large as min.insync.replicas says. */
  readonly acksAll: boolean
}

/** What changes of a partition mean to those who fetch from it, wait for it or look after it. */
export interface ReplicaEffects {
  /** Its high watermark rose from an offset, over so many bytes; -1 where nobody counted. */
  committed(partition: Partition, from: bigint, bytes: number): void
  /** Records were appended that followers are to fetch. */
  appended(partition: Partition, bytes: number): void
  /** For logs that flush.messages makes wait for it before anybody counts on their records. */
  readonly flushes: GroupedFlushes
  /** There is an ISR to ask the controller for. */
  proposes(partition: Partition): void
  /** It is led, followed or left alone from now on, or under another leader epoch. */
  roleChanged(partition: Partition): void
  /** It is on this broker no longer. */
  gone(partition: Partition): void
}

export interface ReplicasOptions {
  readonly brokerId: number
  readonly folder: LogFolder
  readonly image: MetadataImage
  readonly random: Random
  readonly configLayers: () => BrokerConfigLayers
  readonly traffic: Traffic
  readonly rules: LeaderRules
  readonly effects: ReplicaEffects
}

export class Replicas {
  readonly #options: ReplicasOptions
  readonly #byTopic = new Map<string, Map<number, Partition>>()
  /** As last read from the image; partitions of a topic share it. */
  readonly #settings = new Map<string, TopicSettings>()
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

  ofTopic(topic: string): readonly Partition[] {
    return [...(this.#byTopic.get(topic)?.values() ?? [])]
  }

  find(topic: string, index: number): Partition | null {
    return this.#byTopic.get(topic)?.get(index) ?? null
  }

  /** Throws as `Partition.checkLeads`, and UNKNOWN_TOPIC_OR_PARTITION. */
  leader(topic: string, index: number, currentLeaderEpoch = -1): Partition {
    const partition = this.#held(topic, index)
    partition.checkLeads(currentLeaderEpoch)
    return partition
  }

  /** As `leader`, but any replica will do (KIP-392), also one that nobody leads. */
  anyReplica(topic: string, index: number, currentLeaderEpoch: number): Partition {
    const partition = this.#held(topic, index)
    partition.checkEpoch(currentLeaderEpoch)
    return partition
  }

  #held(topic: string, index: number): Partition {
    const partition = this.#byTopic.get(topic)?.get(index)
    if (partition !== undefined) return partition
    if (this.#options.image.topicsByName.get(topic)?.partitions[index] === undefined)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${index} does not exist`)
    throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `${topic}-${index} is on another broker`)
  }

  /**
   * Appends a client's batches, stamped in place. Throws what the log refuses them with, and
   * NOT_ENOUGH_REPLICAS.
   */
  append(partition: Partition, records: Uint8Array, context: AppendContext): AppendResult {
    const { nowMs, apiVersion, acksAll } = context
    if (acksAll) checkMinIsr(partition)
    const appended = partition.log.appendAsLeader(records, {
      leaderEpoch: partition.leaderEpoch,
      nowMs,
      origin: 'client',
      produceVersion: apiVersion,
    })
    if (!appended.duplicate) {
      this.#options.traffic.produced(partition.topic, appended.recordCount, appended.sizeBytes)
      this.#tell(partition, appended.sizeBytes, nowMs)
    }
    return appended
  }

  /** Appends a coordinator's own records; they are committed once the answer is the high watermark. */
  appendOwn(partition: Partition, records: Uint8Array, nowMs: number): bigint {
    if (partition.leading === null)
      throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `${partition.name} is led by another broker`)
    checkMinIsr(partition)
    const appended = partition.log.appendAsLeader(records, {
      leaderEpoch: partition.leaderEpoch,
      nowMs,
      origin: 'coordinator',
    })
    this.#tell(partition, appended.sizeBytes, nowMs)
    return appended.lastOffset + 1n
  }

  #tell(partition: Partition, bytes: number, nowMs: number): void {
    const { leading } = partition
    assert(leading !== null, 'only a leader appends')
    const { effects } = this.#options
    if (partition.log.flushIsDue) {
      this.#tellWhenFlushed(partition, leading, bytes, nowMs)
      return
    }
    const before = leading.highWatermark
    const advanced = leading.recordsAppended(partition.log.logEndOffset, nowMs)
    if (leading.isReplicated) effects.appended(partition, bytes)
    if (advanced) effects.committed(partition, before, leading.isReplicated ? -1 : bytes)
  }

  /** As Apache Kafka, followers may have the records before, and nobody else. */
  #tellWhenFlushed(
    partition: Partition,
    leading: PartitionLeader,
    bytes: number,
    nowMs: number,
  ): void {
    const { effects } = this.#options
    const { log } = partition
    leading.recordsWritten(log.logEndOffset)
    if (leading.isReplicated) effects.appended(partition, bytes)
    const flushed = () => {
      const before = leading.highWatermark
      if (partition.leading !== leading) return
      if (leading.recordsFlushed(log.recoveryPoint, nowMs)) effects.committed(partition, before, -1)
    }
    // A flush that fails has been told of; what waits for these records is told by its own wait.
    effects.flushes.flush(log).then(flushed, () => {})
  }

  /** Everything the image has for this broker, and nothing else, is here at the end; in small steps. */
  *openAll(nowMs: () => number): Generator<void, void> {
    const { folder, image, brokerId } = this.#options
    for (const { topic, partition, topicId } of folder.found()) {
      // A power cut may have taken the id, and not the records.
      const named = topicId === null ? image.topicsByName.get(topic) : image.topicsById.get(topicId)
      // Deleted, or moved to other brokers, while this one was away.
      const isOurs = named?.partitions[partition]?.replicas.includes(brokerId) === true
      if (!isOurs) folder.delete(topic, partition, nowMs())
      yield
    }
    for (const topic of image.topicsByName.values())
      for (const [index, state] of topic.partitions.entries()) {
        this.partitionChanged(topic, index, state, nowMs())
        yield
      }
  }

  /** A partition of the image is new or changed. Returns it where this broker has a replica. */
  partitionChanged(
    topic: TopicImage,
    index: number,
    state: PartitionImage,
    nowMs: number,
  ): Partition | null {
    const { brokerId } = this.#options
    if (!state.replicas.includes(brokerId)) {
      this.#leave(topic.name, index, nowMs)
      return null
    }
    const partition = this.find(topic.name, index) ?? this.#open(topic, index, nowMs)
    if (state.leader === brokerId) this.#lead(partition, state, nowMs)
    else this.#follow(partition, state)
    return partition
  }

  #lead(partition: Partition, state: PartitionImage, nowMs: number): void {
    const { effects, brokerId, rules } = this.#options
    const { log, leading } = partition
    const before = partition.highWatermark
    const isNewEpoch = leading === null || state.leaderEpoch > leading.leaderEpoch
    // A later epoch than any record's, always.
    if (isNewEpoch) log.assignEpochStart(state.leaderEpoch, log.logEndOffset)
    // What it followed with may still be on its way to the device.
    if (leading === null && log.flushIsDue) log.flush()
    if (leading === null) {
      const begun = new PartitionLeader({
        localId: brokerId,
        rules,
        assigned: state,
        logEndOffset: log.logEndOffset,
        highWatermark: before,
        minInsyncReplicas: this.#settingsOf(partition.topic).minInsyncReplicas,
        nowMs,
      })
      partition.beginLeading(begun)
      this.#leaderCount++
    } else {
      leading.metadataChanged(state, nowMs)
      partition.leaderEpoch = leading.leaderEpoch
    }
    if (isNewEpoch) effects.roleChanged(partition)
    if (partition.highWatermark > before) effects.committed(partition, before, -1)
  }

  #follow(partition: Partition, state: PartitionImage): void {
    const { leader, leaderEpoch } = state
    if (partition.leaderEpoch === leaderEpoch && partition.leading === null) return
    if (partition.leads) this.#leaderCount--
    if (leader === NO_LEADER) partition.rest(leaderEpoch)
    else {
      const { highWatermark } = partition
      partition.beginFollowing(
        new PartitionFollower({ leaderId: leader, leaderEpoch, highWatermark }),
      )
    }
    this.#options.effects.roleChanged(partition)
  }

  /** The partition was moved to other brokers. */
  #leave(topic: string, index: number, nowMs: number): void {
    const partitions = this.#byTopic.get(topic)
    const partition = partitions?.get(index)
    if (partitions === undefined || partition === undefined) return
    partitions.delete(index)
    if (partitions.size === 0) this.#byTopic.delete(topic)
    this.#remove(partition, nowMs)
  }

  topicDeleted(topic: TopicImage, nowMs: number): void {
    this.#settings.delete(topic.name)
    const partitions = this.#byTopic.get(topic.name)
    if (partitions === undefined) return
    this.#byTopic.delete(topic.name)
    for (const partition of partitions.values()) this.#remove(partition, nowMs)
    this.#options.traffic.topicDeleted(topic.name)
  }

  #remove(partition: Partition, nowMs: number): void {
    if (partition.leads) this.#leaderCount--
    partition.rest(partition.leaderEpoch)
    this.#options.folder.delete(partition.topic, partition.index, nowMs)
    this.#options.effects.gone(partition)
  }

  /** The topic's configuration, or a broker's default of it, is another one. */
  topicConfigChanged(name: string, nowMs: number): void {
    this.#settings.delete(name)
    const partitions = this.#byTopic.get(name)
    if (partitions === undefined) return
    const settings = this.#settingsOf(name)
    for (const partition of partitions.values()) {
      // Each draws its own jitter: segments that roll together are what it is there against.
      partition.log.updateConfig(logConfigOf(settings, this.#options.random))
      const before = partition.highWatermark
      if (partition.leading?.setMinInsyncReplicas(settings.minInsyncReplicas, nowMs) === true)
        this.#options.effects.committed(partition, before, -1)
    }
  }

  allConfigsChanged(nowMs: number): void {
    this.#settings.clear()
    for (const name of this.#byTopic.keys()) this.topicConfigChanged(name, nowMs)
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
    const highWatermark = folder.checkpointedHighWatermark(topic.name, index)
    // What a kill left to the system is not on the device, and is about to be told of.
    if (log.flushIsDue) log.flush()
    const { name, topicId } = topic
    const partition = new Partition({ topic: name, topicId, index, log, highWatermark })
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
    let settings = this.#settings.get(name)
    if (settings === undefined) {
      const { image, configLayers } = this.#options
      settings = topicSettings(image.topicConfigs(name), configLayers())
      this.#settings.set(name, settings)
    }
    return settings
  }
}

function checkMinIsr(partition: Partition): void {
  const { leading } = partition
  if (leading === null || leading.takesAcksAll) return
  throw new KafkaError(
    'NOT_ENOUGH_REPLICAS',
    `${partition.name}: ${leading.isr.length} replicas are in sync, ` +
      `min.insync.replicas asks for ${leading.effectiveMinIsr}`,
  )
}
