/**
 * Starts and stops the nodes of a cluster, and starts a broker again whose thread a bug of ours has
 * ended: what it had is on its disk. One that keeps failing is left alone, so that it can be seen.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Address } from '../ports/network.ts'
import { loadNativePackages } from '../protocol/records/native.ts'
import type { Cluster, ClusterBroker, ClusterController, ClusterEvent } from './cluster.ts'
import { OperationalError } from '../support/operational-error.ts'
import type {
  BrokerAnswers,
  BrokerQuestion,
  BrokerWorkerData,
  ControllerWorkerData,
  FromWorker,
} from './node-messages.ts'
import { WorkerNode } from './worker-node.ts'

const CONTROLLER_NODE_ID = 3000
const RESTART_AFTER_MS = 1_000
/** Within this time, a broker that failed so often stays down. */
const RESTARTS_WINDOW_MS = 5 * 60_000
const RESTARTS_MAX = 3

type Configs = Readonly<Record<string, string>>

interface BrokerNode {
  readonly brokerId: number
  readonly folder: string
  /** Replaced when the broker is started again. */
  node: WorkerNode
  address: Address
  /** When it was started again, the latest last. */
  readonly restartsMs: number[]
}

export class Supervisor implements Cluster {
  readonly dataDir: string
  readonly clusterId: string
  readonly #ephemeral: boolean
  readonly #host: string
  readonly #onEvent: (event: ClusterEvent) => void
  readonly #brokers: BrokerNode[] = []
  readonly #configs: Configs
  readonly #onEnd: () => void
  #controller: WorkerNode | null = null
  #controllerAddress: Address | null = null
  #tapOpen = false
  #ending = false

  constructor(options: {
    readonly dataDir: string
    readonly ephemeral: boolean
    readonly host: string
    readonly onEvent: (event: ClusterEvent) => void
    readonly clusterId: string
    readonly configs: Configs
    /** Called once, when the cluster has let go of its folder. */
    readonly onEnd: () => void
  }) {
    this.dataDir = options.dataDir
    this.#ephemeral = options.ephemeral
    this.#host = options.host
    this.#onEvent = options.onEvent
    this.clusterId = options.clusterId
    this.#configs = options.configs
    this.#onEnd = options.onEnd
  }

