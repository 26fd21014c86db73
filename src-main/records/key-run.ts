/**
 * One partition's part in the search for a key: where it reads next, and what it has found. It is
 * told what was fetched and fetches nothing itself.
 *
 * Backward it reads ranges that end where the last one began, since Kafka reads forward only; a
 * range counts when it was read to its end, and not before.
 */
import {
  baseTimestampOf,
  lastOffsetOf,
  maxTimestampOf,
  recordCountOf,
  wholeBatches,
} from '../../engine/protocol/records/record-batch.ts'
import { larger, smaller } from './cut.ts'
import { findKey, type KeyMatch } from './find-key.ts'

const RANGE_OFFSETS_FIRST = 64n
const RANGE_GROWTH = 8n
const RANGE_BYTES = 2 * 1024 * 1024
/** Far more than was expected: only the newer half of the range is read on. */
const RANGE_BYTES_MAX = 16 * 1024 * 1024

export interface KeyRunOptions {
  readonly slot: number
  readonly key: Uint8Array | null
  /** What may be read. */
  readonly start: bigint
  readonly end: bigint
  /** Forward the first offset to look at, backward the one after it. */
  readonly from: bigint
}

export interface KeyRun {
  readonly slot: number
  /** Null while none was found. */
  readonly match: KeyMatch | null
  /** Where to fetch; null when the partition is done with, or between two ranges. */
  readonly readAt: bigint | null
  /** Where another search would go on to find the same. */
  readonly reached: bigint
  /** Offsets that are left. */
  readonly leftCount: bigint
  /** Records that were looked at. */
  readonly records: number
  /** Goes on with the next range, if there is one. */
  begin(): void
  /**
   * What was fetched from `readAt`: whole batches, or nothing because others filled the answer.
   * Yields after each batch with the bytes that it was decompressed to.
   */
  receive(records: Uint8Array, endOffset: bigint): Generator<number, void>
  /** Nothing is left that is nearer in time than this. */
  passed(timestampMs: bigint): boolean
  /** It cannot be read on. */
  fail(): void
  readonly failed: boolean
}

export function keyRun(direction: 'forward' | 'backward', options: KeyRunOptions): KeyRun {
  return direction === 'forward' ? new ForwardKeyRun(options) : new BackwardKeyRun(options)
}

class ForwardKeyRun implements KeyRun {
  readonly slot: number
  readonly #key: Uint8Array | null
  readonly #end: bigint
  #at: bigint
  failed = false
  #begun = false
  /** Of the batch that was read last. */
  #timeMs = -1n
  match: KeyMatch | null = null
  records = 0

  constructor({ slot, key, start, end, from }: KeyRunOptions) {
    this.slot = slot
    this.#key = key
    this.#end = end
    this.#at = larger(from, start)
  }

  get readAt(): bigint | null {
    const over = this.match !== null || this.failed || this.#at >= this.#end
    return over || !this.#begun ? null : this.#at
  }

  get reached(): bigint {
    return this.match?.offset ?? this.#at
  }

