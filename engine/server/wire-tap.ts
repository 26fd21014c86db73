/**
 * Watches the requests of a node while somebody looks: what was asked, by whom, how long it took
 * where, and the bytes of both frames, in a ring of bounded size. While nobody looks a request
 * costs one comparison here.
 */
import { Reader } from '../protocol/reader.ts'
import type { Connection } from './connection.ts'

/** Of one frame; the rest of a longer one is counted and not kept. */
const FRAME_BYTES_KEPT = 256 * 1024
/** Of all frames together, so that a look costs no more memory than this. */
const RING_BYTES_MAX = 32 * 1024 * 1024
const RING_REQUESTS_MAX = 20_000

/** Times are milliseconds with fractions. */
export interface TappedRequest {
  /** Counts the requests of this node since the tap was opened. */
  readonly sequence: number
  readonly atMs: number
  readonly connectionId: number
  /** `host:port` of who asked. */
  readonly remote: string
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** From ApiVersions (KIP-511), as `librdkafka 2.16.0`; null where it said nothing. */
  readonly software: string | null
  readonly requestBytes: number
  /** 0 where nothing is answered (Produce with acks=0), null where the asker was cut off instead. */
  readonly responseBytes: number | null
  /** Behind other requests of its connection. */
  readonly queueMs: number
  /** In the handler, without waiting. */
  readonly workMs: number
  /** For records, members, other nodes: from the handler's return to its answer. */
  readonly waitMs: number
  /** Distinct error codes of the answer, without 0. */
  readonly errorCodes: readonly number[]
}

/** Both frames of a request, without their lengths, as far as they were kept. */
export interface TappedFrames {
  readonly request: Uint8Array
  readonly requestBytes: number
  readonly response: Uint8Array | null
  readonly responseBytes: number | null
}

interface Pending {
  readonly connection: Connection
  readonly sequence: number
  readonly atMs: number
  readonly frame: Uint8Array
  readonly frameBytes: number
  readonly receivedMs: number
  readonly startedMs: number
  returnedMs: number | null
}

interface Kept extends TappedFrames {
  readonly sequence: number
}

export interface TapClock {
  nowMs(): number
  timestampOf(nowMs: number): number
  monotonicMs(): number
}

export class WireTap {
  readonly #clock: TapClock
  #open = false
  #sequence = 0
  #undrained: TappedRequest[] = []
  #lost = 0
  readonly #kept: Kept[] = []
  #keptBytes = 0

  constructor(clock: TapClock) {
    this.#clock = clock
  }

  get isOpen(): boolean {
    return this.#open
  }

  open(): void {
    this.#open = true
  }

  /** What was kept is let go. */
  close(): void {
    this.#open = false
    this.#undrained = []
    this.#kept.length = 0
    this.#keptBytes = 0
  }

  /** When a frame came in that has to queue; 0 while nobody looks. */
  nowMs(): number {
    return this.#open ? this.#clock.monotonicMs() : 0
  }

  /** Copies the frame, which is valid during the call only. */
  begin(connection: Connection, frame: Uint8Array, receivedMs: number): Pending {
    const startedMs = this.#clock.monotonicMs()
    return {
      connection,
      sequence: this.#sequence++,
      atMs: this.#clock.timestampOf(this.#clock.nowMs()),
      frame: new Uint8Array(frame.subarray(0, FRAME_BYTES_KEPT)),
      frameBytes: frame.length,
      // 0: it came before anyone looked.
      receivedMs: receivedMs === 0 ? startedMs : receivedMs,
      startedMs,
      returnedMs: null,
    }
  }

  /** The handler has returned; it may have answered already. */
  returned(pending: Pending): void {
    pending.returnedMs ??= this.#clock.monotonicMs()
  }

