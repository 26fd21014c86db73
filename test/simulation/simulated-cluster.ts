/** A controller and its brokers in one world, on a network and disks that obey the seed. */
import { Broker } from '../../engine/broker/broker.ts'
import { ControllerNode } from '../../engine/controller-node/controller-node.ts'
import type { MetadataImage } from '../../engine/controller/metadata-image.ts'
import { rebuiltImage } from './image-comparison.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import { SimulatedNode, type Crash } from './simulated-node.ts'

export const CONTROLLER = 'controller'
const CONTROLLER_ID = 3000
const CONTROLLER_PORT = 9093
const BROKER_PORT = 9092

const controllerAddresses = new Map([[CONTROLLER_ID, { host: CONTROLLER, port: CONTROLLER_PORT }]])

/** Everything in seconds instead of minutes and hours, so that a short life sees all of it. */
const staticConfigs = new Map([
  ['broker.session.timeout.ms', '3000'],
  ['broker.heartbeat.interval.ms', '500'],
  ['offsets.topic.num.partitions', '3'],
  ['offsets.topic.replication.factor', '1'],
  ['group.initial.rebalance.delay.ms', '200'],
  ['group.min.session.timeout.ms', '500'],
  ['log.retention.check.interval.ms', '2000'],
  ['log.segment.delete.delay.ms', '1000'],
  ['replica.high.watermark.checkpoint.interval.ms', '1500'],
  ['auto.create.topics.enable', 'false'],
])

export function brokerHost(brokerId: number): string {
  return `broker-${brokerId}`
}

export function brokerAddress(brokerId: number) {
  return { host: brokerHost(brokerId), port: BROKER_PORT }
}

export class SimulatedCluster {
  readonly #clusterId: string
  readonly brokers = new Map<number, SimulatedNode<Broker>>()
  readonly controller: SimulatedNode<{ readonly node: ControllerNode; stop(): Promise<void> }>

  constructor(options: {
    readonly brokerCount: number
    readonly time: SimulatedClock
    readonly network: SimulatedNetwork
    readonly random: SeededRandom
    readonly log: (line: string) => void
    readonly fail: (error: unknown) => void
    readonly onBrokerCrash: (brokerId: number, crash: Crash) => void
  }) {
    const { brokerCount, random, onBrokerCrash } = options
    const clusterId = random.uuid()
    this.#clusterId = clusterId
    let isFirstLife = true
    this.controller = new SimulatedNode({
      ...options,
      name: CONTROLLER,
      driftMs: 0,
      onCrash: () => {},
      launch: async (process, network) => {
        const brokersAreDown = isFirstLife
        isFirstLife = false
        const { disk, clock, logger } = process
        const node = await ControllerNode.start({
          nodeId: CONTROLLER_ID,
          clusterId,
          folderPath: `/${CONTROLLER}`,
          address: { host: CONTROLLER, port: CONTROLLER_PORT },
          voters: [CONTROLLER_ID],
          staticConfigs,
          disk,
          network,
          clock,
          random: process.random,
          logger,
          brokersAreDown,
        })
        node.knowQuorum(controllerAddresses)
        return { node, stop: () => node.close() }
      },
    })
    for (let brokerId = 1; brokerId <= brokerCount; brokerId++)
      this.brokers.set(
        brokerId,
        new SimulatedNode<Broker>({
          ...options,
          name: brokerHost(brokerId),
          driftMs: random.between(-1_500, 1_500),
          onCrash: crash => onBrokerCrash(brokerId, crash),
          launch: (process, network) =>
            Broker.start({
              brokerId,
              clusterId,
              folderPath: folderOf(brokerId),
              address: brokerAddress(brokerId),
              rack: null,
              controllerAddresses: () => controllerAddresses,
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

  controllerImage(): MetadataImage {
    return this.controller.running!.node.image
  }

  /** From the controller's disk alone. */
  rebuiltControllerImage(): MetadataImage {
    const { disk } = this.controller
    return rebuiltImage(disk, `/${CONTROLLER}`, this.#clusterId, CONTROLLER_ID)
  }

  /** Every broker is unfenced and has heard of all that was decided. */
  controllerKnowsAll(): boolean {
    const { running } = this.controller
    if (running === null) return false
    const { image } = running.node
    return [...this.brokers].every(([brokerId, broker]) => {
      const known = image.brokers.get(brokerId)
      const isCurrent = known?.brokerEpoch === broker.running?.brokerEpoch
      return (
        isCurrent &&
        known?.fenced === false &&
        broker.running?.image.lastOffset === image.lastOffset
      )
    })
  }

  get nodes() {
    return [this.controller, ...this.brokers.values()]
  }
}

export function folderOf(brokerId: number): string {
  return `/${brokerHost(brokerId)}`
}
