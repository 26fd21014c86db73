/**
 * TCP inside a test: pairs of sockets whose bytes arrive in order, a microtask after they were
 * written. A side that is paused takes nothing, and what it was sent then counts as queued.
 *
 * Memory handed to a receiver is overwritten when its call returns, as a reused buffer would be.
 */
import type {
  Address,
  Listener,
  Network,
  Socket,
  SocketHandler,
} from '../../engine/ports/network.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'

const PORT_FIRST = 10_000
const OVERWRITTEN = 0xee

export class InMemoryNetwork implements Network {
  /** How many bytes arrive in one piece. */
  readonly #pieceBytes: number
  readonly #listeners = new Map<string, (socket: Socket) => void>()
  readonly #accepted = new Map<string, Set<InMemorySocket>>()
  #nextPort = PORT_FIRST

  constructor(options: { readonly pieceBytes?: number } = {}) {
    this.#pieceBytes = options.pieceBytes ?? 512 * 1024
  }

  listen(address: Address, onSocket: (socket: Socket) => void): Promise<Listener> {
    const bound = { host: address.host, port: address.port || this.#nextPort++ }
    const key = keyOf(bound)
    if (this.#listeners.has(key))
      return Promise.reject(new OperationalError(`${key}: the port is taken`))
    this.#listeners.set(key, onSocket)
    this.#accepted.set(key, new Set())
    return Promise.resolve({
      address: bound,
      close: () => {
        this.#listeners.delete(key)
        for (const socket of this.#accepted.get(key) ?? []) socket.destroy()
        return Promise.resolve()
      },
    })
  }

  connect(address: Address): Promise<InMemorySocket> {
    const key = keyOf(address)
    const onSocket = this.#listeners.get(key)
    if (onSocket === undefined)
      return Promise.reject(new OperationalError(`${key}: connect ECONNREFUSED`))
    const [here, there] = this.pair(address)
    this.#accepted.get(key)?.add(there)
    onSocket(there)
    return Promise.resolve(here)
  }

  /** Two ends of one connection, without a listener. */
  pair(
    address: Address = { host: '127.0.0.1', port: 1 },
  ): readonly [here: InMemorySocket, there: InMemorySocket] {
    const own = { host: '127.0.0.1', port: this.#nextPort++ }
    const here = new InMemorySocket({ local: own, remote: address, pieceBytes: this.#pieceBytes })
    const there = new InMemorySocket({ local: address, remote: own, pieceBytes: this.#pieceBytes })
    here.peer = there
    there.peer = here
    return [here, there]
  }
}

interface Sent {
  readonly bytes: Uint8Array
  readonly onWritten: (() => void) | undefined
}

export class InMemorySocket implements Socket {
  readonly local: Address
  readonly remote: Address
  peer: InMemorySocket | null = null
  queuedBytes = 0
  paused = false
  closed = false
  readonly #pieceBytes: number
  readonly #sent: Sent[] = []
  #handler: SocketHandler | null = null
  #delivering = false
  #ending = false

  constructor(options: {
    readonly local: Address
    readonly remote: Address
    readonly pieceBytes: number
  }) {
    this.local = options.local
    this.remote = options.remote
    this.#pieceBytes = options.pieceBytes
  }

  start(handler: SocketHandler): void {
    this.#handler = handler
    if (this.closed) queueMicrotask(() => handler.onClose())
    this.peer?.deliver()
  }

  write(bytes: Uint8Array, onWritten?: () => void): void {
    if (this.closed || this.#ending) return
    this.#sent.push({ bytes, onWritten })
    this.queuedBytes += bytes.length
    this.deliver()
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    this.peer?.deliver()
  }

  end(): void {
    this.#ending = true
    this.deliver()
  }

  destroy(): void {
    if (this.closed) return
    this.closed = true
    // As in Node: a write that never left is told so too, and its memory is free again.
    for (const { onWritten } of this.#sent.splice(0)) queueMicrotask(() => onWritten?.())
    this.queuedBytes = 0
    queueMicrotask(() => this.#handler?.onClose())
    const { peer } = this
    queueMicrotask(() => peer?.destroy())
  }

  /** Hands on what the other side will take. */
  deliver(): void {
    if (this.#delivering) return
    this.#delivering = true
    queueMicrotask(() => {
      this.#delivering = false
      this.#deliverNow()
    })
  }

  #deliverNow(): void {
    while (!this.closed && this.peer !== null && this.peer.takes) {
      const sent = this.#sent.shift()
      if (sent === undefined) break
      this.peer.receive(sent.bytes, this.#pieceBytes)
      this.queuedBytes -= sent.bytes.length
      sent.onWritten?.()
    }
    if (this.#ending && this.#sent.length === 0) this.destroy()
  }

  get takes(): boolean {
    return this.#handler !== null && !this.paused && !this.closed
  }

  receive(bytes: Uint8Array, pieceBytes: number): void {
    for (let at = 0; at < bytes.length && !this.closed;) {
      const wanted = bytes.subarray(at, at + pieceBytes)
      const target = this.#handler?.target?.() ?? null
      const piece = target === null ? wanted : wanted.subarray(0, target.length)
      const memory = target === null ? new Uint8Array(piece) : target.subarray(0, piece.length)
      memory.set(piece)
      this.#handler?.onBytes(memory)
      if (target === null) memory.fill(OVERWRITTEN)
      at += piece.length
    }
  }
}

/** Lets everything that is on its way arrive. */
export function settled(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}

function keyOf({ host, port }: Address): string {
  return `${host}:${port}`
}
