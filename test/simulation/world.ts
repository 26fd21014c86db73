/**
 * Everything of one simulated run: time, network, cluster, clients, and what is known of topics and
 * groups. The seed decides all of it.
 */
import { createClient, type Client } from '../../engine/client/client.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { diskRecords } from './disk-records.ts'
import { GroupHistory } from './group-history.ts'
import { MemoryDisk } from './memory-disk.ts'
import { PartitionHistory } from './partition-history.ts'
import { SeededRandom } from './seeded-random.ts'
import { brokerAddress, folderOf, SimulatedCluster } from './simulated-cluster.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { SimulatedNetwork, type NetworkFaults } from './simulated-network.ts'
import { Violation } from './violation.ts'
import type { Crash } from './simulated-node.ts'
import { SimulatedProcess } from './simulated-process.ts'

const START_MS = Date.UTC(2025, 0, 1)
const LOG_LINES_MAX = 400

export interface TopicHistory {
  readonly name: string
  readonly topicId: string
  /** Never deleted; groups read it. */
  readonly isStable: boolean
  readonly partitions: PartitionHistory[]
  deletionAsked: boolean
  isDeleted: boolean
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
  readonly cluster: SimulatedCluster
  readonly topics = new Map<string, TopicHistory>()
  readonly groups = new Map<string, GroupHistory>()
  readonly producerIds = new Set<bigint>()
  readonly log: string[] = []
  readonly verbose: boolean
  failure: unknown = null
  /** Nothing new is begun any more; what was begun is finished. */
  isEnding = false
  #clients = 0

  constructor(options: {
    readonly seed: string
    readonly brokerCount: number
    readonly faults: NetworkFaults
    readonly verbose: boolean
  }) {
    const { seed, brokerCount, faults } = options
    this.seed = seed
    this.verbose = options.verbose
    this.random = new SeededRandom(seed)
    this.network = new SimulatedNetwork(this.time, this.random.stream('network'), faults)
    this.cluster = new SimulatedCluster({
      brokerCount,
      time: this.time,
      network: this.network,
      random: this.random.stream('cluster'),
      log: line => this.say(line),
      fail: error => this.fail(error),
      onBrokerCrash: (brokerId, crash) => this.#brokerCrashed(brokerId, crash),
    })
    this.network.onRefusal = what => this.fail(new Violation(what))
    this.time.onError = error => this.fail(error)
    this.time.onRest = () => {
      for (const node of this.cluster.nodes) node.notice()
    }
  }

  /** How many lives of nodes have begun. */
  get lives(): number {
    return this.cluster.nodes.reduce((sum, { lives }) => sum + lives, 0)
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
      bootstrap: [...this.cluster.brokers.keys()].map(brokerAddress),
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

  /** What was acknowledged must be on the disk the moment the process is gone. */
  #brokerCrashed(brokerId: number, { how, diskBefore, disk }: Crash): void {
    if (how === 'power cut') for (const group of this.groups.values()) group.powerCut()
    for (const topic of this.topics.values())
      for (const partition of topic.partitions) {
        const folder = `${folderOf(brokerId)}/${partition.name}`
        const isHere = diskBefore.exists(`${folder}/partition.metadata`)
        if (!isHere || !idIs(diskBefore, folder, partition.topicId)) continue
        const { endOffset, isKept } = diskRecords(disk, folderOf(brokerId), partition.name)
        if (how === 'power cut') partition.endsAfterPowerCut(endOffset, isKept)
        else
          try {
            partition.endsAfterKill(endOffset)
          } catch (error) {
            // Several callers, none of which expects a rule to be broken here.
            this.fail(error)
          }
      }
  }
}

function idIs(disk: MemoryDisk, folder: string, topicId: string): boolean {
  const text = Buffer.from(disk.readFile(`${folder}/partition.metadata`)).toString()
  return text.includes(`topic_id: ${topicId}`)
}

/** What a client has to live with while things break. */
export function isExpected(error: unknown): boolean {
  return error instanceof KafkaError || error instanceof OperationalError
}
