/** Creates, changes and deletes topics while everything else goes on. */
import type { Api, ClientConnection } from '../../engine/client/client-connection.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import type { Fields, InputOf, ValueOf } from '../../engine/protocol/schema.ts'
import { apis } from './apis.ts'
import type { PartitionHistory } from './partition-history.ts'
import type { SeededRandom } from './seeded-random.ts'
import { hold } from './violation.ts'
import { isExpected, type SimulatedClient, type TopicHistory, type World } from './world.ts'

const REQUEST_TIMEOUT_MS = 2_500
const TOPICS_MAX = 7
const PARTITIONS_MAX = 6
const TOPIC_RESOURCE = 2
const BROKER_RESOURCE = 4
/** In bytes a second: what a world holds is copied within its end. */
const RATES = ['50000', '200000', '1000000']
const SET = 0
const DELETE = 1

/** Settings that make short lives of segments, indexes and records. */
const settings: Readonly<Record<string, readonly string[]>> = {
  'segment.ms': ['300', '1000', '5000'],
  'segment.index.bytes': ['48', '120', '4096'],
  'index.interval.bytes': ['0', '200', '4096'],
  'retention.ms': ['4000', '15000', '604800000'],
  'retention.bytes': ['3000', '20000', '-1'],
  'message.timestamp.type': ['CreateTime', 'LogAppendTime'],
  'compression.type': ['producer', 'lz4', 'uncompressed'],
  'min.insync.replicas': ['1', '2'],
}
const harmless = [
  'segment.ms',
  'segment.index.bytes',
  'index.interval.bytes',
  'compression.type',
  'min.insync.replicas',
]
const UNCLEAN = 'unclean.leader.election.enable'
const PREFERRED_ELECTION = 0
const UNCLEAN_ELECTION = 1

export class SimulatedAdmin {
  readonly #world: World
  readonly #random: SeededRandom
  readonly #client: SimulatedClient
  /** What topics must have at the end; null where an answer was lost. */
  readonly configs = new Map<TopicHistory, Map<string, string | null>>()
  /** Nothing that it asked for is without an answer. */
  isDone = false
  #created = 0

  constructor(world: World, name: string) {
    this.#world = world
    this.#random = world.random.stream(name)
    this.#client = world.newClient(name)
  }

  close(): void {
    this.#client.kill()
  }

