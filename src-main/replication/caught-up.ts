/**
 * How long each follower has lacked something, seen from outside. A leader's end is remembered with
 * the time it was seen at; a follower that has come to some end had everything the leader had then.
 * As exact as one looks often, and it is told apart from what a leader itself says.
 */
import { assert } from '../../engine/support/assert.ts'

interface Sighting {
  readonly atMs: number
  readonly leaderEnd: bigint
}

/** Sightings of one leader; the oldest go first, and a lag that is older is said to be unknown. */
const SIGHTINGS_MAX = 256

export class LeaderEnds {
  readonly #sightings: Sighting[] = []

  /** An end that goes back is another leader's: what was seen before says nothing of it. */
  see(atMs: number, leaderEnd: bigint): void {
    const last = this.#sightings.at(-1)
    assert(last === undefined || atMs >= last.atMs, 'sightings come in the order of time')
    if (last !== undefined && leaderEnd < last.leaderEnd) this.#sightings.length = 0
    else if (last?.leaderEnd === leaderEnd) return
    this.#sightings.push({ atMs, leaderEnd })
    if (this.#sightings.length > SIGHTINGS_MAX) this.#sightings.shift()
  }

  /**
   * For how long a follower with this end has been behind, 0 when it is not; null where the leader
   * was not yet looked at when the follower fell behind.
   */
  lagMs(nowMs: number, followerEnd: bigint): number | null {
    const last = this.#sightings.at(-1)
    if (last === undefined) return null
    if (followerEnd >= last.leaderEnd) return 0
    const [oldest] = this.#sightings
    if (oldest!.leaderEnd > followerEnd) return null
    // The first end that it lacks: it has lacked it since that was seen.
    const lacking = this.#sightings.find(({ leaderEnd }) => leaderEnd > followerEnd)
    return nowMs - lacking!.atMs
  }
}
