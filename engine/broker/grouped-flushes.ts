/**
 * Flushes that many appends share: while the device works for one log, whatever is appended to it
 * waits for the next flush, one for all of them. The thread goes on meanwhile.
 */
import type { PartitionLog } from '../log/partition-log.ts'
import type { Logger } from '../ports/logger.ts'

interface Group {
  readonly running: Promise<void>
  /** Begins when that one has ended; null until somebody waits for it. */
  next: Promise<void> | null
}

export class GroupedFlushes {
  readonly #logger: Logger
  readonly #groups = new Map<PartitionLog, Group>()
  /** What a device has refused to keep once, it may claim to have the next time (as fsync does). */
  readonly #failures = new WeakMap<PartitionLog, unknown>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** A log whose flush once failed is never durable again before a restart. */
  hasFailed(log: PartitionLog): boolean {
    return this.#failures.has(log)
  }

  /**
   * Resolves when all that the log holds now survives a power cut. Rejects with the
   * `OperationalError` of the first flush that failed.
   */
  flush(log: PartitionLog): Promise<void> {
    const group = this.#groups.get(log)
    if (group === undefined) return this.#begin(log)
    return (group.next ??= group.running.then(() => this.#begin(log)))
  }

  /** What those wait for who have appended; null where no flush is due to them. */
  pending(log: PartitionLog): Promise<void> | null {
    const group = this.#groups.get(log)
    return group === undefined ? null : (group.next ?? group.running)
  }

  /**
   * Makes the closed segments of a log durable, each in its turn. What fails is told here, and to
   * whoever waits for a flush of the log from then on.
   */
  async flushRolled(log: PartitionLog): Promise<void> {
    // A log that is being flushed flushes its closed segments with that.
    while (!this.#failures.has(log) && !this.#groups.has(log)) {
      try {
        const flush = log.beginRolledFlush()
        if (flush === null) return
        // Together, since each may be closed at any time from now on, and must not be then.
        await Promise.all(flush.files.map(file => file.flushAside()))
        flush.finish()
      } catch (error) {
        // Nobody waits: it is told, and remembered.
        this.#note(log, error)
      }
    }
  }

  #begin(log: PartitionLog): Promise<void> {
    const group: Group = { running: this.#run(log), next: null }
    this.#groups.set(log, group)
    const ended = () => {
      if (group.next === null) this.#groups.delete(log)
    }
    group.running.then(ended, () => this.#groups.delete(log))
    return group.running
  }

  async #run(log: PartitionLog): Promise<void> {
    if (this.#failures.has(log)) throw this.#failures.get(log)
    try {
      const flush = log.beginFlush()
      // Its partition went to other brokers, or was deleted, while this waited for its turn.
      if (flush === null) return
      await flush.file.flushAside()
      flush.finish()
    } catch (error) {
      // Rethrown to all who wait; remembered, because a later flush would hide it.
      this.#note(log, error)
      throw error
    }
  }

  #note(log: PartitionLog, error: unknown): void {
    if (!this.#failures.has(log)) this.#logger.error(`${log.name}: not flushed: ${String(error)}`)
    this.#failures.set(log, error)
  }
}
