/**
 * A controller as a node: a voter of the quorum that keeps the metadata log, the controller core
 * over it, and the listener that brokers and the other controllers talk to.
 *
 * Starting: claim the folder, take the address, and wait to be told where the others are. From then
 * on it takes part in elections, and serves.
 */
import {
  brokerSettings,
  noBrokerConfigs,
  type BrokerSettings,
  type ConfigMap,
} from '../config/settings.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import { LogFolder } from '../log/log-folder.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import type { Logger } from '../ports/logger.ts'
import type { Address, Network } from '../ports/network.ts'
import type { Random } from '../ports/random.ts'
import { Raft } from '../raft/raft.ts'
import { isDynamic } from '../raft/voter-set.ts'
import { defaultRaftConfig } from '../raft/raft-state.ts'
import { Dispatcher } from '../server/dispatcher.ts'
import { NodeServer } from '../server/node-server.ts'
import { OperationalError } from '../support/operational-error.ts'
import { controllerApis, type ControllerServices } from './controller-apis.ts'
import { ElectionFile } from './election-file.ts'
import { membershipApis } from './membership-apis.ts'
import { metadataFolderOf, MetadataLog, metadataLogConfigOf } from './metadata-log.ts'
import { quorumServedApis } from './quorum-apis.ts'
import { endpointsOf } from './quorum-messages.ts'
import { QuorumNode } from './quorum-node.ts'
import { QuorumPeers } from './quorum-peers.ts'
import { ReplicatedController } from './replicated-controller.ts'
import { SelfDescription } from './self-description.ts'
import { SnapshotKeeper } from './snapshot-keeper.ts'
import { VoterChanges } from './voter-changes.ts'
import { KRAFT_VERSION_DYNAMIC } from './voter-records.ts'

const REQUEST_BYTES_MAX = 100 * 1024 * 1024
/**
 * Where a whole quorum starts, waiting for a random election timeout would be its longest part. The
 * voters stand one after another instead, the first at once; a pre-vote refuses those who have a
 * leader already.
 */
const FIRST_ELECTION_STEP_MS = 400

export interface ControllerNodeOptions {
  readonly nodeId: number
  readonly clusterId: string
  readonly folderPath: string
  readonly address: Address
  /** Ids of the voters that a new metadata log is made with; an existing one knows its own. */
  readonly voters: readonly number[]
  readonly staticConfigs: ConfigMap
  readonly disk: Disk
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /**
   * No broker that the log knows can still be running, as when the whole cluster starts: their
   * sessions are over at once, instead of after `broker.session.timeout.ms`.
   */
  readonly brokersAreDown: boolean
}

export class ControllerNode {
  readonly #options: ControllerNodeOptions
  readonly #folder: LogFolder
  readonly #settings: BrokerSettings
  readonly #log: MetadataLog
  readonly #peers: QuorumPeers
  /** Connections of their own: what waits for commitment must not hold up the fetches that commit. */
  readonly #errands: QuorumPeers
  readonly #quorum: QuorumNode
  readonly #controller: ReplicatedController
  readonly #snapshots: SnapshotKeeper
  readonly #voterChanges: VoterChanges
  readonly #self: SelfDescription
  #dispatcher: Dispatcher
  #server: NodeServer | null = null
  #begun = false
  /** The last epoch whose leader was told of. */
  #saidEpoch = -1

