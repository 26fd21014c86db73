/**
 * Record batches, magic 2, as they lie in a request, a response or a segment: accessors over
 * (bytes, position) that make no objects, and the in-place stamps a leader sets.
 *
 * The checksum covers everything from the attributes on; base offset, size and leader epoch lie
 * before it, so that a broker stamps them without touching it. No record is read here.
 */
import { KafkaError } from '../errors.ts'
import { int16At, int32At, int64At, setInt16At, setInt32At, setInt64At, uint32At } from './bytes.ts'
import { crc32c } from './crc32c.ts'

/** Base offset and length, which the length does not count. */
export const BATCH_OVERHEAD_BYTES = 12
export const BATCH_HEADER_BYTES = 61
/** A batch of older formats is at least this long; shorter ones end a buffer. */
const MAGIC_POSITION = 16
export const ATTRIBUTES_POSITION = 21
export const MAGIC_V2 = 2

const COMPRESSION_MASK = 0x07
const TIMESTAMP_TYPE_BIT = 0x08
const TRANSACTIONAL_BIT = 0x10
const CONTROL_BIT = 0x20
const DELETE_HORIZON_BIT = 0x40

export const NO_TIMESTAMP = -1n
export const NO_PRODUCER_ID = -1n
export const NO_SEQUENCE = -1
export const NO_LEADER_EPOCH = -1

export function baseOffsetOf(bytes: Uint8Array, at: number): bigint {
  return int64At(bytes, at)
}

/** The whole batch with its overhead. Not checked: see `wholeBatchSize`. */
export function sizeOf(bytes: Uint8Array, at: number): number {
  return BATCH_OVERHEAD_BYTES + int32At(bytes, at + 8)
}

export function leaderEpochOf(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + 12)
}

export function magicOf(bytes: Uint8Array, at: number): number {
  return (bytes[at + MAGIC_POSITION]! << 24) >> 24
}

export function crcOf(bytes: Uint8Array, at: number): number {
  return uint32At(bytes, at + 17)
}

export function attributesOf(bytes: Uint8Array, at: number): number {
  return int16At(bytes, at + ATTRIBUTES_POSITION)
}

/** The codec's number: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; others are nobody's. */
export function compressionIdOf(bytes: Uint8Array, at: number): number {
  return bytes[at + 22]! & COMPRESSION_MASK
}

export function isLogAppendTime(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 22]! & TIMESTAMP_TYPE_BIT) !== 0
}

export function isTransactional(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 22]! & TRANSACTIONAL_BIT) !== 0
}

export function isControl(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 22]! & CONTROL_BIT) !== 0
}

/** Set by compaction: the base timestamp is then the time tombstones may go (KIP-534). */
export function hasDeleteHorizon(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 22]! & DELETE_HORIZON_BIT) !== 0
}

export function lastOffsetDeltaOf(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + 23)
}

export function lastOffsetOf(bytes: Uint8Array, at: number): bigint {
  return int64At(bytes, at) + BigInt(int32At(bytes, at + 23))
}

export function baseTimestampOf(bytes: Uint8Array, at: number): bigint {
  return int64At(bytes, at + 27)
}

export function maxTimestampOf(bytes: Uint8Array, at: number): bigint {
  return int64At(bytes, at + 35)
}

export function producerIdOf(bytes: Uint8Array, at: number): bigint {
  return int64At(bytes, at + 43)
}

export function producerEpochOf(bytes: Uint8Array, at: number): number {
  return int16At(bytes, at + 51)
}

export function baseSequenceOf(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + 53)
}

/** The sequence of the last record; sequences wrap from 2^31 - 1 to 0. */
export function lastSequenceOf(bytes: Uint8Array, at: number): number {
  const base = baseSequenceOf(bytes, at)
  return base === NO_SEQUENCE ? NO_SEQUENCE : addSequence(base, lastOffsetDeltaOf(bytes, at))
}

export function addSequence(sequence: number, increment: number): number {
  return (sequence + increment) % 0x8000_0000
}

export function recordCountOf(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + 57)
}

/** Sets what the leader decides. Neither is under the checksum. */
export function stampBatch(
  bytes: Uint8Array,
  at: number,
  baseOffset: bigint,
  leaderEpoch: number,
): void {
  setInt64At(bytes, at, baseOffset)
  setInt32At(bytes, at + 12, leaderEpoch)
}

