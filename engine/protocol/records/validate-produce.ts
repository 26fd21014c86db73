/**
 * What a leader checks before it appends a client's records, in Apache Kafka's order and with its
 * error names (ProduceRequest.validateRecords, UnifiedLog, LogValidator), and what it rewrites:
 * the append time, the compression.
 *
 * One deviation. Kafka decompresses every batch to look at its records; here a compressed batch is
 * opened only when a rule cannot be decided from its header (keys of a compacted topic, a lower
 * bound for timestamps, another compression.type). A client that compresses records which do not
 * match their own header is therefore found out by its readers and not at the door. Records that
 * are not compressed are always walked (`surveyRecords`), which costs some ten nanoseconds each.
 */
import { KafkaError, type ErrorName } from '../errors.ts'
import { codecById, codecId, compress, type Codec } from './compression.ts'
import { setInt32At } from './bytes.ts'
import { RecordCursor } from './record-cursor.ts'
import {
  BATCH_HEADER_BYTES,
  BATCH_OVERHEAD_BYTES,
  NO_PRODUCER_ID,
  NO_TIMESTAMP,
  attributesOf,
  baseOffsetOf,
  baseSequenceOf,
  baseTimestampOf,
  checkedSize,
  compressionIdOf,
  crcIsValid,
  isControl,
  isLogAppendTime,
  lastOffsetDeltaOf,
  magicOf,
  maxTimestampOf,
  producerIdOf,
  recordCountOf,
  stampTimestamp,
} from './record-batch.ts'
import { recordsOf, timestampsOf } from './record-reader.ts'
import { surveyRecords } from './record-survey.ts'

export interface ProduceRules {
  /** `topic-partition`, for messages. */
  readonly name: string
  readonly produceVersion: number
  readonly nowMs: number
  readonly compacted: boolean
  readonly maxMessageBytes: number
  readonly segmentBytes: number
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly timestampBeforeMaxMs: bigint
  readonly timestampAfterMaxMs: bigint
  /** `producer` keeps what the client chose. */
  readonly compressionType: 'producer' | Codec
}

export interface ValidProduce {
  /** One batch: the given bytes, stamped in place where the rules ask, or newly compressed ones. */
  readonly batch: Uint8Array
  readonly recordCount: number
  /** The append time where the topic stamps it, -1 elsewhere (as responses carry it). */
  readonly logAppendTimeMs: bigint
}

/** Records refused one by one: the response names them (KIP-467). */
export class InvalidRecordsError extends KafkaError {
  readonly recordErrors: readonly RecordError[]

  constructor(error: ErrorName, message: string, recordErrors: readonly RecordError[]) {
    super(error, message)
    this.recordErrors = recordErrors
  }
}

export interface RecordError {
  readonly batchIndex: number
  readonly message: string
}

/** How many refused records are named; the rest are only counted. */
const RECORD_ERRORS_MAX = 100
const LONG_MAX = 0x7fff_ffff_ffff_ffffn

export function validateProduce(records: Uint8Array | null, rules: ProduceRules): ValidProduce {
  const batch = theOneBatch(records, rules)
  checkHeader(batch, rules)
  const walked = mustWalk(batch, rules) ? walkRecords(batch, rules) : null
  if (walked === null) checkHeaderTimestamps(batch, rules)

  const stampsTime = rules.timestampType === 'LogAppendTime'
  const rewritten = recompressed(batch, walked?.payload ?? null, rules)
  const nowMs = BigInt(rules.nowMs)
  if (stampsTime) stampTimestamp(rewritten, 0, { maxTimestampMs: nowMs, logAppendTime: true })
  else {
    const maxTimestampMs = walked?.maxTimestampMs ?? maxTimestampOf(batch, 0)
    const differs = maxTimestampMs !== maxTimestampOf(batch, 0) || isLogAppendTime(batch, 0)
    if (rewritten !== batch || differs)
      stampTimestamp(rewritten, 0, { maxTimestampMs, logAppendTime: false })
  }
  // Compression may make a batch larger, and the limit is for what is stored.
  if (rewritten.length > rules.maxMessageBytes) throw tooLarge(rewritten, rules)
  return {
    batch: rewritten,
    recordCount: recordCountOf(batch, 0),
    logAppendTimeMs: stampsTime ? nowMs : NO_TIMESTAMP,
  }
}

