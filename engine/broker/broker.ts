/**
 * A broker: its log folder, its listener, its standing with the controller, and the services that
 * its handlers work with. Everything that touches the machine is handed in.
 *
 * Starting: claim the folder, take the address, register, replay the metadata log, open the logs,
 * be unfenced, serve. Stopping is the same way back.
 */
import { configResourceTypes } from '../config/describe.ts'
import {
  brokerSettings,
  type BrokerConfigLayers,
  type BrokerSettings,
  type ConfigMap,
} from '../config/settings.ts'
import { MetadataImage, type MetadataChange } from '../controller/metadata-image.ts'
import { defaultLogConfig } from '../log/log-config.ts'
import { LogFolder } from '../log/log-folder.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { Address } from '../ports/network.ts'
import { frameMemory } from '../protocol/frame-assembler.ts'
import { FetchPurgatory } from '../replica/fetch-purgatory.ts'
import { FollowerWaits } from '../replica/follower-waits.ts'
import { FetchSessionCache } from '../replica/fetch-sessions.ts'
import { Dispatcher } from '../server/dispatcher.ts'
import { NodeServer } from '../server/node-server.ts'
import { WireTap } from '../server/wire-tap.ts'
import { BufferPool } from '../support/buffer-pool.ts'
import { brokerApis } from './broker-apis.ts'
import type { BrokerOptions } from './broker-options.ts'
import type { BrokerServices } from './broker-services.ts'
import { CLIENT_LISTENER, ClusterView, OFFSETS_TOPIC } from './cluster-view.ts'
import { ActiveController, ControllerChannel } from './controller-channel.ts'
import { groupConfigOf } from './group-config-of.ts'
import { GroupService } from './group-service.ts'
import { logInspection, type BrokerInspection } from './inspection.ts'
import { Maintenance } from './maintenance.ts'
import { MetadataChanges } from './metadata-changes.ts'
import { MetadataFollower } from './metadata-follower.ts'
import type { Partition } from './partition.ts'
import { ProducerIds } from './producer-ids.ts'
import { Registration } from './registration.ts'
import { Replicas } from './replicas.ts'
import { Replication } from './replication.ts'
import { TopicCreation } from './topic-creation.ts'
import { Traffic } from './traffic.ts'

/** As in Kafka's FetchSession: a session that rested so long gives its slot to any other. */
const FETCH_SESSION_EVICTION_MS = 120_000
/** So long the metadata log is waited for, before a controller is looked for in another way. */
const LEADER_MS_MAX = 2_000
const INT32_MAX = 0x7fff_ffff
/** Response memory that is kept for the next response. */
const IDLE_BUFFER_BYTES_MAX = 8 * 1024 * 1024

export class Broker {
  readonly #options: BrokerOptions
  readonly #image = new MetadataImage()
  readonly #cluster = new ClusterView(this.#image)
  readonly #folder: LogFolder
  readonly #replicas: Replicas
  readonly #controller: ControllerChannel
  readonly #metadataChannel: ControllerChannel
  readonly #catchUpChannel: ControllerChannel
  readonly #groups: GroupService
  readonly #topicCreation: TopicCreation
  readonly #changes: MetadataChanges
  readonly #follower: MetadataFollower
  readonly #traffic = new Traffic()
  readonly #tap: WireTap
  readonly #buffers = new BufferPool({ idleBytesMax: IDLE_BUFFER_BYTES_MAX })
  readonly #fetchPurgatory = new FetchPurgatory<Partition>()
  readonly #followerWaits = new FollowerWaits()
  readonly #replication: Replication
  #staticConfigs: ConfigMap
  #settings: BrokerSettings
  #server: NodeServer | null = null
  #registration: Registration | null = null
  #maintenance: Maintenance | null = null