  /** Parts are null where there is no answer, or no asker any more. */
  answered(
    pending: Pending,
    parts: readonly Uint8Array[] | null,
    errorCodes: readonly number[],
  ): void {
    if (!this.#open) return
    const answeredMs = this.#clock.monotonicMs()
    const returnedMs = pending.returnedMs ?? answeredMs
    const unanswered = pending.connection.closed ? null : 0
    const responseBytes = parts === null ? unanswered : lengthOf(parts) - 4
    const head = headOf(pending.frame)
    if (head === null) return
    const { connection, sequence } = pending
    this.#undrained.push({
      sequence,
      atMs: pending.atMs,
      connectionId: connection.id,
      remote: `${connection.socket.remote.host}:${connection.socket.remote.port}`,
      ...head,
      software:
        connection.software === null
          ? null
          : `${connection.software.name} ${connection.software.version}`,
      requestBytes: pending.frameBytes,
      responseBytes,
      queueMs: pending.startedMs - pending.receivedMs,
      workMs: returnedMs - pending.startedMs,
      waitMs: answeredMs - returnedMs,
      errorCodes,
    })
    if (this.#undrained.length > RING_REQUESTS_MAX) {
      this.#undrained.shift()
      this.#lost += 1
    }
    this.#keep({
      sequence,
      request: pending.frame,
      requestBytes: pending.frameBytes,
      response: parts === null ? null : copyOf(parts),
      responseBytes,
    })
  }

  /** What came since the last time, and how many more there were than a reader may be told of. */
  drain(): { readonly requests: readonly TappedRequest[]; readonly lost: number } {
    const drained = { requests: this.#undrained, lost: this.#lost }
    this.#undrained = []
    this.#lost = 0
    return drained
  }

  /** Null where the ring has gone past it. */
  frames(sequence: number): TappedFrames | null {
    return this.#kept.find(kept => kept.sequence === sequence) ?? null
  }

  #keep(kept: Kept): void {
    this.#kept.push(kept)
    this.#keptBytes += bytesOf(kept)
    let over = 0
    while (this.#keptBytes > RING_BYTES_MAX || this.#kept.length - over > RING_REQUESTS_MAX) {
      this.#keptBytes -= bytesOf(this.#kept[over]!)
      over += 1
    }
    if (over > 0) this.#kept.splice(0, over)
  }
}

function headOf(frame: Uint8Array) {
  if (frame.length < 10) return null
  const reader = new Reader(frame)
  const apiKey = reader.int16()
  const apiVersion = reader.int16()
  const correlationId = reader.int32()
  const bytes = reader.stringLength(false)
  // A frame whose head lies was refused, and its connection closed.
  if (bytes > reader.remaining) return null
  return { apiKey, apiVersion, correlationId, clientId: bytes < 0 ? null : reader.utf8(bytes) }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let length = 0
  for (const part of parts) length += part.length
  return length
}

/** The frame without its length, as much of it as is kept. */
function copyOf(parts: readonly Uint8Array[]): Uint8Array {
  const copy = new Uint8Array(Math.min(lengthOf(parts) - 4, FRAME_BYTES_KEPT))
  let skip = 4
  let at = 0
  for (const part of parts) {
    const rest = part.subarray(Math.min(skip, part.length), skip + copy.length - at)
    skip -= Math.min(skip, part.length)
    const piece = rest.subarray(0, copy.length - at)
    copy.set(piece, at)
    at += piece.length
    if (at === copy.length) break
  }
  return copy
}

function bytesOf({ request, response }: TappedFrames): number {
  return request.length + (response?.length ?? 0)
}

/** Distinct error codes anywhere in an answer's value, without 0: its own and its parts'. */
export function errorCodesIn(value: unknown): readonly number[] {
  const found = new Set<number>()
  collectErrorCodes(value, found)
  return [...found]
}

function collectErrorCodes(value: unknown, found: Set<number>): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  if (Array.isArray(value)) {
    for (const each of value) collectErrorCodes(each, found)
    return
  }
  for (const [name, inner] of Object.entries(value))
    if (name === 'errorCode') {
      if (typeof inner === 'number' && inner !== 0) found.add(inner)
    } else collectErrorCodes(inner, found)
}
