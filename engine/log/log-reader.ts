/**
 * Reading whole batches into a buffer of the caller's.
 *
 * Cost: one pread for the bytes, and a walk over the headers in them (a few nanoseconds a batch)
 * to cut behind the last whole batch below the limit. The first batch's position comes from where
 * an earlier read ended, or from the index and one small read.
 */
import { assert } from '../support/assert.ts'
import { KafkaError } from '../protocol/errors.ts'
import { lastOffsetOf, wholeBatchSize, sizeOf } from '../protocol/records/record-batch.ts'
import type { SegmentList } from './segment-list.ts'
import type { Segment } from './segment.ts'
import {
  firstAtOrAfter,
  firstWithMaxTimestamp,
  type TimestampedOffset,
} from './timestamp-lookup.ts'

export interface ReadRequest {
  readonly fetchOffset: bigint
  readonly maxBytes: number
  /** No batch that ends at or above it is read: the high watermark, or the log end. */
  readonly upToOffset: bigint
  /** Gives the first batch even when it is larger than `maxBytes`. */
  readonly minOneBatch: boolean
}

export interface ReadResult {
  /** Bytes in the target, from its start on: whole batches. */
  readonly length: number
  /** Where to go on; the fetch offset itself when nothing was read. */
  readonly nextOffset: bigint
}

/** Where the bytes go. */
export interface ReadTarget {
  /**
   * Makes room for `bytes` bytes of `target` from `start` on. Asked for once, or once more when the
   * first batch alone is larger: the later room replaces the earlier.
   */
  room(bytes: number): void
  readonly target: Uint8Array
  readonly start: number
}

/** Memory of its own for one read. */
export class OwnMemory implements ReadTarget {
  target: Buffer = Buffer.alloc(0)
  readonly start = 0

  room(bytes: number): void {
    this.target = Buffer.allocUnsafe(bytes)
  }
}

interface SegmentRead {
  readonly length: number
  /** The offset after the last record read; null when nothing was. */
  readonly nextOffset: bigint | null
}

const NOTHING: SegmentRead = { length: 0, nextOffset: null }
/** Enough to learn how large the first batch is. */
const PEEK_BYTES = 17
const READ_ENDS_MAX = 8

/** For an offset that is not between a log's start and its end, both of which may be asked for. */
export function outOfRange(
  log: { readonly name: string; readonly logStartOffset: bigint; readonly logEndOffset: bigint },
  offset: bigint,
): KafkaError {
  const { name, logStartOffset, logEndOffset } = log
  const range = `[${logStartOffset}, ${logEndOffset}]`
  return new KafkaError('OFFSET_OUT_OF_RANGE', `${name}: offset ${offset} is outside ${range}`)
}

/** From `position` on, where the first batch begins. */
function readSegment(
  segment: Segment,
  position: number,
  request: ReadRequest,
  into: ReadTarget,
): SegmentRead {
  const available = segment.sizeBytes - position
  if (available <= 0) return NOTHING
  const wanted = Math.min(
    available,
    Math.max(request.maxBytes, request.minOneBatch ? PEEK_BYTES : 0),
  )
  if (wanted < PEEK_BYTES) return NOTHING

  const { file } = segment
  into.room(wanted)
  const { target, start } = into
  const read = file.read(target, start, wanted, position)
  const cut = cutAtBatch(target, start, start + read, request.upToOffset)
  if (cut.length > 0 || !request.minOneBatch || read < PEEK_BYTES) return cut

  // The first batch is larger than the limit, or lies at or above `upToOffset`.
  const size = sizeOf(target, start)
  if (size <= read || size > available) return NOTHING
  into.room(size)
  const whole = file.read(into.target, into.start, size, position)
  assert(whole === size, 'a segment holds the bytes it counts')
  return cutAtBatch(into.target, into.start, into.start + size, request.upToOffset)
}

