/**
 * Trying again by itself: soon at first, then every few seconds, until it succeeds or nobody wants
 * it any more.
 */
import type { Problem } from '../../src-main/contract/define.ts'

const FIRST_MS = 250
const LAST_MS = 5_000

/** Trouble that ends without anyone's doing: threads, brokers and leaders come back. */
const PASSING: ReadonlySet<string> = new Set([
  'WORKER_ENDED',
  'DISCONNECTED',
  'UNREACHABLE',
  'NETWORK_EXCEPTION',
  'BROKER_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
])

export function passesByItself({ code }: Problem): boolean {
  return PASSING.has(code)
}

export class Attempts {
  #count = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  /** At most one waits: another order while one does is the same order. */
  later(attempt: () => void): void {
    if (this.#timer !== null) return
    const delayMs = Math.min(FIRST_MS * 2 ** this.#count, LAST_MS)
    this.#count += 1
    this.#timer = setTimeout(() => {
      this.#timer = null
      attempt()
    }, delayMs)
  }

  /** It worked: the next trouble begins with a short wait again. */
  succeeded(): void {
    this.cancel()
    this.#count = 0
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
