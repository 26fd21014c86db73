/** Controllers and brokers in one world, on a network and disks that obey the seed. */
import { Broker } from '../../engine/broker/broker.ts'
import { ControllerNode } from '../../engine/controller-node/controller-node.ts'
import type { MetadataImage } from '../../engine/controller/metadata-image.ts'
import type { ControllerDisk } from './committed-metadata.ts'
import { rebuiltImage } from './image-comparison.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import { SimulatedNode, type Crash } from './simulated-node.ts'
import type { WorldShape } from './world-shape.ts'

const FIRST_CONTROLLER_ID = 3000
const CONTROLLER_PORT = 9093
const BROKER_PORT = 9092

export function brokerHost(brokerId: number): string {
  return `broker-${brokerId}`
}

export function brokerAddress(brokerId: number) {
  return { host: brokerHost(brokerId), port: BROKER_PORT }
}

export function controllerHost(controllerId: number): string {
  return `controller-${controllerId}`
}

export interface RunningController {
  readonly node: ControllerNode
  stop(): Promise<void>
}

/** A request's time-out, and the connecting behind it. */
const HANG_ECHO_MS = 12_000

export class SimulatedCluster {
  readonly #clusterId: string
  readonly #network: SimulatedNetwork
  #nowMs = 0
  #lastHangMs = -Infinity
  readonly brokers = new Map<number, SimulatedNode<Broker>>()
  readonly controllers = new Map<number, SimulatedNode<RunningController>>()

  constructor(options: {
    readonly shape: WorldShape
    readonly time: SimulatedClock
    readonly network: SimulatedNetwork
    readonly random: SeededRandom
    readonly log: (line: string) => void
    readonly fail: (error: unknown) => void
    readonly onBrokerCrash: (brokerId: number, crash: Crash) => void
  }) {
    const { random, shape, onBrokerCrash } = options
    const { brokerCount, controllerCount, staticConfigs, racks } = shape
    const clusterId = random.uuid()
    this.#network = options.network
    this.#clusterId = clusterId
    const controllerIds = Array.from({ length: controllerCount }, (_, i) => FIRST_CONTROLLER_ID + i)
    const addresses = new Map(controllerIds.map(id => [id, controllerAddress(id)]))
    for (const nodeId of controllerIds) {
      let isFirstLife = true
      this.controllers.set(
        nodeId,
        new SimulatedNode<RunningController>({
          ...options,
          name: controllerHost(nodeId),
          driftMs: random.between(-1_500, 1_500),
          othersHang: () => this.#someHang(),
          onCrash: () => {},
          launch: async (process, network) => {
            const brokersAreDown = isFirstLife
            isFirstLife = false
            const node = await ControllerNode.start({
              nodeId,
              clusterId,
              folderPath: controllerFolder(nodeId),
              address: controllerAddress(nodeId),
              voters: [...addresses.keys()],
              staticConfigs,
              disk: process.disk,
              network,
              clock: process.clock,
              random: process.random,
              logger: process.logger,
              brokersAreDown,
            })
            node.knowQuorum(addresses)
            return { node, stop: () => node.close() }
          },
        }),
      )
    }
    for (let brokerId = 1; brokerId <= brokerCount; brokerId++)
      this.brokers.set(
        brokerId,
        new SimulatedNode<Broker>({
          ...options,
          name: brokerHost(brokerId),
          driftMs: random.between(-1_500, 1_500),
          othersHang: () => this.#someHang(),
          onCrash: crash => onBrokerCrash(brokerId, crash),
          launch: (process, network) =>
            Broker.start({
              brokerId,
              clusterId,
              folderPath: folderOf(brokerId),
              address: brokerAddress(brokerId),
              rack: racks[brokerId - 1] ?? null,
              controllerAddresses: () => addresses,
              staticConfigs,
              disk: process.disk,
              network,
              clock: process.clock,
              random: process.random,
              logger: process.logger,
            }),
        }),
      )
  }

