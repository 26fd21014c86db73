/**
 * Writes Fetch answers by hand: the declaration's encoder would copy every record. Long records
 * stay where they were read to and leave as a piece of their own; short ones are copied, since a
 * piece costs more than a few kilobytes do.
 */
import type { KafkaError } from '../../protocol/errors.ts'
import { fetchRequest } from '../../protocol/messages/fetch.ts'
import { Writer } from '../../protocol/writer.ts'
import type { Answer } from '../../server/connection.ts'
import type { RequestContext } from '../../server/dispatcher.ts'
import {
  hintedEndpoints,
  leaderHint,
  writeLeaderHint,
  writeNodeEndpoints,
  type LeaderHint,
} from '../leader-hints.ts'
import type { ClusterView } from '../cluster-view.ts'
import type { ReadPartition } from './fetch-reader.ts'

const FLEXIBLE_SINCE = fetchRequest.flexibleSince!
const TOPIC_IDS_SINCE = 13
const COPIED_BYTES_MAX = 8 * 1024
const LEADER_HINTS_SINCE = 16
const DIVERGING_EPOCH_TAG = 0
const CURRENT_LEADER_TAG = 1
/** Epoch, end offset, and no tagged fields of its own. */
const DIVERGING_EPOCH_BYTES = 4 + 8 + 1

interface Outcome {
  readonly cluster: ClusterView
  readonly partitions: readonly ReadPartition[]
  readonly sessionId: number
  readonly committedOnly: boolean
  /** Followers know the brokers, and are told no addresses. */
  readonly toFollower: boolean
}

export function fetchAnswer(
  outcome: Outcome,
  context: RequestContext,
  options: { readonly onWritten: () => void },
): Answer {
  const writer = new Writer(512)
  /** Where in the writer's bytes a long run of records belongs. */
  const cuts: { readonly at: number; readonly records: Uint8Array }[] = []
  const flexible = context.apiVersion >= FLEXIBLE_SINCE
  writeHead(writer, context, { errorCode: 0, sessionId: outcome.sessionId })

  const hints = hintsOf(outcome, context)
  const topics = groupByTopic(outcome.partitions)
  writer.arrayLength(topics.length, flexible)
  for (const partitions of topics) {
    const { topic, topicId } = partitions[0]!.request
    if (context.apiVersion >= TOPIC_IDS_SINCE) writer.uuid(topicId)
    else writer.string(topic, flexible)
    writer.arrayLength(partitions.length, flexible)
    for (const each of partitions) {
      writePartitionHead(writer, each, context.apiVersion, outcome.committedOnly)
      writer.arrayLength(each.records.length, flexible)
      if (each.records.length <= COPIED_BYTES_MAX) writer.raw(each.records)
      else cuts.push({ at: writer.position, records: each.records })
      if (flexible) writePartitionTags(writer, each, hints?.get(each) ?? null)
    }
    if (flexible) writer.unsignedVarint(0)
  }
  if (flexible)
    writeNodeEndpoints(
      writer,
      hints === null || outcome.toFollower
        ? []
        : hintedEndpoints(outcome.cluster, [...hints.values()]),
    )
  const answer = { parts: assemble(writer, cuts), onWritten: options.onWritten }
  return context.connection.tapped ? { ...answer, errorCodes: errorCodesOf(outcome) } : answer
}

/** Null, as nearly always, where every partition is led here. */
function hintsOf(
  { partitions, cluster }: Outcome,
  { apiVersion }: RequestContext,
): ReadonlyMap<ReadPartition, LeaderHint> | null {
  if (apiVersion < LEADER_HINTS_SINCE) return null
  let hints: Map<ReadPartition, LeaderHint> | null = null
  for (const each of partitions) {
    const error = each.error?.error
    if (error !== 'NOT_LEADER_OR_FOLLOWER' && error !== 'FENCED_LEADER_EPOCH') continue
    const hint = leaderHint(cluster, each.request.topic, each.request.partition)
    if (hint !== null) (hints ??= new Map()).set(each, hint)
  }
  return hints
}

