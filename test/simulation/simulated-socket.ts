/** One end of a simulated connection. What may go wrong with it: simulated-network.ts. */
import type { Address, Socket, SocketHandler } from '../../engine/ports/network.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What the system takes from a sender before the receiver has read it. */
const WINDOW_BYTES = 64 * 1024
const RECEIVE_BUFFER_BYTES = 32 * 1024
const POISON = 0xdd

/** All sockets read into one buffer, as they do in reality. */
const receiveBuffer = Buffer.alloc(RECEIVE_BUFFER_BYTES)

interface Outgoing {
  readonly bytes: Uint8Array
  readonly onWritten: (() => void) | undefined
}

export class SimulatedSocket implements Socket {
  readonly process: SimulatedProcess
  readonly local: Address
  readonly remote: Address
  peer!: SimulatedSocket
  onGone: () => void = () => {}
  /** The engine itself closes it. */
  onDestroy: () => void = () => {}
  closed = false
  readonly #network: SimulatedNetwork
  #handler: SocketHandler | null = null
  #outbox: Outgoing[] = []
  readonly #inbox: Uint8Array[] = []
  #unreadBytes = 0
  #lastArrivalMs = 0
  #flushing = false
  #pumping = false
  #paused = false
  #ending = false
  /** The other side has closed, and everything it sent before is in the inbox. */
  #finished = false

  constructor(
    network: SimulatedNetwork,
    process: SimulatedProcess,
    ends: { readonly local: Address; readonly remote: Address },
  ) {
    this.#network = network
    this.process = process
    this.local = ends.local
    this.remote = ends.remote
  }

  get queuedBytes(): number {
    return this.#outbox.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  start(handler: SocketHandler): void {
    this.#handler = handler
    this.#pumpSoon()
  }

  write(bytes: Uint8Array, onWritten?: () => void): void {
    if (this.closed || !this.process.alive) {
      if (onWritten !== undefined) this.#later('write failed', onWritten)
      return
    }
    this.#outbox.push({ bytes, onWritten })
    this.#flushSoon()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#pumpSoon()
  }

  end(): void {
    this.#ending = true
    this.#flushSoon()
  }

  destroy(): void {
    if (!this.closed && this.process.alive) this.onDestroy()
    this.reset()
  }

  /** The connection breaks, or its process was killed: both ends hear of it, if they can. */
  reset(): void {
    if (this.closed) return
    const sendsFirst = this.#network.random.chance(0.5)
    this.#close()
    this.peer.#otherSideGone(sendsFirst)
  }

  #close(): void {
    if (this.closed) return
    this.closed = true
    this.#network.sockets.delete(this)
    this.onGone()
    const unsent = this.#outbox
    this.#outbox = []
    this.#later('closed', () => {
      for (const { onWritten } of unsent) onWritten?.()
      this.#handler?.onClose()
    })
  }

  #otherSideGone(sendsFirst: boolean): void {
    const { random, time } = this.#network
    const atMs = this.#network.arrivalMs(this.peer.process.name, this.process.name)
    const orderedMs = sendsFirst ? Math.max(atMs, this.peer.#lastArrivalMs) : time.nowMs
    this.process.schedule(orderedMs + random.fraction() * 0.01, 'peer closed', () => {
      if (!sendsFirst) this.#inbox.length = 0
      this.#finished = true
      this.#pumpSoon()
    })
  }

  #later(label: string, run: () => void): void {
    this.process.schedule(this.#network.time.nowMs, label, run)
  }

  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    const { random, faults } = this.#network
    // Mostly at once; now and then the system has no room for a while.
    const delayMs = random.fraction() * (random.chance(faults.slowChance) ? 8 : 0.02)
    this.process.schedule(this.#network.time.nowMs + delayMs, 'send', () => {
      this.#flushing = false
      this.#flush()
    })
  }

  #flush(): void {
    while (this.#outbox.length > 0 && this.peer.#unreadBytes < WINDOW_BYTES) {
      const { bytes, onWritten } = this.#outbox.shift()!
      // Read only now: a sender that reuses its bytes too early is found out.
      this.#send(new Uint8Array(bytes))
      onWritten?.()
      if (this.closed) return
    }
    if (this.#ending && this.#outbox.length === 0) {
      this.#close()
      this.peer.#otherSideGone(true)
    }
  }

  #send(bytes: Uint8Array): void {
    const { random, faults } = this.#network
    this.#network.time.note(`${this.process.name} sends ${bytes.length}`)
    if (random.chance(faults.breakChance)) {
      this.reset()
      return
    }
    let from = 0
    while (from < bytes.length) {
      const rest = bytes.length - from
      const whole = !random.chance(faults.splitChance)
      const size = whole
        ? rest
        : random.chance(0.3)
          ? random.between(1, 5)
          : random.between(1, rest)
      this.#sendPiece(bytes.subarray(from, Math.min(from + size, bytes.length)))
      from += size
    }
  }

  #sendPiece(piece: Uint8Array): void {
    const { peer } = this
    peer.#unreadBytes += piece.length
    const arrivalMs = this.#network.arrivalMs(this.process.name, peer.process.name)
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivalMs)
    peer.process.schedule(this.#lastArrivalMs, `receive ${piece.length}`, () => {
      if (peer.closed || peer.#finished) return
      peer.#inbox.push(piece)
      // Whoever waits for it reads it in this very turn.
      if (!peer.#pumping) peer.#pump()
      peer.#pumpSoon()
    })
  }

  /** One read a turn, as the event loop gives them. */
  #pumpSoon(): void {
    if (this.#pumping || this.#handler === null || this.#paused || this.closed) return
    if (this.#inbox.length === 0 && !this.#finished) return
    this.#pumping = true
    this.#later('read', () => {
      this.#pumping = false
      this.#pump()
      this.#pumpSoon()
    })
  }

  #pump(): void {
    if (this.#handler === null || this.#paused || this.closed) return
    const piece = this.#inbox.shift()
    if (piece === undefined) {
      if (this.#finished) this.#close()
      return
    }
    const target = this.#handler.target?.() ?? receiveBuffer
    const size = Math.min(piece.length, target.length)
    target.set(piece.subarray(0, size))
    if (size < piece.length) this.#inbox.unshift(piece.subarray(size))
    this.#unreadBytes -= size
    this.#handler.onBytes(target.subarray(0, size))
    receiveBuffer.fill(POISON, 0, target === receiveBuffer ? size : 0)
    if (!this.peer.closed && this.peer.#outbox.length > 0) this.peer.#flushSoon()
  }
}
