/** Some controllers and no broker, in virtual time on a kind network: each with a disk of its own. */
import { ClientConnection, type Api } from '../../../engine/client/client-connection.ts'
import { ControllerNode } from '../../../engine/controller-node/controller-node.ts'
import type { Address } from '../../../engine/ports/network.ts'
import type { KafkaError } from '../../../engine/protocol/errors.ts'
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '../../../engine/protocol/messages/controller-registration.ts'
import type { Fields, InputOf, ValueOf } from '../../../engine/protocol/schema.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { SeededRandom } from '../../simulation/seeded-random.ts'
import { SimulatedClock } from '../../simulation/simulated-clock.ts'
import { SimulatedNetwork } from '../../simulation/simulated-network.ts'
import { SimulatedNode } from '../../simulation/simulated-node.ts'
import { SimulatedProcess } from '../../simulation/simulated-process.ts'

const PORT = 9093
export const registration = {
  request: controllerRegistrationRequest,
  response: controllerRegistrationResponse,
}
const CLUSTER_ID = 'Q2x1c3RlciBvZiBjb250cm9s'

interface Running {
  readonly node: ControllerNode
  stop(): Promise<void>
}

export class Controllers {
  readonly time = new SimulatedClock(1_000_000)
  readonly random = new SeededRandom('controllers')
  readonly network = new SimulatedNetwork(this.time, this.random.stream('network'), {
    latencyMs: 2,
    splitChance: 0,
    slowChance: 0,
    refuseChance: 0,
    breakChance: 0,
  })
  readonly nodes = new Map<number, SimulatedNode<Running>>()
  failure: unknown = null
  readonly #staticConfigs: ReadonlyMap<string, string>
  readonly #isSlow: boolean
  readonly #client: SimulatedProcess
  readonly #addresses = new Map<number, Address>()

  constructor(options: {
    readonly voters: readonly number[]
    readonly observers?: readonly number[]
    readonly configs?: Readonly<Record<string, string>>
    /** What their threads do takes time, so that they have to do it in slices. */
    readonly isSlow?: boolean
  }) {
    this.#isSlow = options.isSlow === true
    const quiet = { 'metadata.max.idle.interval.ms': '0' }
    this.#staticConfigs = new Map(Object.entries({ ...quiet, ...options.configs }))
    this.time.onError = error => {
      this.failure ??= error
    }
    this.#client = new SimulatedProcess({
      name: 'client',
      time: this.time,
      disk: new MemoryDisk(),
      random: this.random.stream('client'),
      log: () => {},
    })
    for (const id of [...options.voters, ...(options.observers ?? [])]) {
      this.#addresses.set(id, { host: hostOf(id), port: PORT })
      this.nodes.set(id, this.#newNode(id, options.voters))
    }
  }

  start(...ids: readonly number[]): void {
    for (const id of ids.length > 0 ? ids : this.nodes.keys()) this.nodes.get(id)!.start()
  }

  kill(id: number): void {
    this.nodes.get(id)!.kill()
  }

  /** The node, which must be running. */
  node(id: number): ControllerNode {
    return this.nodes.get(id)!.running!.node
  }

  get running(): readonly ControllerNode[] {
    return [...this.nodes.values()].flatMap(({ running }) => (running ? [running.node] : []))
  }

  /** Who leads in the latest epoch that anyone leads in. */
  get leaderId(): number | null {
    const leading = [...this.nodes].filter(([, { running }]) => running?.node.quorum.raft.leads)
    const epoch = (id: number) => this.node(id).quorum.raft.leaderEpoch
    return leading.map(([id]) => id).toSorted((a, b) => epoch(b) - epoch(a))[0] ?? null
  }

  /** Runs until it holds, and says after how many milliseconds; throws when it does not. */
  async until(condition: () => boolean, limitMs = 20_000): Promise<number> {
    const startMs = this.time.nowMs
    const holds = await this.time.runUntil(
      () => this.failure !== null || condition(),
      startMs + limitMs,
    )
    if (this.failure !== null) throw this.failure
    if (!holds) throw new Error(`not so within ${limitMs} ms: ${condition.toString()}`)
    return this.time.nowMs - startMs
  }

  async run(ms: number): Promise<void> {
    await this.time.runFor(ms)
    if (this.failure !== null) throw this.failure
  }

  /** Nobody hears this node, and it hears nobody, for a time. */
  isolate(id: number, ms: number): void {
    const others = [...this.nodes.keys()].map(hostOf)
    this.network.isolate(hostOf(id), others, {
      deaf: true,
      mute: true,
      untilMs: this.time.nowMs + ms,
    })
  }

  /** A connection to one node; it is there while the world runs. */
  connect(id: number): Promise<ClientConnection> {
    return ClientConnection.open({
      network: this.network.portOf(this.#client),
      clock: this.#client.clock,
      address: this.#addresses.get(id)!,
      clientId: 'client',
      software: { name: 'test', version: '1' },
      connectTimeoutMs: 1_000,
    })
  }

  /** Asks one node; the answer comes while the world runs. */
  async ask<Q extends Fields, S extends Fields>(
    id: number,
    api: Api<Q, S>,
    value: InputOf<Q>,
  ): Promise<ValueOf<S>> {
    const connection = await this.connect(id)
    try {
      return await connection.request(api, value, { timeoutMs: 60_000 })
    } finally {
      connection.close()
    }
  }

  /** The same, run to its end. */
  async answer<Q extends Fields, S extends Fields>(
    id: number,
    api: Api<Q, S>,
    value: InputOf<Q>,
  ): Promise<ValueOf<S>> {
    return this.outcome(this.ask(id, api, value))
  }

  async outcome<T>(promise: Promise<T>): Promise<T> {
    let done = false
    const finished = promise.finally(() => {
      done = true
    })
    // Thrown below, where somebody waits for it.
    finished.catch(() => {})
    await this.until(() => done, 70_000)
    return finished
  }

  /** Something that is decided and needs no broker: a controller of any id registers. */
  register(at: number, controllerId: number): Promise<number> {
    return this.ask(at, registration, this.registrationOf(controllerId)).then(
      ({ errorCode }) => errorCode,
      (error: KafkaError) => error.code,
    )
  }

  registrationOf(controllerId: number) {
    return {
      controllerId,
      incarnationId: this.random.uuid(),
      zkMigrationReady: false,
      listeners: [],
      features: [],
    }
  }

  #newNode(nodeId: number, voters: readonly number[]): SimulatedNode<Running> {
    return new SimulatedNode<Running>({
      name: hostOf(nodeId),
      time: this.time,
      network: this.network,
      random: this.random,
      driftMs: 0,
      isSlow: this.#isSlow,
      log: () => {},
      fail: error => {
        this.failure ??= error
      },
      onCrash: () => {},
      launch: async (process, network) => {
        const node = await ControllerNode.start({
          nodeId,
          clusterId: CLUSTER_ID,
          folderPath: `/${hostOf(nodeId)}`,
          address: this.#addresses.get(nodeId)!,
          voters,
          staticConfigs: this.#staticConfigs,
          disk: process.disk,
          network,
          clock: process.clock,
          random: process.random,
          logger: process.logger,
          brokersAreDown: false,
        })
        node.knowQuorum(this.#addresses)
        return { node, stop: () => node.close() }
      },
    })
  }
}

export function hostOf(id: number): string {
  return `controller-${id}`
}
