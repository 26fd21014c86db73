/**
 * How fast throttled replicas may be copied (KIP-73): what was copied is owed, and worked off at
 * the rate that is set. A copy may go on while nothing is owed, so that at any rate single answers
 * are whole, and it is their spacing that keeps the rate.
 *
 * No clock and no configuration: time and rate are handed in, as the rate may change at any time.
 */
const MS_PER_SECOND = 1000

export class ReplicationQuota {
  #owedBytes = 0
  #atMs = 0

  copied(bytes: number, bytesPerSecond: number, nowMs: number): void {
    this.#owedBytes = this.#owed(bytesPerSecond, nowMs) + bytes
    this.#atMs = nowMs
  }

  /** Milliseconds until a copy may go on, 0 when it may; Infinity at a rate of 0. */
  waitMs(bytesPerSecond: number, nowMs: number): number {
    if (bytesPerSecond === 0) return Infinity
    return Math.ceil((this.#owed(bytesPerSecond, nowMs) / bytesPerSecond) * MS_PER_SECOND)
  }

  #owed(bytesPerSecond: number, nowMs: number): number {
    const workedOff = ((nowMs - this.#atMs) / MS_PER_SECOND) * bytesPerSecond
    return Math.max(0, this.#owedBytes - Math.max(0, workedOff))
  }
}