/** Sets the greatest timestamp and its type, and the checksum after them. */
export function stampTimestamp(
  bytes: Uint8Array,
  at: number,
  stamp: { readonly maxTimestampMs: bigint; readonly logAppendTime: boolean },
): void {
  const attributes = attributesOf(bytes, at)
  const typed = stamp.logAppendTime
    ? attributes | TIMESTAMP_TYPE_BIT
    : attributes & ~TIMESTAMP_TYPE_BIT
  setInt16At(bytes, at + ATTRIBUTES_POSITION, typed)
  setInt64At(bytes, at + 35, stamp.maxTimestampMs)
  stampCrc(bytes, at)
}

export function stampCrc(bytes: Uint8Array, at: number): void {
  setInt32At(bytes, at + 17, crc32c(bytes, at + ATTRIBUTES_POSITION, at + sizeOf(bytes, at)))
}

export function crcIsValid(bytes: Uint8Array, at: number): boolean {
  return crcOf(bytes, at) === crc32c(bytes, at + ATTRIBUTES_POSITION, at + sizeOf(bytes, at))
}

/**
 * The size of the batch that begins at `at`, or 0 where the bytes up to `end` hold only a part of
 * one. A size or a magic that no batch has is CORRUPT_MESSAGE, because nothing after it can be
 * found any more.
 */
export function wholeBatchSize(bytes: Uint8Array, at: number, end: number): number {
  const left = end - at
  if (left <= MAGIC_POSITION) return 0
  const size = checkedSize(bytes, at)
  return size <= left ? size : 0
}

/** The size in a header of at least 17 bytes, checked as `wholeBatchSize` does. */
export function checkedSize(bytes: Uint8Array, at: number): number {
  const size = sizeOf(bytes, at)
  const magic = magicOf(bytes, at)
  if (magic !== MAGIC_V2)
    throw new KafkaError('CORRUPT_MESSAGE', `batch of magic ${magic}, where 2 is known`)
  if (size < BATCH_HEADER_BYTES)
    throw new KafkaError('CORRUPT_MESSAGE', `batch of ${size} bytes, shorter than its header`)
  return size
}

export interface BatchPlace {
  readonly at: number
  readonly size: number
}

/** Where the whole batches of a buffer lie; a partial one at the end is left out. */
export function* wholeBatches(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): Generator<BatchPlace> {
  let at = start
  for (;;) {
    const size = wholeBatchSize(bytes, at, end)
    if (size === 0) return
    yield { at, size }
    at += size
  }
}

export interface BatchHeader {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly sizeBytes: number
  readonly leaderEpoch: number
  readonly magic: number
  readonly crc: number
  readonly attributes: number
  readonly compressionId: number
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly transactional: boolean
  readonly control: boolean
  readonly deleteHorizonMs: bigint | null
  readonly lastOffsetDelta: number
  readonly baseTimestampMs: bigint
  readonly maxTimestampMs: bigint
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** A batch's header as an object, for paths that are not hot. */
export function readBatchHeader(bytes: Uint8Array, at: number): BatchHeader {
  return {
    baseOffset: baseOffsetOf(bytes, at),
    lastOffset: lastOffsetOf(bytes, at),
    sizeBytes: sizeOf(bytes, at),
    leaderEpoch: leaderEpochOf(bytes, at),
    magic: magicOf(bytes, at),
    crc: crcOf(bytes, at),
    attributes: attributesOf(bytes, at),
    compressionId: compressionIdOf(bytes, at),
    timestampType: isLogAppendTime(bytes, at) ? 'LogAppendTime' : 'CreateTime',
    transactional: isTransactional(bytes, at),
    control: isControl(bytes, at),
    deleteHorizonMs: hasDeleteHorizon(bytes, at) ? baseTimestampOf(bytes, at) : null,
    lastOffsetDelta: lastOffsetDeltaOf(bytes, at),
    baseTimestampMs: baseTimestampOf(bytes, at),
    maxTimestampMs: maxTimestampOf(bytes, at),
    producerId: producerIdOf(bytes, at),
    producerEpoch: producerEpochOf(bytes, at),
    baseSequence: baseSequenceOf(bytes, at),
    recordCount: recordCountOf(bytes, at),
  }
}
