/**
 * One life of a node: its worker thread, as the supervisor holds it. Started, listened to, asked to
 * stop or to stand still, or killed where a crash is meant.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker, type ResourceLimits } from 'node:worker_threads'
import type { Address } from '../ports/network.ts'
import { OperationalError } from '../support/operational-error.ts'
import { endable, newEndCell } from '../support/thread-end.ts'
import type { NodeMemory } from './power-cut.ts'
import {
  GOING,
  PAUSED,
  type BrokerQuestion,
  type FromWorker,
  type NodeRole,
  type NodeWorkerData,
  type ToWorker,
} from './node-messages.ts'

/** `stopped` after a clean stop, `killed` without a farewell, `failed` by itself. */
export type NodeState =
  | 'starting'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'stopped'
  | 'killed'
  | 'failed'

export interface WorkerNodeOptions {
  /** As `broker 2`. */
  readonly name: string
  readonly entry: URL
  readonly data: unknown
  readonly unflushed: NodeMemory
  /** It runs when it listens in all of them. */
  readonly roles: readonly NodeRole[]
  readonly onMessage: (message: FromWorker) => void
  readonly onStateChanged: (state: NodeState) => void
}

/** A thread does one thing at a time; one that does not come to this in time is stuck. */
const PAUSE_MS_MAX = 10_000
const ANSWER_MS_MAX = 30_000
/** Logs are closed and flushed within this, also thousands of them on a busy machine. */
const STOP_MS_MAX = 60_000
/**
 * What V8 may take for a node's objects. By itself it lets the room for new ones grow to 192 MB in
 * each thread once requests queue up, never gives it back, and then stands still for as long as a
 * collection of it takes; and it lets old ones grow to four times what lives before it looks. Below
 * 2 GB it looks at twice what lives. New objects get three times a semi-space: a broker's holds what
 * some thousand waiting produces need, a controller's mostly nothing.
 */
const OLD_MEGABYTES_MAX = 2_000
const BROKER_YOUNG_MEGABYTES_MAX = 6
const CONTROLLER_YOUNG_MEGABYTES_MAX = 3

export class WorkerNode {
  readonly name: string
  readonly #worker: Worker
  readonly #options: WorkerNodeOptions
  readonly #pauseCell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  readonly #endCell = newEndCell()
  readonly #exited: Promise<void>
  readonly #listening = new Map<NodeRole, PromiseWithResolvers<Address>>()
  readonly #rolesLeft: Set<NodeRole>
  readonly #questions = new Map<number, PromiseWithResolvers<unknown>>()
  /** Settled by the next message of a type, or by the end. */
  readonly #awaited = new Map<FromWorker['type'], PromiseWithResolvers<void>>()
  #nextQuestion = 0
  #state: NodeState = 'starting'
  /** Why it failed, in words; null while it did not. */
  failure: string | null = null

