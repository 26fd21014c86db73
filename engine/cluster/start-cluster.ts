/**
 * A Kafka cluster in this process: brokers and a controller in worker threads, each broker with a
 * listener and a folder of its own. This is the public way in, for the application and for people's
 * own test suites:
 *
 *     const cluster = await startCluster({ brokers: 3 })
 *     // any Kafka client: cluster.bootstrap
 *     await cluster.stop()
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { GroupJournalEvent } from '../group/group-events.ts'
import type { Address } from '../ports/network.ts'
import { loadNativePackages } from '../protocol/records/native.ts'
import { OperationalError } from '../support/operational-error.ts'
import type {
  BrokerWorkerData,
  ControllerWorkerData,
  FromWorker,
  TrafficReport,
} from './node-messages.ts'
import { choosePorts } from './ports.ts'
import { WorkerNode, type NodeState } from './worker-node.ts'

export interface ClusterOptions {
  /** How many brokers, 1 to 32; 3 when not given. Their ids begin with 1. */
  readonly brokers?: number
  /**
   * Ports of the brokers, in order. A taken one is replaced by the next free one; 0 lets the system
   * choose. 9092 and those after it when not given.
   */
  readonly ports?: readonly number[]
  /** Listens here, and tells clients so; 127.0.0.1 when not given. */
  readonly host?: string
  /** Where the cluster lives and is found again. A temporary folder, gone after `stop`, otherwise. */
  readonly dataDir?: string
  /** Broker configurations, by Kafka's names. */
  readonly configs?: Readonly<Record<string, string>>
  readonly onEvent?: (event: ClusterEvent) => void
}

export type ClusterEvent =
  | { readonly type: 'broker-state-changed'; readonly brokerId: number; readonly state: NodeState }
  | {
      readonly type: 'controller-state-changed'
      readonly nodeId: number
      readonly state: NodeState
    }
  | { readonly type: 'traffic'; readonly brokerId: number; readonly report: TrafficReport }
  | {
      readonly type: 'group-journal'
      readonly brokerId: number
      readonly event: GroupJournalEvent
    }
  | {
      readonly type: 'log'
      readonly node: string
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
    }

export interface ClusterBroker {
  readonly brokerId: number
  readonly address: Address
  readonly folder: string
  readonly state: NodeState
  /** Why it failed, in words; null while it did not. */
  readonly failure: string | null
}

export interface ClusterController {
  readonly nodeId: number
  readonly state: NodeState
  readonly failure: string | null
}

export interface Cluster {
  readonly clusterId: string
  /** `host:port` of every broker, joined by commas: what clients call bootstrap servers. */
  readonly bootstrap: string
  readonly brokers: readonly ClusterBroker[]
  /** Nodes of their own: what Metadata calls the controller is any broker, as in KRaft. */
  readonly controllers: readonly ClusterController[]
  readonly dataDir: string
  /** Stops all nodes cleanly. No socket, thread or file handle of the cluster is left. */
  stop(): Promise<void>
  /** Ends all nodes without a farewell, as a power cut does. What was acknowledged stays. */
  kill(): Promise<void>
}

const BROKERS_MAX = 32
const CONTROLLER_NODE_ID = 3000
const PORT_FIRST = 9092

/** What a cluster of one controller and replication factor 1 needs set. */
const baseConfigs: Readonly<Record<string, string>> = {
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
}

/**
 * Folders of clusters of this process. Other processes are kept out by a lock in each node's
 * folder, which cannot tell this process from itself.
 */
const foldersInUse = new Set<string>()

