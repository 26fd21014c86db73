/**
 * A cluster seen through the Kafka protocol: connections by broker, metadata, and the way to
 * leaders, coordinators and the controller. Local and remote clusters are reached alike.
 *
 * It answers what was asked and retries nothing by itself, except that a question to anybody goes to
 * another when one is silent, and that what it remembers of the cluster is thrown away when it turns
 * out stale: who retries knows better how often.
 */
import type { Clock } from '../ports/clock.ts'
import type { Address, Network } from '../ports/network.ts'
import { errorName, KafkaError } from '../protocol/errors.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../protocol/messages/find-coordinator.ts'
import {
  metadataRequest,
  metadataResponse,
  type MetadataResponse,
} from '../protocol/messages/metadata.ts'
import type { Fields, InputOf, ValueOf } from '../protocol/schema.ts'
import { OperationalError } from '../support/operational-error.ts'
import { ClientConnection, type Api, type RequestOptions } from './client-connection.ts'
import { firstAnswer } from './first-answer.ts'

export type Target =
  /**
   * Whoever answers: another broker is asked as well when one is silent for half a second, or gone.
   * For questions alone, since several may get it.
   */
  | { readonly type: 'any' }
  | { readonly type: 'controller' }
  | { readonly type: 'broker'; readonly brokerId: number }
  | { readonly type: 'leader'; readonly topic: string; readonly partition: number }
  | { readonly type: 'group-coordinator'; readonly groupId: string }

export interface ClientOptions {
  readonly network: Network
  readonly clock: Clock
  readonly bootstrap: readonly Address[]
  readonly clientId: string
  readonly software?: { readonly name: string; readonly version: string }
  readonly connectTimeoutMs?: number
}

export interface Client {
  /** See `ClientConnection.request` for the errors. */
  request<Q extends Fields, S extends Fields>(
    target: Target,
    api: Api<Q, S>,
    value: InputOf<Q>,
    options?: RequestOptions,
  ): Promise<ValueOf<S>>
  /** The connection behind a target, opened where there is none. */
  connection(target: Target): Promise<ClientConnection>
  /** The broker that leads a partition; asked for where it is not known. Fails as a request does. */
  leader(topic: string, partition: number): Promise<number>
  /** Brokers and controller, and the topics asked for: null for all, an empty list for none. */
  metadata(topics: readonly string[] | null): Promise<MetadataResponse>
  /**
   * Another one with connections of its own, closed with this one. A broker answers a connection in
   * order: what waits for a controller that is away would keep everything behind it waiting too.
   */
  readonly aside: Client
  /** Forgets leaders and coordinators, after an answer said that they have moved. */
  forget(): void
  close(): void
}

const CONNECT_TIMEOUT_MS = 5_000
const GROUP_KEY_TYPE = 0
/** A connection on which somebody has waited for longer is passed over where there is a choice. */
const SILENT_MS = 1_000
/** For how long it counts that nobody leads a partition. */
const LEADERLESS_MS = 100
/** Whoever asks anybody asks another as well after so long without an answer. */
const PATIENCE_MS = 500

const metadataApi = { request: metadataRequest, response: metadataResponse }
const findCoordinatorApi = { request: findCoordinatorRequest, response: findCoordinatorResponse }

export function createClient(options: ClientOptions): Client {
  return new ClusterClient(options)
}

class ClusterClient implements Client {
  readonly #options: ClientOptions
  /** By address: a broker may be reached by the bootstrap address and by the advertised one. */
  readonly #connections = new Map<string, Connecting>()
  readonly #brokers = new Map<number, Address>()
  /** By partition; -1 where nobody leads. */
  readonly #leaders = new Map<string, number>()
  /** When a topic's leaders were told. */
  readonly #toldAtMs = new Map<string, number>()
  readonly #coordinators = new Map<string, number>()
  #controllerId = -1
  #aside: Client | null = null
  readonly #closing = new AbortController()

  constructor(options: ClientOptions) {
    this.#options = options
  }