  constructor(options: WorkerNodeOptions) {
    this.name = options.name
    this.#options = options
    this.#rolesLeft = new Set(options.roles)
    for (const role of options.roles) {
      const listening = Promise.withResolvers<Address>()
      // Whoever awaits it hears of the failure; nobody has to.
      listening.promise.catch(() => {})
      this.#listening.set(role, listening)
    }
    const { data: node, unflushed } = options
    const cells = { pauseCell: this.#pauseCell, endCell: this.#endCell }
    const workerData: NodeWorkerData<unknown> = { node, unflushed, ...cells }
    this.#worker = new Worker(options.entry, {
      name: options.name,
      workerData,
      env: threadEnv(),
      resourceLimits: heapLimits(options.roles),
    })
    this.#worker.on('message', (message: FromWorker) => this.#onMessage(message))
    this.#worker.on('error', error => {
      // A disk that fails under the metadata log ends its controller, as in Apache Kafka: nobody's bug.
      const isOperational = error.name === 'OperationalError'
      this.#fail(isOperational ? error.message : (error.stack ?? error.message))
    })
    this.#exited = new Promise(resolve => {
      this.#worker.on('exit', () => {
        this.#setState('stopped')
        this.#letGo(new OperationalError(`${this.name}: ended before it listened`))
        resolve()
      })
    })
  }

  get state(): NodeState {
    return this.#state
  }

  get ended(): boolean {
    return isEnd(this.#state)
  }

  /** Rejects with an `OperationalError` when the node cannot start. */
  listening(role: NodeRole): Promise<Address> {
    const listening = this.#listening.get(role)
    if (listening !== undefined) return listening.promise
    return Promise.reject(new OperationalError(`${this.name} is no ${role}`))
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  /** Rejects with an `OperationalError` when the node does not run, or does not answer. */
  ask(question: BrokerQuestion): Promise<unknown> {
    if (this.#state !== 'running')
      return Promise.reject(new OperationalError(`${this.name} is ${this.#state}`))
    const id = this.#nextQuestion++
    const answered = Promise.withResolvers<unknown>()
    this.#questions.set(id, answered)
    this.send({ type: 'ask', id, question })
    const late = `${this.name}: no answer within ${ANSWER_MS_MAX / 1_000} s`
    return within(answered.promise, ANSWER_MS_MAX, late).finally(() => this.#questions.delete(id))
  }

  /** Settles when the thread has ended, for whatever reason. */
  exited(): Promise<void> {
    return this.#exited
  }

  /** Settles when the broker of a combined node has left the cluster, or all has ended. */
  async leave(): Promise<void> {
    if (this.#state !== 'starting' && this.#state !== 'running') return
    const left = this.#next('left')
    this.#setState('stopping')
    this.send({ type: 'leave' })
    await Promise.race([left, this.#exited])
  }

  /**
   * A clean stop: leaves the cluster, closes its logs. Settles when the thread has ended; rejects
   * with an `OperationalError` when that takes too long, and leaves it trying.
   */
  async stop(): Promise<void> {
    if (!this.ended) {
      this.#setState('stopping')
      this.send({ type: 'stop' })
    }
    const late = `${this.name}: not stopped after ${STOP_MS_MAX / 1_000} s; kill it to end it now`
    await within(this.#exited, STOP_MS_MAX, late)
  }

  /** Ends the thread without any farewell, as a crash does; one that stands still too. */
  async kill(): Promise<void> {
    this.#setState('killed')
    await endable(this.#endCell)
    await this.#worker.terminate()
    await this.#exited
  }

  /**
   * The thread stands still: its sockets stay open, connections are taken by the system, and
   * nothing is answered, as after SIGSTOP. Settles when it does.
   */
  async pause(): Promise<void> {
    const paused = this.#next('paused')
    Atomics.store(this.#pauseCell, 0, PAUSED)
    this.send({ type: 'pause' })
    try {
      await within(paused, PAUSE_MS_MAX, `${this.name}: too busy to be paused`)
    } catch (error) {
      // Rethrown: a request that nobody waits for any more must not pause it later.
      this.#wake()
      throw error
    }
  }

  async resume(): Promise<void> {
    const resumed = this.#next('resumed')
    this.#wake()
    await within(resumed, PAUSE_MS_MAX, `${this.name}: resumed, and too busy to say so`)
  }

  #wake(): void {
    Atomics.store(this.#pauseCell, 0, GOING)
    Atomics.notify(this.#pauseCell, 0)
  }

  #next(type: FromWorker['type']): Promise<void> {
    const awaited = this.#awaited.get(type) ?? Promise.withResolvers<void>()
    awaited.promise.catch(() => {})
    this.#awaited.set(type, awaited)
    return awaited.promise
  }

  #onMessage(message: FromWorker): void {
    switch (message.type) {
      case 'listens':
        this.#listening.get(message.role)?.resolve(message.address)
        this.#rolesLeft.delete(message.role)
        if (this.#rolesLeft.size === 0 && this.#state === 'starting') this.#setState('running')
        break
      case 'failed':
        this.#fail(message.message)
        break
      case 'told':
        this.#questions.get(message.id)?.resolve(message.answer)
        break
      case 'paused':
        this.#setState('paused')
        this.#refuseQuestions(new OperationalError(`${this.name} is paused`))
        break
      case 'resumed':
        this.#setState('running')
        break
      default:
    }
    this.#awaited.get(message.type)?.resolve()
    this.#awaited.delete(message.type)
    this.#options.onMessage(message)
  }

  #fail(reason: string): void {
    this.failure = reason
    this.#setState('failed')
    const named = reason.startsWith(this.name) ? reason : `${this.name}: ${reason}`
    this.#letGo(new OperationalError(named))
  }

  /** Nobody waits for a node that has ended. */
  #letGo(reason: OperationalError): void {
    for (const { reject } of this.#listening.values()) reject(reason)
    const ended = new OperationalError(`${this.name}: ended before it answered`)
    for (const { reject } of this.#awaited.values()) reject(ended)
    this.#awaited.clear()
    this.#refuseQuestions(ended)
  }

  #refuseQuestions(reason: OperationalError): void {
    for (const { reject } of this.#questions.values()) reject(reason)
    this.#questions.clear()
  }

  #setState(state: NodeState): void {
    if (this.#state === state || isEnd(this.#state)) return
    this.#state = state
    this.#options.onStateChanged(state)
  }
}

/**
 * What V8 has compiled once is kept for the next start, as `module.enableCompileCache()` would have
 * it: asked for here, it is on before a thread's first line of code.
 */
function threadEnv(): NodeJS.ProcessEnv {
  const NODE_COMPILE_CACHE = join(tmpdir(), 'node-compile-cache')
  return { NODE_COMPILE_CACHE, ...process.env }
}

function isEnd(state: NodeState): boolean {
  return state === 'stopped' || state === 'killed' || state === 'failed'
}

/** Rejects with an `OperationalError` of these words when it takes longer. */
function within<T>(promise: Promise<T>, milliseconds: number, words: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new OperationalError(words)), milliseconds)
    // A question that nobody will answer keeps no process from ending.
    timer.unref()
    const settled = () => clearTimeout(timer)
    promise.then(resolve, reject).finally(settled)
  })
}

function heapLimits(roles: readonly NodeRole[]): ResourceLimits {
  const isBroker = roles.includes('broker')
  return {
    maxOldGenerationSizeMb: OLD_MEGABYTES_MAX,
    maxYoungGenerationSizeMb: isBroker
      ? BROKER_YOUNG_MEGABYTES_MAX
      : CONTROLLER_YOUNG_MEGABYTES_MAX,
  }
}
