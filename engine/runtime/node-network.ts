/**
 * The Network port over node:net.
 *
 * Bytes arrive through `onread` in one buffer that all sockets of the thread share, which costs a
 * third of what 'data' events cost. `net.Server` has no option for it, so an accepted socket is
 * rebuilt around its handle before the first byte is read; where a handle cannot be taken, 'data'
 * events do the same work.
 */
import { createServer, isIP, Socket as NodeSocket, type AddressInfo, type Server } from 'node:net'
import type { Address, Listener, Network, Socket, SocketHandler } from '../ports/network.ts'
import { OperationalError } from '../support/operational-error.ts'

const RECEIVE_BUFFER_BYTES = 512 * 1024

/**
 * One buffer serves every socket of a thread where reading, allocating and calling back happen in
 * one go. Windows reads into it in the background, so there each socket has one of its own.
 */
const sharedReceiveBuffer =
  process.platform === 'win32' ? null : Buffer.allocUnsafeSlow(RECEIVE_BUFFER_BYTES)

export const nodeNetwork: Network = {
  listen(address, onSocket) {
    return new Promise((resolve, reject) => {
      const accepted = new Set<NodeSocket>()
      const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket: NodeSocket) => {
        const wrapped = new AcceptedSocket(socket)
        accepted.add(wrapped.socket)
        wrapped.socket.on('close', () => accepted.delete(wrapped.socket))
        onSocket(wrapped)
      })
      server.once('error', (error: NodeJS.ErrnoException) => {
        const why = error.code === 'EADDRINUSE' ? 'the port is taken' : error.message
        reject(new OperationalError(`${address.host}:${address.port}: ${why}`, { cause: error }))
      })
      server.once('listening', () => resolve(listenerOf(server, accepted)))
      listenOn(server, address)
    })
  },

  connect(address, { timeoutMs, signal }) {
    return new Promise((resolve, reject) => {
      const connecting = new ConnectingSocket()
      const { socket } = connecting
      const fail = (why: string) => {
        settle()
        socket.destroy()
        reject(new OperationalError(`${address.host}:${address.port}: ${why}`))
      }
      const giveUp = () => fail('nobody waits for the connection any more')
      const timer = setTimeout(fail, timeoutMs, `no connection within ${timeoutMs} ms`)
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
      }
      const onError = (error: Error) => fail(error.message)
      signal?.addEventListener('abort', giveUp)
      socket.once('error', onError)
      if (signal?.aborted === true) {
        giveUp()
        return
      }
      socket.connect(address, () => {
        settle()
        if (isItsOwnPeer(socket)) {
          fail('nobody listens there')
          return
        }
        socket.setNoDelay(true)
        socket.off('error', onError)
        connecting.connected()
        resolve(connecting)
      })
    })
  },
}

/** What `listen` ends in once it knows that it serves no `node:cluster` and looks no name up. */
interface BindingServer {
  readonly _listen2?: (
    address: string,
    port: number,
    addressType: number,
    backlog: number,
    descriptor: undefined,
    flags: number,
  ) => void
}

const BACKLOG = 511

/**
 * To learn that there is nothing to look up, `listen` loads `dns`, `cluster` and with it
 * `child_process`: a tenth of what a node's thread does until it listens. With a host that is an
 * address, the call behind it is made at once, where this Node has it.
 */
function listenOn(server: Server, { host, port }: Address): void {
  const addressType = isIP(host)
  const binding = server as unknown as BindingServer
  if (addressType === 0 || typeof binding._listen2 !== 'function') server.listen({ host, port })
  else binding._listen2(host, port, addressType, BACKLOG, undefined, 0)
}

/**
 * Whoever asks a dead port of this machine again and again is sooner or later given that very port
 * for his own end, and TCP connects him to himself: he would read his own requests as answers, and
 * keep the port from the node that is to have it back.
 */
export function isItsOwnPeer(
  socket: Pick<NodeSocket, 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'>,
): boolean {
  return socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress
}

function listenerOf(server: Server, accepted: ReadonlySet<NodeSocket>): Listener {
  const bound = server.address() as AddressInfo
  return {
    address: { host: bound.address, port: bound.port },
    close() {
      return new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of accepted) socket.destroy()
      })
    },
  }
}