  async run(): Promise<void> {
    while (!this.#world.isEnding) {
      await this.#world.time.sleep(this.#random.between(100, 2_500))
      if (this.#world.isEnding) break
      try {
        await this.#act()
      } catch (error) {
        // Brokers are away, and connections break: something else is tried.
        if (!isExpected(error)) throw error
        this.#client.client.forget()
      }
    }
    this.isDone = true
  }

  /** Until it is there, however often it takes. */
  async createStable(partitions: number): Promise<void> {
    const name = `stable-${this.#created++}`
    for (;;) {
      try {
        const topic = await this.#createTopic(name, partitions, true)
        if (topic !== null) return
        // Created by an earlier try, whose answer was lost.
        if (this.#world.stableTopics().some(each => each.name === name)) return
      } catch (error) {
        if (!isExpected(error)) throw error
      }
      await this.#world.time.sleep(200)
    }
  }

  async #act(): Promise<void> {
    const topics = this.#world.liveTopics()
    const topic = topics.length === 0 ? null : this.#random.pick(topics)
    const choice = this.#random.integer(14)
    if (topic === null || (choice < 3 && topics.length < TOPICS_MAX)) await this.#createAnother()
    else if (choice < 5) await this.#alterConfig(topic)
    else if (choice < 6) await this.#addPartitions(topic)
    else if (choice < 8) await this.#deleteRecords(topic)
    else if (choice < 9 && !topic.isStable) await this.#deleteTopic(topic)
    else if (choice < 12) await this.#reassign(topic)
    else if (choice < 13) await this.electPreferred()
    else if (!topic.isStable && this.#world.shape.unclean) await this.#electUncleanly(topic)
  }

  /** Sometimes under the name of one that was deleted. */
  async #createAnother(): Promise<void> {
    const live = new Set(this.#world.liveTopics().map(topic => topic.name))
    const free = [...this.#world.topics.values()].filter(
      ({ name, isDeleted }) => isDeleted && !live.has(name),
    )
    const again = free.length > 0 && this.#random.chance(0.6)
    const name = again ? this.#random.pick(free).name : `topic-${this.#created++}`
    await this.#createTopic(name, this.#random.between(1, 4), false)
  }

  async #createTopic(
    name: string,
    partitions: number,
    isStable: boolean,
  ): Promise<TopicHistory | null> {
    const configs: { name: string; value: string }[] = []
    for (const setting of isStable ? harmless : Object.keys(settings))
      if (this.#random.chance(0.5))
        configs.push({ name: setting, value: this.#random.pick(settings[setting]!) })
    const unclean = !isStable && this.#world.shape.unclean && this.#random.chance(0.4)
    if (unclean) configs.push({ name: UNCLEAN, value: 'true' })
    const { brokerCount, factor } = this.#world.shape
    const replicationFactor = isStable
      ? factor
      : this.#random.between(1, Math.min(factor, brokerCount))
    const connection = await this.#client.client.connection({ type: 'any' })
    const request = {
      topics: [{ name, numPartitions: partitions, replicationFactor, assignments: [], configs }],
    }
    const timeoutMs = REQUEST_TIMEOUT_MS
    const answer = await connection.request(apis.createTopics, request, { timeoutMs })
    const created = answer.topics[0]!
    const error = errorName(created.errorCode)
    if (error === 'TOPIC_ALREADY_EXISTS') return this.#adopt(name, isStable)
    if (error !== 'NONE') throw new KafkaError(error, created.errorMessage ?? name)
    const known = this.#world.topics.get(created.topicId)
    hold(known === undefined, `topic id ${created.topicId} is given to ${name} and ${known?.name}`)
    const topic = this.#world.topicCreated(name, created.topicId, { partitions, isStable })
    topic.mayBeUnclean = unclean
    this.configs.set(topic, new Map(configs.map(({ name, value }) => [name, value])))
    this.#world.say(`admin: ${name} is created as ${topic.topicId}`)
    this.#noteDeletions(topic)
    await this.#findOwnTopic(connection, topic)
    return topic
  }

  /** Whoever created a topic through a broker finds it when he asks that broker. */
  async #findOwnTopic(connection: ClientConnection, topic: TopicHistory): Promise<void> {
    const { name, topicId, partitions } = topic
    const asked = { topics: [{ name }], allowAutoTopicCreation: false }
    const answer = await connection.request(apis.metadata, asked, { timeoutMs: REQUEST_TIMEOUT_MS })
    const found = answer.topics[0]!
    hold(
      found.topicId === topicId && found.partitions.length === partitions.length,
      `${name} was created, and the same broker answers ${errorName(found.errorCode)}`,
    )
  }

  /** An earlier request created it, whose answer was lost. */
  async #adopt(name: string, isStable: boolean): Promise<TopicHistory | null> {
    const metadata = await this.#client.client.metadata([name])
    const found = metadata.topics[0]!
    if (found.errorCode !== 0 || this.#world.topics.has(found.topicId)) return null
    const topic = this.#world.topicCreated(name, found.topicId, {
      partitions: found.partitions.length,
      isStable,
    })
    // Which settings came with it is not known: records may go.
    if (!isStable) for (const partition of topic.partitions) expires(partition)
    topic.mayBeUnclean = !isStable && this.#world.shape.unclean
    return topic
  }

  async #alterConfig(topic: TopicHistory): Promise<void> {
    const name = this.#random.pick(topic.isStable ? harmless : Object.keys(settings))
    const value = this.#random.pick(settings[name]!)
    const isSet = this.#random.chance(0.7)
    const configs = this.configs.get(topic) ?? new Map<string, string | null>()
    this.configs.set(topic, configs)
    // An answer that is lost leaves a request behind that may still be carried out, at any time.
    const isKnown = configs.get(name) !== null
    configs.set(name, null)
    this.#noteDeletions(topic, name)
    const answer = await this.#request(apis.alterConfigs, {
      resources: [
        {
          resourceType: TOPIC_RESOURCE,
          resourceName: topic.name,
          configs: [{ name, configOperation: isSet ? SET : DELETE, value: isSet ? value : null }],
        },
      ],
      validateOnly: false,
    })
    const error = errorName(answer.responses[0]!.errorCode)
    if (error !== 'NONE') throw new KafkaError(error, topic.name)
    if (isKnown) configs.set(name, isSet ? value : '(default)')
  }

  #noteDeletions(topic: TopicHistory, setting?: string): void {
    const names = setting === undefined ? [...this.configs.get(topic)!.keys()] : [setting]
    if (!names.some(name => name.startsWith('retention.'))) return
    for (const partition of topic.partitions) expires(partition)
  }

  async #addPartitions(topic: TopicHistory): Promise<void> {
    const count = topic.partitions.length + 1
    if (count > PARTITIONS_MAX) return
    const answer = await this.#request(apis.createPartitions, {
      topics: [{ name: topic.name, count, assignments: null }],
      timeoutMs: REQUEST_TIMEOUT_MS,
      validateOnly: false,
    })
    const error = errorName(answer.results[0]!.errorCode)
    // INVALID_PARTITIONS: an earlier request did it, whose answer was lost.
    if (error !== 'NONE' && error !== 'INVALID_PARTITIONS') throw new KafkaError(error, topic.name)
    const mayExpire = topic.partitions.some(partition => partition.mayExpire)
    this.#world.partitionsCreated(topic, count)
    if (mayExpire) expires(topic.partitions.at(-1)!)
  }

  async #deleteRecords(topic: TopicHistory): Promise<void> {
    if (topic.isStable && this.#random.chance(0.9)) return
    const partition = this.#random.pick(topic.partitions)
    const { losses } = partition
    const toEnd = this.#random.chance(0.2)
    const offset = toEnd ? -1n : BigInt(this.#random.integer(Number(partition.highWatermark) + 1))
    partition.deletionAsked = true
    const leader = { type: 'leader', topic: topic.name, partition: partition.index } as const
    const answer = await this.#client.client.request(
      leader,
      apis.deleteRecords,
      {
        topics: [{ name: topic.name, partitions: [{ partitionIndex: partition.index, offset }] }],
        timeoutMs: REQUEST_TIMEOUT_MS,
      },
      { timeoutMs: REQUEST_TIMEOUT_MS },
    )
    const result = answer.topics[0]!.partitions[0]!
    const error = errorName(result.errorCode)
    if (error !== 'NONE') throw new KafkaError(error, partition.name)
    if (losses === partition.losses)
      hold(
        result.lowWatermark >= offset,
        `${partition.name}: deleted up to ${offset}, its log start is ${result.lowWatermark}`,
      )
  }

  /** Some partitions go to other brokers, or what is under way is called off. */
  async #reassign(topic: TopicHistory): Promise<void> {
    const { brokerCount, factor, throttles } = this.#world.shape
    const count = topic.isStable ? factor : this.#random.between(1, Math.min(factor, brokerCount))
    const partition = this.#random.pick(topic.partitions)
    if (throttles) await this.#throttle(topic, this.#random.chance(0.8))
    const isCancelled = this.#random.chance(0.2)
    const replicas = isCancelled ? null : this.#someBrokers(count)
    const answer = await this.#request(apis.alterPartitionReassignments, {
      timeoutMs: REQUEST_TIMEOUT_MS,
      allowReplicationFactorChange: true,
      topics: [{ name: topic.name, partitions: [{ partitionIndex: partition.index, replicas }] }],
    })
    const error = errorName(answer.responses[0]?.partitions[0]?.errorCode ?? answer.errorCode)
    if (error !== 'NONE') throw new KafkaError(error, partition.name)
    this.#world.say(`admin: ${partition.name} goes to ${replicas?.join() ?? 'where it was'}`)
  }

  /** As kafka-reassign-partitions does with --throttle, and takes back at its end (KIP-73). */
  async #throttle(topic: TopicHistory, isWanted: boolean): Promise<void> {
    const rate = this.#random.pick(RATES)
    const both = (rest: string, value: string) =>
      ['leader', 'follower'].map(side => ({
        name: `${side}.replication.throttled.${rest}`,
        configOperation: isWanted ? SET : DELETE,
        value: isWanted ? value : null,
      }))
    const resources = [...this.#world.cluster.brokers.keys()].map(id => ({
      resourceType: BROKER_RESOURCE,
      resourceName: String(id),
      configs: both('rate', rate),
    }))
    const configs = both('replicas', '*')
    resources.push({ resourceType: TOPIC_RESOURCE, resourceName: topic.name, configs })
    const answer = await this.#request(apis.alterConfigs, { resources, validateOnly: false })
    for (const { errorCode, resourceName } of answer.responses)
      if (errorCode !== 0) throw new KafkaError(errorName(errorCode), resourceName)
    this.#world.say(`admin: ${topic.name} is ${isWanted ? `throttled to ${rate}` : 'free'}`)
  }

  #someBrokers(count: number): number[] {
    const brokerIds = [...this.#world.cluster.brokers.keys()]
    while (brokerIds.length > count) brokerIds.splice(this.#random.integer(brokerIds.length), 1)
    const first = this.#random.integer(brokerIds.length)
    return [...brokerIds.slice(first), ...brokerIds.slice(0, first)]
  }

  /** All partitions that are not led by their first replica. */
  async electPreferred(): Promise<void> {
    await this.#request(apis.electLeaders, {
      electionType: PREFERRED_ELECTION,
      topicPartitions: null,
      timeoutMs: REQUEST_TIMEOUT_MS,
    })
  }

  async #electUncleanly(topic: TopicHistory): Promise<void> {
    topic.mayBeUnclean = true
    await this.#request(apis.electLeaders, {
      electionType: UNCLEAN_ELECTION,
      topicPartitions: [
        { topic: topic.name, partitions: topic.partitions.map(({ index }) => index) },
      ],
      timeoutMs: REQUEST_TIMEOUT_MS,
    })
  }

  async #deleteTopic(topic: TopicHistory): Promise<void> {
    topic.deletionAsked = true
    for (const partition of topic.partitions) partition.deletionAsked = true
    const answer = await this.#request(apis.deleteTopics, {
      topics: [{ name: null, topicId: topic.topicId }],
      timeoutMs: REQUEST_TIMEOUT_MS,
    })
    const error = errorName(answer.responses[0]!.errorCode)
    hold(error !== 'UNKNOWN_TOPIC_ID' || topic.deletionAsked, `${topic.name} was never created`)
    if (error !== 'NONE') throw new KafkaError(error, topic.name)
    topic.isDeleted = true
    this.#world.say(`admin: ${topic.name} is deleted`)
  }

  /** Asks one broker alone: a change that two were asked for may come twice, and the second late. */
  async #request<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    value: InputOf<Q>,
  ): Promise<ValueOf<S>> {
    const connection = await this.#client.client.connection({ type: 'any' })
    return connection.request(api, value, { timeoutMs: REQUEST_TIMEOUT_MS })
  }
}

function expires(partition: PartitionHistory): void {
  partition.mayExpire = true
  partition.deletionAsked = true
}
