/** Time as the engine knows it. Only `runtime` reads the machine's own. */
export interface Clock {
  /** Milliseconds since the epoch, as records carry them. */
  nowMs(): number
  /** Calls back once at or after `atMs`; the returned function cancels it. */
  at(atMs: number, callback: () => void): () => void
}
