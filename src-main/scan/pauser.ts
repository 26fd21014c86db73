/**
 * Lets the event loop of a scanning thread turn: for messages that want to stop it, for sockets,
 * and because native codecs free what they made only then. A scan that never paused kept 130 KB of
 * every batch.
 */

/** Of decompressed bytes between two pauses. */
const PAUSE_BYTES = 2 * 1024 * 1024
/** Between two pauses, for work that costs more than bytes tell. */
const PAUSE_MS = 8

export class Pauser {
  readonly #nowMs: () => number
  #bytes = 0
  #pausedAtMs: number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#pausedAtMs = nowMs()
  }

  spend(bytes: number): void {
    this.#bytes += bytes
  }

  get due(): boolean {
    return this.#bytes >= PAUSE_BYTES || this.#nowMs() - this.#pausedAtMs >= PAUSE_MS
  }

  async pause(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    this.#bytes = 0
    this.#pausedAtMs = this.#nowMs()
  }
}
