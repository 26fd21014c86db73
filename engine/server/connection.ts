/**
 * One client's connection: frames in, answers out, in order.
 *
 * Kafka answers a connection's requests in the order they came. A request that waits (a long poll,
 * a join) holds up those behind it, which are then copied and queued; past a bound the socket is
 * left unread, and TCP tells the client. Frames are handled inside the socket's callback on
 * purpose: the network's own bytes go to the segment without a copy (see DECISIONS.md).
 */
import type { Socket } from '../ports/network.ts'
import { InvalidFrameError } from '../protocol/invalid-frame.ts'
import { assert } from '../support/assert.ts'
import { FrameAssembler } from '../protocol/frame-assembler.ts'
import type { WireTap } from './wire-tap.ts'

/** Queued behind a waiting request; beyond either bound the socket is not read. */
const QUEUED_REQUESTS_MAX = 100
const QUEUED_BYTES_MAX = 8 * 1024 * 1024
/** Requests that may be under way at once, where a handler lets the next one begin. */
const OVERLAPPING_REQUESTS_MAX = 1_000
/**
 * Answers the client has not taken; beyond it no further request of this client is handled. One
 * answer may be far longer, so what a client holds of the broker's memory is this and one more.
 */
const UNSENT_BYTES_MAX = 1024 * 1024

export interface Answer {
  /** A whole frame, length included, in as many pieces as it was made of. */
  readonly parts: readonly Uint8Array[]
  /** Gives pooled memory back. */
  readonly onWritten?: () => void
  /** Error codes in it, without 0, for whoever watches; nothing where there are none. */
  readonly errorCodes?: readonly number[]
}

/** Told exactly once for each request; null answers nothing (Produce with acks=0). */
export type Respond = (answer: Answer | null) => void

/** A request that waits, as far as its connection has something to tell it. */
export interface WaitingRequest {
  /** Nobody is there to be answered any more. */
  askerGone(): void
  /** Another request came in behind it. */
  nextWaits?(): void
}

/** A request that was begun, until it is answered and all before it are. */
interface Begun {
  answer: Answer | null
  isAnswered: boolean
  /** Among those whose answers wait for each other. */
  isQueued: boolean
}

export interface ConnectionHandler {
  /** `frame` is valid during the call only. */
  onRequest(connection: Connection, frame: Uint8Array, respond: Respond): void
  onClose(connection: Connection): void
}

export class Connection {
  readonly id: number
  readonly socket: Socket
  /** What ApiVersions said the client is (KIP-511). */
  software: { readonly name: string; readonly version: string } | null = null
  /** Set by a request while it waits. */
  waiting: WaitingRequest | null = null
  readonly #handler: ConnectionHandler
  readonly #assembler: FrameAssembler
  readonly #tap: WireTap | null
  readonly #queue: { readonly frame: Uint8Array; readonly receivedMs: number }[] = []
  /** Of this connection, since it was opened. */
  readonly counts = { requests: 0, bytesIn: 0, bytesOut: 0 }
  readonly openedAtMs: number
  /** As the last request gave it. */
  clientId: string | null = null
  #queuedBytes = 0
  /** The request that those behind it wait for. */
  #current: Begun | null = null
  /** Begun while others were not answered yet, in the order they came: so they are answered. */
  readonly #begun: Begun[] = []
  #draining = false
  #paused = false
  /** Nothing more is handled or sent: closed by us, or by the other side. */
  #closed = false

