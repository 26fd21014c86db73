/**
 * The service's end of one connection: checks what comes in, runs handlers, sends what they give.
 * It knows no transport. Every error leaves here as a plain `Problem`, and nowhere else.
 */
import { assertNever } from '../../engine/support/assert.ts'
import {
  ContractError,
  EncodedValue,
  type Contract,
  type EventName,
  type FramePort,
  type Handlers,
  type PayloadOf,
  type Problem,
} from './define.ts'
import { decodeFrame, encodeFrame, spliceFrame } from './frame.ts'
import { checkClientMessage, type ClientMessage, type ServerMessage } from './messages.ts'
import { problemOf } from './problem.ts'

/** Calls and streams of one connection; one more is refused, so a page in a loop harms itself. */
export const OPEN_CALLS_MAX = 512
/** Over this many unsent bytes a stream's sink says that it is congested. */
export const CONGESTED_BYTES = 1_048_576

/** Where a service's events come from; see `event-hub.ts`. */
export interface EventSource<C extends Contract> {
  on<N extends EventName<C>>(name: N, listener: (payload: PayloadOf<C, N>) => void): () => void
}

export interface ServeOptions<C extends Contract> {
  readonly contract: C
  readonly handlers: Handlers<C>
  readonly events: EventSource<C>
  readonly port: FramePort
  /** Told of mistakes of ours (`INTERNAL`), for the log. */
  onMistake?(problem: Problem): void
}

/** Serves until the port closes; returns what closes it. */
export function serve<C extends Contract>(options: ServeOptions<C>): () => void {
  const connection = new Connection(options)
  options.port.onFrame(frame => connection.receive(frame))
  options.port.onClose(() => connection.end())
  return () => options.port.close()
}

type AnyHandler = (input: unknown, context: unknown) => Promise<unknown>

class Connection {
  readonly #options: ServeOptions<Contract>
  readonly #open = new Map<number, AbortController>()
  /** Streams whose items pile up behind the client. */
  readonly #congested = new Set<number>()
  readonly #listening = new Map<string, () => void>()
  #ended = false

  constructor(options: ServeOptions<any>) {
    this.#options = options
  }

  receive(frame: Uint8Array): void {
    let message: ClientMessage
    try {
      message = checkClientMessage(decodeFrame(frame))
    } catch {
      // Whoever sends no frames of ours gets no answer: nothing says which call to answer.
      this.#options.port.close()
      return
    }
    switch (message.type) {
      case 'call':
      case 'open':
        void this.#run(message)
        return
      case 'cancel':
        this.#open.get(message.id)?.abort()
        return
      case 'congestion':
        if (message.congested && this.#open.has(message.id)) this.#congested.add(message.id)
        else this.#congested.delete(message.id)
        return
      case 'listen':
        this.#listen(message.name, message.wanted)
        return
      default:
        assertNever(message)
    }
  }

  end(): void {
    this.#ended = true
    for (const controller of this.#open.values()) controller.abort()
    for (const stop of this.#listening.values()) stop()
    this.#open.clear()
    this.#listening.clear()
  }

  async #run({ type, id, name, input }: ClientMessage & { type: 'call' | 'open' }): Promise<void> {
    const controller = new AbortController()
    try {
      if (this.#open.has(id)) throw invalid(`call ${id} is already open`)
      if (this.#open.size >= OPEN_CALLS_MAX)
        throw invalid(`${OPEN_CALLS_MAX} calls are open already`)
      this.#open.set(id, controller)
      const value =
        type === 'call'
          ? await this.#call(name, input, controller.signal)
          : await this.#stream(id, name, input, controller.signal)
      this.#send(
        type === 'call' ? { type: 'result', id, value } : { type: 'end', id, problem: null },
      )
    } catch (error) {
      const problem = controller.signal.aborted ? null : this.#problem(error)
      if (type === 'open') this.#send({ type: 'end', id, problem })
      else if (problem !== null) this.#send({ type: 'error', id, problem })
    }
    if (this.#open.get(id) !== controller) return
    this.#open.delete(id)
    this.#congested.delete(id)
  }

  #call(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const { contract, handlers } = this.#options
    const definition = Object.hasOwn(contract.commands, name) ? contract.commands[name] : undefined
    if (definition === undefined) throw invalid(`no command is ${name}`)
    const handler = handlers.commands[name] as AnyHandler
    return handler(definition.input.read(input, 'input'), signal)
  }

  #stream(id: number, name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const { contract, handlers, port } = this.#options
    const congested = this.#congested
    const definition = Object.hasOwn(contract.streams, name) ? contract.streams[name] : undefined
    if (definition === undefined) throw invalid(`no stream is ${name}`)
    const handler = handlers.streams[name] as AnyHandler
    return handler(definition.input.read(input, 'input'), {
      signal,
      emit: (value: unknown) => {
        if (!signal.aborted) this.#send({ type: 'item', id, value })
      },
      get congested() {
        return port.queuedBytes > CONGESTED_BYTES || congested.has(id)
      },
    })
  }

  #listen(name: string, wanted: boolean): void {
    if (!Object.hasOwn(this.#options.contract.events, name)) return
    this.#listening.get(name)?.()
    this.#listening.delete(name)
    if (!wanted) return
    const stop = this.#options.events.on(name, value => this.#send({ type: 'event', name, value }))
    this.#listening.set(name, stop)
  }

  #problem(error: unknown): Problem {
    const problem = problemOf(error)
    if (problem.code === 'INTERNAL') this.#options.onMistake?.(problem)
    return problem
  }

  #send(message: ServerMessage): void {
    if (!this.#ended) this.#options.port.send(frameOf(message))
  }
}

function frameOf(message: ServerMessage): Uint8Array {
  if (message.type !== 'result' && message.type !== 'item') return encodeFrame(message)
  const { type, id, value } = message
  return value instanceof EncodedValue ? spliceFrame(type, id, value) : encodeFrame(message)
}

function invalid(message: string): ContractError {
  return new ContractError({ code: 'INVALID_INPUT', message })
}
