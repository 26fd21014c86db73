/**
 * What a leader knows of one follower: how far it is, and since when it has not had everything.
 * Whether that makes it in sync is decided in `partition-leader.ts`.
 */

const UNKNOWN_OFFSET = -1n

export class FollowerProgress {
  readonly brokerId: number
  /** All below it is in the follower's log; -1 until it fetches. */
  logEndOffset = UNKNOWN_OFFSET
  logStartOffset = UNKNOWN_OFFSET
  /** Of the run of the broker that fetched last; null until one does, -1 where it did not say. */
  brokerEpoch: bigint | null = null
  /** When it last had all that the leader had. */
  lastCaughtUpMs: number
  lastFetchMs = 0
  /** In the ISR that the controller has committed. */
  inIsr: boolean
  /** In the ISR that the controller is asked for. */
  joins = false
  /** Where the leader's log ended at the last fetch: having that later is having caught up then. */
  #leaderLogEndOffset = UNKNOWN_OFFSET

  /**
   * Whoever is in the ISR gets the whole lag time to show itself; whoever is not must not hold the
   * high watermark back before it does.
   */
  constructor(brokerId: number, inIsr: boolean, nowMs: number) {
    this.brokerId = brokerId
    this.inIsr = inIsr
    this.lastCaughtUpMs = inIsr ? nowMs : 0
  }

  fetched(
    fetch: {
      readonly brokerEpoch: bigint
      readonly fetchOffset: bigint
      readonly logStartOffset: bigint
      readonly nowMs: number
    },
    leaderLogEndOffset: bigint,
  ): void {
    const { fetchOffset, nowMs } = fetch
    if (fetchOffset >= leaderLogEndOffset)
      this.lastCaughtUpMs = Math.max(this.lastCaughtUpMs, nowMs)
    else if (fetchOffset >= this.#leaderLogEndOffset)
      this.lastCaughtUpMs = Math.max(this.lastCaughtUpMs, this.lastFetchMs)
    this.logEndOffset = fetchOffset
    this.logStartOffset = fetch.logStartOffset
    this.brokerEpoch = fetch.brokerEpoch
    this.lastFetchMs = nowMs
    if (leaderLogEndOffset > this.#leaderLogEndOffset) this.#leaderLogEndOffset = leaderLogEndOffset
  }

  /** It fetches where it did. Says whether that is the leader's log end, as a first fetch would. */
  stays(leaderLogEndOffset: bigint, nowMs: number): boolean {
    if (this.logEndOffset !== leaderLogEndOffset) return false
    if (nowMs > this.lastCaughtUpMs) this.lastCaughtUpMs = nowMs
    this.lastFetchMs = nowMs
    this.#leaderLogEndOffset = leaderLogEndOffset
    return true
  }

  /** The same leader leads again, under a later epoch. */
  leaderReelected(inIsr: boolean, nowMs: number): void {
    this.lastCaughtUpMs = inIsr ? nowMs : 0
    this.lastFetchMs = nowMs
  }

  isCaughtUp(leaderLogEndOffset: bigint, nowMs: number, maxLagMs: number): boolean {
    return this.logEndOffset === leaderLogEndOffset || nowMs - this.lastCaughtUpMs <= maxLagMs
  }
}
