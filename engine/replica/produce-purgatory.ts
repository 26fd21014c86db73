/**
 * Produces with `acks=all` that wait until their records are committed: which offset each of their
 * partitions must reach, and when their time is over. It knows no clock and sends nothing.
 *
 * One advance of a high watermark settles all that wait below it, from the front of a queue.
 */
import type { ErrorName } from '../protocol/errors.ts'

export interface WaitingProduce<P> {
  readonly waits: readonly ProduceWait<P>[]
  readonly deadlineMs: number
  /** Called once, when every wait is settled. */
  readonly complete: () => void
}

export interface ProduceWait<P> {
  readonly partition: P
  /** The high watermark that commits the records. */
  readonly requiredOffset: bigint
  /** Told once; NONE is success. */
  readonly settle: (verdict: ErrorName) => void
}

interface Waiting<P> {
  readonly produce: WaitingProduce<P>
  unsettled: number
  readonly entries: Entry<P>[]
}

interface Entry<P> {
  readonly wait: ProduceWait<P>
  readonly waiting: Waiting<P>
}

export class ProducePurgatory<P extends object> {
  /** By partition, in the order of the offsets. */
  readonly #queues = new Map<P, Entry<P>[]>()
  readonly #waiting = new Set<Waiting<P>>()
  /** No deadline is before it; it may be earlier than any. */
  #noDeadlineBeforeMs = Infinity

  get size(): number {
    return this.#waiting.size
  }

  /** When `expire` is next to be called; it may then find nothing due. */
  get nextDeadlineMs(): number | null {
    return this.#waiting.size === 0 ? null : this.#noDeadlineBeforeMs
  }

  add(produce: WaitingProduce<P>): void {
    const waiting: Waiting<P> = { produce, unsettled: produce.waits.length, entries: [] }
    for (const wait of produce.waits) {
      const entry = { wait, waiting }
      waiting.entries.push(entry)
      this.#enqueue(entry)
    }
    this.#waiting.add(waiting)
    if (produce.deadlineMs < this.#noDeadlineBeforeMs) this.#noDeadlineBeforeMs = produce.deadlineMs
  }

  /** The high watermark advanced. Cheap where nobody waits. */
  committed(partition: P, highWatermark: bigint, verdict: ErrorName): void {
    const queue = this.#queues.get(partition)
    if (queue === undefined) return
    let count = 0
    while (count < queue.length && queue[count]!.wait.requiredOffset <= highWatermark) count++
    if (count > 0) this.#settle(partition, queue, count, verdict)
  }

  /** Nothing of the partition is committed here any more: it moved, or is gone. */
  lost(partition: P, verdict: ErrorName): void {
    const queue = this.#queues.get(partition)
    if (queue !== undefined) this.#settle(partition, queue, queue.length, verdict)
  }

  expire(nowMs: number): void {
    let earliest = Infinity
    const due: Waiting<P>[] = []
    for (const waiting of this.#waiting) {
      const { deadlineMs } = waiting.produce
      if (deadlineMs <= nowMs) due.push(waiting)
      else if (deadlineMs < earliest) earliest = deadlineMs
    }
    this.#noDeadlineBeforeMs = earliest
    for (const waiting of due) {
      // The answer to one may have settled another.
      if (!this.#waiting.has(waiting)) continue
      for (const entry of waiting.entries)
        if (this.#dequeue(entry)) entry.wait.settle('REQUEST_TIMED_OUT')
      this.#waiting.delete(waiting)
      waiting.produce.complete()
    }
  }

  #settle(partition: P, queue: Entry<P>[], count: number, verdict: ErrorName): void {
    const settled = queue.splice(0, count)
    if (queue.length === 0) this.#queues.delete(partition)
    // All are out of the queue before the first is answered: an answer may bring the next produce.
    const complete: Waiting<P>[] = []
    for (const { wait, waiting } of settled) {
      wait.settle(verdict)
      if (--waiting.unsettled === 0) complete.push(waiting)
    }
    for (const waiting of complete) this.#waiting.delete(waiting)
    for (const { produce } of complete) produce.complete()
  }

  /** A duplicate's records lie below those that came after them: it goes before whoever needs more. */
  #enqueue(entry: Entry<P>): void {
    const { partition, requiredOffset } = entry.wait
    const queue = this.#queues.get(partition)
    if (queue === undefined) {
      this.#queues.set(partition, [entry])
      return
    }
    let at = queue.length
    while (at > 0 && queue[at - 1]!.wait.requiredOffset > requiredOffset) at--
    if (at === queue.length) queue.push(entry)
    else queue.splice(at, 0, entry)
  }

  #dequeue(entry: Entry<P>): boolean {
    const { partition } = entry.wait
    const queue = this.#queues.get(partition)
    const at = queue?.indexOf(entry) ?? -1
    if (queue === undefined || at < 0) return false
    queue.splice(at, 1)
    if (queue.length === 0) this.#queues.delete(partition)
    return true
  }
}
