/**
 * The follower's end of a fetch session (KIP-227): what the leader was told of each partition, and
 * what of it has to be told anew. A Fetch then names only partitions that changed.
 *
 * It fetches nothing and reads no log: positions are handed in.
 */

/** Where a partition's fetching stands; all of it is told to the leader. */
export interface FetchPosition {
  readonly currentLeaderEpoch: number
  readonly fetchOffset: bigint
  readonly lastFetchedEpoch: number
  readonly logStartOffset: bigint
}

export interface SessionRequest<P> {
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly partitions: readonly { readonly partition: P; readonly position: FetchPosition }[]
  readonly forgotten: readonly P[]
}

const NO_SESSION = 0
const EPOCH_NEW = 0
const EPOCH_MAX = 0x7fff_ffff

export class FollowerSession<P extends object> {
  #sessionId = NO_SESSION
  #epoch = EPOCH_NEW
  /** What the leader holds of each partition of the session. */
  readonly #told = new Map<P, FetchPosition>()
  /** In the leader's session, though not to be fetched: named until a request has said so. */
  readonly #toForget = new Set<P>()

  /** The position that the last request gave, which the answer is about; null where none did. */
  toldOf(partition: P): FetchPosition | null {
    return this.#told.get(partition) ?? null
  }

  get size(): number {
    return this.#told.size
  }

  /**
   * `changed` holds new positions, null for what is not to be fetched now. Where nothing is left to
   * fetch the request need not be sent: the next one says all that it would have.
   */
  next(changed: ReadonlyMap<P, FetchPosition | null>): SessionRequest<P> {
    const partitions: { partition: P; position: FetchPosition }[] = []
    for (const [partition, position] of changed) {
      const told = this.#told.get(partition)
      if (position === null) {
        if (this.#told.delete(partition)) this.#toForget.add(partition)
      } else if (told === undefined || !isSame(told, position)) {
        this.#told.set(partition, position)
        this.#toForget.delete(partition)
        partitions.push({ partition, position })
      }
    }
    const isNew = this.#sessionId === NO_SESSION
    return {
      sessionId: this.#sessionId,
      sessionEpoch: isNew ? EPOCH_NEW : this.#epoch,
      partitions,
      // A new session has nothing to forget.
      forgotten: isNew ? [] : [...this.#toForget],
    }
  }

  /** The leader answered the last request under this session; 0 where it keeps none. */
  answered(sessionId: number): void {
    if (sessionId === NO_SESSION) {
      this.reset()
      return
    }
    this.#toForget.clear()
    this.#epoch = sessionId === this.#sessionId ? (this.#epoch % EPOCH_MAX) + 1 : 1
    this.#sessionId = sessionId
  }

  /** The leader knows nothing any more: the next request has to name everything. */
  reset(): void {
    this.#sessionId = NO_SESSION
    this.#epoch = EPOCH_NEW
    this.#told.clear()
    this.#toForget.clear()
  }
}

function isSame(a: FetchPosition, b: FetchPosition): boolean {
  return (
    a.fetchOffset === b.fetchOffset &&
    a.currentLeaderEpoch === b.currentLeaderEpoch &&
    a.lastFetchedEpoch === b.lastFetchedEpoch &&
    a.logStartOffset === b.logStartOffset
  )
}
