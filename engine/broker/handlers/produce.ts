/**
 * Produce (key 0): record batches from clients into the logs that this broker leads.
 *
 * Read and answered by hand instead of through the declaration, since this is the hot path: the
 * records stay the network's own bytes until they are written to the segment.
 *
 * What the answer waits for (`produce-waits.ts`) lets the next request of the connection begin.
 * Cost for a request with one partition: no copy of the records, one positional write, one CRC; of
 * allocations the frame's Reader, one view of the records, one outcome and the answer's bytes.
 */
import type { Answer } from '../../server/connection.ts'
import type { RequestContext, ServedApi } from '../../server/dispatcher.ts'
import { expected } from '../../server/dispatcher.ts'
import { apiKeys } from '../../protocol/api-keys.ts'
import { errorCode, KafkaError, type ErrorName } from '../../protocol/errors.ts'
import { InvalidFrameError } from '../../protocol/invalid-frame.ts'
import type { Reader } from '../../protocol/reader.ts'
import { ZERO_UUID } from '../../protocol/schema.ts'
import { Writer } from '../../protocol/writer.ts'
import { BATCH_HEADER_BYTES, isTransactional } from '../../protocol/records/record-batch.ts'
import { InvalidRecordsError } from '../../protocol/records/validate-produce.ts'
import type { BrokerServices } from '../broker-services.ts'
import {
  hintedEndpoints,
  leaderHint,
  writeLeaderHint,
  writeNodeEndpoints,
  type LeaderHint,
} from '../leader-hints.ts'
import type { Partition } from '../partition.ts'
import type { AppendContext } from '../replicas.ts'
import { answerWhenSafe, type Outcome, type TopicOutcome } from './produce-waits.ts'

const FLEXIBLE_SINCE = 9
const TOPIC_IDS_SINCE = 13
const LEADER_HINTS_SINCE = 10
const CURRENT_LEADER_TAG = 0
const ACKS_ALL = -1
/** The one client that may write to internal topics (Kafka's own admin tool). */
const ADMIN_CLIENT_ID = '__admin_client'

/** Errors of records against their log, beside which Apache Kafka tells where the log starts. */
const againstTheLog: ReadonlySet<ErrorName> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_TIMESTAMP',
])

export function produce(broker: BrokerServices): ServedApi {
  return {
    apiKey: apiKeys.produce,
    name: 'Produce',
    accepts: [3, 13],
    // librdkafka up to 2.11 turns compression off where version 0 is missing (KAFKA-18659).
    advertises: [0, 13],
    flexibleSince: FLEXIBLE_SINCE,
    serve(body, context, respond) {
      const request = read(broker, body, context.apiVersion)
      const topics = appendAll(broker, request, context)
      if (request.acks !== 0) {
        const reply = () => respond(answer(broker, topics, context))
        const deadlineMs = context.nowMs + request.timeoutMs
        const allReplicas = request.acks === ACKS_ALL
        const waits = answerWhenSafe(broker, { topics, allReplicas, deadlineMs, reply })
        if (waits) context.connection.letNextBegin()
        return
      }
      const failed = topics.some(topic => topic.partitions.some(each => each.error !== null))
      // There is no answer to carry the error, so the connection tells (as Apache Kafka does).
      if (failed) context.connection.close()
      respond(null)
    },
  }
}

interface Request {
  readonly acks: number
  readonly timeoutMs: number
  /** Whether any batch belongs to a transaction, which decides for the whole request. */
  readonly transactional: boolean
  readonly topics: readonly RequestTopic[]
}

interface RequestTopic {
  /** Empty where an id was given that no topic has. */
  readonly name: string
  readonly topicId: string
  readonly partitions: { readonly index: number; readonly records: Uint8Array | null }[]
}

