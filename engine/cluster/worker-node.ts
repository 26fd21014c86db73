/**
 * A node in its worker thread, as the supervisor holds it: started, listened to, asked to stop, or
 * killed where a crash is meant.
 */
import { Worker } from 'node:worker_threads'
import type { Address } from '../ports/network.ts'
import { OperationalError } from '../support/operational-error.ts'
import type { BrokerQuestion, FromWorker, ToWorker } from './node-messages.ts'

export type NodeState = 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

export interface WorkerNodeOptions {
  readonly name: string
  readonly entry: URL
  readonly data: unknown
  readonly onMessage: (message: FromWorker) => void
  readonly onStateChanged: (state: NodeState) => void
}

export class WorkerNode {
  readonly name: string
  readonly #worker: Worker
  readonly #options: WorkerNodeOptions
  readonly #exited: Promise<void>
  readonly #listening: Promise<Address>
  #resolveListening: (address: Address) => void = () => {}
  #rejectListening: (error: OperationalError) => void = () => {}
  readonly #questions = new Map<number, PromiseWithResolvers<unknown>>()
  #nextQuestion = 0
  #state: NodeState = 'starting'
  /** Why it failed, in words; null while it did not. */
  failure: string | null = null

  constructor(options: WorkerNodeOptions) {
    this.name = options.name
    this.#options = options
    this.#listening = new Promise((resolve, reject) => {
      this.#resolveListening = resolve
      this.#rejectListening = reject
    })
    // Whoever awaits it hears of the failure; nobody has to.
    this.#listening.catch(() => {})
    this.#worker = new Worker(options.entry, { name: options.name, workerData: options.data })
    this.#worker.on('message', (message: FromWorker) => this.#onMessage(message))
    this.#worker.on('error', error => this.#fail(error.stack ?? error.message))
    this.#exited = new Promise(resolve => {
      this.#worker.on('exit', () => {
        if (this.#state !== 'stopped' && this.#state !== 'failed') this.#setState('stopped')
        this.#rejectListening(new OperationalError(`${this.name}: ended before it listened`))
        const ended = new OperationalError(`${this.name}: ended before it answered`)
        for (const { reject } of this.#questions.values()) reject(ended)
        this.#questions.clear()
        resolve()
      })
    })
  }

  get state(): NodeState {
    return this.#state
  }

  /** Rejects with an `OperationalError` when the node cannot start. */
  listening(): Promise<Address> {
    return this.#listening
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  /** Rejects with an `OperationalError` when the node does not run, or ends meanwhile. */
  ask(question: BrokerQuestion): Promise<unknown> {
    if (this.#state !== 'running')
      return Promise.reject(new OperationalError(`${this.name} is ${this.#state}`))
    const id = this.#nextQuestion++
    const answered = Promise.withResolvers<unknown>()
    this.#questions.set(id, answered)
    this.send({ type: 'ask', id, question })
    return answered.promise
  }

  /** Settles when the thread has ended, for whatever reason. */
  exited(): Promise<void> {
    return this.#exited
  }

  /** A clean stop: leaves the cluster, closes its logs. Settles when the thread has ended. */
  async stop(): Promise<void> {
    if (this.#state === 'starting' || this.#state === 'running') {
      this.#setState('stopping')
      this.send({ type: 'stop' })
    }
    await this.#exited
  }

  /** Ends the thread without any farewell, as a crash does. */
  async kill(): Promise<void> {
    this.#setState('stopped')
    await this.#worker.terminate()
  }

  #onMessage(message: FromWorker): void {
    if (message.type === 'listens') {
      if (this.#state === 'starting') this.#setState('running')
      this.#resolveListening(message.address)
    } else if (message.type === 'failed') this.#fail(message.message)
    else if (message.type === 'told') {
      this.#questions.get(message.id)?.resolve(message.answer)
      this.#questions.delete(message.id)
    }
    this.#options.onMessage(message)
  }

  #fail(reason: string): void {
    this.failure = reason
    this.#setState('failed')
    this.#rejectListening(new OperationalError(`${this.name}: ${reason}`))
  }

  #setState(state: NodeState): void {
    if (this.#state === state || this.#state === 'failed') return
    this.#state = state
    this.#options.onStateChanged(state)
  }
}