function cutAtBatch(
  bytes: Uint8Array,
  start: number,
  end: number,
  upToOffset: bigint,
): SegmentRead {
  let last = -1
  let at = start
  for (;;) {
    const size = wholeBatchSize(bytes, at, end)
    if (size === 0) break
    last = at
    at += size
  }
  if (last < 0) return NOTHING
  // Offsets increase, so the last batch mostly answers for all of them.
  const lastOffset = lastOffsetOf(bytes, last)
  if (lastOffset < upToOffset) return { length: at - start, nextOffset: lastOffset + 1n }

  let nextOffset: bigint | null = null
  for (at = start; ; at += sizeOf(bytes, at)) {
    const batchLastOffset = lastOffsetOf(bytes, at)
    if (batchLastOffset >= upToOffset) return { length: at - start, nextOffset }
    nextOffset = batchLastOffset + 1n
  }
}

/**
 * Reads and lookups over all segments of a partition. Remembers where the last few reads ended, so
 * that a consumer that goes on needs no index.
 */
export class LogReader {
  readonly #segments: SegmentList
  readonly #readEnds: { segment: Segment; offset: bigint; position: number }[] = []
  #nextEnd = 0

  constructor(segments: SegmentList) {
    this.#segments = segments
  }

  /** Forgets positions: after segments or their tails went. */
  forget(): void {
    this.#readEnds.length = 0
    this.#nextEnd = 0
  }

  /** The offset is inside the log, and below `upToOffset`. */
  read(request: ReadRequest, into: ReadTarget): ReadResult {
    const { fetchOffset } = request
    const { all } = this.#segments
    for (let index = this.#segments.indexOf(fetchOffset); index < all.length; index++) {
      const segment = all[index]!
      const position = this.#positionOf(segment, fetchOffset)
      // The end of a segment may hold no batch any more: the next one goes on.
      if (position < 0) continue
      const { length, nextOffset } = readSegment(segment, position, request, into)
      if (nextOffset === null) break
      this.#readEnds[this.#nextEnd] = { segment, offset: nextOffset, position: position + length }
      this.#nextEnd = (this.#nextEnd + 1) % READ_ENDS_MAX
      return { length, nextOffset }
    }
    return { length: 0, nextOffset: fetchOffset }
  }

  /** The bytes of the batches from one offset up to another. */
  bytesBetween(fromOffset: bigint, upToOffset: bigint, logEndOffset: bigint): number {
    const { all } = this.#segments
    const toEnd = upToOffset >= logEndOffset
    const first = this.#segments.indexOf(fromOffset)
    const last = toEnd ? all.length - 1 : this.#segments.indexOf(upToOffset)
    let bytes = 0
    for (let index = first; index <= last; index++) {
      const segment = all[index]!
      const start = index === first ? this.#positionOf(segment, fromOffset) : 0
      const end = index === last && !toEnd ? this.#positionOf(segment, upToOffset) : -1
      if (start >= 0) bytes += Math.max((end < 0 ? segment.sizeBytes : end) - start, 0)
    }
    return bytes
  }

  /** The first record at or after a time, at or above `startOffset`. */
  firstAtOrAfter(timestampMs: bigint, startOffset: bigint): TimestampedOffset | null {
    const { all } = this.#segments
    for (let index = this.#segments.indexOf(startOffset); index < all.length; index++) {
      const segment = all[index]!
      if (segment.maxTimestamp().timestampMs < timestampMs) continue
      const found = firstAtOrAfter(segment, timestampMs, startOffset)
      if (found !== null) return found
    }
    return null
  }

  firstWithMaxTimestamp(): TimestampedOffset | null {
    let best = this.#segments.first
    for (const segment of this.#segments.all)
      if (segment.maxTimestamp().timestampMs > best.maxTimestamp().timestampMs) best = segment
    return firstWithMaxTimestamp(best)
  }

  /** Where the batch with an offset begins, or the next one; -1 at the end of the segment. */
  #positionOf(segment: Segment, offset: bigint): number {
    for (const end of this.#readEnds)
      if (end.offset === offset && end.segment === segment)
        return end.position < segment.sizeBytes ? end.position : -1
    if (offset <= segment.baseOffset) return segment.sizeBytes === 0 ? -1 : 0
    return segment.findBatch(offset)?.position ?? -1
  }
}
