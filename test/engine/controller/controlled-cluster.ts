/** A controller with its metadata log in memory, driven as the shell drives it. */
import { Controller } from '../../../engine/controller/controller.ts'
import type { Handled, RequestContext } from '../../../engine/controller/handled.ts'
import { supportedFeatures } from '../../../engine/controller/bootstrap.ts'
import type { MetadataChange } from '../../../engine/controller/metadata-image.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
} from '../../../engine/protocol/metadata-records/metadata-record.ts'
import type { Random } from '../../../engine/ports/random.ts'
import { errorName, type ErrorName } from '../../../engine/protocol/errors.ts'
import type { AlterPartitionRequest } from '../../../engine/protocol/messages/alter-partition.ts'
import type { BrokerRegistrationRequest } from '../../../engine/protocol/messages/broker-registration.ts'
import type { CreateTopicsRequest } from '../../../engine/protocol/messages/create-topics.ts'

export const clusterId = 'MkU3OEVBNTcwNTJENDM2Qg'

export class ControlledCluster {
  readonly log: MetadataRecord[] = []
  readonly random: Random
  controller: Controller
  nowMs = 0
  #runs = 0

  constructor(configs: Readonly<Record<string, string>> = {}, seed = 1) {
    this.random = seededRandom(seed)
    this.controller = this.newController(configs)
    this.append(this.controller.bootstrapRecords())
    this.controller.activate(this.nowMs)
  }

  newController(configs: Readonly<Record<string, string>> = {}): Controller {
    const staticConfigs = new Map(Object.entries(configs))
    return new Controller({ clusterId, staticConfigs, random: this.random })
  }

  context(apiVersion = 7): RequestContext {
    return { nowMs: this.nowMs, nextOffset: BigInt(this.log.length), apiVersion }
  }

  /** Replays the records as they are; the log keeps what a reader makes of their bytes. */
  append(records: readonly MetadataRecord[]): readonly MetadataChange[] {
    return records.flatMap(record => {
      const read = decodeMetadataRecord(encodeMetadataRecord(record))
      const change = this.controller.replay(record, BigInt(this.log.length))
      this.log.push(read)
      return change === null ? [] : [change]
    })
  }

  done<R>(handled: Handled<R>): R {
    this.append(handled.records)
    return handled.response
  }

  register(brokerId: number, overrides: Partial<BrokerRegistrationRequest> = {}) {
    return this.done(
      this.controller.handleBrokerRegistration(
        {
          brokerId,
          clusterId,
          incarnationId: incarnation(brokerId),
          listeners: [
            { name: 'PLAINTEXT', host: '127.0.0.1', port: 9092 + brokerId, securityProtocol: 0 },
          ],
          features: [...supportedFeatures],
          rack: null,
          isMigratingZkBroker: false,
          logDirs: [directory(brokerId)],
          previousBrokerEpoch: -1n,
          ...overrides,
        },
        this.context(),
      ),
    )
  }

  heartbeat(
    brokerId: number,
    overrides: {
      wantFence?: boolean
      wantShutDown?: boolean
      currentMetadataOffset?: bigint
      brokerEpoch?: bigint
    } = {},
  ) {
    return this.done(
      this.controller.handleBrokerHeartbeat(
        {
          brokerId,
          brokerEpoch: this.controller.image.brokers.get(brokerId)?.brokerEpoch ?? -1n,
          currentMetadataOffset: BigInt(this.log.length - 1),
          wantFence: false,
          wantShutDown: false,
          offlineLogDirs: [],
          cordonedLogDirs: null,
          ...overrides,
        },
        this.context(),
      ),
    )
  }

  /** Registered and unfenced. */
  startBrokers(...brokerIds: readonly number[]): this {
    for (const brokerId of brokerIds) {
      this.register(brokerId)
      this.heartbeat(brokerId)
    }
    return this
  }

  createTopics(
    topics: readonly (string | (Partial<CreatableTopic> & { name: string }))[],
    validateOnly = false,
  ) {
    return this.done(
      this.controller.handleCreateTopics({
        topics: topics.map(topic => creatable(topic)),
        timeoutMs: 1000,
        validateOnly,
      }),
    )
  }

  /** Creates one topic and says only what came of it. */
  create(topic: string | (Partial<CreatableTopic> & { name: string })): ErrorName {
    return errorName(this.createTopics([topic]).topics[0]!.errorCode)
  }

  /** A topic of one partition on these brokers, the first of them leading. */
  createOn(name: string, brokerIds: readonly number[], configs: Record<string, string> = {}): this {
    const error = this.create({
      name,
      assignments: [{ partitionIndex: 0, brokerIds }],
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    })
    if (error !== 'NONE') throw new TypeError(`${name}: ${error}`)
    return this
  }

  /** The leader asks for an ISR of brokers as they are registered now. */
  alterPartition(name: string, isr: readonly number[], overrides: AlterPartitionOverrides = {}) {
    const topic = this.controller.image.topicsByName.get(name)!
    const { leader, leaderEpoch, partitionEpoch } = topic.partitions[0]!
    const { brokers } = this.controller.image
    const { brokerId = leader, topicId = topic.topicId, apiVersion = 3 } = overrides
    const { partition = {}, brokerEpoch } = overrides
    return this.done(
      this.controller.handleAlterPartition(
        {
          brokerId,
          brokerEpoch: brokerEpoch ?? brokers.get(brokerId)?.brokerEpoch ?? -1n,
          topics: [
            {
              topicId,
              partitions: [
                {
                  partitionIndex: 0,
                  leaderEpoch,
                  partitionEpoch,
                  leaderRecoveryState: 0,
                  newIsr: isr,
                  newIsrWithEpochs: isr.map(id => ({
                    brokerId: id,
                    brokerEpoch: brokers.get(id)?.brokerEpoch ?? -1n,
                  })),
                  ...partition,
                },
              ],
            },
          ],
        },
        this.context(apiVersion),
      ),
    )
  }

