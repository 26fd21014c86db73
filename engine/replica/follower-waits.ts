/**
 * Fetches of followers that wait for appends, by the broker that fetches: a follower's Fetch covers
 * all that it follows here, so an append looks for its followers and not for its fetches. Waiting
 * and waking cost the same for one partition as for ten thousand.
 */

export interface WaitingFollower {
  readonly brokerId: number
  /** Bytes still missing until `replica.fetch.min.bytes` is reached. */
  missingBytes: number
  /**
   * Records came: looks again, and goes on waiting (by `add`) where there is nothing for it. Told
   * to answer, it does so whatever there is.
   */
  readonly wake: (how: 'look' | 'answer') => void
}

export class FollowerWaits {
  readonly #byBroker = new Map<number, Set<WaitingFollower>>()

  add(waiting: WaitingFollower): void {
    const others = this.#byBroker.get(waiting.brokerId)
    if (others === undefined) this.#byBroker.set(waiting.brokerId, new Set([waiting]))
    else others.add(waiting)
  }

  /** Says whether it was still waiting. */
  remove(waiting: WaitingFollower): boolean {
    return this.#byBroker.get(waiting.brokerId)?.delete(waiting) ?? false
  }

  /** A partition that this broker follows has so many bytes more. */
  appended(brokerId: number, bytes: number): void {
    const waiting = this.#byBroker.get(brokerId)
    if (waiting === undefined || waiting.size === 0) return
    const due: WaitingFollower[] = []
    for (const each of waiting) {
      each.missingBytes -= bytes
      if (each.missingBytes <= 0) due.push(each)
    }
    for (const each of due) if (this.remove(each)) each.wake('look')
  }

  /** Something changed that is no append: roles, log starts. */
  wakeAll(): void {
    const all = [...this.#byBroker.values()].flatMap(waiting => [...waiting])
    for (const each of all) if (this.remove(each)) each.wake('answer')
  }
}
