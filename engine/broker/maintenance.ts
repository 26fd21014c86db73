/** What a broker does by the clock: checkpoints, flushes, retention and removals; idle memory. */
import type { BrokerSettings } from '../config/settings.ts'
import type { LogFolder } from '../log/log-folder.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { BufferPool } from '../support/buffer-pool.ts'
import type { GroupedFlushes } from './grouped-flushes.ts'

const FIRST_RETENTION_MS = 30_000
const REMOVALS_MS = 10_000
/** Large files go in pieces, for each of which the thread stands still for half a millisecond. */
const CUT_INTERVAL_MS = 10
const CUT_BYTES = 4 * 1024 * 1024
const FLUSH_ROLLED_MS = 30_000
/** What lay idle for so long goes. */
const TRIM_BUFFERS_MS = 10_000
/** How late flush.ms may be obeyed: between two looks for logs that have it, and at those. */
const TIMED_FLUSH_LOGS_MS = 1_000
const TIMED_FLUSH_MS = 50

export class Maintenance {
  readonly #clock: Clock
  readonly #cancels = new Set<() => void>()
  #stopped = false

  constructor(options: {
    readonly folder: LogFolder
    readonly settings: () => BrokerSettings
    readonly highWatermarkOf: (log: PartitionLog) => bigint
    readonly flushes: GroupedFlushes
    readonly buffers: readonly BufferPool[]
    readonly clock: Clock
    readonly logger: Logger
  }) {
    const { folder, settings, highWatermarkOf, flushes, clock, logger } = options
    this.#clock = clock
    const checkpoint = () => void folder.writeCheckpointsAside(highWatermarkOf)
    this.#every(() => Number(settings().replicaHighWatermarkCheckpointIntervalMs), checkpoint)
    this.#every(
      () => REMOVALS_MS,
      () => {
        folder.removeDue(clock.nowMs())
        this.#cut(folder)
      },
    )
    this.#keepRolledFlushes(folder, flushes)
    this.#every(
      () => TRIM_BUFFERS_MS,
      () => {
        for (const pool of options.buffers) pool.trim()
      },
    )
    this.#keepTimedFlushes(folder, flushes)
    const retention = () => {
      for (const [log, deletions] of folder.applyRetention(clock.nowMs(), highWatermarkOf))
        for (const { baseOffset, reason } of deletions)
          logger.info(`${log.name}: segment ${baseOffset} goes: ${reason}`)
    }
    this.#after(FIRST_RETENTION_MS, () => {
      retention()
      this.#every(() => Number(settings().logRetentionCheckIntervalMs), retention)
    })
  }

  stop(): void {
    this.#stopped = true
    for (const cancel of this.#cancels) cancel()
  }

  /** One file after another: a segment that was closed is no hurry, and the device has others. */
  #keepRolledFlushes(folder: LogFolder, flushes: GroupedFlushes): void {
    const flushAll = async () => {
      for (const log of folder.logs()) {
        if (this.#stopped) return
        await flushes.flushRolled(log)
      }
    }
    this.#after(FLUSH_ROLLED_MS, () => {
      void flushAll().finally(() => this.#keepRolledFlushes(folder, flushes))
    })
  }

  /** flush.ms counts from the first record that is not durable. Costs nothing where none has it. */
  #keepTimedFlushes(folder: LogFolder, flushes: GroupedFlushes): void {
    let isTimed = false
    let unflushedSinceMs = new Map<PartitionLog, number>()
    const flushDue = () => {
      const nowMs = this.#clock.nowMs()
      const still = new Map<PartitionLog, number>()
      for (const log of folder.logs()) {
        const { flushMs } = log.config
        if (flushMs === null || log.recoveryPoint === log.logEndOffset) continue
        const sinceMs = unflushedSinceMs.get(log) ?? nowMs
        if (nowMs - sinceMs < Number(flushMs)) still.set(log, sinceMs)
        // What fails is told of there, and nobody waits for it here.
        else if (!flushes.hasFailed(log)) flushes.flush(log).catch(() => {})
      }
      unflushedSinceMs = still
      if (isTimed) this.#after(TIMED_FLUSH_MS, flushDue)
    }
    this.#every(
      () => TIMED_FLUSH_LOGS_MS,
      () => {
        const wasTimed = isTimed
        isTimed = [...folder.logs()].some(log => log.config.flushMs !== null)
        if (isTimed && !wasTimed) flushDue()
      },
    )
  }

  /** A sweep that comes before the last one's files are gone only goes on with them faster. */
  #cut(folder: LogFolder): void {
    if (folder.cut(CUT_BYTES)) this.#after(CUT_INTERVAL_MS, () => this.#cut(folder))
  }

  #every(intervalMs: () => number, work: () => void): void {
    this.#after(intervalMs(), () => {
      work()
      this.#every(intervalMs, work)
    })
  }

  #after(ms: number, work: () => void): void {
    if (this.#stopped) return
    const cancel = this.#clock.at(this.#clock.nowMs() + ms, () => {
      this.#cancels.delete(cancel)
      if (!this.#stopped) work()
    })
    this.#cancels.add(cancel)
  }
}