  private constructor(options: BrokerOptions) {
    this.#options = options
    this.#staticConfigs = options.staticConfigs
    const { brokerId, clock, random, logger } = options
    this.#tap = new WireTap(clock)
    this.#settings = brokerSettings(this.#configLayers())
    this.#folder = LogFolder.open({
      disk: options.disk,
      folder: options.folderPath,
      clusterId: options.clusterId,
      nodeId: brokerId,
      directoryId: random.uuid(),
      configFor: topic =>
        this.#cluster.topicByName(topic) === null
          ? defaultLogConfig
          : this.#replicas.configOf(topic),
      producerIdExpirationMs: this.#settings.producerIdExpirationMs,
      nowMs: clock.nowMs(),
      timestampOf: nowMs => clock.timestampOf(nowMs),
    })
    const active = new ActiveController(options.controllerAddresses)
    const channel = (clientId: string) =>
      new ControllerChannel({ network: options.network, clock, active, clientId })
    this.#controller = channel(`broker-${brokerId}`)
    this.#replication = new Replication({
      ...options,
      brokerEpoch: () => this.brokerEpoch,
      image: this.#image,
      partitions: () => this.#replicas.all(),
      settings: () => this.#settings,
      controller: this.#controller,
      fetchPurgatory: this.#fetchPurgatory,
      followerWaits: this.#followerWaits,
    })
    this.#replicas = new Replicas({
      brokerId,
      folder: this.#folder,
      image: this.#image,
      random,
      configLayers: () => this.#configLayers(),
      traffic: this.#traffic,
      rules: this.#replication.rules,
      effects: this.#replication,
    })
    // Answers come in order: none may wait behind a long poll, or what is not committed yet.
    this.#metadataChannel = channel(`broker-${brokerId}-metadata`)
    this.#catchUpChannel = channel(`broker-${brokerId}-catch-up`)
    this.#groups = new GroupService({
      clock,
      random,
      logger,
      config: groupConfigOf(this.#settings),
      offsetsPartitionCount: () =>
        this.#cluster.topicByName(OFFSETS_TOPIC)?.partitions.length ?? null,
      append: (partition, records) => this.#replicas.appendOwn(partition, records, clock.nowMs()),
      commitTimeoutMs: () => this.#settings.offsetsCommitTimeoutMs,
      onJournal: options.onGroupJournal ?? (() => {}),
    })
    this.#topicCreation = new TopicCreation({
      controller: this.#controller,
      cluster: this.#cluster,
      catchUp: () => this.#follower.catchUp(this.#catchUpChannel),
      settings: () => this.#settings,
    })
    this.#changes = new MetadataChanges({
      cluster: this.#cluster,
      replicas: this.#replicas,
      groups: this.#groups,
      clock,
    })
    this.#follower = new MetadataFollower({
      replicaId: options.isCombined === true ? -1 : brokerId,
      directoryId: this.#folder.directoryId,
      controller: this.#metadataChannel,
      clock,
      logger,
      image: this.#image,
      onChanges: changes => this.#onChanges(changes),
    })
  }

  /** Throws an `OperationalError` when folder or address cannot be had. */
  static async start(options: BrokerOptions): Promise<Broker> {
    const broker = new Broker(options)
    try {
      await broker.#start()
      return broker
    } catch (error) {
      // Rethrown: a broker that did not start must hold neither its folder nor its port.
      await broker.#release()
      broker.#folder.abandon()
      throw error
    }
  }

  get address(): Address {
    return this.#server?.address ?? this.#options.address
  }

  get brokerEpoch(): bigint {
    return this.#registration?.brokerEpoch ?? -1n
  }

  get traffic(): Traffic {
    return this.#traffic
  }

  /** The cluster as this broker knows it; for looking at only. */
  get image(): MetadataImage {
    return this.#image
  }

  get connectionCount(): number {
    return this.#server?.connections.size ?? 0
  }

  /** What only the broker itself can tell of its inside. */
  get inspection(): BrokerInspection {
    return {
      tap: this.#tap,
      connections: () => [...(this.#server?.connections ?? [])],
      ...logInspection(this.#folder, this.#replicas, this.#image, {
        settings: () => this.#settings,
        timestampOf: nowMs => this.#options.clock.timestampOf(nowMs),
      }),
    }
  }

  /** A clean stop: leave the cluster, close the logs, leave the marker. */
  async stop(): Promise<void> {
    await this.#registration?.leave()
    await this.#release()
    this.#folder.close({
      brokerEpoch: this.brokerEpoch,
      highWatermarkOf: log => this.#highWatermarkOf(log),
    })
  }

  async #start(): Promise<void> {
    const { network, address, clock, brokerId } = this.#options
    this.#server = await NodeServer.listen({
      network,
      address,
      dispatcher: new Dispatcher({
        apis: brokerApis(this.#services()),
        nowMs: () => clock.nowMs(),
      }),
      timestampMs: () => clock.timestampOf(clock.nowMs()),
      tap: this.#tap,
      requestBytesMax: this.#settings.socketRequestMaxBytes,
    })
    this.#describeListener()
    await this.#options.controllersKnown
    // Observers of the quorum need no registration, and learn from it who leads.
    this.#follower.start()
    await this.#follower.untilLed(LEADER_MS_MAX)
    this.#registration = this.#newRegistration()
    await this.#registration.register()
    const { brokerEpoch } = this.#registration
    await this.#follower.until(
      () => this.#follower.caughtUp && this.#follower.currentOffset >= brokerEpoch,
    )
    await this.#follower.whileHeld(this.#changes.openLogs())
    this.#replication.start()
    this.#registration.start()
    await this.#follower.until(() => this.#cluster.broker(brokerId) !== null)
    this.#maintenance = new Maintenance({
      folder: this.#folder,
      settings: () => this.#settings,
      highWatermarkOf: log => this.#highWatermarkOf(log),
      flushes: this.#replication.flushes,
      buffers: [this.#buffers, frameMemory],
      clock,
      logger: this.#options.logger,
    })
    this.#server.serve()
  }

  /** What DescribeConfigs says of the listener is what was bound. */
  #describeListener(): void {
    const { address, advertisedHost } = this.#options
    const listener = (host: string) => `${CLIENT_LISTENER}://${host}:${this.address.port}`
    this.#staticConfigs = new Map([
      ...this.#staticConfigs,
      ['listeners', listener(address.host)],
      ['advertised.listeners', listener(advertisedHost ?? address.host)],
    ])
    this.#settings = brokerSettings(this.#configLayers())
  }

  #newRegistration(): Registration {
    const { advertisedHost, address, brokerId, clusterId, rack, random, clock, logger } =
      this.#options
    return new Registration({
      brokerId,
      clusterId,
      incarnationId: random.uuid(),
      rack,
      directoryId: this.#folder.directoryId,
      previousBrokerEpoch: this.#folder.lastShutdown?.brokerEpoch ?? -1n,
      advertised: { host: advertisedHost ?? address.host, port: this.address.port },
      heartbeatIntervalMs: this.#settings.brokerHeartbeatIntervalMs,
      controller: this.#controller,
      clock,
      logger,
      currentMetadataOffset: () => this.#follower.currentOffset,
    })
  }

  async #release(): Promise<void> {
    this.#maintenance?.stop()
    this.#registration?.stop()
    this.#follower.stop()
    this.#changes.stop()
    const replicationEnds = this.#replication.stop()
    await this.#server?.close()
    this.#groups.close()
    for (const channel of [this.#controller, this.#metadataChannel, this.#catchUpChannel])
      channel.close()
    await replicationEnds
  }

  #services(): BrokerServices {
    const { brokerId, clusterId, clock, random } = this.#options
    return {
      brokerId,
      clusterId,
      clock,
      settings: () => this.#settings,
      configLayers: () => this.#configLayers(),
      cluster: this.#cluster,
      replicas: this.#replicas,
      buffers: this.#buffers,
      fetchPurgatory: this.#fetchPurgatory,
      followerWaits: this.#followerWaits,
      replication: this.#replication,
      fetchSessions: new FetchSessionCache({
        slotsMax: this.#settings.maxIncrementalFetchSessionCacheSlots,
        evictionMs: FETCH_SESSION_EVICTION_MS,
        newId: () => random.integer(INT32_MAX) + 1,
      }),
      groups: this.#groups,
      controller: this.#controller,
      catchUpWithController: () => this.#follower.catchUp(this.#catchUpChannel),
      topicCreation: this.#topicCreation,
      producerIds: new ProducerIds(this.#controller, () => ({
        brokerId,
        brokerEpoch: this.brokerEpoch,
      })),
      traffic: this.#traffic,
    }
  }

  #onChanges(changes: readonly MetadataChange[]): Promise<void> | null {
    if (changes.some(each => each.type === 'config-changed'))
      this.#settings = brokerSettings(this.#configLayers())
    return this.#changes.apply(changes)
  }

  #configLayers(): BrokerConfigLayers {
    const { BROKER } = configResourceTypes
    return {
      dynamicBroker: this.#image.configs(BROKER, String(this.#options.brokerId)),
      dynamicDefault: this.#image.configs(BROKER, ''),
      staticBroker: this.#staticConfigs,
    }
  }

  #highWatermarkOf(log: PartitionLog): bigint {
    return this.#replicas.find(log.topic, log.partition)?.highWatermark ?? 0n
  }
}
