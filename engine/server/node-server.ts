/**
 * A node's listener: accepts connections and hands their frames to a dispatcher. Brokers and
 * controllers differ in the APIs they serve, not in this.
 */
import type { Address, Listener, Network } from '../ports/network.ts'
import { Connection } from './connection.ts'
import type { WireTap } from './wire-tap.ts'
import type { Dispatcher } from './dispatcher.ts'

export interface NodeServerOptions {
  readonly network: Network
  readonly address: Address
  readonly dispatcher: Pick<Dispatcher, 'dispatch'>
  /** `socket.request.max.bytes`. */
  readonly requestBytesMax: number
  /** What the wall clock says. */
  readonly timestampMs: () => number
  /** Watches the requests while somebody looks. */
  readonly tap?: WireTap
  /** Someone's connection ended: what waits on it is given up. */
  readonly onDisconnect?: (connection: Connection) => void
}

export class NodeServer {
  readonly #options: NodeServerOptions
  readonly #connections = new Set<Connection>()
  #listener: Listener | null = null
  #nextId = 0
  #serving = false

  private constructor(options: NodeServerOptions) {
    this.#options = options
  }

  /** Throws an `OperationalError` when the address is taken. */
  static async listen(options: NodeServerOptions): Promise<NodeServer> {
    const server = new NodeServer(options)
    server.#listener = await options.network.listen(options.address, socket => {
      const connection = new Connection({
        id: server.#nextId++,
        socket,
        frameBytesMax: options.requestBytesMax,
        openedAtMs: options.timestampMs(),
        tap: options.tap ?? null,
        handler: {
          onRequest: (from, frame, respond) => options.dispatcher.dispatch(from, frame, respond),
          onClose: from => {
            server.#connections.delete(from)
            options.onDisconnect?.(from)
          },
        },
      })
      server.#connections.add(connection)
      if (server.#serving) connection.start()
    })
    return server
  }

  /** Until this is called, whoever connects is left waiting: the address is taken, no more. */
  serve(): void {
    this.#serving = true
    for (const connection of this.#connections) connection.start()
  }

  /** What was really bound, which matters where port 0 was asked for. */
  get address(): Address {
    return this.#listener?.address ?? this.#options.address
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections
  }

  async close(): Promise<void> {
    await this.#listener?.close()
    this.#listener = null
  }
}
