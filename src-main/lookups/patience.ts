/**
 * Questions that may wait for a controller that is away. Whoever asks has more to tell meanwhile: what
 * takes long is answered as it last was, and the next one who asks gets the newer answer.
 */
import type { Client } from '../../engine/client/client.ts'

const PATIENCE_MS = 500

interface Look<T> {
  /** As the question last ended; null before it first has. */
  ended: (() => T) | null
  pending: Promise<void> | null
  begunAtMs: number
}

/** One question, asked of each client at most once at a time. */
export class PatientQuestion<T> {
  readonly #ask: (client: Client) => Promise<T>
  readonly #looks = new WeakMap<Client, Look<T>>()

  constructor(ask: (client: Client) => Promise<T>) {
    this.#ask = ask
  }

  /** Throws what asking threw, at once or when that is how it last ended. */
  async answer(client: Client): Promise<T> {
    const look = this.#looks.get(client) ?? { ended: null, pending: null, begunAtMs: 0 }
    this.#looks.set(client, look)
    look.pending ??= this.#begin(client, look)
    if (look.ended === null) await look.pending
    // Who asks while it is under way waits for what is left of that time, if anything.
    else await within(look.begunAtMs + PATIENCE_MS - performance.now(), look.pending)
    return look.ended!()
  }

  async #begin(client: Client, look: Look<T>): Promise<void> {
    look.begunAtMs = performance.now()
    try {
      const value = await this.#ask(client)
      look.ended = () => value
    } catch (error) {
      // Thrown again for each who asks.
      look.ended = () => {
        throw error
      }
    }
    look.pending = null
  }
}

/** Resolves when it has ended, or after this time. It must not reject. */
export async function within(milliseconds: number, pending: Promise<unknown>): Promise<void> {
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, Math.max(milliseconds, 0))
  try {
    await Promise.race([pending, patience.promise])
  } finally {
    clearTimeout(timer)
  }
}