  /** What came of `alterPartition`: the error of the request, or of its one partition. */
  altered(
    name: string,
    isr: readonly number[],
    overrides: AlterPartitionOverrides = {},
  ): ErrorName {
    const { errorCode, topics } = this.alterPartition(name, isr, overrides)
    return errorName(errorCode === 0 ? topics[0]!.partitions[0]!.errorCode : errorCode)
  }

  /** Asks for a move of partition 0, or with null to give it up. */
  reassign(name: string, replicas: readonly number[] | null, allowFactorChange = true): ErrorName {
    const { responses } = this.done(
      this.controller.handleAlterPartitionReassignments({
        timeoutMs: 1000,
        allowReplicationFactorChange: allowFactorChange,
        topics: [{ name, partitions: [{ partitionIndex: 0, replicas }] }],
      }),
    )
    return errorName(responses[0]!.partitions[0]!.errorCode)
  }

  /** Asks for an election of partition 0: 0 preferred, 1 unclean. */
  elect(name: string, electionType: number): ErrorName {
    const topicPartitions = [{ topic: name, partitions: [0] }]
    const { errorCode, replicaElectionResults } = this.done(
      this.controller.handleElectLeaders(
        { electionType, topicPartitions, timeoutMs: 1000 },
        this.context(2),
      ),
    )
    const [result] = replicaElectionResults[0]?.partitionResult ?? []
    return errorName(result?.errorCode ?? errorCode)
  }

  /** One configuration of a topic, or of all brokers when the name is empty; null removes it. */
  configure(resourceName: string, name: string, value: string | null): ErrorName {
    const resourceType = resourceName === '' || /^\d+$/.test(resourceName) ? 4 : 2
    const { responses } = this.done(
      this.controller.handleIncrementalAlterConfigs({
        resources: [
          {
            resourceType,
            resourceName,
            configs: [{ name, configOperation: value === null ? 1 : 0, value }],
          },
        ],
        validateOnly: false,
      }),
    )
    return errorName(responses[0]!.errorCode)
  }

  updateFeature(feature: string, maxVersionLevel: number, upgradeType = 1, validateOnly = false) {
    const { errorCode } = this.done(
      this.controller.handleUpdateFeatures(
        {
          timeoutMs: 1000,
          featureUpdates: [{ feature, maxVersionLevel, allowDowngrade: false, upgradeType }],
          validateOnly,
        },
        this.context(2),
      ),
    )
    return errorName(errorCode)
  }

  /** The broker ends as by kill -9, and its session runs out. */
  lose(...brokerIds: readonly number[]): this {
    for (const brokerId of brokerIds) this.heartbeat(brokerId, { wantFence: true })
    return this
  }

  /** A new process of the broker, after a clean stop or after none, registered and unfenced. */
  restart(brokerId: number, after: 'clean' | 'unclean'): this {
    const before = this.controller.image.brokers.get(brokerId)!
    // The session of the process before it has run out, without the time that this takes.
    this.controller.heartbeats.end(brokerId)
    this.#runs++
    this.register(brokerId, {
      incarnationId: incarnation(brokerId, this.#runs),
      previousBrokerEpoch: after === 'clean' ? before.brokerEpoch : -1n,
    })
    this.heartbeat(brokerId)
    return this
  }

  tick(): readonly MetadataChange[] {
    const changes: MetadataChange[] = []
    for (;;) {
      const records = this.controller.tick(this.nowMs)
      if (records.length === 0) return changes
      changes.push(...this.append(records))
    }
  }

  partition(name: string, index = 0) {
    const topic = this.controller.image.topicsByName.get(name)
    if (topic === undefined) throw new TypeError(`no topic ${name}`)
    return topic.partitions[index]!
  }

  /** A controller that knows the log alone. */
  replayed(): Controller {
    const controller = this.newController()
    for (const [offset, record] of this.log.entries()) controller.replay(record, BigInt(offset))
    return controller
  }
}

type CreatableTopic = CreateTopicsRequest['topics'][number]
type WantedPartition = AlterPartitionRequest['topics'][number]['partitions'][number]

export interface AlterPartitionOverrides {
  readonly partition?: Partial<WantedPartition>
  readonly brokerId?: number
  readonly brokerEpoch?: bigint
  readonly topicId?: string
  readonly apiVersion?: number
}

export function creatable(
  topic: string | (Partial<CreatableTopic> & { name: string }),
): CreatableTopic {
  const byDefault = { numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
  if (typeof topic === 'string') return { name: topic, ...byDefault }
  const { assignments = [] } = topic
  const manual = assignments.length > 0 ? { numPartitions: -1, replicationFactor: -1 } : {}
  return { ...byDefault, ...manual, ...topic }
}

export function incarnation(brokerId: number, run = 0): string {
  return Buffer.from(`incarnation-${brokerId}-${run}`.padEnd(16).slice(0, 16)).toString('base64url')
}

export function directory(brokerId: number): string {
  return Buffer.from(`directory-${brokerId}`.padEnd(16)).toString('base64url')
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return {
    integer: below => Math.floor(next() * below),
    uuid() {
      const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(next() * 256)))
      bytes[0] = 0x40
      return bytes.toString('base64url')
    },
  }
}
