/**
 * Starts and stops the nodes of a cluster, each in a seat of its own, and tells them where the
 * controllers listen.
 */
import { rmSync } from 'node:fs'
import type { Address } from '../ports/network.ts'
import { loadNativePackages } from '../protocol/records/native.ts'
import { OperationalError } from '../support/operational-error.ts'
import type {
  Cluster,
  ClusterBroker,
  ClusterController,
  ClusterEvent,
  NodeControl,
  NodePowerCut,
  PowerCutOptions,
} from './cluster.ts'
import { ControllerChanges } from './controller-changes.ts'
import { initialVoters, writeInitialVoters } from './initial-voters.ts'
import { folderOf, type NodeLayout } from './node-layout.ts'
import type {
  BrokerAnswers,
  BrokerQuestion,
  BrokerWorkerData,
  ControllerWorkerData,
  FromWorker,
  NodeRole,
} from './node-messages.ts'
import { NodeSeat } from './node-seat.ts'
import { dropUnflushed, type NodeMemory } from './power-cut.ts'
import { UnflushedFiles } from '../runtime/unflushed-files.ts'
import { WorkerNode, type NodeState } from './worker-node.ts'

export interface SupervisorOptions {
  readonly dataDir: string
  readonly ephemeral: boolean
  readonly host: string
  readonly onEvent: (event: ClusterEvent) => void
  readonly clusterId: string
  readonly layout: NodeLayout
  /** Of the brokers in order of their ids, begun again at the end; none where it is empty. */
  readonly racks: readonly string[]
  readonly configs: Readonly<Record<string, string>>
  /** Called once, when the cluster has let go of its folder. */
  readonly onEnd: () => void
}

/** A node in one of its roles. */
interface Post {
  readonly folder: string
  /** Port 0 until it listened for the first time; the same in every life from then on. */
  address: Address
  /** Of a controller that has listened. */
  directoryId: string | null
}

/** A broker, a controller, or both in one thread. */
interface Posts {
  readonly id: number
  readonly name: string
  readonly roles: readonly NodeRole[]
  readonly broker: Post | null
  readonly controller: Post | null
}

interface Node extends Posts {
  readonly seat: NodeSeat
}

