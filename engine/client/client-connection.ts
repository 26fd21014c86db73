/**
 * One connection to one broker, seen from the asking side: requests out, answers in, matched by
 * correlation id. It knows nothing of clusters, leaders or retries.
 *
 * On opening it asks ApiVersions, and from then on sends the newest version both sides have.
 */
import type { Clock } from '../ports/clock.ts'
import type { Address, Network, Socket } from '../ports/network.ts'
import { requestHeaderVersion, responseHeaderVersion } from '../protocol/api-keys.ts'
import { errorCode, errorName, KafkaError } from '../protocol/errors.ts'
import { InvalidFrameError } from '../protocol/invalid-frame.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../protocol/messages/api-versions.ts'
import { Reader } from '../protocol/reader.ts'
import type { Fields, InputOf, Message, ValueOf } from '../protocol/schema.ts'
import { Writer } from '../protocol/writer.ts'
import { Timer } from '../support/timer.ts'
import { FrameAssembler } from '../protocol/frame-assembler.ts'

/** A broker's answer may be as long as fetch.max.bytes allows, and one batch over it. */
const ANSWER_BYTES_MAX = 512 * 1024 * 1024
const API_VERSIONS_TIMEOUT_MS = 10_000
const CORRELATION_ID_BYTES = 4
const DEFAULT_TIMEOUT_MS = 30_000

export interface Api<Q extends Fields, S extends Fields> {
  readonly request: Message<Q>
  readonly response: Message<S>
}

export interface RequestOptions {
  readonly timeoutMs?: number
  /** The newest version to use, where a caller needs an older form. */
  readonly versionMax?: number
}

export interface ConnectOptions {
  readonly network: Network
  readonly clock: Clock
  readonly address: Address
  readonly clientId: string
  readonly software: { readonly name: string; readonly version: string }
  readonly connectTimeoutMs: number
  /** Aborted, it ends an opening that is under way, at once; an open connection it leaves alone. */
  readonly signal?: AbortSignal
}

interface Pending {
  readonly name: string
  readonly sentAtMs: number
  readonly timeoutMs: number
  /** The answer is read while the network's own bytes hold it. */
  readonly borrows: boolean
  settle(frame: Reader): void
  fail(error: KafkaError): void
}

export class ClientConnection {
  readonly address: Address
  readonly #clientId: string
  readonly #clock: Clock
  readonly #socket: Socket
  readonly #pending = new Map<number, Pending>()
  /** One for all requests, set for the first deadline: an answer in time costs no timer. */
  readonly #timer: Timer
  readonly #closeListeners: (() => void)[] = []
  #versions: ReadonlyMap<number, readonly [number, number]> = new Map()
  #correlationId = 0
  #closed = false
  /** Of a request that was given up since the last answer. */
  #unansweredSinceMs: number | null = null
  #heardAtMs = -Infinity

