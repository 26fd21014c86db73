/**
 * Fetches that wait for records: which partitions each waits on, and how many bytes it still
 * lacks. It neither reads logs nor keeps time; whoever put a fetch in takes it out at its deadline.
 */

export interface WaitingFetch<P> {
  readonly partitions: readonly P[]
  /** Bytes still missing until `fetch.min.bytes` is reached. */
  missingBytes: number
  /** Called once, when enough has come or the partition can serve no longer. */
  readonly complete: () => void
}

export class FetchPurgatory<P extends object> {
  readonly #byPartition = new Map<P, Set<WaitingFetch<P>>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(fetch: WaitingFetch<P>): void {
    this.#size++
    for (const partition of fetch.partitions) {
      const waiting = this.#byPartition.get(partition)
      if (waiting === undefined) this.#byPartition.set(partition, new Set([fetch]))
      else waiting.add(fetch)
    }
  }

  /** Says whether it was still waiting. */
  remove(fetch: WaitingFetch<P>): boolean {
    let removed = false
    for (const partition of fetch.partitions) {
      const waiting = this.#byPartition.get(partition)
      if (waiting === undefined || !waiting.delete(fetch)) continue
      removed = true
      if (waiting.size === 0) this.#byPartition.delete(partition)
    }
    if (removed) this.#size--
    return removed
  }

  waitsFor(partition: P): boolean {
    return this.#byPartition.has(partition)
  }

  /** Records became readable. Cheap where nobody waits, as it is on the way of every append. */
  recordsReadable(partition: P, bytes: number): void {
    const waiting = this.#byPartition.get(partition)
    if (waiting === undefined) return
    // Who is answered may ask again at once: what it then waits for begins after this append.
    const due: WaitingFetch<P>[] = []
    for (const fetch of waiting) {
      fetch.missingBytes -= bytes
      if (fetch.missingBytes <= 0) due.push(fetch)
    }
    for (const fetch of due) this.#complete(fetch)
  }

  /** The partition moved, went or failed: its fetches are answered with whatever there is. */
  interrupt(partition: P): void {
    const due = [...(this.#byPartition.get(partition) ?? [])]
    for (const fetch of due) this.#complete(fetch)
  }

  #complete(fetch: WaitingFetch<P>): void {
    // The answer to one may have taken another out.
    if (this.remove(fetch)) fetch.complete()
  }
}