export class Supervisor implements Cluster {
  readonly #options: SupervisorOptions
  #nodes: readonly Node[] = []
  /** Whether all of them were up once; until then the whole cluster is starting. */
  #started = false
  #tapOpen = false
  /** All of them lost their power, and come up again. */
  #powerIsBack = false
  #isEnding = false
  readonly #controllerChanges: ControllerChanges
  #initialVoters: readonly number[]

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { dataDir, layout } = options
    this.#initialVoters = initialVoters(dataDir, layout.controllerIds)
    this.#controllerChanges = new ControllerChanges({
      controllers: () => this.controllers,
      areCombined: layout.controllerIds.some(id => layout.brokerIds.includes(id)),
      isEnding: () => this.#isEnding,
      begin: nodeId => this.#beginController(nodeId),
      end: nodeId => this.#endController(nodeId),
    })
  }

  get dataDir(): string {
    return this.#options.dataDir
  }

  get clusterId(): string {
    return this.#options.clusterId
  }

  get brokers(): readonly ClusterBroker[] {
    return this.#nodes.flatMap(({ id, broker, seat: { state, failure } }) => {
      if (broker === null) return []
      const { folder, address } = broker
      return [{ brokerId: id, folder, address, state, failure }]
    })
  }

  get controllers(): readonly ClusterController[] {
    return this.#nodes.flatMap(({ id, controller, seat: { state, failure } }) => {
      if (controller === null) return []
      const { folder, address } = controller
      return [{ nodeId: id, folder, address, state, failure }]
    })
  }

  get bootstrap(): string {
    const { host } = this.#options
    return this.brokers.map(({ address }) => `${host}:${address.port}`).join(',')
  }

  /** Brokers listen on these ports, in order of their ids. */
  async start(ports: readonly number[]): Promise<void> {
    const { brokerIds, controllerIds } = this.#options.layout
    // Controllers go first, by what loading these packages takes: until one of them leads, brokers
    // can do no more than load their code, for which there are few processors.
    this.#nodes = controllerIds
      .filter(id => !brokerIds.includes(id))
      .map(id => this.#newNode(id, { port: null, isController: true }))
    loadNativePackages()
    const brokers = brokerIds.map((id, index) => {
      const isController = controllerIds.includes(id)
      return this.#newNode(id, { port: ports[index] ?? 0, isController })
    })
    this.#nodes = [...this.#nodes, ...brokers]
    await Promise.all(this.#nodes.map(({ seat }) => seat.listening()))
    this.#started = true
  }

  broker(brokerId: number): NodeControl {
    return this.#brokerNode(brokerId).seat
  }

  controller(nodeId: number): NodeControl {
    const found = this.#nodes.find(({ id, controller }) => id === nodeId && controller !== null)
    if (found !== undefined) return found.seat
    const known = this.controllers.map(each => each.nodeId).join(', ')
    throw new OperationalError(`no controller is ${nodeId}: this cluster has ${known}`)
  }

  addController(): Promise<number> {
    return this.#controllerChanges.add()
  }

  removeController(nodeId: number): Promise<void> {
    return this.#controllerChanges.remove(nodeId)
  }

  tapWire(open: boolean): void {
    this.#tapOpen = open
    for (const { seat } of this.#nodes) seat.life.send({ type: 'tap-wire', open })
  }

  async ask<Q extends BrokerQuestion>(
    brokerId: number,
    question: Q,
  ): Promise<BrokerAnswers[Q['type']]> {
    const { seat } = this.#brokerNode(brokerId)
    return (await seat.life.ask(question)) as BrokerAnswers[Q['type']]
  }

  /** Brokers go first: they ask the controllers for leave. */
  async stop(): Promise<void> {
    this.#isEnding = true
    // A broker that leaves would wait for a controller that stands still.
    await Promise.all(this.#nodes.map(({ seat }) => seat.wakeForEnd()))
    const rest = this.#nodes.filter(({ controller }) => controller !== null)
    await Promise.all(
      this.#nodes.map(({ broker, controller, seat }) => {
        if (broker === null) return Promise.resolve()
        return controller === null ? seat.end() : seat.leave()
      }),
    )
    await Promise.all(rest.map(({ seat }) => seat.end()))
    this.#letGo()
  }

  async powerCut(options: PowerCutOptions = {}): Promise<readonly NodePowerCut[]> {
    const wereUp = this.#nodes.filter(({ seat }) => !seat.life.ended)
    const cuts = await Promise.all(this.#nodes.map(({ seat }) => seat.powerCut(options)))
    this.#powerIsBack = true
    try {
      await Promise.all(wereUp.map(({ seat }) => seat.start()))
    } finally {
      this.#powerIsBack = false
    }
    return cuts
  }

  async kill(): Promise<void> {
    this.#isEnding = true
    await Promise.all(this.#nodes.map(({ seat }) => seat.cutOff()))
    this.#letGo()
  }

  #brokerNode(brokerId: number): Node {
    const found = this.#nodes.find(({ id, broker }) => id === brokerId && broker !== null)
    if (found !== undefined) return found
    const known = this.brokers.map(each => each.brokerId).join(', ')
    throw new OperationalError(`no broker is ${brokerId}: this cluster has ${known}`)
  }

  async #beginController(nodeId: number): Promise<string> {
    const { dataDir } = this.#options
    // Before there is a folder, or the next start would take it for one that voted from the first.
    writeInitialVoters(dataDir, this.#initialVoters)
    const node = this.#newNode(nodeId, { port: null, isController: true })
    this.#nodes = [...this.#nodes, node]
    await node.seat.listening()
    return node.controller!.directoryId!
  }

  async #endController(nodeId: number): Promise<void> {
    const { dataDir } = this.#options
    const node = this.#nodes.find(({ id }) => id === nodeId)
    if (node === undefined || this.#isEnding) return
    await node.seat.end()
    this.#nodes = this.#nodes.filter(each => each !== node)
    this.#initialVoters = this.#initialVoters.filter(id => id !== nodeId)
    writeInitialVoters(dataDir, this.#initialVoters)
    rmSync(node.controller!.folder, { recursive: true, force: true })
    this.#tellControllers(this.#lives())
  }

  /** A broker where a port is given, a controller, or both in one thread. */
  #newNode(id: number, as: { readonly port: number | null; readonly isController: boolean }): Node {
    const { dataDir, host } = this.#options
    const post = (role: NodeRole, port: number): Post => {
      return { folder: folderOf(dataDir, role, id), address: { host, port }, directoryId: null }
    }
    const broker = as.port === null ? null : post('broker', as.port)
    const controller = as.isController ? post('controller', 0) : null
    const roles: NodeRole[] = []
    if (broker !== null) roles.push('broker')
    if (controller !== null) roles.push('controller')
    const name = `${roles.length === 1 ? roles[0] : 'node'} ${id}`
    const posts = { id, name, roles, broker, controller }
    const unflushed = { memory: UnflushedFiles.newMemory(), root: dataDir }
    const seat = new NodeSeat({
      name,
      roles,
      launch: onStateChanged => this.#launch(posts, unflushed, onStateChanged),
      dropUnflushed: async options => {
        const dropped = await dropUnflushed(unflushed, options)
        const { droppedBytes, droppedFileCount } = dropped
        const message = `lost its power, and ${droppedBytes} bytes (files: ${droppedFileCount})`
        this.#options.onEvent({ type: 'log', node: name, level: 'warn', message })
        return { node: name, id, roles, ...dropped }
      },
      onStateChanged: state => this.#tellState(posts, state),
    })
    return { ...posts, seat }
  }

  #launch(
    posts: Posts,
    unflushed: NodeMemory,
    onStateChanged: (state: NodeState) => void,
  ): WorkerNode {
    const { id, name, roles } = posts
    const broker = posts.broker && this.#brokerData(id, posts.broker)
    const controller = posts.controller && this.#controllerData(id, posts.controller)
    const life = new WorkerNode({
      name,
      roles,
      entry: entryOf(`${roles.length === 1 ? roles[0] : 'combined'}-thread`),
      data: broker && controller ? { broker, controller } : (broker ?? controller),
      unflushed,
      onMessage: message => this.#onMessage(posts, message),
      onStateChanged,
    })
    // At the first start they are told when the last one of them listens.
    if (this.#started) this.#tellControllers([life])
    if (this.#tapOpen) life.send({ type: 'tap-wire', open: true })
    return life
  }

  #controllerData(nodeId: number, { folder, address }: Post): ControllerWorkerData {
    const { clusterId, ephemeral, configs } = this.#options
    return {
      nodeId,
      clusterId,
      folderPath: folder,
      address,
      staticConfigs: new Map(Object.entries(configs)),
      voters: this.#initialVoters,
      brokersAreDown: !this.#started || this.#powerIsBack,
      ephemeral,
    }
  }

  #brokerData(brokerId: number, { folder, address }: Post): BrokerWorkerData {
    const { clusterId, host, ephemeral, layout, racks, configs } = this.#options
    const isCombined = layout.controllerIds.includes(brokerId)
    const inOrder = layout.brokerIds.indexOf(brokerId)
    const rack = racks[inOrder % racks.length] ?? configs['broker.rack'] ?? null
    return {
      brokerId,
      clusterId,
      folderPath: folder,
      address,
      advertisedHost: host,
      rack,
      isCombined,
      ephemeral,
      staticConfigs: new Map(
        Object.entries({
          'node.id': String(brokerId),
          'broker.id': String(brokerId),
          'process.roles': isCombined ? 'broker,controller' : 'broker',
          'log.dirs': folder,
          ...configs,
          ...(rack !== null && { 'broker.rack': rack }),
        }),
      ),
    }
  }

  #onMessage({ id, name, broker, controller }: Posts, message: FromWorker): void {
    switch (message.type) {
      case 'listens': {
        const post = message.role === 'broker' ? broker : controller
        if (post === null) return
        post.address = message.address
        if (message.role === 'controller') post.directoryId = message.directoryId
        if (message.role === 'controller') this.#tellControllers(this.#lives())
        return
      }
      case 'log':
        this.#options.onEvent({ ...message, node: name })
        return
      case 'traffic':
        this.#options.onEvent({ type: 'traffic', brokerId: id, report: message.report })
        return
      case 'group-journal':
        this.#options.onEvent({ type: 'group-journal', brokerId: id, event: message.event })
        return
      case 'wire':
        this.#options.onEvent({ ...message, brokerId: id })
        return
      default:
    }
  }

  /** Where the controllers listen; nothing before each of them has listened once. */
  #tellControllers(lives: readonly WorkerNode[]): void {
    const known = this.controllers.map(each => [each.nodeId, each.address] as const)
    if (known.some(([, { port }]) => port === 0)) return
    const addresses = new Map(known)
    for (const life of lives) life.send({ type: 'controllers-listen', addresses })
  }

  #lives(): WorkerNode[] {
    return this.#nodes.map(({ seat }) => seat.life)
  }

  #tellState({ id, broker, controller }: Posts, state: NodeState): void {
    const { onEvent } = this.#options
    if (broker !== null) onEvent({ type: 'broker-state-changed', brokerId: id, state })
    if (controller !== null) onEvent({ type: 'controller-state-changed', nodeId: id, state })
  }

  #letGo(): void {
    const { ephemeral, dataDir, onEnd } = this.#options
    if (ephemeral) rmSync(dataDir, { recursive: true, force: true })
    onEnd()
  }
}

/** Beside this file in the bundle, each in one piece; in `runtime` when run from source. */
function entryOf(name: string): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL(`../runtime/${name}.ts`, import.meta.url)
    : new URL(`./${name}.cjs`, import.meta.url)
}
