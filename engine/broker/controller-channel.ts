/**
 * The way from a broker to the active controller: one connection, opened again when it was lost.
 *
 * Who is active is found by asking: a controller that is not says so, and often who is. What one
 * channel learns, all of a broker's channels know. A request that no controller has taken is asked
 * again, as brokers of Apache Kafka do, until its time is up.
 */
import { ClientConnection, type Api, type RequestOptions } from '../client/client-connection.ts'
import type { Clock } from '../ports/clock.ts'
import type { Address, Network } from '../ports/network.ts'
import { apiKeys } from '../protocol/api-keys.ts'
import { errorCode, KafkaError } from '../protocol/errors.ts'
import type { Fields, InputOf, ValueOf } from '../protocol/schema.ts'
import { errorCodesIn } from '../server/wire-tap.ts'
import { OperationalError } from '../support/operational-error.ts'

const CONNECT_TIMEOUT_MS = 2_000
const REQUEST_TIMEOUT_MS = 30_000
/**
 * Between two rounds through all controllers: where a whole cluster starts, the first election is a
 * matter of milliseconds; one after a failure takes seconds.
 */
const RETRY_FIRST_MS = 4
const RETRY_MAX_MS = 64
/**
 * Who would say who leads, and knows of nobody, will soon know: he is asked again before the others
 * are, who know no more. So often, for he may be cut off from them.
 */
const ASK_AGAIN_MS = 8
const ASK_AGAIN_MAX = 8

const notActive: ReadonlySet<number> = new Set([
  errorCode('NOT_CONTROLLER'),
  errorCode('NOT_LEADER_OR_FOLLOWER'),
])
const NOBODY = -1
/** What a leader of an earlier epoch says to one who knows a later one. */
const UNKNOWN_LEADER_EPOCH = errorCode('UNKNOWN_LEADER_EPOCH')

/** The active controller as far as a broker knows; shared by its channels. */
export class ActiveController {
  readonly #addresses: () => ReadonlyMap<number, Address>
  readonly #listeners = new Set<() => void>()
  #id: number | null = null

  constructor(addresses: () => ReadonlyMap<number, Address>) {
    this.#addresses = addresses
  }

  /** The one that was active last; any other one while none is known. Null without addresses. */
  candidate(): { readonly id: number; readonly address: Address } | null {
    const addresses = this.#addresses()
    const id = this.#id !== null && addresses.has(this.#id) ? this.#id : [...addresses.keys()][0]
    const address = id === undefined ? undefined : addresses.get(id)
    return id === undefined || address === undefined ? null : { id, address }
  }

  /** That many controllers there are to ask. */
  get count(): number {
    return this.#addresses().size
  }