function theOneBatch(records: Uint8Array | null, { name }: ProduceRules): Uint8Array {
  // Seventeen bytes hold the size and the magic; fewer are the beginning of no batch.
  if (records === null || records.length <= 16)
    throw new KafkaError('INVALID_RECORD', `${name}: the request holds no whole record batch`)
  const magic = magicOf(records, 0)
  if (magic === 0 || magic === 1)
    throw new KafkaError('INVALID_RECORD', `${name}: batch of magic ${magic}, where 2 is asked for`)
  const size = checkedSize(records, 0)
  if (size > records.length)
    throw new KafkaError('INVALID_RECORD', `${name}: the request holds no whole record batch`)
  // Fewer than seventeen bytes more begin no second batch, and Kafka drops them as it does here.
  if (records.length - size > 16)
    throw new KafkaError('INVALID_RECORD', `${name}: more than one record batch in a request`)
  return size === records.length ? records : records.subarray(0, size)
}

function checkHeader(batch: Uint8Array, rules: ProduceRules): void {
  const { name } = rules
  const codec = codecById(compressionIdOf(batch, 0))
  if (codec === 'zstd' && rules.produceVersion < 7)
    throw new KafkaError(
      'UNSUPPORTED_COMPRESSION_TYPE',
      `${name}: zstd in a Produce request of version ${rules.produceVersion}, below 7`,
    )
  const baseOffset = baseOffsetOf(batch, 0)
  if (baseOffset !== 0n)
    throw new KafkaError('INVALID_RECORD', `${name}: base offset ${baseOffset} of a client, not 0`)
  if (batch.length > rules.maxMessageBytes) throw tooLarge(batch, rules)
  if (!crcIsValid(batch, 0))
    throw new KafkaError('CORRUPT_MESSAGE', `${name}: the batch's checksum differs`)
  if (batch.length > rules.segmentBytes)
    throw new KafkaError(
      'RECORD_LIST_TOO_LARGE',
      `${name}: batch of ${batch.length} bytes, over segment.bytes ${rules.segmentBytes}`,
    )
  const count = recordCountOf(batch, 0)
  const span = lastOffsetDeltaOf(batch, 0) + 1
  if (count <= 0 || span !== count)
    throw new KafkaError('INVALID_RECORD', `${name}: ${count} records over ${span} offsets`)
  if (isControl(batch, 0))
    throw new KafkaError('INVALID_RECORD', `${name}: clients write no control records`)
  if (producerIdOf(batch, 0) !== NO_PRODUCER_ID && baseSequenceOf(batch, 0) < 0)
    throw new KafkaError(
      'INVALID_RECORD',
      `${name}: sequence ${baseSequenceOf(batch, 0)} of producer ${producerIdOf(batch, 0)}`,
    )
}

function mustWalk(batch: Uint8Array, rules: ProduceRules): boolean {
  if (compressionIdOf(batch, 0) === 0 || rules.compacted) return true
  if (
    rules.compressionType !== 'producer' &&
    codecId(rules.compressionType) !== compressionIdOf(batch, 0)
  )
    return true
  // More records than compressed bytes: true of constant ones, and of a count made up to move the
  // log end far ahead. Looking tells.
  if (recordCountOf(batch, 0) > batch.length - BATCH_HEADER_BYTES) return true
  return rules.timestampType === 'CreateTime' && rules.timestampBeforeMaxMs < LONG_MAX
}

interface Walked {
  readonly payload: Uint8Array
  readonly maxTimestampMs: bigint
}

interface Fault extends RecordError {
  readonly error: ErrorName
}