  /** Who leads the quorum, in the newest epoch that anyone leads in; null while nobody does. */
  get activeController(): SimulatedNode<RunningController> | null {
    const leading = this.controllerNodes
      .filter(({ running }) => running?.node.quorum.raft.leads === true)
      .toSorted((a, b) => epochOf(b) - epochOf(a))
    return leading[0] ?? null
  }

  get controllerDisks(): readonly ControllerDisk[] {
    return [...this.controllers].map(([nodeId, { name, disk }]) => {
      return { name, disk, folder: controllerFolder(nodeId) }
    })
  }

  controllerImage(): MetadataImage {
    return this.activeController!.running!.node.image
  }

  /** From a controller's disk alone. */
  rebuiltImage(nodeId: number): MetadataImage {
    const { disk } = this.controllers.get(nodeId)!
    return rebuiltImage(disk, controllerFolder(nodeId), this.#clusterId, nodeId)
  }

  /** To be called after every event: whether somebody hangs now. */
  lookForHangs(nowMs: number): void {
    if (!this.#network.isClear || this.nodes.some(({ isPaused }) => isPaused))
      this.#lastHangMs = nowMs
    this.#nowMs = nowMs
  }

  /** Requests to who hung may still wait for their time-out after he goes on. */
  #someHang(): boolean {
    return this.#nowMs - this.#lastHangMs < HANG_ECHO_MS
  }

  /** Everyone is there, and has heard of all that was decided. */
  get isOfOneMind(): boolean {
    const { nodes, activeController } = this
    const log = activeController?.running?.node.quorum.log
    if (log === undefined || nodes.some(({ state }) => state !== 'running')) return false
    const { endOffset } = log
    const controllersKnow = this.controllerNodes.every(({ running }) => {
      const { quorum } = running!.node
      return quorum.log.endOffset === endOffset && quorum.raft.highWatermark === endOffset
    })
    return controllersKnow && this.#brokersKnow(activeController!.running!.node.image)
  }

  #brokersKnow(image: MetadataImage): boolean {
    return [...this.brokers].every(([brokerId, { running }]) => {
      const known = image.brokers.get(brokerId)
      return (
        known?.brokerEpoch === running!.brokerEpoch &&
        !known.fenced &&
        running!.image.lastOffset >= image.lastOffset
      )
    })
  }

  /** Partitions that lack a replica in sync, that move, or that their first replica does not lead. */
  get unbalanced(): readonly string[] {
    const image = this.activeController?.running?.node.image
    if (image === undefined) return ['all: nobody knows']
    return [...image.topicsById.values()].flatMap(({ name, partitions }) =>
      partitions.flatMap((partition, index) => {
        const { replicas, isr, leader, addingReplicas, removingReplicas } = partition
        const isWell =
          isr.length === replicas.length &&
          leader === replicas[0] &&
          addingReplicas.length + removingReplicas.length === 0 &&
          // The next change of an ISR says so; of a single replica there is none.
          (partition.leaderRecoveryState === 0 || replicas.length === 1)
        return isWell
          ? []
          : [`${name}-${index} (replicas ${replicas.join()}, ISR ${isr.join()}, leader ${leader})`]
      }),
    )
  }

  get controllerNodes() {
    return [...this.controllers.values()]
  }

  get nodes() {
    return [...this.controllers.values(), ...this.brokers.values()]
  }
}

export function folderOf(brokerId: number): string {
  return `/${brokerHost(brokerId)}`
}

function epochOf({ running }: SimulatedNode<RunningController>): number {
  return running?.node.quorum.raft.leaderEpoch ?? -1
}

function controllerFolder(nodeId: number): string {
  return `/${controllerHost(nodeId)}`
}

function controllerAddress(nodeId: number) {
  return { host: controllerHost(nodeId), port: CONTROLLER_PORT }
}
