/**
 * What a contract is: named commands that answer once, streams that answer until they are closed,
 * and events that anyone may listen to. The types here make both sides complete: a service that
 * lacks a command does not compile, and neither does a page that misspells one.
 */
import type { Check, CheckedBy } from './check.ts'

/** A promise about what the other side sends. It is held by types alone, since we send it. */
export interface Returns<T> {
  /** Exists for the type checker alone. */
  readonly '~type'?: T
}

export function returns<T>(): Returns<T> {
  return {}
}

export interface CommandDefinition {
  readonly input: Check<any>
  readonly output: Returns<any>
}

export interface StreamDefinition {
  readonly input: Check<any>
  readonly item: Returns<any>
}

export interface Contract {
  readonly commands: Readonly<Record<string, CommandDefinition>>
  readonly streams: Readonly<Record<string, StreamDefinition>>
  readonly events: Readonly<Record<string, Returns<any>>>
}

type Given<R> = R extends Returns<infer T> ? T : never

export type CommandName<C extends Contract> = keyof C['commands'] & string
export type InputOf<C extends Contract, N extends CommandName<C>> = CheckedBy<
  C['commands'][N]['input']
>
export type OutputOf<C extends Contract, N extends CommandName<C>> = Given<
  C['commands'][N]['output']
>

export type StreamName<C extends Contract> = keyof C['streams'] & string
export type StreamInputOf<C extends Contract, N extends StreamName<C>> = CheckedBy<
  C['streams'][N]['input']
>
export type ItemOf<C extends Contract, N extends StreamName<C>> = Given<C['streams'][N]['item']>

export type EventName<C extends Contract> = keyof C['events'] & string
export type PayloadOf<C extends Contract, N extends EventName<C>> = Given<C['events'][N]>

/**
 * A value that has been encoded for a frame already, mostly by another thread. It is put into the
 * frame that goes to the page as it is, so that the thread in between neither reads nor writes what
 * may be megabytes. It may stand anywhere in what is sent; see `encodeValue` and `openFrame`.
 */
export class EncodedValue<T = unknown> implements Returns<T> {
  declare readonly '~type'?: T
  /** The rest of a frame from the value on. */
  readonly tail: Uint8Array
  /** How many of these bytes belong to the frame's head. */
  readonly headBytes: number

  constructor(tail: Uint8Array, headBytes: number) {
    this.tail = tail
    this.headBytes = headBytes
  }
}

/** What a stream's producer holds. */
export interface StreamSink<T> {
  /** Aborted when the reader closed the stream or the connection ended. */
  readonly signal: AbortSignal
  emit(item: T | EncodedValue<T>): void
  /** The reader is slow: more than `CONGESTED_BYTES` wait. Skip, count, and try later. */
  readonly congested: boolean
}

/** What a service implements: every command and every stream, or it does not compile. */
export interface Handlers<C extends Contract> {
  readonly commands: {
    readonly [N in CommandName<C>]: (
      input: InputOf<C, N>,
      signal: AbortSignal,
    ) => Promise<OutputOf<C, N> | EncodedValue<OutputOf<C, N>>>
  }
  readonly streams: {
    /** Settles when there is nothing more to send; a rejection reaches the reader. */
    readonly [N in StreamName<C>]: (
      input: StreamInputOf<C, N>,
      sink: StreamSink<ItemOf<C, N>>,
    ) => Promise<void>
  }
}

export type ConnectionState =
  | { readonly type: 'connecting'; readonly attempt: number }
  | { readonly type: 'open' }
  | { readonly type: 'closed'; readonly problem: Problem }

export interface StreamReader<T> {
  onItem(item: T): void
  /** The stream is over: `null` when it ran to its end, else why. */
  onEnd?(problem: Problem | null): void
}

/** What the UI holds. It cannot tell Electron from a browser tab. */
export interface Client<C extends Contract> {
  /** Rejects with a `ContractError`; its code is `CANCELLED` when `signal` was aborted. */
  call<N extends CommandName<C>>(
    name: N,
    input: InputOf<C, N>,
    signal?: AbortSignal,
  ): Promise<OutputOf<C, N>>
  /**
   * Opens a stream and returns what closes it. After a lost connection the stream is opened again
   * by itself; given as a function, its input is asked for anew, so that a live tail can go on
   * from the last record it saw.
   */
  stream<N extends StreamName<C>>(
    name: N,
    input: StreamInputOf<C, N> | (() => StreamInputOf<C, N>),
    reader: StreamReader<ItemOf<C, N>>,
  ): () => void
  on<N extends EventName<C>>(name: N, listener: (payload: PayloadOf<C, N>) => void): () => void
  readonly state: ConnectionState
  onState(listener: (state: ConnectionState) => void): () => void
  close(): void
}

/** The only thing a transport has to be: a MessagePort in Electron, a WebSocket on the web. */
export interface FramePort {
  send(frame: Uint8Array): void
  onFrame(listener: (frame: Uint8Array) => void): void
  /** Called once, whoever closed. */
  onClose(listener: () => void): void
  close(): void
  /** Bytes sent that have not left yet; 0 where a transport cannot know. */
  readonly queuedBytes: number
}

/** An error as plain data, the only form in which one crosses the contract. */
export interface Problem {
  /**
   * Kafka's name of the error where it has one (`TOPIC_ALREADY_EXISTS`), else one of ours:
   * `INVALID_INPUT`, `NOT_FOUND`, `READ_ONLY`, `UNREACHABLE`, `CANCELLED`, `DISCONNECTED`,
   * `UNSUPPORTED`, `INTERNAL`.
   */
  readonly code: string
  /** Names the thing and the value, in lower case. */
  readonly message: string
  /** What to do about it, as a sentence. */
  readonly remedy?: string
  /** For "copy details": more than a person wants to read at once. */
  readonly details?: string
}

/** A `Problem` that is thrown. */
export class ContractError extends Error {
  override readonly name = 'ContractError'
  readonly problem: Problem

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.message}`, options)
    this.problem = problem
  }

  get code(): string {
    return this.problem.code
  }
}