  get brokers(): readonly ClusterBroker[] {
    return this.#brokers.map(({ brokerId, address, folder, node }) => {
      return { brokerId, address, folder, state: node.state, failure: node.failure }
    })
  }

  get controllers(): readonly ClusterController[] {
    const node = this.#controller
    if (node === null) return []
    return [{ nodeId: CONTROLLER_NODE_ID, state: node.state, failure: node.failure }]
  }

  get bootstrap(): string {
    return this.#brokers.map(({ address }) => `${this.#host}:${address.port}`).join(',')
  }

  async start(ports: readonly number[]): Promise<void> {
    // All threads load their code at once; brokers then wait for the controller's port.
    this.#controller = this.#startController()
    ports.forEach((port, index) => {
      const brokerId = index + 1
      const folder = join(this.dataDir, `broker-${brokerId}`)
      const address = { host: this.#host, port }
      const node = this.#startBroker(brokerId, folder, address)
      this.#brokers.push({ brokerId, folder, address, node, restartsMs: [] })
    })
    loadNativePackages()
    const address = await this.#controller.listening()
    this.#controllerAddress = address
    for (const { node } of this.#brokers) node.send({ type: 'controller-listens', address })
    await Promise.all(
      this.#brokers.map(async broker => {
        broker.address = await broker.node.listening()
        this.#keepRunning(broker)
      }),
    )
  }

  tapWire(open: boolean): void {
    this.#tapOpen = open
    for (const { node } of this.#brokers) node.send({ type: 'tap-wire', open })
  }

  async ask<Q extends BrokerQuestion>(
    brokerId: number,
    question: Q,
  ): Promise<BrokerAnswers[Q['type']]> {
    const broker = this.#brokers.find(each => each.brokerId === brokerId)
    if (broker === undefined) throw new OperationalError(`no broker is ${brokerId}`)
    return (await broker.node.ask(question)) as BrokerAnswers[Q['type']]
  }

  async stop(): Promise<void> {
    this.#ending = true
    await Promise.all(this.#brokers.map(({ node }) => node.stop()))
    await this.#controller?.stop()
    this.#letGo()
  }

  async kill(): Promise<void> {
    this.#ending = true
    await Promise.all([...this.#brokers.map(({ node }) => node.kill()), this.#controller?.kill()])
    this.#letGo()
  }

  /** Starts a broker again after its thread has ended by itself. */
  #keepRunning(broker: BrokerNode): void {
    void broker.node.exited().then(async () => {
      if (this.#ending || broker.node.state !== 'failed') return
      const nowMs = Date.now()
      const recent = broker.restartsMs.filter(atMs => nowMs - atMs < RESTARTS_WINDOW_MS)
      if (recent.length >= RESTARTS_MAX) return
      broker.restartsMs.push(nowMs)
      await new Promise(resolve => setTimeout(resolve, RESTART_AFTER_MS).unref())
      if (this.#ending || this.#controllerAddress === null) return
      broker.node = this.#startBroker(broker.brokerId, broker.folder, broker.address)
      broker.node.send({ type: 'controller-listens', address: this.#controllerAddress })
      if (this.#tapOpen) broker.node.send({ type: 'tap-wire', open: true })
      this.#keepRunning(broker)
    })
  }

  #startController(): WorkerNode {
    const data: ControllerWorkerData = {
      nodeId: CONTROLLER_NODE_ID,
      clusterId: this.clusterId,
      folderPath: join(this.dataDir, `controller-${CONTROLLER_NODE_ID}`),
      address: { host: this.#host, port: 0 },
      staticConfigs: new Map(Object.entries(this.#configs)),
    }
    const name = `controller ${CONTROLLER_NODE_ID}`
    return new WorkerNode({
      name,
      entry: entryOf('controller-worker'),
      data,
      onMessage: message => this.#onMessage(name, null, message),
      onStateChanged: state =>
        this.#onEvent({ type: 'controller-state-changed', nodeId: CONTROLLER_NODE_ID, state }),
    })
  }

  #startBroker(brokerId: number, folder: string, address: Address): WorkerNode {
    const data: BrokerWorkerData = {
      brokerId,
      clusterId: this.clusterId,
      folderPath: folder,
      address,
      advertisedHost: this.#host,
      rack: null,
      ephemeral: this.#ephemeral,
      staticConfigs: new Map(
        Object.entries({
          'node.id': String(brokerId),
          'broker.id': String(brokerId),
          'process.roles': 'broker',
          'log.dirs': folder,
          ...this.#configs,
        }),
      ),
    }
    const name = `broker ${brokerId}`
    return new WorkerNode({
      name,
      entry: entryOf('broker-worker'),
      data,
      onMessage: message => this.#onMessage(name, brokerId, message),
      onStateChanged: state => this.#onEvent({ type: 'broker-state-changed', brokerId, state }),
    })
  }

  #onMessage(node: string, brokerId: number | null, message: FromWorker): void {
    switch (message.type) {
      case 'log':
        this.#onEvent({ ...message, node })
        return
      case 'traffic':
        if (brokerId !== null) this.#onEvent({ type: 'traffic', brokerId, report: message.report })
        return
      case 'group-journal':
        if (brokerId !== null)
          this.#onEvent({ type: 'group-journal', brokerId, event: message.event })
        return
      case 'wire':
        if (brokerId !== null) this.#onEvent({ ...message, brokerId })
        return
      default:
    }
  }

  #letGo(): void {
    if (this.#ephemeral) rmSync(this.dataDir, { recursive: true, force: true })
    this.#onEnd()
  }
}

/** Beside this file in the bundle; in `runtime` when run from source. */
function entryOf(name: string): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL(`../runtime/${name}.ts`, import.meta.url)
    : new URL(`./${name}.js`, import.meta.url)
}
