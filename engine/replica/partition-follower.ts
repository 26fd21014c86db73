/**
 * The follower's side of one partition under one leader epoch: what to do with each answer to its
 * fetches, how far its log is known to be committed, and when to ask again after an error.
 *
 * No I/O: the log is described to it, and what must happen to the log goes out as a value.
 */
import type { ErrorName } from '../protocol/errors.ts'

export interface EpochEnd {
  readonly leaderEpoch: number
  readonly endOffset: bigint
}

/** The follower's own log, as far as decisions look at it. */
export interface FollowerLog {
  readonly logStartOffset: bigint
  readonly logEndOffset: bigint
  endOffsetForEpoch(leaderEpoch: number): EpochEnd | null
}

/** One partition of a Fetch answer. */
export interface FollowerAnswer {
  readonly error: ErrorName
  /** Where the leader's log parts from what this one claimed to hold; null where it does not. */
  readonly divergingEpoch: EpochEnd | null
}

export type FollowerOrder =
  | { readonly type: 'append' }
  /** Drop all at and above the offset, then fetch from the log's end again. */
  | { readonly type: 'truncate'; readonly offset: bigint }
  /** Ask the leader where its log begins and ends, and go on with `rangeFound`. */
  | { readonly type: 'find-range' }
  | { readonly type: 'wait'; readonly untilMs: number }
  /** Another epoch has begun: nothing until the metadata log says which. */
  | { readonly type: 'stop' }

export type RangeOrder =
  | { readonly type: 'truncate'; readonly offset: bigint }
  | { readonly type: 'restart'; readonly offset: bigint }
  | { readonly type: 'continue' }

/** Metadata reaches brokers one after the other: a leader that does not know of it yet, soon does. */
const FIRST_BACKOFF_MS = 20

const append: FollowerOrder = { type: 'append' }
const findRange: FollowerOrder = { type: 'find-range' }
const stop: FollowerOrder = { type: 'stop' }

export class PartitionFollower {
  readonly leaderId: number
  readonly leaderEpoch: number
  #highWatermark: bigint
  #failures = 0
  #waitsUntilMs: number | null = null
  #stopped = false

  constructor(start: {
    readonly leaderId: number
    readonly leaderEpoch: number
    readonly highWatermark: bigint
  }) {
    this.leaderId = start.leaderId
    this.leaderEpoch = start.leaderEpoch
    this.#highWatermark = start.highWatermark
  }

  /** As far as the leader has said; never above the own log's end. */
  get highWatermark(): bigint {
    return this.#highWatermark
  }

  /** When it may fetch again; null while nothing holds it back, Infinity when it has stopped. */
  get waitsUntilMs(): number | null {
    return this.#stopped ? Infinity : this.#waitsUntilMs
  }

  mayFetch(nowMs: number): boolean {
    if (this.#stopped) return false
    if (this.#waitsUntilMs !== null && this.#waitsUntilMs > nowMs) return false
    this.#waitsUntilMs = null
    return true
  }

  answered(
    answer: FollowerAnswer,
    log: FollowerLog,
    { nowMs, backoffMs }: { readonly nowMs: number; readonly backoffMs: number },
  ): FollowerOrder {
    switch (answer.error) {
      case 'NONE':
        this.#failures = 0
        return answer.divergingEpoch === null
          ? append
          : { type: 'truncate', offset: truncationOffset(answer.divergingEpoch, log) }
      case 'OFFSET_OUT_OF_RANGE':
        return findRange
      case 'FENCED_LEADER_EPOCH':
        this.#stopped = true
        return stop
      default:
        return this.failed(nowMs, backoffMs)
    }
  }

  /** Something went wrong that time may mend: waits longer each time, up to `backoffMs`. */
  failed(nowMs: number, backoffMs: number): FollowerOrder & { readonly type: 'wait' } {
    const waitMs = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(this.#failures++, 16), backoffMs)
    this.#waitsUntilMs = nowMs + waitMs
    return { type: 'wait', untilMs: this.#waitsUntilMs }
  }

  /** The leader told its range, after it had refused the follower's offset. */
  rangeFound(
    leader: { readonly logStartOffset: bigint; readonly logEndOffset: bigint },
    log: FollowerLog,
  ): RangeOrder {
    if (leader.logEndOffset < log.logEndOffset)
      return { type: 'truncate', offset: leader.logEndOffset }
    if (leader.logStartOffset > log.logEndOffset)
      return { type: 'restart', offset: leader.logStartOffset }
    return { type: 'continue' }
  }

  /** The leader's high watermark came with an answer. Says whether the own one advanced. */
  leaderSaid(highWatermark: bigint, logEndOffset: bigint): boolean {
    const known = highWatermark < logEndOffset ? highWatermark : logEndOffset
    // A new leader's may lag behind what the old one told: what was committed stays committed.
    if (known <= this.#highWatermark) return false
    this.#highWatermark = known
    return true
  }

  /** The log was cut, or began anew. */
  logChanged({ logStartOffset, logEndOffset }: FollowerLog): void {
    if (this.#highWatermark > logEndOffset) this.#highWatermark = logEndOffset
    if (this.#highWatermark < logStartOffset) this.#highWatermark = logStartOffset
  }
}

/**
 * Where to cut after the leader said where the largest epoch that both may share ends (KIP-101,
 * KIP-279). Where this log never had that epoch, it is cut to the end of the one below, and the
 * next fetch compares that.
 */
export function truncationOffset(diverging: EpochEnd, log: FollowerLog): bigint {
  const own = log.endOffsetForEpoch(diverging.leaderEpoch)
  if (own === null) return least(diverging.endOffset, log.logEndOffset)
  if (own.leaderEpoch !== diverging.leaderEpoch) return least(own.endOffset, log.logEndOffset)
  return least(own.endOffset, diverging.endOffset, log.logEndOffset)
}

function least(...offsets: readonly bigint[]): bigint {
  return offsets.reduce((lowest, each) => (each < lowest ? each : lowest))
}
