/**
 * What an append is checked and stamped for, before anything is written: by who wrote the records.
 * Clients' are validated whole, coordinators' are trusted in form, leaders' keep their offsets.
 */
import { assert } from '../support/assert.ts'
import { KafkaError } from '../protocol/errors.ts'
import {
  NO_TIMESTAMP,
  baseOffsetOf,
  crcIsValid,
  isLogAppendTime,
  lastOffsetDeltaOf,
  lastOffsetOf,
  maxTimestampOf,
  stampBatch,
  wholeBatchSize,
} from '../protocol/records/record-batch.ts'
import { validateProduce } from '../protocol/records/validate-produce.ts'
import type { LogConfig } from './log-config.ts'
import type { DuplicateBatch, ProducerState } from './producer-state.ts'

export interface LeaderAppend {
  readonly leaderEpoch: number
  readonly nowMs: number
  /** A coordinator's own records are trusted as to their form, and carry no sequences. */
  readonly origin: 'client' | 'coordinator'
  /** Version of the Produce request; the newest when not given. */
  readonly produceVersion?: number
}

export interface AppendResult {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  /** -1 unless the topic stamps append times. */
  readonly logAppendTimeMs: bigint
  readonly logStartOffset: bigint
  /** Bytes written: 0 for a duplicate. */
  readonly sizeBytes: number
  readonly recordCount: number
  /** The same batch was appended before: nothing was written, the first offsets are given. */
  readonly duplicate: boolean
}

/** The log as an append finds it. */
export interface AppendContext {
  readonly name: string
  readonly config: LogConfig
  readonly producers: ProducerState
  readonly logEndOffset: bigint
  /** What the wall clock says. */
  readonly timestampMs: number
}

export interface PreparedAppend {
  /** Whole batches, with their final offsets. */
  readonly batches: Uint8Array
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly logAppendTimeMs: bigint
  readonly recordCount: number
  /** Appended before, at these offsets: there is nothing to write. */
  readonly duplicate: DuplicateBatch | null
}

/** What the appender is told; `logStartOffset` is the log's own. */
export function appendResult(prepared: PreparedAppend, logStartOffset: bigint): AppendResult {
  const { batches, duplicate, baseOffset, lastOffset, logAppendTimeMs, recordCount } = prepared
  return {
    baseOffset,
    lastOffset,
    logAppendTimeMs,
    logStartOffset,
    sizeBytes: batches.length,
    recordCount,
    duplicate: duplicate !== null,
  }
}

const PRODUCE_VERSION_NEWEST = 99

export function prepareClientAppend(
  records: Uint8Array,
  append: LeaderAppend,
  { name, config, producers, logEndOffset, timestampMs }: AppendContext,
): PreparedAppend {
  const { batch, logAppendTimeMs, recordCount } = validateProduce(records, {
    name,
    produceVersion: append.produceVersion ?? PRODUCE_VERSION_NEWEST,
    nowMs: timestampMs,
    compacted: config.cleanupPolicy.includes('compact'),
    maxMessageBytes: config.maxMessageBytes,
    segmentBytes: config.segmentBytes,
    timestampType: config.messageTimestampType,
    timestampBeforeMaxMs: config.messageTimestampBeforeMaxMs,
    timestampAfterMaxMs: config.messageTimestampAfterMaxMs,
    compressionType: config.compressionType,
  })
  const duplicate = producers.check(batch, 0, { checksSequence: true })
  if (duplicate !== null) {
    // Apache Kafka tells a duplicate's largest timestamp here, whoever set it.
    const { baseOffset, lastOffset, timestampMs: logAppendTimeMs } = duplicate
    const batches = batch.subarray(0, 0)
    return { batches, baseOffset, lastOffset, logAppendTimeMs, recordCount, duplicate }
  }
  stampBatch(batch, 0, logEndOffset, append.leaderEpoch)
  const lastOffset = logEndOffset + BigInt(recordCount - 1)
  const baseOffset = logEndOffset
  return { batches: batch, baseOffset, lastOffset, logAppendTimeMs, recordCount, duplicate }
}

export function prepareCoordinatorAppend(
  records: Uint8Array,
  append: LeaderAppend,
  context: AppendContext,
): PreparedAppend {
  const baseOffset = context.logEndOffset
  let nextOffset = baseOffset
  for (let at = 0; at < records.length;) {
    const size = wholeBatchSize(records, at, records.length)
    assert(size > 0, 'a coordinator writes whole batches')
    checkSize(size, context)
    context.producers.check(records, at, { checksSequence: false })
    stampBatch(records, at, nextOffset, append.leaderEpoch)
    nextOffset += BigInt(lastOffsetDeltaOf(records, at)) + 1n
    at += size
  }
  assert(nextOffset > baseOffset, 'an append holds at least one batch')
  return {
    batches: records,
    baseOffset,
    lastOffset: nextOffset - 1n,
    logAppendTimeMs: isLogAppendTime(records, 0) ? maxTimestampOf(records, 0) : NO_TIMESTAMP,
    recordCount: Number(nextOffset - baseOffset),
    duplicate: null,
  }
}

/** A partial batch at the end is left out, as fetch responses may end in one. */
export function prepareFollowerAppend(
  records: Uint8Array,
  { name, logEndOffset }: AppendContext,
): PreparedAppend {
  let expected = logEndOffset
  let whole = 0
  for (;;) {
    const size = wholeBatchSize(records, whole, records.length)
    if (size === 0) break
    const baseOffset = baseOffsetOf(records, whole)
    if (!crcIsValid(records, whole))
      throw new KafkaError('CORRUPT_MESSAGE', `${name}: batch ${baseOffset}: its checksum differs`)
    if (baseOffset < expected || lastOffsetDeltaOf(records, whole) < 0)
      throw new KafkaError('OFFSET_OUT_OF_RANGE', `${name}: batch ${baseOffset} below ${expected}`)
    expected = lastOffsetOf(records, whole) + 1n
    whole += size
  }
  if (whole === 0) throw new KafkaError('CORRUPT_MESSAGE', `${name}: no whole batch to append`)
  const batches = whole === records.length ? records : records.subarray(0, whole)
  const baseOffset = baseOffsetOf(batches, 0)
  return {
    batches,
    baseOffset,
    lastOffset: expected - 1n,
    logAppendTimeMs: NO_TIMESTAMP,
    recordCount: Number(expected - baseOffset),
    duplicate: null,
  }
}

function checkSize(size: number, { name, config }: AppendContext): void {
  const { maxMessageBytes, segmentBytes } = config
  if (size > maxMessageBytes)
    throw new KafkaError(
      'MESSAGE_TOO_LARGE',
      `${name}: batch of ${size} bytes, over max.message.bytes ${maxMessageBytes}`,
    )
  if (size > segmentBytes)
    throw new KafkaError(
      'RECORD_LIST_TOO_LARGE',
      `${name}: batch of ${size} bytes, over segment.bytes ${segmentBytes}`,
    )
}