  /** Throws an `OperationalError` when nobody answers, a `KafkaError` when it is no Kafka broker. */
  static async open(options: ConnectOptions): Promise<ClientConnection> {
    const { network, address, connectTimeoutMs, signal } = options
    const socket = await network.connect(address, { timeoutMs: connectTimeoutMs, signal })
    const connection = new ClientConnection(socket, options)
    const giveUp = () => connection.close()
    signal?.addEventListener('abort', giveUp)
    try {
      if (signal?.aborted === true) giveUp()
      await connection.#negotiate(options.software)
    } catch (error) {
      // Rethrown: only the socket must not outlive the failed opening.
      connection.close()
      throw error
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
    return connection
  }

  private constructor(socket: Socket, options: ConnectOptions) {
    this.address = options.address
    this.#clientId = options.clientId
    this.#clock = options.clock
    this.#socket = socket
    this.#timer = new Timer(options.clock, () => this.#expire())
    const assembler = new FrameAssembler({
      frameBytesMax: ANSWER_BYTES_MAX,
      onFrame: frame => this.#onFrame(frame),
    })
    socket.start({
      onBytes: bytes => this.#onBytes(assembler, bytes),
      target: () => assembler.target(),
      onClose: () => this.#onClose(),
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** The versions the broker advertised for an API, or null where it does not serve it. */
  versionsOf(apiKey: number): readonly [number, number] | null {
    return this.#versions.get(apiKey) ?? null
  }

  /** All that the broker advertised. */
  get advertised(): ReadonlyMap<number, readonly [number, number]> {
    return this.#versions
  }

  /**
   * Milliseconds for which it has sent nothing while a request waits, answered later or given up; 0
   * while none does. A long answer on its way is no silence. Who may choose takes a connection that
   * answers.
   */
  get silentForMs(): number {
    const [oldest] = this.#pending.values()
    const sinceMs = this.#unansweredSinceMs ?? oldest?.sentAtMs
    if (sinceMs === undefined) return 0
    return this.#clock.nowMs() - Math.max(sinceMs, this.#heardAtMs)
  }

  onClose(listener: () => void): void {
    if (this.#closed) listener()
    else this.#closeListeners.push(listener)
  }

  /**
   * Throws a `KafkaError`: UNSUPPORTED_VERSION where the two sides share none, NETWORK_EXCEPTION
   * when the connection ends first, REQUEST_TIMED_OUT. Error codes inside the answer stay there.
   */
  request<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    value: InputOf<Q>,
    options: RequestOptions = {},
  ): Promise<ValueOf<S>> {
    const version = this.#chooseVersion(api.request, options.versionMax ?? Infinity)
    return this.#send(api, value, version, options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  }

  /**
   * As `request`, for what is written and read by hand. `write` writes the request's body. `read`
   * gets the answer's body, behind its header, in bytes that are valid during the call only; what
   * it throws must be an `InvalidFrameError`.
   */
  requestInPlace<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    body: {
      readonly write: (writer: Writer, version: number) => void
      readonly read: (answer: Reader, version: number) => void
    },
    options: RequestOptions = {},
  ): Promise<void> {
    const { request, response } = api
    const version = this.#chooseVersion(request, options.versionMax ?? Infinity)
    return this.#exchange(request, {
      version,
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      borrows: true,
      write: writer => body.write(writer, version),
      read: frame => {
        if (responseHeaderVersion(response, version) === 1) frame.skipTaggedFields()
        body.read(frame, version)
      },
    })
  }

  /**
   * Sends what is never answered, as Produce with acks 0 is; resolves when the system has taken it.
   * Throws as `request` does. That nobody answers does not mean that the broker agrees: one that
   * does not closes the connection.
   */
  async post<Q extends Fields>(
    request: Message<Q>,
    value: InputOf<Q>,
    options: Pick<RequestOptions, 'versionMax'> = {},
  ): Promise<void> {
    const version = this.#chooseVersion(request, options.versionMax ?? Infinity)
    const lost = () => new KafkaError('NETWORK_EXCEPTION', `${this.#name}: connection closed`)
    if (this.#closed) throw lost()
    const correlationId = this.#correlationId
    this.#correlationId = (correlationId + 1) & 0x7fff_ffff
    const frame = this.#frame(request, version, correlationId, writer =>
      request.write(writer, value, version),
    )
    await new Promise<void>(resolve => this.#socket.write(frame, resolve))
    if (this.#closed || this.#socket.closed) throw lost()
  }

  /** Fails what still waits for an answer. */
  close(): void {
    this.#socket.destroy()
    this.#onClose()
  }

  async #negotiate(software: ConnectOptions['software']): Promise<void> {
    const api = { request: apiVersionsRequest, response: apiVersionsResponse }
    const value = { clientSoftwareName: software.name, clientSoftwareVersion: software.version }
    let answer = await this.#send(api, value, 3, API_VERSIONS_TIMEOUT_MS)
    if (answer.errorCode === errorCode('UNSUPPORTED_VERSION'))
      answer = await this.#send(api, {}, 0, API_VERSIONS_TIMEOUT_MS)
    if (answer.errorCode !== 0)
      throw new KafkaError(errorName(answer.errorCode), `${this.#name} refuses ApiVersions`)
    this.#versions = new Map(
      answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [
        apiKey,
        [minVersion, maxVersion],
      ]),
    )
  }

  #send<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    value: InputOf<Q>,
    version: number,
    timeoutMs: number,
  ): Promise<ValueOf<S>> {
    return this.#exchange(api.request, {
      version,
      timeoutMs,
      borrows: false,
      write: writer => api.request.write(writer, value, version),
      read: frame => readAnswer(api.response, frame, version),
    })
  }

  #exchange<T>(
    request: Message<any>,
    how: {
      readonly version: number
      readonly timeoutMs: number
      readonly borrows: boolean
      readonly write: (writer: Writer) => void
      readonly read: (frame: Reader) => T
    },
  ): Promise<T> {
    const { name } = request
    const { version, timeoutMs, borrows, write, read } = how
    if (this.#closed)
      return Promise.reject(new KafkaError('NETWORK_EXCEPTION', `${this.#name}: closed`))
    const correlationId = this.#correlationId
    this.#correlationId = (correlationId + 1) & 0x7fff_ffff
    this.#socket.write(this.#frame(request, version, correlationId, write))

    const sentAtMs = this.#clock.nowMs()
    this.#timer.setAtMost(sentAtMs + timeoutMs)
    return new Promise((resolve, reject) => {
      const settle = (frame: Reader) => resolve(read(frame))
      this.#pending.set(correlationId, { name, sentAtMs, timeoutMs, borrows, settle, fail: reject })
    })
  }

  #expire(): void {
    const nowMs = this.#clock.nowMs()
    let earliestMs = Infinity
    for (const [correlationId, pending] of this.#pending) {
      const { name, sentAtMs, timeoutMs } = pending
      const deadlineMs = sentAtMs + timeoutMs
      if (deadlineMs > nowMs) {
        earliestMs = Math.min(earliestMs, deadlineMs)
        continue
      }
      this.#pending.delete(correlationId)
      this.#unansweredSinceMs ??= sentAtMs
      const why = `${this.#name}: no answer to ${name} within ${timeoutMs} ms`
      pending.fail(new KafkaError('REQUEST_TIMED_OUT', why))
    }
    if (earliestMs !== Infinity) this.#timer.setAtMost(earliestMs)
  }

  #frame(
    request: Message<any>,
    version: number,
    correlationId: number,
    write: (writer: Writer) => void,
  ): Uint8Array {
    const writer = new Writer()
    const headerVersion = requestHeaderVersion(request, version)
    writer.int32(0)
    writer.int16(request.apiKey!)
    writer.int16(version)
    writer.int32(correlationId)
    writer.string(this.#clientId, false)
    if (headerVersion === 2) writer.unsignedVarint(0)
    write(writer)
    writer.int32At(writer.position - 4, 0)
    return writer.finish()
  }

  #onBytes(assembler: FrameAssembler, bytes: Uint8Array): void {
    if (this.#closed) return
    this.#heardAtMs = this.#clock.nowMs()
    try {
      assembler.push(bytes)
    } catch (error) {
      // Waiting for bytes that are no Kafka answer: whoever sends them is no broker.
      if (!(error instanceof InvalidFrameError)) throw error
      this.#socket.destroy()
      this.#onClose(`no Kafka answer: ${error.message}`)
    }
  }

  #onFrame(frame: Uint8Array): void {
    if (this.#closed) return
    this.#unansweredSinceMs = null
    const correlationId = new Reader(frame).int32()
    const pending = this.#pending.get(correlationId)
    // An answer that came after its time-out has nobody waiting.
    if (pending === undefined) return
    this.#pending.delete(correlationId)
    try {
      // The answer's views outlive the receive buffer, so they get bytes of their own.
      const bytes = pending.borrows ? frame : new Uint8Array(frame)
      pending.settle(new Reader(bytes, CORRELATION_ID_BYTES))
    } catch (error) {
      // Waiting for an answer that does not follow its schema.
      if (!(error instanceof InvalidFrameError)) throw error
      const why = `${this.#name}: unreadable answer to ${pending.name}: ${error.message}`
      pending.fail(new KafkaError('CORRUPT_MESSAGE', why, { cause: error }))
    }
  }

  #onClose(reason = 'connection closed'): void {
    if (this.#closed) return
    this.#closed = true
    this.#timer.cancel()
    for (const pending of this.#pending.values()) {
      const why = `${this.#name}: ${reason}, before the answer to ${pending.name}`
      pending.fail(new KafkaError('NETWORK_EXCEPTION', why))
    }
    this.#pending.clear()
    for (const listener of this.#closeListeners) listener()
  }

  #chooseVersion(request: Message<any>, versionMax: number): number {
    const theirs = this.#versions.get(request.apiKey!)
    const [first, last] = request.versions
    const version = Math.min(last, versionMax, theirs?.[1] ?? -1)
    if (theirs === undefined || version < Math.max(first, theirs[0]))
      throw new KafkaError(
        'UNSUPPORTED_VERSION',
        `${this.#name} serves ${request.name} ${theirs?.join(' to ') ?? 'in no version'}, ` +
          `asked for ${first} to ${Math.min(last, versionMax)}`,
      )
    return version
  }

  get #name(): string {
    return `${this.address.host}:${this.address.port}`
  }
}

function readAnswer<S extends Fields>(
  response: Message<S>,
  frame: Reader,
  version: number,
): ValueOf<S> {
  if (responseHeaderVersion(response, version) === 1) frame.skipTaggedFields()
  // A broker that does not know the asked version of ApiVersions answers in the oldest one.
  return response.read(frame, isOldestApiVersions(response, frame) ? 0 : version)
}

function isOldestApiVersions(response: Message<any>, frame: Reader): boolean {
  if (response.apiKey !== apiVersionsResponse.apiKey) return false
  const code = new Reader(frame.bytes, frame.position).int16()
  return code === errorCode('UNSUPPORTED_VERSION')
}
