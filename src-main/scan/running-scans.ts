/** Scans that run in this thread, by their ids: `scan.stop` ends one in order. */

export class RunningScans {
  readonly #running = new Map<string, AbortController>()

  /** Runs until it ends, or is told to stop meanwhile. */
  async run(scanId: string, work: (stop: AbortController) => Promise<void>): Promise<void> {
    const stop = new AbortController()
    this.#running.set(scanId, stop)
    try {
      await work(stop)
    } finally {
      this.#running.delete(scanId)
    }
  }

  stop(scanId: string): void {
    this.#running.get(scanId)?.abort()
  }
}
