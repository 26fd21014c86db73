/**
 * Everything of one simulated run: time, network, cluster, clients, and what is known of topics and
 * groups. The seed decides all of it.
 */
import { OFFSETS_TOPIC } from '../../engine/broker/cluster-view.ts'
import { createClient, type Client } from '../../engine/client/client.ts'
import { partitionFor } from '../../engine/group/partition-for.ts'
import type { PartitionImage } from '../../engine/controller/image-entries.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { diskRecords } from './disk-records.ts'
import { FollowerAppends } from './follower-appends.ts'
import { GroupHistory } from './group-history.ts'
import { CommittedMetadata } from './committed-metadata.ts'
import { MemoryDisk } from './memory-disk.ts'
import { PartitionHistory } from './partition-history.ts'
import { PartitionRules, type Place } from './partition-rules.ts'
import { QuorumRules } from './quorum-rules.ts'
import { verifyJoin, verifyLeader, verifyReplicas } from './replica-checks.ts'
import { SeededRandom } from './seeded-random.ts'
import { brokerAddress, brokerHost, folderOf } from './node-places.ts'
import { SimulatedCluster } from './simulated-cluster.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { SimulatedNetwork, type NetworkFaults } from './simulated-network.ts'
import { hold, Violation } from './violation.ts'
import type { Crash } from './simulated-node.ts'
import { SimulatedProcess } from './simulated-process.ts'
import type { WorldShape } from './world-shape.ts'

const START_MS = Date.UTC(2025, 0, 1)
const LOG_LINES_MAX = 400
/** How often the disks are compared. */
const COMPARISON_MS = 1_500

export interface TopicHistory {
  readonly name: string
  readonly topicId: string
  /** Never deleted; groups read it. */
  readonly isStable: boolean
  readonly partitions: PartitionHistory[]
  deletionAsked: boolean
  isDeleted: boolean
  /** Someone may have allowed leaders that lack records. */
  mayBeUnclean: boolean
}

export interface Join {
  readonly topicId: string
  readonly index: number
  readonly leader: number
  readonly joined: number
}

export interface SimulatedClient {
  readonly client: Client
  readonly process: SimulatedProcess
  /** Ends like a process: nobody says goodbye. */
  kill(): void
}

export class World {
  readonly seed: string
  readonly random: SeededRandom
  readonly time = new SimulatedClock(START_MS)
  readonly network: SimulatedNetwork
  readonly shape: WorldShape
  readonly cluster: SimulatedCluster
  readonly metadata: CommittedMetadata
  readonly rules: PartitionRules
  readonly topics = new Map<string, TopicHistory>()
  readonly groups = new Map<string, GroupHistory>()
  readonly producerIds = new Set<bigint>()
  readonly log: string[] = []
  readonly verbose: boolean
  failure: unknown = null
  /** Nothing new is begun any more; what was begun is finished. */
  isEnding = false
  #clients = 0
  readonly #powerCutMs = new Map<number, number>()
  /** Of each broker: the last offset of its image when that was last compared. */
  readonly #compared = new Map<number, bigint>()
  /** Partitions whose leaders are to be looked at. */
  readonly #changed: { readonly topicId: string; readonly index: number }[] = []
  /** Replicas that came into an ISR, by what is committed, in their order. */
  readonly joins: Join[] = []
  #judgedJoins = 0
  readonly #quorumRules: QuorumRules
  readonly #appends = new FollowerAppends(this)
  #nextComparisonMs = COMPARISON_MS