/** What accepted and connecting sockets share: writing, and handing bytes to a receiver. */
abstract class BaseSocket implements Socket {
  abstract readonly socket: NodeSocket
  protected handler: SocketHandler | null = null
  /** Set where this socket does not use the shared buffer. */
  protected ownBuffer: Buffer | null = null
  /** The first write of this turn, which is not the stream's yet. */
  #held: Uint8Array | null = null
  #onHeldWritten: (() => void) | undefined
  #corked = false

  get remote(): Address {
    return { host: this.socket.remoteAddress ?? '', port: this.socket.remotePort ?? 0 }
  }

  get local(): Address {
    return { host: this.socket.localAddress ?? '', port: this.socket.localPort ?? 0 }
  }

  get queuedBytes(): number {
    return this.socket.writableLength + (this.#held?.length ?? 0)
  }

  get closed(): boolean {
    // A failed write is told to its writer first, and destroys the socket only after that.
    // Node before 18 has no `errored`, and finds out a little later.
    return this.socket.destroyed || (this.socket.errored ?? null) !== null
  }

  abstract start(handler: SocketHandler): void

  /**
   * All that one turn writes leaves in one call. Nearly always that is one piece, which the stream
   * is spared to keep in a list: it is handed over at the end of the turn.
   */
  write(bytes: Uint8Array, onWritten?: () => void): void {
    if (this.#corked) {
      this.socket.write(bytes, onWritten)
      return
    }
    if (this.#held === null) {
      this.#held = bytes
      this.#onHeldWritten = onWritten
      process.nextTick(this.#endTurn)
      return
    }
    this.#corked = true
    this.socket.cork()
    this.#release()
    this.socket.write(bytes, onWritten)
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  end(): void {
    this.#release()
    this.socket.end()
  }

  destroy(): void {
    // What was not sent is not sent any more, and its writer is told as the stream tells it.
    if (this.#held !== null) this.socket.cork()
    this.#release()
    this.socket.destroy()
  }

  readonly #endTurn = () => {
    this.#release()
    if (!this.#corked) return
    this.#corked = false
    this.socket.uncork()
  }

  #release(): void {
    const held = this.#held
    const onWritten = this.#onHeldWritten
    if (held === null) return
    this.#held = null
    this.#onHeldWritten = undefined
    this.socket.write(held, onWritten)
  }

  /** The options that make a node:net socket read into our buffers. */
  protected onread() {
    return {
      buffer: () => this.handler?.target?.() ?? this.#receiveBuffer(),
      callback: (length: number, bytes: Uint8Array) => {
        this.handler?.onBytes(length === bytes.length ? bytes : bytes.subarray(0, length))
        return true
      },
    }
  }

  protected watch(socket: NodeSocket): void {
    // The close that follows an error is what the receiver hears of.
    socket.on('error', () => {})
    socket.on('close', () => this.handler?.onClose())
  }

  #receiveBuffer(): Uint8Array {
    if (sharedReceiveBuffer !== null) return sharedReceiveBuffer
    this.ownBuffer ??= Buffer.allocUnsafeSlow(RECEIVE_BUFFER_BYTES)
    return this.ownBuffer
  }
}

class AcceptedSocket extends BaseSocket {
  readonly socket: NodeSocket
  readonly #usesOnread: boolean

  constructor(accepted: NodeSocket) {
    super()
    const handle = (accepted as unknown as { _handle: unknown })._handle
    this.#usesOnread = handle !== null && handle !== undefined
    if (this.#usesOnread) {
      // The paused socket lets go of its handle; a new one reads from it into our buffers.
      ;(accepted as unknown as { _handle: unknown })._handle = null
      accepted.destroy()
      const options = { handle, onread: this.onread(), allowHalfOpen: false, pauseOnCreate: true }
      this.socket = new NodeSocket(options as ConstructorParameters<typeof NodeSocket>[0])
    } else this.socket = accepted
    this.watch(this.socket)
  }

  start(handler: SocketHandler): void {
    this.handler = handler
    // Whoever left before delivery began is not heard of again.
    if (this.socket.destroyed) {
      handler.onClose()
      return
    }
    if (!this.#usesOnread) this.socket.on('data', bytes => handler.onBytes(bytes))
    this.socket.resume()
  }
}

class ConnectingSocket extends BaseSocket {
  readonly socket: NodeSocket
  constructor() {
    super()
    this.socket = new NodeSocket({ onread: this.onread() })
  }

  connected(): void {
    this.socket.pause()
    this.watch(this.socket)
  }

  start(handler: SocketHandler): void {
    this.handler = handler
    this.socket.resume()
  }
}
