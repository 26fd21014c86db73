/**
 * When the metadata log gets a snapshot: after so many bytes, or so long a time with anything new
 * (KIP-630). And when old ones go, with the records that the next one stands for.
 */
import type { BrokerSettings } from '../config/settings.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { MetadataLog } from './metadata-log.ts'
import type { ReplicatedController } from './replicated-controller.ts'

/**
 * At a clean stop, so many records without a snapshot get one. To replay them, which is what the
 * next start does while the quorum waits for it, takes longer than to read what they amount to.
 */
const STOP_RECORDS_MIN = 10_000n

export class SnapshotKeeper {
  readonly #log: MetadataLog
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #settings: BrokerSettings
  #lastMs: number
  /** Bytes of the log when the last one was taken. */
  #lastBytes: number
  #cancelTimer: () => void = () => {}
  #closed = false

  constructor(options: {
    readonly log: MetadataLog
    readonly clock: Clock
    readonly logger: Logger
    readonly settings: BrokerSettings
  }) {
    this.#log = options.log
    this.#clock = options.clock
    this.#logger = options.logger
    this.#settings = options.settings
    this.#lastMs = options.clock.nowMs()
    const { log } = options.log
    const latest = options.log.latestSnapshot
    this.#lastBytes =
      latest === null ? 0 : log.sizeBytes - log.bytesFrom(latest.endOffset, log.logEndOffset)
  }

  /** To be called when more is committed. */
  consider(held: ReplicatedController): void {
    const log = this.#log
    this.#cancelTimer()
    if (this.#closed) return
    const latest = log.latestSnapshot
    if (latest !== null && latest.endOffset >= log.endOffset) return
    const nowMs = this.#clock.nowMs()
    const dueMs = this.#dueMs(nowMs)
    if (nowMs < dueMs) {
      if (dueMs !== Infinity) this.#cancelTimer = this.#clock.at(dueMs, () => this.consider(held))
      return
    }
    if (!this.#take(held, nowMs)) return
    this.#lastMs = nowMs
    const { metadataMaxRetentionBytes, metadataMaxRetentionMs } = this.#settings
    const ageMaxMs = metadataMaxRetentionMs
    log.clean({ bytesMax: metadataMaxRetentionBytes, ageMaxMs, nowMs })
    this.#lastBytes = log.log.sizeBytes
    this.#logger.info(`metadata log: snapshot at offset ${log.endOffset}`)
  }

  /** A clean stop: what the quorum commits from here on is for the next life. */
  close(held: ReplicatedController): void {
    this.#closed = true
    this.#cancelTimer()
    const latest = this.#log.latestSnapshot?.endOffset ?? 0n
    if (held.nextOffset - latest >= STOP_RECORDS_MIN) this.#take(held, this.#clock.nowMs())
  }

  /** A snapshot is of what is committed, and of all that is before its place: else it must wait. */
  #take(held: ReplicatedController, nowMs: number): boolean {
    if (!held.isCommitted || held.nextOffset !== this.#log.endOffset) return false
    this.#log.takeSnapshot(held.controller.image, nowMs)
    return true
  }

  #dueMs(nowMs: number): number {
    const {
      metadataLogMaxRecordBytesBetweenSnapshots: bytesMax,
      metadataLogMaxSnapshotIntervalMs: intervalMs,
    } = this.#settings
    const bytes = BigInt(Math.max(0, this.#log.log.sizeBytes - this.#lastBytes))
    if (bytes >= bytesMax) return nowMs
    return intervalMs > 0n ? this.#lastMs + Number(intervalMs) : Infinity
  }
}
