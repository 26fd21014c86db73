/**
 * When each broker was last heard of. This is the controller's only state that is not in the
 * metadata log: a new active controller starts every session anew.
 *
 * It says who is overdue; fencing is decided, and recorded, elsewhere.
 */
export interface Session {
  readonly brokerEpoch: bigint
  lastContactMs: number
  /** Whether there was a heartbeat of the broker in this session. */
  heard: boolean
  /** What the broker has replayed of the metadata log. */
  metadataOffset: bigint
  /** Where the metadata log says that the broker is shutting down; -1 while it is not. */
  shutdownOffset: bigint
}

export class HeartbeatTracker {
  readonly #sessionTimeoutMs: number
  readonly #sessions = new Map<number, Session>()

  constructor(sessionTimeoutMs: number) {
    this.#sessionTimeoutMs = sessionTimeoutMs
  }

  /** A broker that has not been heard of by this controller: it is new, or the controller is. */
  begin(brokerId: number, brokerEpoch: bigint, nowMs: number): void {
    this.#sessions.set(brokerId, {
      brokerEpoch,
      lastContactMs: nowMs,
      heard: false,
      metadataOffset: -1n,
      shutdownOffset: -1n,
    })
  }

  touch(brokerId: number, brokerEpoch: bigint, nowMs: number, metadataOffset = -1n): Session {
    const known = this.#sessions.get(brokerId)
    const shutdownOffset = known?.brokerEpoch === brokerEpoch ? known.shutdownOffset : -1n
    const session = {
      brokerEpoch,
      lastContactMs: nowMs,
      heard: true,
      metadataOffset,
      shutdownOffset,
    }
    this.#sessions.set(brokerId, session)
    return session
  }

  end(brokerId: number): void {
    this.#sessions.delete(brokerId)
  }

  session(brokerId: number): Session | null {
    return this.#sessions.get(brokerId) ?? null
  }

  /** Whether this incarnation was heard from within the session timeout. */
  alive(brokerId: number, brokerEpoch: bigint, nowMs: number): boolean {
    const session = this.#sessions.get(brokerId)
    if (session === undefined || session.brokerEpoch !== brokerEpoch || !session.heard) return false
    return nowMs < session.lastContactMs + this.#sessionTimeoutMs
  }

  /** When the broker's session ends unless it is heard from; null without a session. */
  deadlineMs(brokerId: number): number | null {
    const session = this.#sessions.get(brokerId)
    return session === undefined ? null : session.lastContactMs + this.#sessionTimeoutMs
  }
}