  constructor(options: {
    readonly id: number
    readonly socket: Socket
    readonly handler: ConnectionHandler
    readonly frameBytesMax: number
    readonly openedAtMs: number
    readonly tap: WireTap | null
  }) {
    this.id = options.id
    this.socket = options.socket
    this.#handler = options.handler
    this.#tap = options.tap
    this.openedAtMs = options.openedAtMs
    this.#assembler = new FrameAssembler({
      frameBytesMax: options.frameBytesMax,
      onFrame: frame => this.#onFrame(frame),
    })
  }

  /** Whether somebody looks at what goes through here. */
  get tapped(): boolean {
    return this.#tap !== null && this.#tap.isOpen
  }

  get closed(): boolean {
    return this.#closed
  }

  start(): void {
    this.socket.start({
      onBytes: bytes => this.#onBytes(bytes),
      target: () => this.#assembler.target(),
      onClose: () => {
        this.#closed = true
        this.#queue.length = 0
        this.waiting?.askerGone()
        this.#handler.onClose(this)
      },
    })
  }

  /** What was read already and comes behind is not handled, as if it had never arrived. */
  close(): void {
    this.#closed = true
    this.socket.destroy()
  }

  #onBytes(bytes: Uint8Array): void {
    try {
      this.#assembler.push(bytes)
    } catch (error) {
      // Waiting for bytes that are no Kafka request: such a client is cut off, as Kafka does.
      if (!(error instanceof InvalidFrameError)) throw error
      this.close()
    }
  }

  #onFrame(frame: Uint8Array): void {
    if (this.#closed) return
    if (this.#current === null && this.#queue.length === 0 && this.#takesAnswers()) {
      this.#handle(frame, 0)
      return
    }
    this.#queue.push({ frame: new Uint8Array(frame), receivedMs: this.#tap?.nowMs() ?? 0 })
    this.#queuedBytes += frame.length
    this.#applyBackPressure()
    this.waiting?.nextWaits?.()
  }

  /**
   * The request in hand has done all that those behind it must find done, and waits for others: the
   * next may begin, though it is answered later. To be called while the request is handled.
   */
  letNextBegin(): void {
    const begun = this.#current
    if (begun === null || this.#begun.length >= OVERLAPPING_REQUESTS_MAX) return
    if (!begun.isQueued) this.#begun.push(begun)
    begun.isQueued = true
    this.#current = null
  }

  #handle(frame: Uint8Array, receivedMs: number): void {
    const begun: Begun = { answer: null, isAnswered: false, isQueued: this.#begun.length > 0 }
    if (begun.isQueued) this.#begun.push(begun)
    this.#current = begun
    this.counts.requests += 1
    this.counts.bytesIn += frame.length
    const tap = this.tapped ? this.#tap : null
    const seen = tap?.begin(this, frame, receivedMs) ?? null
    this.#handler.onRequest(this, frame, answer => {
      assert(!begun.isAnswered, 'a request is answered once')
      begun.isAnswered = true
      if (this.#current === begun) this.#current = null
      if (seen !== null) tap!.answered(seen, answer?.parts ?? null, answer?.errorCodes ?? [])
      begun.answer = answer
      if (begun.isQueued) this.#sendAnswered()
      else if (answer !== null) this.#send(answer)
      this.#drain()
    })
    if (seen === null) return
    tap!.returned(seen)
    // Bytes that are no request close their connection, and are never answered.
    if (this.#closed && !begun.isAnswered) tap!.answered(seen, null, [])
  }

  /** In the order of the requests: what waits for another's answer is sent after it. */
  #sendAnswered(): void {
    while (this.#begun[0]?.isAnswered === true) {
      const { answer } = this.#begun.shift()!
      if (answer !== null) this.#send(answer)
    }
  }

  #send(answer: Answer): void {
    if (this.#closed) {
      answer.onWritten?.()
      return
    }
    const last = answer.parts.length - 1
    for (let part = 0; part < last; part++) {
      this.counts.bytesOut += answer.parts[part]!.length
      this.socket.write(answer.parts[part]!)
    }
    this.counts.bytesOut += answer.parts[last]!.length
    this.socket.write(answer.parts[last]!, () => {
      answer.onWritten?.()
      if (this.#paused || this.#queue.length > 0) this.#drain()
    })
  }

  /** Handles what queued up while a request waited. Not recursive: an answer may come at once. */
  #drain(): void {
    if (this.#draining) return
    this.#draining = true
    while (this.#current === null && this.#takesAnswers()) {
      const next = this.#queue.shift()
      if (next === undefined) break
      this.#queuedBytes -= next.frame.length
      this.#handle(next.frame, next.receivedMs)
    }
    this.#draining = false
    this.#applyBackPressure()
  }

  /** Writes that a close made vain are called back before the close itself is. */
  #takesAnswers(): boolean {
    const over = this.#closed || this.socket.closed
    return !over && this.socket.queuedBytes < UNSENT_BYTES_MAX
  }

  #applyBackPressure(): void {
    const full =
      this.#queue.length >= QUEUED_REQUESTS_MAX ||
      this.#queuedBytes >= QUEUED_BYTES_MAX ||
      !this.#takesAnswers()
    if (full === this.#paused || this.#closed) return
    this.#paused = full
    if (full) this.socket.pause()
    else this.socket.resume()
  }
}
