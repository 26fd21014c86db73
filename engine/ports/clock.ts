/** Time as the engine knows it. Only `runtime` reads the machine's own. */
export interface Clock {
  /**
   * Milliseconds since 1970 as they were known when the process began, and steady from then on: for
   * deadlines and durations, which a jump of the wall clock must not touch. Not for records.
   */
  nowMs(): number
  /**
   * What the wall clock says at a moment of `nowMs`, as far as it is known now: for records, their
   * retention, and people. It jumps when the machine's clock is set, or the machine has slept.
   */
  timestampOf(nowMs: number): number
  /** Milliseconds with their fractions, from any beginning; it never goes back. For durations. */
  monotonicMs(): number
  /** Calls back once at or after `atMs`; the returned function cancels it. */
  at(atMs: number, callback: () => void): () => void
  /**
   * Calls back once when what has arrived by now was taken: what is to be done for all of it at once.
   * The returned function cancels it.
   */
  soon(callback: () => void): () => void
}
