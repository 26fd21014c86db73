/**
 * The way from a broker to the controller: one connection, opened again when it was lost. The
 * quorum has one voter now; where it has more, finding the active one is this file's matter.
 */
import { ClientConnection, type Api, type RequestOptions } from '../client/client-connection.ts'
import type { Clock } from '../ports/clock.ts'
import type { Address, Network } from '../ports/network.ts'
import { KafkaError } from '../protocol/errors.ts'
import type { Fields, InputOf, ValueOf } from '../protocol/schema.ts'
import { OperationalError } from '../support/operational-error.ts'

const CONNECT_TIMEOUT_MS = 2_000

export class ControllerChannel {
  readonly #options: {
    readonly network: Network
    readonly clock: Clock
    readonly address: Address
    readonly clientId: string
  }
  #opening: Promise<ClientConnection> | null = null
  #closed = false

  constructor(options: {
    readonly network: Network
    readonly clock: Clock
    readonly address: Address
    readonly clientId: string
  }) {
    this.#options = options
  }

  /** Throws a `KafkaError`; NOT_CONTROLLER, which clients retry, when the controller is away. */
  async request<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    value: InputOf<Q>,
    options?: RequestOptions,
  ): Promise<ValueOf<S>> {
    const connection = await this.#connect()
    return connection.request(api, value, options)
  }

  close(): void {
    this.#closed = true
    void this.#opening?.then(
      connection => connection.close(),
      () => {},
    )
  }

  async #connect(): Promise<ClientConnection> {
    if (this.#closed) throw new KafkaError('NOT_CONTROLLER', 'the broker is stopping')
    this.#opening ??= ClientConnection.open({
      ...this.#options,
      software: { name: 'odradek-broker', version: '0.1.0' },
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    })
    const opening = this.#opening
    const drop = () => {
      if (this.#opening === opening) this.#opening = null
    }
    try {
      const connection = await opening
      connection.onClose(drop)
      return connection
    } catch (error) {
      drop()
      // Waiting for a controller that is away for now: to a client that is an error to retry.
      if (!(error instanceof OperationalError)) throw error
      throw new KafkaError('NOT_CONTROLLER', error.message, { cause: error })
    }
  }
}
