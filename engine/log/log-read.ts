/**
 * Reading whole batches of one segment into a buffer of the caller's.
 *
 * Cost: one pread for the bytes, and a walk over the headers in them (a few nanoseconds a batch)
 * to cut behind the last whole batch below the limit. The first batch's position comes from where
 * an earlier read ended, or from the index and one small read.
 */
import { assert } from '../support/assert.ts'
import { lastOffsetOf, wholeBatchSize, sizeOf } from '../protocol/records/record-batch.ts'
import type { Segment } from './segment.ts'

/** Where the bytes go. Asked for once, or once more when the first batch alone is larger. */
export interface ReadTarget {
  /** At least `bytes` bytes of `target` from `start` on; a later answer replaces an earlier one. */
  room(bytes: number): { readonly target: Uint8Array; readonly start: number }
}

export interface SegmentRead {
  readonly length: number
  /** The offset after the last record read; null when nothing was. */
  readonly nextOffset: bigint | null
}

export interface SegmentReadRequest {
  /** Where the first batch begins. */
  readonly position: number
  readonly maxBytes: number
  readonly upToOffset: bigint
  readonly minOneBatch: boolean
}

const NOTHING: SegmentRead = { length: 0, nextOffset: null }
/** Enough to learn how large the first batch is. */
const PEEK_BYTES = 17

export function readSegment(
  segment: Segment,
  request: SegmentReadRequest,
  into: ReadTarget,
): SegmentRead {
  const available = segment.sizeBytes - request.position
  if (available <= 0) return NOTHING
  const wanted = Math.min(
    available,
    Math.max(request.maxBytes, request.minOneBatch ? PEEK_BYTES : 0),
  )
  if (wanted < PEEK_BYTES) return NOTHING

  const { file } = segment
  const { target, start } = into.room(wanted)
  const read = file.read(target, start, wanted, request.position)
  const cut = cutAtBatch(target, start, start + read, request.upToOffset)
  if (cut.length > 0 || !request.minOneBatch || read < PEEK_BYTES) return cut

  // The first batch is larger than the limit, or lies at or above `upToOffset`.
  const size = sizeOf(target, start)
  if (size <= read || size > available) return NOTHING
  const larger = into.room(size)
  const whole = file.read(larger.target, larger.start, size, request.position)
  assert(whole === size, 'a segment holds the bytes it counts')
  return cutAtBatch(larger.target, larger.start, larger.start + size, request.upToOffset)
}

function cutAtBatch(
  bytes: Uint8Array,
  start: number,
  end: number,
  upToOffset: bigint,
): SegmentRead {
  let at = start
  let nextOffset: bigint | null = null
  for (;;) {
    const size = wholeBatchSize(bytes, at, end)
    if (size === 0) break
    const lastOffset = lastOffsetOf(bytes, at)
    if (lastOffset >= upToOffset) break
    nextOffset = lastOffset + 1n
    at += size
  }
  return { length: at - start, nextOffset }
}

/** Where the last few reads ended: a consumer that goes on needs no index. */
export class ReadEnds {
  readonly #ends: { segment: Segment; offset: bigint; position: number }[] = []
  #next = 0

  remember(segment: Segment, offset: bigint, position: number): void {
    this.#ends[this.#next] = { segment, offset, position }
    this.#next = (this.#next + 1) % READ_ENDS_MAX
  }

  /** The position of the batch that begins with an offset; -1 where no read ended there. */
  position(segment: Segment, offset: bigint): number {
    for (const end of this.#ends)
      if (end.offset === offset && end.segment === segment) return end.position
    return -1
  }

  clear(): void {
    this.#ends.length = 0
    this.#next = 0
  }
}

const READ_ENDS_MAX = 8