  async request<Q extends Fields, S extends Fields>(
    target: Target,
    api: Api<Q, S>,
    value: InputOf<Q>,
    options?: RequestOptions,
  ): Promise<ValueOf<S>> {
    if (target.type === 'any')
      return this.#askAny(connection => connection.request(api, value, options))
    const connection = await this.connection(target)
    return connection.request(api, value, options)
  }

  async connection(target: Target): Promise<ClientConnection> {
    switch (target.type) {
      case 'any':
        return this.#askAny(async connection => connection)
      case 'broker':
        return this.#connectBroker(target.brokerId)
      case 'controller':
        return this.#connectController()
      case 'leader':
        return this.#connectBroker(await this.leader(target.topic, target.partition))
      case 'group-coordinator':
        return this.#connectBroker(await this.#coordinatorOf(target.groupId))
    }
  }

  async metadata(topics: readonly string[] | null): Promise<MetadataResponse> {
    const asked = topics === null ? null : topics.map(name => ({ name }))
    const question = { topics: asked, allowAutoTopicCreation: false }
    const answer = await this.#askAny(connection => connection.request(metadataApi, question))
    this.#controllerId = answer.controllerId
    for (const { nodeId, host, port } of answer.brokers) this.#brokers.set(nodeId, { host, port })
    for (const topic of answer.topics) {
      this.#toldAtMs.set(topic.name ?? '', this.#options.clock.nowMs())
      for (const { partitionIndex, leaderId } of topic.partitions)
        this.#leaders.set(partitionKey(topic.name ?? '', partitionIndex), leaderId)
    }
    return answer
  }