  /** A controller was named as the active one. */
  learn(id: number): void {
    if (this.#id === id || !this.#addresses().has(id)) return
    this.#id = id
    for (const listener of this.#listeners) listener()
  }

  /** That one is not active, or does not answer: the next one is asked. */
  rule(out: number): void {
    const current = this.candidate()
    if (current?.id !== out) return
    const ids = [...this.#addresses().keys()]
    this.#id = ids[(ids.indexOf(out) + 1) % ids.length] ?? null
    for (const listener of this.#listeners) listener()
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

export interface ControllerChannelOptions {
  readonly network: Network
  readonly clock: Clock
  readonly active: ActiveController
  readonly clientId: string
}

interface Opened {
  readonly id: number
  readonly address: Address
  readonly opening: Promise<ClientConnection>
  readonly abandoned: AbortController
}

export class ControllerChannel {
  readonly #options: ControllerChannelOptions
  readonly #stopListening: () => void
  /** Ends what waits for a time or a connection. */
  readonly #waits = new Set<() => void>()
  #opened: Opened | null = null
  #closed = false
  /** How often the present candidate is being asked again; 0 while it is another one's turn. */
  #asksAgain = 0

  constructor(options: ControllerChannelOptions) {
    this.#options = options
    // What waits on a connection to a controller that is active no more is asked elsewhere.
    this.#stopListening = options.active.onChange(() => {
      if (this.#opened?.id !== options.active.candidate()?.id) this.#drop()
    })
  }

  /**
   * Throws a `KafkaError`; NOT_CONTROLLER, which clients retry, when no controller was active
   * within `timeoutMs`. A request that was under way when its connection ended is sent again.
   */
  async request<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    value: InputOf<Q>,
    options: RequestOptions = {},
  ): Promise<ValueOf<S>> {
    const { clock, active } = this.#options
    const waitMs = options.timeoutMs ?? REQUEST_TIMEOUT_MS
    const giveUpMs = clock.nowMs() + waitMs
    for (let asked = 1; ; asked++) {
      const timeoutMs = Math.max(1, giveUpMs - clock.nowMs())
      const outcome = await this.#tryOnce(api, value, { ...options, timeoutMs })
      if (!(outcome instanceof KafkaError)) return outcome
      if (this.#closed) throw outcome
      if (clock.nowMs() >= giveUpMs) {
        if (asked === 1 && this.#asksAgain === 0) throw outcome
        const why = `no controller was active within ${waitMs} ms; last: ${outcome.message}`
        throw new KafkaError('NOT_CONTROLLER', why, { cause: outcome })
      }
      if (this.#asksAgain > 0) {
        asked--
        await this.#pause(ASK_AGAIN_MS)
        continue
      }
      const round = Math.trunc(asked / Math.max(1, active.count))
      const isRound = asked % Math.max(1, active.count) === 0
      if (isRound) await this.#pause(Math.min(RETRY_FIRST_MS * 2 ** (round - 1), RETRY_MAX_MS))
      if (this.#closed) throw outcome
    }
  }

  close(): void {
    this.#closed = true
    this.#stopListening()
    this.#drop()
    for (const end of this.#waits) end()
  }

  /** The answer, or why it is to be asked for again. Other errors are thrown. */
  async #tryOnce<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    value: InputOf<Q>,
    options: RequestOptions & { readonly timeoutMs: number },
  ): Promise<ValueOf<S> | KafkaError> {
    const { active } = this.#options
    const opened = this.#open()
    if (opened instanceof KafkaError) return opened
    try {
      const connection = await this.#within(opened, options.timeoutMs)
      const answer = await connection.request(api, value, options)
      if (!isFromOther(api, errorCodesIn(answer))) {
        this.#asksAgain = 0
        return answer
      }
      this.#learnFrom(opened.id, answer)
      return new KafkaError('NOT_CONTROLLER', `controller ${opened.id} is not the active one`)
    } catch (error) {
      this.#asksAgain = 0
      // Waiting for a controller that is away, hangs, or went while it was asked.
      if (error instanceof OperationalError) {
        active.rule(opened.id)
        return new KafkaError('NOT_CONTROLLER', error.message, { cause: error })
      }
      if (!(error instanceof KafkaError) || !isLoss(error)) throw error
      active.rule(opened.id)
      return error
    }
  }

  #learnFrom(asked: number, answer: unknown): void {
    const { active } = this.#options
    const leaderId = leaderNamedIn(answer)
    if (leaderId === NOBODY && this.#asksAgain < ASK_AGAIN_MAX) {
      this.#asksAgain++
      return
    }
    this.#asksAgain = 0
    if (leaderId !== null && leaderId >= 0 && leaderId !== asked) active.learn(leaderId)
    else active.rule(asked)
  }

  #open(): Opened | KafkaError {
    if (this.#closed) return new KafkaError('NOT_CONTROLLER', 'the broker is stopping')
    const { active, network, clock, clientId } = this.#options
    const candidate = active.candidate()
    if (candidate === null) return new KafkaError('NOT_CONTROLLER', 'no controller is known')
    const { id, address } = candidate
    const known = this.#opened
    if (known !== null && known.id === id && isSame(known.address, address)) return known
    this.#drop()
    const abandoned = new AbortController()
    const opening = ClientConnection.open({
      network,
      clock,
      address,
      clientId,
      software: { name: 'odradek-broker', version: '0.1.0' },
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      signal: abandoned.signal,
    })
    const opened = { id, address, opening, abandoned }
    this.#opened = opened
    const forget = () => {
      if (this.#opened === opened) this.#opened = null
    }
    opening.then(connection => connection.onClose(forget), forget)
    return opened
  }

  /** A controller that hangs takes a connection, and never says a word. */
  #within(opened: Opened, timeoutMs: number): Promise<ClientConnection> {
    const { clock } = this.#options
    return new Promise((resolve, reject) => {
      const end = () => {
        settle()
        if (this.#opened === opened) this.#drop()
        const why = `controller ${opened.id}: no connection within ${timeoutMs} ms`
        reject(new KafkaError('REQUEST_TIMED_OUT', why))
      }
      const cancel = clock.at(clock.nowMs() + timeoutMs, end)
      const settle = () => {
        cancel()
        this.#waits.delete(end)
      }
      this.#waits.add(end)
      opened.opening.then(resolve, reject).finally(settle)
    })
  }

  #drop(): void {
    const opened = this.#opened
    this.#opened = null
    opened?.abandoned.abort()
    opened?.opening.then(
      connection => connection.close(),
      () => {},
    )
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#options
    return new Promise(resolve => {
      const end = () => {
        cancel()
        this.#waits.delete(end)
        resolve()
      }
      const cancel = clock.at(clock.nowMs() + ms, end)
      this.#waits.add(end)
    })
  }
}

function isFromOther(api: Api<any, any>, codes: readonly number[]): boolean {
  if (codes.some(code => notActive.has(code))) return true
  return api.request.apiKey === apiKeys.fetch && codes.includes(UNKNOWN_LEADER_EPOCH)
}

/** The connection, and not the request, is what failed. */
function isLoss({ error }: KafkaError): boolean {
  return error === 'NETWORK_EXCEPTION' || error === 'REQUEST_TIMED_OUT'
}

function isSame(a: Address, b: Address): boolean {
  return a.host === b.host && a.port === b.port
}

interface LeaderNaming {
  readonly partitions?: readonly {
    readonly leaderId?: number
    readonly currentLeader?: { readonly leaderId: number }
  }[]
}

/** The leader that an answer about the metadata log names, or `NOBODY`; null in other answers. */
function leaderNamedIn(answer: unknown): number | null {
  const { responses, topics } = answer as {
    readonly responses?: readonly LeaderNaming[]
    readonly topics?: readonly LeaderNaming[]
  }
  const partition = (responses ?? topics)?.[0]?.partitions?.[0]
  return partition?.currentLeader?.leaderId ?? partition?.leaderId ?? null
}
