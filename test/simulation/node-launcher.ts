/** Starts what runs in a node: a broker, a controller, or both in one process. */
import { Broker } from '../../engine/broker/broker.ts'
import { ControllerNode } from '../../engine/controller-node/controller-node.ts'
import type { Address, Network } from '../../engine/ports/network.ts'
import {
  brokerAddress,
  controllerAddress,
  controllerFolder,
  FIRST_BROKER_ID,
  folderOf,
} from './node-places.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { WorldShape } from './world-shape.ts'

export interface RunningController {
  readonly node: ControllerNode
  stop(): Promise<void>
}

export interface RunningBroker extends Pick<
  Broker,
  'image' | 'inspection' | 'brokerEpoch' | 'stop'
> {
  /** Of a combined node: its broker leaves the cluster, and its controller stays. */
  leave?(): Promise<void>
}

export type Launch<N> = (process: SimulatedProcess, network: Network) => Promise<N>

export class Launcher {
  readonly #options: {
    readonly clusterId: string
    readonly shape: WorldShape
    readonly voters: readonly number[]
    readonly addresses: ReadonlyMap<number, Address>
  }

  constructor(options: {
    readonly clusterId: string
    readonly shape: WorldShape
    readonly voters: readonly number[]
    readonly addresses: ReadonlyMap<number, Address>
  }) {
    this.#options = options
  }

  controller(nodeId: number): Launch<RunningController> {
    const { clusterId, shape, voters, addresses } = this.#options
    let isFirstLife = true
    return async (process, network) => {
      const brokersAreDown = isFirstLife
      isFirstLife = false
      const node = await ControllerNode.start({
        nodeId,
        clusterId,
        folderPath: controllerFolder(nodeId),
        address: controllerAddress(nodeId),
        voters,
        staticConfigs: shape.staticConfigs,
        disk: process.disk,
        network,
        clock: process.clock,
        random: process.random,
        logger: process.logger,
        brokersAreDown,
      })
      node.knowQuorum(addresses)
      return { node, stop: () => node.close() }
    }
  }

  broker(brokerId: number, isCombined = false): Launch<Broker> {
    const { clusterId, shape, addresses } = this.#options
    return (process, network) =>
      Broker.start({
        brokerId,
        clusterId,
        folderPath: folderOf(brokerId),
        address: brokerAddress(brokerId),
        rack: shape.racks[brokerId - FIRST_BROKER_ID] ?? null,
        isCombined,
        controllerAddresses: () => addresses,
        staticConfigs: shape.staticConfigs,
        disk: process.disk,
        network,
        clock: process.clock,
        random: process.random,
        logger: process.logger,
      })
  }

  combined(id: number): Launch<RunningController & RunningBroker> {
    const [controller, broker] = [this.controller(id), this.broker(id, true)]
    return async (process, network) => {
      const voting = await controller(process, network)
      try {
        return combine(voting, await broker(process, network))
      } catch (error) {
        // Rethrown: a node that did not start leaves nothing behind.
        await voting.stop()
        throw error
      }
    }
  }
}

function combine(voting: RunningController, broker: Broker) {
  let left: Promise<void> | null = null
  const leave = () => (left ??= broker.stop())
  return {
    node: voting.node,
    leave,
    get image() {
      return broker.image
    },
    get inspection() {
      return broker.inspection
    },
    get brokerEpoch() {
      return broker.brokerEpoch
    },
    async stop() {
      await leave()
      await voting.stop()
    },
  }
}
