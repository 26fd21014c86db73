/** Controllers and brokers in one world, on a network and disks that obey the seed. */
import type { MetadataImage } from '../../engine/controller/metadata-image.ts'
import type { ControllerDisk } from './committed-metadata.ts'
import { rebuiltImage } from './image-comparison.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import {
  brokerHost,
  controllerAddress,
  controllerFolder,
  controllerHost,
  FIRST_BROKER_ID,
  FIRST_CONTROLLER_ID,
} from './node-places.ts'
import { Launcher, type RunningBroker, type RunningController } from './node-launcher.ts'
import { SimulatedNode, type Crash } from './simulated-node.ts'
import type { WorldShape } from './world-shape.ts'

interface ClusterOptions {
  readonly shape: WorldShape
  readonly time: SimulatedClock
  readonly network: SimulatedNetwork
  readonly random: SeededRandom
  readonly log: (line: string) => void
  readonly fail: (error: unknown) => void
  readonly onBrokerCrash: (brokerId: number, crash: Crash) => void
  readonly onBrokerWrite: (brokerId: number, path: string) => void
}

export class SimulatedCluster {
  readonly #clusterId: string
  readonly brokers = new Map<number, SimulatedNode<RunningBroker>>()
  readonly controllers = new Map<number, SimulatedNode<RunningController>>()
  readonly controllerNodes: readonly SimulatedNode<RunningController>[]
  readonly nodes: readonly (SimulatedNode<RunningController> | SimulatedNode<RunningBroker>)[]

  constructor(options: ClusterOptions) {
    const { random, shape, onBrokerCrash, onBrokerWrite } = options
    const { brokerCount, controllerCount, spareControllers, combined } = shape
    this.#clusterId = random.uuid()
    const firstId = combined ? FIRST_BROKER_ID : FIRST_CONTROLLER_ID
    const ids = Array.from({ length: controllerCount + (spareControllers ?? 0) }, (_, i) => {
      return firstId + i
    })
    const launcher = new Launcher({
      clusterId: this.#clusterId,
      shape,
      voters: ids.slice(0, controllerCount),
      addresses: new Map(ids.map(id => [id, controllerAddress(id)])),
    })
    const nodeOptions = (name: string) => {
      return { ...options, name, driftMs: random.between(-1_500, 1_500), isSlow: shape.isSlow }
    }
    for (const nodeId of combined ? [] : ids) {
      const onCrash = () => {}
      const launch = launcher.controller(nodeId)
      const name = controllerHost(nodeId)
      this.controllers.set(nodeId, new SimulatedNode({ ...nodeOptions(name), onCrash, launch }))
    }
    for (let id = FIRST_BROKER_ID; id < FIRST_BROKER_ID + brokerCount; id++) {
      const onCrash = (crash: Crash) => onBrokerCrash(id, crash)
      const onWrite = (path: string) => onBrokerWrite(id, path)
      const common = { ...nodeOptions(brokerHost(id)), onCrash, onWrite }
      if (combined && ids.includes(id)) {
        const node = new SimulatedNode({ ...common, launch: launcher.combined(id) })
        this.controllers.set(id, node)
        this.brokers.set(id, node)
      } else
        this.brokers.set(
          id,
          new SimulatedNode<RunningBroker>({ ...common, launch: launcher.broker(id) }),
        )
    }
    this.controllerNodes = [...this.controllers.values()]
    this.nodes = [...new Set([...this.controllers.values(), ...this.brokers.values()])]
  }

  /** Brokers leave while there is a quorum that lets them go. */
  async stopAll(): Promise<void> {
    await Promise.all(
      [...this.brokers.values()].map(node => node.running?.leave?.() ?? node.stop()),
    )
    await Promise.all(this.controllerNodes.map(node => node.stop()))
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
      return { nodeId, name, disk, folder: controllerFolder(nodeId) }
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
}

function epochOf({ running }: SimulatedNode<RunningController>): number {
  return running?.node.quorum.raft.leaderEpoch ?? -1
}
