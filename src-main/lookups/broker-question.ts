/** A question to a broker that may be silent: one that is paused keeps its connections open. */
import type { ClientConnection } from '../../engine/client/client-connection.ts'
import type { Client, Target } from '../../engine/client/client.ts'

export class BrokerQuestion<T> {
  readonly answer: Promise<T>
  /** Resolves when there is an answer, or a failure. */
  readonly ended: Promise<void>
  #hasEnded = false
  #connection: ClientConnection | null = null
  readonly #askedAtMs = performance.now()

  constructor(client: Client, target: Target, ask: (connection: ClientConnection) => Promise<T>) {
    this.answer = client.connection(target).then(connection => {
      this.#connection = connection
      return ask(connection)
    })
    const end = () => {
      this.#hasEnded = true
    }
    this.ended = this.answer.then(end, end)
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Milliseconds since anything came from the broker, counted from the question on. */
  get silentForMs(): number {
    const sinceAskedMs = performance.now() - this.#askedAtMs
    return Math.min(sinceAskedMs, this.#connection?.silentForMs ?? Infinity)
  }
}
