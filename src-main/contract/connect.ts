/**
 * The page's end of a connection. Answers find their call by id; a lost connection is opened again
 * by itself, and with it the streams and the listeners. It knows no transport and no timer: both
 * are handed in.
 */
import { assertNever } from '../../engine/support/assert.ts'
import {
  ContractError,
  type Client,
  type ConnectionState,
  type Contract,
  type FramePort,
  type Problem,
  type StreamReader,
} from './define.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import type { ClientMessage, ServerMessage } from './messages.ts'

export interface ConnectOptions {
  /** Opens a connection to the service; rejects when it cannot be had now. */
  open(): Promise<FramePort>
  /** Resolves after this time, as a timer does. */
  wait(milliseconds: number): Promise<void>
}

const RETRY_FIRST_MS = 100
const RETRY_LAST_MS = 5_000

/** Connects at once, and keeps connected until `close`. Calls made meanwhile wait for it. */
export function connect<C extends Contract>(options: ConnectOptions): Client<C> {
  const connection = new Connection(options)
  void connection.keepOpen()
  // The types of names, inputs and outputs exist for callers alone.
  return connection as unknown as Client<C>
}

interface Call {
  readonly name: string
  readonly input: unknown
  resolve(value: unknown): void
  reject(error: ContractError): void
}

interface Stream {
  readonly name: string
  readonly input: unknown
  readonly reader: StreamReader<unknown>
}

const disconnected: Problem = {
  code: 'DISCONNECTED',
  message: 'the connection to the application was lost',
  remedy: 'It is being opened again. If Odradek was closed, start it.',
}

class Connection {
  readonly #options: ConnectOptions
  #port: FramePort | null = null
  #state: ConnectionState = { type: 'connecting', attempt: 1 }
  #nextId = 1
  /** Sent and not answered. */
  readonly #calls = new Map<number, Call>()
  /** Made before the connection was there. */
  readonly #held = new Map<number, Call>()
  readonly #streams = new Map<number, Stream>()
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>()
  readonly #stateListeners = new Set<(state: ConnectionState) => void>()

  constructor(options: ConnectOptions) {
    this.#options = options
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Opens until it is open; a port that closes begins this anew. */
  async keepOpen(): Promise<void> {
    for (let attempt = 1; this.#state.type !== 'closed'; attempt++) {
      this.#changeState({ type: 'connecting', attempt })
      const port = await this.#options.open().catch(() => null)
      if (port !== null) return this.#begin(port)
      // The service may start later; what was tried shows in the state.
      await this.#options.wait(Math.min(RETRY_FIRST_MS * 2 ** (attempt - 1), RETRY_LAST_MS))
    }
  }

  call(name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const aborted = () => new ContractError({ code: 'CANCELLED', message: `${name} was cancelled` })
    if (signal?.aborted === true) return Promise.reject(aborted())
    if (this.#state.type === 'closed') return Promise.reject(new ContractError(this.#state.problem))

    const id = this.#nextId++
    const call: Call = { name, input, resolve, reject }
    if (this.#port === null) this.#held.set(id, call)
    else this.#place(id, call)

    const onAbort = () => {
      this.#held.delete(id)
      if (this.#calls.delete(id)) this.#send({ type: 'cancel', id })
      reject(aborted())
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    return promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  stream(name: string, input: unknown, reader: StreamReader<unknown>): () => void {
    const id = this.#nextId++
    const stream = { name, input, reader }
    this.#streams.set(id, stream)
    if (this.#port !== null) this.#openStream(id, stream)
    return () => {
      if (this.#streams.delete(id)) this.#send({ type: 'cancel', id })
    }
  }

  on(name: string, listener: (payload: unknown) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    if (listeners.size === 0) this.#send({ type: 'listen', name, wanted: true })
    listeners.add(listener)
    return () => {
      if (listeners.delete(listener) && listeners.size === 0)
        this.#send({ type: 'listen', name, wanted: false })
    }
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener)
    return () => this.#stateListeners.delete(listener)
  }

  close(): void {
    const problem: Problem = { code: 'DISCONNECTED', message: 'the connection was closed' }
    this.#changeState({ type: 'closed', problem })
    for (const call of this.#held.values()) call.reject(new ContractError(problem))
    this.#held.clear()
    this.#streams.clear()
    this.#port?.close()
  }

  #begin(port: FramePort): void {
    if (this.#state.type === 'closed') {
      port.close()
      return
    }
    this.#port = port
    port.onFrame(frame => this.#receive(decodeFrame(frame) as ServerMessage))
    port.onClose(() => this.#lost(port))
    for (const [name, listeners] of this.#listeners)
      if (listeners.size > 0) this.#send({ type: 'listen', name, wanted: true })
    for (const [id, call] of this.#held) this.#place(id, call)
    this.#held.clear()
    // A stream keeps its id: the service knows nothing of the connection before.
    for (const [id, stream] of this.#streams) this.#openStream(id, stream)
    this.#changeState({ type: 'open' })
  }

  #lost(port: FramePort): void {
    if (this.#port !== port) return
    this.#port = null
    for (const call of this.#calls.values()) call.reject(new ContractError(disconnected))
    this.#calls.clear()
    if (this.#state.type !== 'closed') void this.keepOpen()
  }

  #place(id: number, call: Call): void {
    this.#calls.set(id, call)
    this.#send({ type: 'call', id, name: call.name, input: call.input })
  }

  #openStream(id: number, { name, input }: Stream): void {
    const given: unknown = typeof input === 'function' ? input() : input
    this.#send({ type: 'open', id, name, input: given })
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'result':
        this.#settled(message.id)?.resolve(message.value)
        return
      case 'error':
        this.#settled(message.id)?.reject(new ContractError(message.problem))
        return
      case 'item':
        this.#streams.get(message.id)?.reader.onItem(message.value)
        return
      case 'end': {
        const stream = this.#streams.get(message.id)
        this.#streams.delete(message.id)
        stream?.reader.onEnd?.(message.problem)
        return
      }
      case 'event':
        for (const listener of this.#listeners.get(message.name) ?? []) listener(message.value)
        return
      default:
        assertNever(message)
    }
  }

  #settled(id: number): Call | undefined {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    return call
  }

  #send(message: ClientMessage): void {
    this.#port?.send(encodeFrame(message))
  }

  #changeState(state: ConnectionState): void {
    if (this.#state.type === 'closed') return
    this.#state = state
    for (const listener of this.#stateListeners) listener(state)
  }
}