function errorCodesOf({ partitions }: Outcome): readonly number[] {
  const codes = partitions.map(({ error }) => error?.code ?? 0)
  return [...new Set(codes)].filter(code => code !== 0)
}

/** An answer without partitions, for a session that cannot be used. */
export function fetchFailure(errorCode: number, context: RequestContext): Answer {
  const flexible = context.apiVersion >= FLEXIBLE_SINCE
  const writer = new Writer(64)
  writeHead(writer, context, { errorCode, sessionId: 0 })
  writer.arrayLength(0, flexible)
  if (flexible) writer.unsignedVarint(0)
  return { parts: assemble(writer, []), errorCodes: [errorCode] }
}

function writeHead(
  writer: Writer,
  { apiVersion, correlationId }: RequestContext,
  { errorCode, sessionId }: { readonly errorCode: number; readonly sessionId: number },
): void {
  writer.int32(0)
  writer.int32(correlationId)
  if (apiVersion >= FLEXIBLE_SINCE) writer.unsignedVarint(0)
  writer.int32(0) // throttleTimeMs
  if (apiVersion < 7) return
  writer.int16(errorCode)
  writer.int32(sessionId)
}

function writePartitionHead(
  writer: Writer,
  read: ReadPartition,
  apiVersion: number,
  committedOnly: boolean,
): void {
  writer.int32(read.request.partition)
  writer.int16(read.error?.code ?? 0)
  writer.int64(read.highWatermark)
  writer.int64(read.lastStableOffset)
  if (apiVersion >= 5) writer.int64(read.logStartOffset)
  // Aborted transactions: none without transactions, and null where nobody asked. As Apache Kafka,
  // a partition that does not exist has none, and one that could not be read has null.
  const asked = read.error === null ? committedOnly : isUnknown(read.error)
  const aborted = asked ? 0 : -1
  writer.arrayLength(aborted, apiVersion >= FLEXIBLE_SINCE)
  if (apiVersion >= 11) writer.int32(read.preferredReplica)
}

function isUnknown({ error }: KafkaError): boolean {
  return error === 'UNKNOWN_TOPIC_OR_PARTITION' || error === 'UNKNOWN_TOPIC_ID'
}

function writePartitionTags(
  writer: Writer,
  { divergingEpoch }: ReadPartition,
  hint: LeaderHint | null,
): void {
  writer.unsignedVarint((divergingEpoch === null ? 0 : 1) + (hint === null ? 0 : 1))
  if (divergingEpoch !== null) {
    writer.unsignedVarint(DIVERGING_EPOCH_TAG)
    writer.unsignedVarint(DIVERGING_EPOCH_BYTES)
    writer.int32(divergingEpoch.leaderEpoch)
    writer.int64(divergingEpoch.endOffset)
    writer.unsignedVarint(0)
  }
  if (hint !== null) writeLeaderHint(writer, CURRENT_LEADER_TAG, hint)
}

/** Neighbours of one topic share its entry; a topic may come twice, as in Apache Kafka. */
function groupByTopic(partitions: readonly ReadPartition[]): ReadPartition[][] {
  const groups: ReadPartition[][] = []
  for (const each of partitions) {
    const last = groups.at(-1)
    const { topic, topicId } = each.request
    if (
      last !== undefined &&
      last[0]!.request.topic === topic &&
      last[0]!.request.topicId === topicId
    )
      last.push(each)
    else groups.push([each])
  }
  return groups
}

function assemble(
  writer: Writer,
  cuts: readonly { readonly at: number; readonly records: Uint8Array }[],
): Uint8Array[] {
  const recordsBytes = cuts.reduce((sum, cut) => sum + cut.records.length, 0)
  writer.int32At(writer.position - 4 + recordsBytes, 0)
  const written = writer.finish()
  const parts: Uint8Array[] = []
  let from = 0
  for (const { at, records } of cuts) {
    parts.push(written.subarray(from, at), records)
    from = at
  }
  parts.push(written.subarray(from))
  return parts
}