/** The whole request, before anything of it is appended: a frame that is none changes nothing. */
function read(broker: BrokerServices, body: Reader, apiVersion: number): Request {
  const flexible = apiVersion >= FLEXIBLE_SINCE
  const byId = apiVersion >= TOPIC_IDS_SINCE
  const transactionalIdBytes = body.stringLength(flexible)
  if (transactionalIdBytes >= 0) body.skip(transactionalIdBytes)
  let transactional = false
  const acks = body.int16()
  const timeoutMs = body.int32()

  const topics: RequestTopic[] = []
  const topicCount = body.arrayLength(flexible)
  for (let inRequest = 0; inRequest < topicCount; inRequest++) {
    const topicId = byId ? body.uuid() : ZERO_UUID
    const name = byId ? (broker.cluster.topicName(topicId) ?? '') : nameIn(body, flexible)
    const partitions: RequestTopic['partitions'] = []
    const partitionCount = body.arrayLength(flexible)
    for (let inTopic = 0; inTopic < partitionCount; inTopic++) {
      const index = body.int32()
      const recordsBytes = body.bytesLength(flexible)
      const records = recordsBytes < 0 ? null : body.view(recordsBytes)
      if (records !== null && records.length >= BATCH_HEADER_BYTES)
        transactional ||= isTransactional(records, 0)
      partitions.push({ index, records })
      if (flexible) body.skipTaggedFields()
    }
    if (flexible) body.skipTaggedFields()
    topics.push({ name, topicId, partitions })
  }
  if (flexible) body.skipTaggedFields()
  return { acks, timeoutMs, transactional, topics }
}

function appendAll(
  broker: BrokerServices,
  request: Request,
  context: RequestContext,
): readonly TopicOutcome[] {
  const refusal = refusalOf(request.acks, request.transactional)
  const { nowMs, apiVersion, clientId } = context
  const how = { nowMs, apiVersion, clientId, acksAll: request.acks === ACKS_ALL }
  return request.topics.map(({ name, topicId, partitions }) => {
    const unknownId = name === '' && topicId !== ZERO_UUID ? unknownTopicId(topicId) : null
    return {
      name,
      topicId,
      partitions: partitions.map(({ index, records }) =>
        append(broker, how, { name, index, records, refusal: refusal ?? unknownId }),
      ),
    }
  })
}

function append(
  broker: BrokerServices,
  how: AppendContext & { readonly clientId: string | null },
  request: {
    readonly name: string
    readonly index: number
    readonly records: Uint8Array | null
    readonly refusal: KafkaError | null
  },
): Outcome {
  const { name, index, records, refusal } = request
  let partition: Partition | null = null
  try {
    if (refusal !== null) throw refusal
    if (broker.cluster.isInternalTopic(name) && how.clientId !== ADMIN_CLIENT_ID)
      throw new KafkaError(
        'INVALID_TOPIC_EXCEPTION',
        `${name} is internal: clients do not write it`,
      )
    partition = broker.replicas.leader(name, index)
    if (records === null || records.length === 0)
      throw new KafkaError('INVALID_RECORD', `${partition.name}: the request has no record batch`)
    const appended = broker.replicas.append(partition, records, how)
    return {
      index,
      error: null,
      baseOffset: appended.baseOffset,
      logAppendTimeMs: appended.logAppendTimeMs,
      logStartOffset: appended.logStartOffset,
      partition,
      requiredOffset: appended.lastOffset + 1n,
    }
  } catch (error) {
    // Waiting for what the protocol has a code for: each partition fails alone.
    const failure = expected(error)
    const told = againstTheLog.has(failure.error) || failure instanceof InvalidRecordsError
    return {
      index,
      error: failure,
      baseOffset: -1n,
      logAppendTimeMs: -1n,
      logStartOffset: (told ? partition?.log.logStartOffset : null) ?? -1n,
      partition: null,
      requiredOffset: -1n,
    }
  }
}

function refusalOf(acks: number, transactional: boolean): KafkaError | null {
  if (acks !== 0 && acks !== 1 && acks !== ACKS_ALL)
    return new KafkaError('INVALID_REQUIRED_ACKS', `acks is ${acks}, must be 0, 1 or -1`)
  if (transactional)
    return new KafkaError(
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
      'this version of Odradek serves no transactions',
    )
  return null
}