  get leftCount(): bigint {
    return larger(this.#end - this.reached, 0n)
  }

  begin(): void {
    this.#begun = true
  }

  *receive(records: Uint8Array, endOffset: bigint): Generator<number, void> {
    // One answer at a time; whoever drives it says whether there is another.
    this.#begun = false
    const before = this.#at
    for (const { at } of wholeBatches(records)) {
      const next = lastOffsetOf(records, at) + 1n
      if (next <= this.#at) continue
      this.records += recordCountOf(records, at)
      const range = { from: this.#at, to: this.#end, keep: 'first' } as const
      const found = findKey(records, at, this.#key, range)
      this.#timeMs = baseTimestampOf(records, at)
      this.match = found.match
      if (this.match !== null) return
      this.#at = smaller(next, larger(this.#end, this.#at))
      yield found.unpackedBytes
    }
    // What is left holds no record.
    if (this.#at === before && endOffset <= this.#at) this.#at = larger(this.#end, this.#at)
  }

  passed(timestampMs: bigint): boolean {
    return this.#timeMs > timestampMs
  }

  fail(): void {
    this.failed = true
  }
}

class BackwardKeyRun implements KeyRun {
  readonly slot: number
  readonly #key: Uint8Array | null
  readonly #start: bigint
  /** From it on everything was read. */
  #doneFrom: bigint
  #rangeStart: bigint
  #rangeAt: bigint
  #rangeOffsets = RANGE_OFFSETS_FIRST
  #rangeBytes = 0
  #rangeMatch: KeyMatch | null = null
  failed = false
  #timeMs: bigint | null = null
  match: KeyMatch | null = null
  records = 0

  constructor({ slot, key, start, end, from }: KeyRunOptions) {
    this.slot = slot
    this.#key = key
    this.#start = start
    this.#doneFrom = larger(smaller(from, end), start)
    this.#rangeStart = this.#doneFrom
    this.#rangeAt = this.#doneFrom
  }

  get readAt(): bigint | null {
    const over = this.match !== null || this.failed
    return over || this.#rangeAt >= this.#doneFrom ? null : this.#rangeAt
  }

  get reached(): bigint {
    return this.match === null ? this.#doneFrom : this.match.offset + 1n
  }

  get leftCount(): bigint {
    return larger(this.reached - this.#start, 0n)
  }

  begin(): void {
    if (this.match !== null || this.failed || this.#rangeAt < this.#doneFrom) return
    this.#rangeStart = larger(this.#doneFrom - this.#rangeOffsets, this.#start)
    this.#rangeAt = this.#rangeStart
    this.#rangeBytes = 0
    this.#rangeMatch = null
  }

  *receive(records: Uint8Array, endOffset: bigint): Generator<number, void> {
    const before = this.#rangeAt
    this.#rangeBytes += records.length
    for (const { at } of wholeBatches(records)) {
      const next = lastOffsetOf(records, at) + 1n
      if (next <= this.#rangeAt || this.#rangeAt >= this.#doneFrom) continue
      this.records += recordCountOf(records, at)
      const range = { from: this.#rangeAt, to: this.#doneFrom, keep: 'last' } as const
      const found = findKey(records, at, this.#key, range)
      this.#rangeMatch = found.match ?? this.#rangeMatch
      if (this.#rangeAt === this.#rangeStart) this.#timeMs = maxTimestampOf(records, at)
      this.#rangeAt = next
      yield found.unpackedBytes
    }
    if (this.#rangeAt === before && endOffset <= before) this.#rangeAt = this.#doneFrom
    if (this.#rangeAt >= this.#doneFrom) this.#finishRange()
    else if (this.#rangeBytes > RANGE_BYTES_MAX) this.#shortenRange()
  }

  passed(timestampMs: bigint): boolean {
    return this.#timeMs !== null && this.#timeMs < timestampMs
  }

  fail(): void {
    this.failed = true
  }

  #finishRange(): void {
    this.match = this.#rangeMatch
    const grown = this.#rangeOffsets * RANGE_GROWTH
    const bytes = BigInt(Math.max(this.#rangeBytes, 1))
    const fitting = (this.#rangeOffsets * BigInt(RANGE_BYTES)) / bytes
    this.#rangeOffsets = larger(smaller(grown, fitting), 1n)
    this.#doneFrom = this.#rangeStart
    this.#rangeAt = this.#doneFrom
  }

  #shortenRange(): void {
    this.#rangeStart = this.#rangeAt + (this.#doneFrom - this.#rangeAt) / 2n
    this.#rangeAt = this.#rangeStart
    this.#rangeOffsets = larger(this.#doneFrom - this.#rangeStart, 1n)
    this.#rangeBytes = 0
    this.#rangeMatch = null
  }
}