  constructor(options: {
    readonly seed: string
    readonly shape: WorldShape
    readonly faults: NetworkFaults
    /** No fault is injected, and no plot. */
    readonly isCalm: boolean
    readonly verbose: boolean
  }) {
    const { seed, shape, faults } = options
    this.seed = seed
    this.shape = shape
    this.verbose = options.verbose
    this.random = new SeededRandom(seed)
    this.network = new SimulatedNetwork(this.time, this.random.stream('network'), faults)
    this.cluster = new SimulatedCluster({
      shape,
      time: this.time,
      network: this.network,
      random: this.random.stream('cluster'),
      log: line => this.say(line),
      fail: error => this.fail(error),
      onBrokerCrash: (brokerId, crash) => this.#brokerCrashed(brokerId, crash),
      onBrokerWrite: (brokerId, path) => this.#appends.written(brokerId, path),
    })
    this.network.onRefusal = what => this.fail(new Violation(what))
    this.time.onError = error => this.fail(error)
    this.rules = new PartitionRules({
      image: () => this.metadata.image,
      nowMs: () => this.nowMs,
      say: line => this.say(line),
      isQuiet: () => options.isCalm && !this.isEnding,
      onUnclean: (place, leader, before) => this.#uncleanlyElected(place, leader, before),
    })
    const voters = [...this.cluster.controllers.keys()].slice(0, shape.controllerCount)
    this.metadata = new CommittedMetadata(voters, change => {
      this.rules.changed(change)
      if (change.type !== 'partition-changed') return
      const { topic, partitionIndex: index, before, after } = change
      const { topicId } = topic
      if (this.keepsName(topic.name)) this.#changed.push({ topicId, index })
      if (before === null) return
      for (const joined of after.isr)
        if (!before.isr.includes(joined) && before.leader === after.leader)
          this.joins.push({ topicId, index, leader: after.leader, joined })
    })
    this.#quorumRules = new QuorumRules(this.cluster, this.metadata, () => {
      this.rules.verifyLeaders()
    })
    this.time.onRest = () => {
      for (const node of this.cluster.nodes) node.notice()
      try {
        this.#look()
      } catch (error) {
        // Nobody calls: whatever rule is broken ends this world.
        this.fail(error)
      }
    }
  }

  /** How often a broker's memory was replaced by what its log says: by a start, or an election. */
  get upheavals(): number {
    return this.cluster.nodes.reduce((sum, { lives }) => sum + lives, this.rules.elections)
  }

  get nowMs(): number {
    return this.time.nowMs - START_MS
  }

  say(line: string): void {
    const said = `${this.nowMs.toFixed(3).padStart(10)} ${line}`
    this.time.note(said)
    if (this.verbose) process.stdout.write(`${said}\n`)
    this.log.push(said)
    if (this.log.length > LOG_LINES_MAX) this.log.shift()
  }

  /** Keeps the first failure; a torn write is one that was asked for. */
  fail(error: unknown): void {
    if (error instanceof Error && error.name === 'PowerCut') return
    if (this.failure !== null) return
    this.failure = error
    this.say(`FAILS: ${error instanceof Error ? error.message : String(error)}`)
  }

  /** Runs the world until `condition` holds or `limitMs` of its time are over, or it failed. */
  async runUntil(condition: () => boolean, limitMs: number): Promise<boolean> {
    const holds = () => this.failure !== null || condition()
    await this.time.runUntil(holds, this.time.nowMs + limitMs)
    if (this.failure !== null) throw this.failure
    return condition()
  }

  /** As `runUntil`, for something that is under way; throws what it throws. */
  async runThrough<T>(work: Promise<T>, what: string, limitMs: number): Promise<T> {
    let outcome: { readonly value: T } | { readonly error: unknown } | null = null
    work.then(
      value => (outcome = { value }),
      error => (outcome = { error }),
    )
    const isDone = await this.runUntil(() => outcome !== null, limitMs)
    if (!isDone) throw new OperationalError(`${what}: not done within ${limitMs} ms`)
    const done = outcome as unknown as { readonly value: T } | { readonly error: unknown }
    if ('error' in done) throw done.error
    return done.value
  }

  newClient(name: string): SimulatedClient {
    const host = `${name}-${this.#clients++}`
    const process = new SimulatedProcess({
      name: host,
      time: this.time,
      disk: new MemoryDisk(),
      random: this.random.stream(host),
      log: line => this.say(line),
    })
    const client = createClient({
      network: this.network.portOf(process),
      clock: process.clock,
      bootstrap: shuffled([...this.cluster.brokers.keys()], process.random).map(brokerAddress),
      clientId: host,
      connectTimeoutMs: 500,
    })
    const kill = () => {
      process.kill()
      this.network.closeAllOf(process)
    }
    return { client, process, kill }
  }

  topicCreated(name: string, topicId: string, options: { partitions: number; isStable: boolean }) {
    const topic: TopicHistory = {
      name,
      topicId,
      isStable: options.isStable,
      partitions: [],
      deletionAsked: false,
      isDeleted: false,
      mayBeUnclean: false,
    }
    this.topics.set(topicId, topic)
    this.partitionsCreated(topic, options.partitions)
    return topic
  }

  partitionsCreated(topic: TopicHistory, count: number): void {
    while (topic.partitions.length < count)
      topic.partitions.push(
        new PartitionHistory(topic.name, topic.topicId, topic.partitions.length),
      )
  }

  liveTopics(): TopicHistory[] {
    return [...this.topics.values()].filter(topic => !topic.deletionAsked)
  }

  stableTopics(): TopicHistory[] {
    return [...this.topics.values()].filter(topic => topic.isStable)
  }

  group(groupId: string): GroupHistory {
    let group = this.groups.get(groupId)
    if (group === undefined) this.groups.set(groupId, (group = new GroupHistory(groupId)))
    return group
  }

  /**
   * Whether a broker has all that is committed in a partition: it is in the ISR or eligible to lead
   * after it, and its power has not gone since it came there. Kafka does not flush what it
   * acknowledges, so a power cut may take anything from one broker; the others have it.
   */
  mustHold(place: Omit<Place, 'topic'>, brokerId: number): boolean {
    const state = this.metadata.image.partition(place.topicId, place.index)
    if (state === null) return false
    const isMember = state.isr.includes(brokerId) || state.eligibleLeaderReplicas.includes(brokerId)
    return isMember && !this.#lostPowerIn(place, brokerId)
  }

  /** No other topic takes its name after it. */
  keepsName(name: string): boolean {
    return name === OFFSETS_TOPIC || this.stableTopics().some(topic => topic.name === name)
  }

  /** Who leads by what is committed; null where nobody does. */
  leaderOf(topic: string, index: number): { brokerId: number; leaderEpoch: number } | null {
    const state = this.metadata.image.topicsByName.get(topic)?.partitions[index]
    if (state === undefined || state.leader < 0) return null
    return { brokerId: state.leader, leaderEpoch: state.leaderEpoch }
  }

  /**
   * Whether a host leads by what is committed; the returned function says whether it has done so
   * all the time since. One that was replaced and has not heard of it answers what it knows.
   */
  watchLeader(topic: string, index: number, host: string): () => boolean {
    const before = this.leaderOf(topic, index)
    const isLeader = before !== null && brokerHost(before.brokerId) === host
    return () => isLeader && this.leaderOf(topic, index)?.leaderEpoch === before.leaderEpoch
  }

  /** As `watchLeader`, of the partition that a group's offsets lie in. */
  watchCoordinator(groupId: string, host: string): () => boolean {
    const count = this.metadata.image.topicsByName.get(OFFSETS_TOPIC)?.partitions.length ?? 0
    if (count === 0) return () => false
    return this.watchLeader(OFFSETS_TOPIC, partitionFor(groupId, count), host)
  }

  #lostPowerIn(place: { readonly topicId: string; readonly index: number }, brokerId: number) {
    if (this.shape.flushes) return false
    return (this.#powerCutMs.get(brokerId) ?? -Infinity) >= this.rules.holdsSinceMs(place, brokerId)
  }

  #look(): void {
    const { brokers } = this.cluster
    this.#quorumRules.verify()
    this.#appends.verify()
    for (const { running } of brokers.values()) {
      if (running === null || running.image.lastOffset < this.metadata.nextOffset) continue
      this.metadata.learn(running.image.lastOffset, this.cluster.controllerDisks)
      this.rules.verifyLeaders()
    }
    for (const { topicId, index } of this.#changed.splice(0)) verifyLeader(this, topicId, index)
    while (this.#judgedJoins < this.joins.length) verifyJoin(this, this.joins[this.#judgedJoins++]!)
    for (const [brokerId, { running }] of brokers) {
      const offset = running?.image.lastOffset
      if (offset === undefined || this.#compared.get(brokerId) === offset) continue
      this.#compared.set(brokerId, offset)
      this.metadata.verifyImage(`broker ${brokerId}`, running!.image)
    }
    if (this.nowMs < this.#nextComparisonMs) return
    this.#nextComparisonMs = this.nowMs + COMPARISON_MS
    verifyReplicas(this)
  }

  /** A broker leads that was not in the ISR: what may be lost with it, and by what right. */
  #uncleanlyElected(place: Place, leader: number, before: PartitionImage): void {
    const topic = this.topics.get(place.topicId)
    const isLastKnown = before.lastKnownElr.length === 1 && before.lastKnownElr[0] === leader
    const name = `${place.topic}-${place.index}`
    // Whoever created a topic and has not heard so yet may have allowed it.
    const isUnheardOf = topic === undefined && !place.topic.startsWith('__')
    const isAllowed = isUnheardOf ? this.shape.unclean : topic?.mayBeUnclean === true
    hold(
      isLastKnown || isAllowed,
      `${name}: ${leader} leads, was not in the ISR [${before.isr.join()}], and nobody allowed it`,
    )
    const mayLack = !isLastKnown || this.#lostPowerIn(place, leader)
    this.say(`${name}: ${leader} leads uncleanly${mayLack ? ', and may lack records' : ''}`)
    if (isUnheardOf) return
    if (topic === undefined) {
      if (mayLack) for (const group of this.groups.values()) group.powerCut()
      return
    }
    const partition = topic.partitions[place.index]
    if (partition === undefined) return
    const { disk } = this.cluster.brokers.get(leader)!
    const { endOffset, isKept } = diskRecords(disk, folderOf(leader), partition.name)
    if (mayLack) partition.loses(endOffset, isKept)
    else partition.holdsAll(`broker ${leader}, the last known leader`, endOffset)
  }

  /** What was acknowledged must be on the disk the moment the process is gone. */
  #brokerCrashed(brokerId: number, { how, diskBefore, disk }: Crash): void {
    const mayLose = how === 'power cut' && !this.shape.flushes
    if (mayLose) {
      this.#powerCutMs.set(brokerId, this.nowMs)
      if (this.#isSoleCoordinator(brokerId))
        for (const group of this.groups.values()) group.powerCut()
    }
    for (const topic of this.topics.values())
      for (const partition of topic.partitions) {
        const folder = `${folderOf(brokerId)}/${partition.name}`
        const isHere = diskBefore.exists(`${folder}/partition.metadata`)
        if (!isHere || !idIs(diskBefore, folder, partition.topicId)) continue
        const { endOffset, isKept } = diskRecords(disk, folderOf(brokerId), partition.name)
        const state = this.metadata.image.partition(partition.topicId, partition.index)
        const isSole = state?.replicas.length === 1 && state.replicas[0] === brokerId
        if (mayLose) {
          if (isSole) partition.loses(endOffset, isKept)
        } else
          try {
            if (this.mustHold(partition, brokerId))
              partition.holdsAll(`broker ${brokerId}`, endOffset)
          } catch (error) {
            // Several callers, none of which expects a rule to be broken here.
            this.fail(error)
          }
      }
  }

  #isSoleCoordinator(brokerId: number): boolean {
    const offsets = this.metadata.image.topicsByName.get(OFFSETS_TOPIC)?.partitions ?? []
    return offsets.some(({ replicas }) => replicas.length === 1 && replicas[0] === brokerId)
  }
}

function idIs(disk: MemoryDisk, folder: string, topicId: string): boolean {
  const text = Buffer.from(disk.readFile(`${folder}/partition.metadata`)).toString()
  return text.includes(`topic_id: ${topicId}`)
}

/** Clients know the same brokers, and do not all ask the same one first. */
function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  return items
    .map(item => ({ item, place: random.fraction() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/** What a client has to live with while things break. */
export function isExpected(error: unknown): boolean {
  return error instanceof KafkaError || error instanceof OperationalError
}