function unknownTopicId(topicId: string): KafkaError {
  return new KafkaError('UNKNOWN_TOPIC_ID', `no topic has the id ${topicId}`)
}

function nameIn(body: Reader, flexible: boolean): string {
  const bytes = body.stringLength(flexible)
  if (bytes < 0) throw new InvalidFrameError('a topic name is null')
  return body.utf8(bytes)
}

function answer(
  broker: BrokerServices,
  topics: readonly TopicOutcome[],
  context: RequestContext,
): Answer {
  const { apiVersion, correlationId } = context
  const flexible = apiVersion >= FLEXIBLE_SINCE
  const writer = new Writer(128)
  writer.int32(0)
  writer.int32(correlationId)
  if (flexible) writer.unsignedVarint(0)
  const hints = hintsOf(broker, topics, apiVersion)
  writer.arrayLength(topics.length, flexible)
  for (const topic of topics) {
    if (apiVersion >= TOPIC_IDS_SINCE) writer.uuid(topic.topicId)
    else writer.string(topic.name, flexible)
    writer.arrayLength(topic.partitions.length, flexible)
    for (const outcome of topic.partitions) writeOutcome(writer, outcome, apiVersion, hints)
    if (flexible) writer.unsignedVarint(0)
  }
  writer.int32(0) // throttleTimeMs
  if (flexible)
    writeNodeEndpoints(
      writer,
      hints === null ? [] : hintedEndpoints(broker.cluster, [...hints.values()]),
    )
  writer.int32At(writer.position - 4, 0)
  const parts = [writer.finish()]
  return context.connection.tapped ? { parts, errorCodes: errorCodesOf(topics) } : { parts }
}

/** Null, as nearly always, where every partition is led here. */
function hintsOf(
  { cluster }: BrokerServices,
  topics: readonly TopicOutcome[],
  apiVersion: number,
): ReadonlyMap<Outcome, LeaderHint> | null {
  if (apiVersion < LEADER_HINTS_SINCE) return null
  let hints: Map<Outcome, LeaderHint> | null = null
  for (const { name, partitions } of topics)
    for (const outcome of partitions) {
      if (outcome.error?.error !== 'NOT_LEADER_OR_FOLLOWER') continue
      const hint = leaderHint(cluster, name, outcome.index)
      if (hint !== null) (hints ??= new Map()).set(outcome, hint)
    }
  return hints
}

function errorCodesOf(topics: readonly TopicOutcome[]): readonly number[] {
  const codes = topics.flatMap(({ partitions }) => partitions.map(each => each.error?.code ?? 0))
  return [...new Set(codes)].filter(code => code !== 0)
}

function writeOutcome(
  writer: Writer,
  outcome: Outcome,
  apiVersion: number,
  hints: ReadonlyMap<Outcome, LeaderHint> | null,
): void {
  const flexible = apiVersion >= FLEXIBLE_SINCE
  writer.int32(outcome.index)
  writer.int16(outcome.error === null ? errorCode('NONE') : outcome.error.code)
  writer.int64(outcome.baseOffset)
  writer.int64(outcome.logAppendTimeMs)
  if (apiVersion >= 5) writer.int64(outcome.logStartOffset)
  if (apiVersion >= 8) {
    writeRecordErrors(writer, outcome.error, flexible)
    writer.string(outcome.error?.reason ?? null, flexible)
  }
  if (!flexible) return
  const hint = hints?.get(outcome)
  writer.unsignedVarint(hint === undefined ? 0 : 1)
  if (hint !== undefined) writeLeaderHint(writer, CURRENT_LEADER_TAG, hint)
}

/** Which records of the batch were refused, and why each (KIP-467). */
function writeRecordErrors(writer: Writer, error: KafkaError | null, flexible: boolean): void {
  const recordErrors = error instanceof InvalidRecordsError ? error.recordErrors : []
  writer.arrayLength(recordErrors.length, flexible)
  for (const { batchIndex, message } of recordErrors) {
    writer.int32(batchIndex)
    writer.string(message, flexible)
    if (flexible) writer.unsignedVarint(0)
  }
}
