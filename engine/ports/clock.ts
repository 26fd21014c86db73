/** Time as the engine knows it. Only `runtime` reads the machine's own. */
export interface Clock {
  /** Milliseconds since the epoch, as records carry them. */
  nowMs(): number
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