/** Throws an `OperationalError` when folder or ports cannot be had, naming them. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { host = '127.0.0.1', brokers: brokerCount = 3, onEvent = () => {} } = options
  if (!Number.isInteger(brokerCount) || brokerCount < 1 || brokerCount > BROKERS_MAX)
    throw new OperationalError(`${brokerCount} brokers: a cluster has 1 to ${BROKERS_MAX}`)
  const ephemeral = options.dataDir === undefined
  const dataDir = ephemeral
    ? mkdtempSync(join(tmpdir(), 'odradek-'))
    : resolve(options.dataDir ?? '')
  if (foldersInUse.has(dataDir))
    throw new OperationalError(`${dataDir}: another cluster of this process uses this folder`)
  foldersInUse.add(dataDir)
  const supervisor = new Supervisor({ dataDir, ephemeral, host, onEvent })
  try {
    const preferred =
      options.ports ?? Array.from({ length: brokerCount }, (_, index) => PORT_FIRST + index)
    const ports = await choosePorts({ host, preferred, count: brokerCount })
    await supervisor.start({ ports, configs: { ...baseConfigs, ...options.configs } })
    return supervisor
  } catch (error) {
    // Rethrown: a cluster that did not start leaves no thread and no temporary folder behind.
    await supervisor.kill()
    throw error
  }
}

interface BrokerNode {
  readonly brokerId: number
  readonly folder: string
  readonly node: WorkerNode
  address: Address
}

class Supervisor implements Cluster {
  readonly dataDir: string
  readonly clusterId: string
  readonly #ephemeral: boolean
  readonly #host: string
  readonly #onEvent: (event: ClusterEvent) => void
  readonly #brokers: BrokerNode[] = []
  #controller: WorkerNode | null = null

  constructor(options: {
    readonly dataDir: string
    readonly ephemeral: boolean
    readonly host: string
    readonly onEvent: (event: ClusterEvent) => void
  }) {
    this.dataDir = options.dataDir
    this.#ephemeral = options.ephemeral
    this.#host = options.host
    this.#onEvent = options.onEvent
    this.clusterId = clusterIdOf(options.dataDir)
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

  async start(options: {
    readonly ports: readonly number[]
    readonly configs: Readonly<Record<string, string>>
  }): Promise<void> {
    // All threads load their code at once; brokers then wait for the controller's port.
    this.#controller = this.#startController(options.configs)
    options.ports.forEach((port, index) => {
      this.#brokers.push(this.#startBroker(index + 1, port, options.configs))
    })
    loadNativePackages()
    const address = await this.#controller.listening()
    for (const { node } of this.#brokers) node.send({ type: 'controller-listens', address })
    await Promise.all(
      this.#brokers.map(async broker => {
        broker.address = await broker.node.listening()
      }),
    )
  }

  async stop(): Promise<void> {
    await Promise.all(this.#brokers.map(({ node }) => node.stop()))
    await this.#controller?.stop()
    this.#letGo()
  }

  async kill(): Promise<void> {
    await Promise.all([...this.#brokers.map(({ node }) => node.kill()), this.#controller?.kill()])
    this.#letGo()
  }

  #startController(configs: Readonly<Record<string, string>>): WorkerNode {
    const data: ControllerWorkerData = {
      nodeId: CONTROLLER_NODE_ID,
      clusterId: this.clusterId,
      folderPath: join(this.dataDir, `controller-${CONTROLLER_NODE_ID}`),
      address: { host: this.#host, port: 0 },
      staticConfigs: new Map(Object.entries(configs)),
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

  #startBroker(
    brokerId: number,
    port: number,
    configs: Readonly<Record<string, string>>,
  ): BrokerNode {
    const folder = join(this.dataDir, `broker-${brokerId}`)
    const address = { host: this.#host, port }
    const data: BrokerWorkerData = {
      brokerId,
      clusterId: this.clusterId,
      folderPath: folder,
      address,
      advertisedHost: this.#host,
      rack: null,
      staticConfigs: new Map(
        Object.entries({
          'node.id': String(brokerId),
          'broker.id': String(brokerId),
          'process.roles': 'broker',
          'log.dirs': folder,
          ...configs,
        }),
      ),
    }
    const name = `broker ${brokerId}`
    const node = new WorkerNode({
      name,
      entry: entryOf('broker-worker'),
      data,
      onMessage: message => this.#onMessage(name, brokerId, message),
      onStateChanged: state => this.#onEvent({ type: 'broker-state-changed', brokerId, state }),
    })
    return { brokerId, folder, node, address }
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
      default:
    }
  }

  #letGo(): void {
    foldersInUse.delete(this.dataDir)
    if (this.#ephemeral) rmSync(this.dataDir, { recursive: true, force: true })
  }
}

/** The cluster's id, kept beside its nodes' folders so that a restart is the same cluster. */
function clusterIdOf(dataDir: string): string {
  const path = join(dataDir, 'cluster-id')
  try {
    mkdirSync(dataDir, { recursive: true })
    if (existsSync(path)) return readFileSync(path, 'utf8').trim()
    const clusterId = randomBytes(16).toString('base64url')
    writeFileSync(path, `${clusterId}\n`)
    return clusterId
  } catch (error) {
    throw new OperationalError(`${dataDir}: ${(error as Error).message}`, { cause: error })
  }
}

/** Beside this file in the bundle; in `runtime` when run from source. */
function entryOf(name: string): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL(`../runtime/${name}.ts`, import.meta.url)
    : new URL(`./${name}.js`, import.meta.url)
}