function walkRecords(batch: Uint8Array, rules: ProduceRules): Walked {
  const payload = recordsOf(batch, 0)
  const count = recordCountOf(batch, 0)
  const [earliest, latest] = timestampBounds(rules)
  const base = baseTimestampOf(batch, 0)
  // Numbers first, for every record; the exact comparison only for what they call out of bounds.
  const deltaMin = Number(earliest - base)
  const deltaMax = Number(latest - base)
  const typed = isLogAppendTime(batch, 0)
  const survey = typed ? null : surveyRecords(payload, count)
  if (survey !== null && (survey.allKeyed || !rules.compacted)) {
    const { minDeltaMs, maxDeltaMs } = survey
    if (minDeltaMs > deltaMin && maxDeltaMs < deltaMax)
      return { payload, maxTimestampMs: base + BigInt(maxDeltaMs) }
  }
  const cursor = new RecordCursor(payload)
  const timestampOf = timestampsOf(batch, 0)
  const faults: Fault[] = []
  let maxTimestampMs = NO_TIMESTAMP
  let maxDelta = -Infinity
  for (let index = 0; index < count && faults.length < RECORD_ERRORS_MAX; index++) {
    cursor.read()
    if (cursor.offsetDelta !== index)
      throw invalid(rules, `offset delta ${cursor.offsetDelta} of record ${index}`)
    const delta = cursor.timestampDeltaNumber
    if (delta > maxDelta) {
      maxDelta = delta
      maxTimestampMs = timestampOf(cursor)
    }
    if (rules.compacted && cursor.keyLength < 0)
      faults.push({ error: 'INVALID_RECORD', batchIndex: index, message: keyless(rules) })
    else if (typed || delta <= deltaMin || delta >= deltaMax) {
      const message = timestampFault(timestampOf(cursor), batch, rules)
      if (message !== null) faults.push({ error: 'INVALID_TIMESTAMP', batchIndex: index, message })
    }
  }
  if (faults.length > 0) throw refused(faults, rules)
  if (cursor.remaining !== 0)
    throw invalid(rules, `${cursor.remaining} bytes after ${count} records`)
  return { payload, maxTimestampMs }
}

/** Without a walk: an honest header has the greatest timestamp of its records. */
function checkHeaderTimestamps(batch: Uint8Array, rules: ProduceRules): void {
  const message = timestampFault(maxTimestampOf(batch, 0), batch, rules)
  if (message === null) return
  const last = lastOffsetDeltaOf(batch, 0)
  throw refused([{ error: 'INVALID_TIMESTAMP', batchIndex: last, message }], rules)
}

function timestampBounds(rules: ProduceRules): readonly [bigint, bigint] {
  const nowMs = BigInt(rules.nowMs)
  return [nowMs - rules.timestampBeforeMaxMs, nowMs + rules.timestampAfterMaxMs]
}

/** LogValidator.validateTimestamp, rule by rule; null when the timestamp may stay. */
function timestampFault(
  timestampMs: bigint,
  batch: Uint8Array,
  rules: ProduceRules,
): string | null {
  if (rules.timestampType === 'CreateTime' && timestampMs !== NO_TIMESTAMP) {
    const [earliest, latest] = timestampBounds(rules)
    if (timestampMs >= earliest && timestampMs <= latest) return null
    return `${rules.name}: timestamp ${timestampMs} is outside [${earliest}, ${latest}]`
  }
  if (!isLogAppendTime(batch, 0)) return null
  return `${rules.name}: a producer sets no timestamp type LogAppendTime`
}

function keyless({ name }: ProduceRules): string {
  return `${name}: a compacted topic takes no record without a key`
}

function refused(faults: readonly Fault[], { name }: ProduceRules): InvalidRecordsError {
  const late = faults.some(fault => fault.error === 'INVALID_TIMESTAMP')
  return new InvalidRecordsError(
    late ? 'INVALID_TIMESTAMP' : 'INVALID_RECORD',
    `${name}: ${faults.length} records refused, the first because: ${faults[0]?.message}`,
    faults.map(({ batchIndex, message }) => ({ batchIndex, message })),
  )
}

/** The batch in the topic's own compression; the given one where that is already so. */
function recompressed(
  batch: Uint8Array,
  payload: Uint8Array | null,
  { compressionType }: ProduceRules,
): Uint8Array {
  if (compressionType === 'producer' || codecId(compressionType) === compressionIdOf(batch, 0))
    return batch
  const records = compress(compressionType, payload ?? recordsOf(batch, 0))
  const rewritten = Buffer.allocUnsafe(BATCH_HEADER_BYTES + records.length)
  rewritten.set(batch.subarray(0, BATCH_HEADER_BYTES))
  rewritten.set(records, BATCH_HEADER_BYTES)
  setInt32At(rewritten, 8, rewritten.length - BATCH_OVERHEAD_BYTES)
  rewritten[22] = (attributesOf(batch, 0) & ~0x07 & 0xff) | codecId(compressionType)
  return rewritten
}

function tooLarge(batch: Uint8Array, rules: ProduceRules): KafkaError {
  return new KafkaError(
    'MESSAGE_TOO_LARGE',
    `${rules.name}: batch of ${batch.length} bytes, over max.message.bytes ${rules.maxMessageBytes}`,
  )
}

function invalid({ name }: ProduceRules, what: string): KafkaError {
  return new KafkaError('INVALID_RECORD', `${name}: ${what}`)
}
