/**
 * Fetches of followers that wait for appends, by the broker that fetches: a follower's Fetch covers
 * all that it follows here, so an append looks for its followers and not for its fetches. Waiting
 * and waking cost the same for one partition as for ten thousand, and allocate nothing.
 *
 * It knows no clock: who put a fetch in is told when to look for those that are late.
 */

export interface WaitingFollower {
  readonly brokerId: number
  readonly deadlineMs: number
  /** Bytes still missing until `replica.fetch.min.bytes` is reached. */
  missingBytes: number
  /**
   * Records came: looks again, and goes on waiting (by `add`) where there is nothing for it. Told
   * to answer, it does so whatever there is.
   */
  wake(how: 'look' | 'answer'): void
}

export class FollowerWaits {
  readonly #byBroker = new Map<number, WaitingFollower[]>()

  /** Of those that wait; null where none does. */
  get nextDeadlineMs(): number | null {
    let earliest = Infinity
    for (const waiting of this.#byBroker.values())
      for (const { deadlineMs } of waiting) earliest = Math.min(earliest, deadlineMs)
    return earliest === Infinity ? null : earliest
  }

  add(waiting: WaitingFollower): void {
    const others = this.#byBroker.get(waiting.brokerId)
    if (others === undefined) this.#byBroker.set(waiting.brokerId, [waiting])
    else others.push(waiting)
  }

  /** Says whether it was still waiting. */
  remove(waiting: WaitingFollower): boolean {
    const others = this.#byBroker.get(waiting.brokerId)
    const at = others?.indexOf(waiting) ?? -1
    if (others === undefined || at < 0) return false
    others.splice(at, 1)
    return true
  }

  /** A partition that this broker follows has so many bytes more. */
  appended(brokerId: number, bytes: number): void {
    const waiting = this.#byBroker.get(brokerId)
    if (waiting !== undefined) for (const each of waiting) each.missingBytes -= bytes
  }

  /** Those that have enough by now. Apart from `appended`: once for all that one turn appends. */
  wakeSatisfied(): void {
    for (const waiting of this.#byBroker.values())
      this.#wakeEach(waiting, each => each.missingBytes <= 0, 'look')
  }

  expire(nowMs: number): void {
    for (const waiting of this.#byBroker.values())
      this.#wakeEach(waiting, each => each.deadlineMs <= nowMs, 'answer')
  }

  /** Something changed that is no append: roles, log starts. */
  wakeAll(): void {
    for (const waiting of this.#byBroker.values()) this.#wakeEach(waiting, () => true, 'answer')
  }

  /** Who waits again while it is woken is behind those that are looked at here. */
  #wakeEach(
    waiting: readonly WaitingFollower[],
    isDue: (each: WaitingFollower) => boolean,
    how: 'look' | 'answer',
  ): void {
    if (!waiting.some(isDue)) return
    for (const each of waiting.filter(isDue)) if (this.remove(each)) each.wake(how)
  }
}