  private constructor(options: ControllerNodeOptions) {
    const { clusterId, random, nodeId, clock, disk, folderPath, network, staticConfigs } = options
    this.#options = options
    this.#settings = brokerSettings({ ...noBrokerConfigs, staticBroker: staticConfigs })
    const config = metadataLogConfigOf(this.#settings)
    this.#folder = LogFolder.open({
      disk,
      folder: folderPath,
      clusterId,
      nodeId,
      directoryId: random.uuid(),
      configFor: () => config,
      producerIdExpirationMs: Infinity,
      nowMs: clock.nowMs(),
      timestampOf: nowMs => clock.timestampOf(nowMs),
    })
    this.#log = new MetadataLog(this.#folder, {
      disk,
      config,
      nowMs: clock.nowMs(),
      formattedVoters: options.voters,
    })
    const peerOptions = {
      nodeId,
      clusterId,
      network,
      clock,
      requestTimeoutMs: this.#settings.controllerQuorumRequestTimeoutMs,
      address: () => this.address,
      voters: () => this.#log.voters,
    }
    this.#peers = new QuorumPeers(peerOptions)
    this.#errands = new QuorumPeers(peerOptions)
    this.#quorum = this.#newQuorum()
    this.#controller = new ReplicatedController({
      clusterId,
      staticConfigs,
      random,
      clock,
      quorum: () => this.#quorum,
      brokersAreDownSince: options.brokersAreDown ? this.#log.latestEpoch : null,
      onReplaced: () => {
        this.#dispatcher = this.#newDispatcher()
      },
      onCaughtUp: () => this.#metadataChanged(),
    })
    this.#snapshots = new SnapshotKeeper({
      log: this.#log,
      clock,
      logger: options.logger,
      settings: this.#settings,
    })
    this.#voterChanges = new VoterChanges(this.#quorum, this.#controller)
    this.#self = new SelfDescription({
      nodeId,
      clusterId,
      directoryId: this.#folder.directoryId,
      incarnationId: random.uuid(),
      quorum: this.#quorum,
      peers: this.#errands,
      clock,
      address: () => this.address,
      image: () => this.image,
    })
    this.#dispatcher = this.#newDispatcher()
  }

  /**
   * Takes folder and address, and waits for `knowQuorum`. Throws an `OperationalError` for a taken
   * address and for a folder that is not this node's.
   */
  static async start(options: ControllerNodeOptions): Promise<ControllerNode> {
    const node = new ControllerNode(options)
    try {
      // Nobody waits for this node yet; later, the quorum would.
      node.#controller.committed()
      await node.#listen()
      return node
    } catch (error) {
      // Rethrown: a node that did not start must not hold its folder.
      node.#folder.abandon()
      throw error
    }
  }

  /** Where the nodes of the quorum listen. The first call begins; later ones tell what changed. */
  knowQuorum(addresses: ReadonlyMap<number, Address>): void {
    this.#peers.know(addresses)
    this.#errands.know(addresses)
    this.#quorum.step({ type: 'nodes-known', ids: [...addresses.keys()] })
    if (this.#begun) return
    this.#begun = true
    this.#server?.serve()
  }

  get address(): Address {
    return this.#server?.address ?? this.#options.address
  }

  /** Of its folder: with it a controller is named where voters change (KIP-853). */
  get directoryId(): string {
    return this.#folder.directoryId
  }

  /** The cluster as this controller knows it; for looking at only. */
  get image(): MetadataImage {
    return this.#controller.controller.image
  }

  /** The quorum as this node sees it; for looking at only. */
  get quorum(): QuorumNode {
    return this.#quorum
  }

  /** A clean stop: hands the leadership over, closes the log. */
  async close(): Promise<void> {
    this.#self.close()
    this.#errands.close()
    this.#snapshots.close(this.#controller)
    await this.#quorum.resign()
    this.#controller.close()
    this.#quorum.close()
    await this.#server?.close()
    this.#folder.close({ brokerEpoch: -1n })
  }

  #newQuorum(): QuorumNode {
    const { nodeId, clock, random, disk } = this.#options
    const settings = this.#settings
    const voterIds = [...this.#log.voters.keys()]
    const raft = new Raft({
      local: { id: nodeId, directoryId: this.#folder.directoryId },
      log: this.#log,
      store: new ElectionFile(disk, metadataFolderOf(this.#folder.folder)),
      config: {
        ...defaultRaftConfig,
        electionTimeoutMs: settings.controllerQuorumElectionTimeoutMs,
        electionBackoffMaxMs: settings.controllerQuorumElectionBackoffMaxMs,
        fetchTimeoutMs: settings.controllerQuorumFetchTimeoutMs,
        retryBackoffMs: settings.controllerQuorumRetryBackoffMs,
      },
      random,
      nowMs: clock.nowMs(),
      firstElectionMs: FIRST_ELECTION_STEP_MS * Math.max(0, voterIds.indexOf(nodeId)),
    })
    return new QuorumNode({
      raft,
      log: this.#log,
      peers: this.#peers,
      clock,
      fetchBytesMax: settings.controllerQuorumFetchMaxBytes,
      events: {
        elected: () => this.#controller.elected(),
        deposed: () => this.#controller.deposed(),
        committed: () => this.#committed(),
        snapshotInstalled: () => this.#controller.snapshotInstalled(),
        leaderChanged: () => this.#leaderChanged(),
      },
    })
  }

  #committed(): void {
    this.#controller.committed()
    if (this.#controller.isCaughtUp) this.#metadataChanged()
  }

  #metadataChanged(): void {
    this.image.kRaftVersion = isDynamic(this.#log.voters) ? KRAFT_VERSION_DYNAMIC : 0
    this.#snapshots.consider(this.#controller)
    this.#voterChanges.nameFixedVoters(id => {
      const address = this.#peers.addresses.get(id)
      return address === undefined ? [] : endpointsOf(address)
    })
    this.#self.consider()
  }

  #leaderChanged(): void {
    const { leaderId, leaderEpoch } = this.#quorum.raft
    const { logger } = this.#options
    if (leaderId === null || leaderEpoch === this.#saidEpoch) return
    this.#saidEpoch = leaderEpoch
    logger.info(`quorum: ${leaderId} leads in epoch ${leaderEpoch}`)
    this.#self.consider()
  }

  /** Clients know the ports of brokers; a controller is told of, and may listen wherever it can. */
  async #listen(): Promise<void> {
    const { address, logger } = this.#options
    try {
      this.#server = await this.#listenOn(address)
    } catch (error) {
      // Waiting for a port that was this node's in an earlier life, and has been taken since.
      if (!(error instanceof OperationalError) || address.port === 0) throw error
      this.#server = await this.#listenOn({ ...address, port: 0 })
      logger.warn(`${error.message}; the controller listens on ${this.address.port}`)
    }
  }

  #listenOn(address: Address): Promise<NodeServer> {
    const { network, clock } = this.#options
    return NodeServer.listen({
      network,
      address,
      dispatcher: {
        dispatch: (connection, frame, respond) =>
          this.#dispatcher.dispatch(connection, frame, respond),
      },
      timestampMs: () => clock.timestampOf(clock.nowMs()),
      requestBytesMax: REQUEST_BYTES_MAX,
    })
  }

  #newDispatcher(): Dispatcher {
    const { clock, nodeId, clusterId } = this.#options
    const handle: ControllerServices['handle'] = (context, run) => {
      const answer = this.#controller.handle(context, run)
      // Decided, and seen by the next: a broker's requests are committed together, not in turn.
      if (answer instanceof Promise) context.connection.letNextBegin()
      return answer
    }
    const services = {
      nodeId,
      clusterId,
      directoryId: this.#folder.directoryId,
      quorum: this.#quorum,
      addresses: () => this.#peers.addresses,
      image: () => this.image,
      timestampOf: (nowMs: number) => clock.timestampOf(nowMs),
      voterChanges: this.#voterChanges,
      handle,
    }
    const apis = controllerApis({
      controller: this.#controller.controller,
      handle,
      quorumApis: [...quorumServedApis(services), ...membershipApis(services)],
    })
    return new Dispatcher({ apis, nowMs: () => clock.nowMs() })
  }
}