  async leader(topic: string, partition: number): Promise<number> {
    const key = partitionKey(topic, partition)
    if (!this.#leaders.has(key) || this.#isOld(topic, key)) {
      const answer = await this.metadata([topic])
      const found = answer.topics.find(each => each.name === topic)
      if (found !== undefined && found.errorCode !== 0 && !this.#leaders.has(key))
        throw new KafkaError(errorName(found.errorCode), topic)
    }
    const leaderId = this.#leaders.get(key)
    if (leaderId === undefined)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${partition} does not exist`)
    if (leaderId < 0)
      throw new KafkaError('LEADER_NOT_AVAILABLE', `${topic}-${partition} has no leader`)
    return leaderId
  }

  forget(): void {
    this.#leaders.clear()
    this.#toldAtMs.clear()
    this.#coordinators.clear()
    this.#controllerId = -1
  }

  get aside(): Client {
    this.#aside ??= new ClusterClient(this.#options)
    if (this.#closing.signal.aborted) this.#aside.close()
    return this.#aside
  }

  close(): void {
    this.#closing.abort()
    this.#aside?.close()
    for (const { opening } of this.#connections.values())
      void opening.then(
        connection => connection.close(),
        () => {},
      )
    this.#connections.clear()
  }

  /** That nobody leads a partition is asked again, though not by each who asks for one of thousands. */
  #isOld(topic: string, key: string): boolean {
    if (this.#leaders.get(key)! >= 0) return false
    return this.#options.clock.nowMs() - (this.#toldAtMs.get(topic) ?? 0) > LEADERLESS_MS
  }

  async #coordinatorOf(groupId: string): Promise<number> {
    const known = this.#coordinators.get(groupId)
    if (known !== undefined) return known
    const found = await this.#askAny(async connection => {
      const [, newest] = connection.versionsOf(findCoordinatorRequest.apiKey!) ?? [0, 0]
      const answer = await connection.request(
        findCoordinatorApi,
        newest >= 4
          ? { keyType: GROUP_KEY_TYPE, coordinatorKeys: [groupId] }
          : { key: groupId, ...(newest >= 1 ? { keyType: GROUP_KEY_TYPE } : {}) },
      )
      return newest >= 4 ? answer.coordinators[0] : answer
    })
    if (found === undefined || found.errorCode !== 0)
      throw new KafkaError(
        found === undefined ? 'COORDINATOR_NOT_AVAILABLE' : errorName(found.errorCode),
        `group ${groupId} has no coordinator: ${found?.errorMessage ?? 'no answer'}`,
      )
    this.#brokers.set(found.nodeId, { host: found.host, port: found.port })
    this.#coordinators.set(groupId, found.nodeId)
    return found.nodeId
  }

  async #connectBroker(brokerId: number): Promise<ClientConnection> {
    if (!this.#brokers.has(brokerId)) await this.metadata([])
    const address = this.#brokers.get(brokerId)
    if (address === undefined)
      throw new KafkaError('BROKER_NOT_AVAILABLE', `broker ${brokerId} is not in the cluster`)
    return this.#connect(address)
  }

  /** In KRaft any broker passes on what is meant for the controller: one that is silent, none. */
  async #connectController(): Promise<ClientConnection> {
    if (this.#controllerId < 0) await this.metadata([])
    const known = this.#controllerId < 0 ? null : await this.#connectBroker(this.#controllerId)
    if (known !== null && !this.#isSilent(known)) return known
    await this.metadata([])
    return this.#controllerId < 0
      ? this.connection({ type: 'any' })
      : this.#connectBroker(this.#controllerId)
  }

  /** A broker that stands still keeps its connections open: others are asked while there are any. */
  #isSilent({ silentForMs }: ClientConnection): boolean {
    return silentForMs > SILENT_MS
  }

  /** Rejects with what the first broker that was reached refused with, or that there is none. */
  #askAny<T>(ask: (connection: ClientConnection) => Promise<T>): Promise<T> {
    const refusals: Error[] = []
    return firstAnswer({
      clock: this.#options.clock,
      choices: this.#addressesByPromise(),
      patienceMs: PATIENCE_MS,
      attempt: async address => {
        const connection = await this.#connect(address)
        try {
          return await ask(connection)
        } catch (error) {
          // Rethrown: a refusal tells more than that another broker is not there.
          if (error instanceof Error) refusals.push(error)
          throw error
        }
      },
      nobody: errors => {
        const reasons = new Set(errors.map(({ message }) => message))
        const nobody = new OperationalError(`no broker answers: ${[...reasons].join('; ')}`)
        return refusals[0] ?? nobody
      },
    })
  }

  /** Who is connected and answers, who may be tried, and who stood still when last asked. */
  #addressesByPromise(): readonly Address[] {
    const known = [...this.#connections.values()]
    const open = known.flatMap(({ address, open }) => (open === null ? [] : [{ address, open }]))
    const answering = open.filter(each => !this.#isSilent(each.open))
    const silent = open.filter(each => !answering.includes(each))
    const tried = [...this.#options.bootstrap, ...this.#brokers.values()]
    const rest = tried.filter(address => open.every(each => keyOf(each.address) !== keyOf(address)))
    const ordered = [
      ...answering.map(({ address }) => address),
      ...rest,
      ...silent.map(({ address }) => address),
    ]
    return [...new Map(ordered.map(address => [keyOf(address), address])).values()]
  }

  #connect(address: Address): Promise<ClientConnection> {
    const { network, clock, clientId, connectTimeoutMs, software } = this.#options
    if (this.#closing.signal.aborted)
      return Promise.reject(new KafkaError('NETWORK_EXCEPTION', 'the client is closed'))
    const key = keyOf(address)
    const known = this.#connections.get(key)
    if (known !== undefined) return known.opening
    const opening = ClientConnection.open({
      network,
      clock,
      address,
      clientId,
      software: software ?? { name: 'odradek', version: '0.1.0' },
      connectTimeoutMs: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      signal: this.#closing.signal,
    })
    const connecting: Connecting = { address, opening, open: null }
    this.#connections.set(key, connecting)
    const drop = () => {
      if (this.#connections.get(key) === connecting) this.#connections.delete(key)
      // A broker went away: whatever it led is led by another now, or by nobody.
      this.forget()
    }
    void opening.then(connection => {
      connecting.open = connection
      connection.onClose(drop)
    }, drop)
    return opening
  }
}

interface Connecting {
  readonly address: Address
  readonly opening: Promise<ClientConnection>
  /** Null until it is open. */
  open: ClientConnection | null
}

function keyOf({ host, port }: Address): string {
  return `${host}:${port}`
}

function partitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`
}
