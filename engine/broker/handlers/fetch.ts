/**
 * Fetch (key 1): record batches from the logs that this broker holds, at once or when enough has
 * come (`fetch.min.bytes`, `fetch.max.wait.ms`). Consumers get what is committed; followers get
 * all, and by asking say how far they are.
 *
 * Reading and writing the answer are two files: `fetch-reader.ts` and `fetch-answer.ts`.
 */
import { apiKeys } from '../../protocol/api-keys.ts'
import { errorTable } from '../../protocol/errors.ts'
import { fetchRequest, type FetchRequest } from '../../protocol/messages/fetch.ts'
import { ZERO_UUID } from '../../protocol/schema.ts'
import type { FetchContext, FetchPartition } from '../../replica/fetch-sessions.ts'
import type { Answer, Respond } from '../../server/connection.ts'
import type { RequestContext, ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { FetchingReplica, Partition } from '../partition.ts'
import { fetchAnswer, fetchFailure } from './fetch-answer.ts'
import { readAll, type ReadLimits, type ReadPartition, type ReadResult } from './fetch-reader.ts'

const TOPIC_IDS_SINCE = 13
const REPLICA_STATE_SINCE = 15
/**
 * Records that lie in memory because clients have not taken them yet, for all clients together.
 * Beyond it an answer holds one batch, which it always may: consumers get on, though in small steps.
 */
const UNTAKEN_RECORDS_BYTES_MAX = 128 * 1024 * 1024

export function fetch(broker: BrokerServices): ServedApi {
  return {
    apiKey: apiKeys.fetch,
    name: 'Fetch',
    accepts: fetchRequest.versions,
    advertises: fetchRequest.versions,
    flexibleSince: fetchRequest.flexibleSince,
    serve(body, context, respond) {
      const request = fetchRequest.read(body, context.apiVersion)
      const opened = openSession(broker, request, context)
      if (opened.type === 'error') respond(fetchFailure(errorTable[opened.error].code, context))
      else answerWhenReady(broker, opened.context, limitsOf(broker, request, context), respond)
    },
  }
}

interface Limits extends ReadLimits {
  readonly request: RequestContext
  readonly minBytes: number
  readonly maxWaitMs: number
}

function limitsOf(broker: BrokerServices, request: FetchRequest, context: RequestContext): Limits {
  const replica = replicaOf(request, context)
  const bytesMax = replica === null ? broker.settings().fetchMaxBytes : Infinity
  return {
    request: context,
    maxBytes: Math.min(request.maxBytes, bytesMax),
    minBytes: Math.min(request.minBytes, bytesMax),
    maxWaitMs: request.maxWaitMs,
    committedOnly: request.isolationLevel === 1,
    apiVersion: context.apiVersion,
    replica,
    rack: request.rackId,
  }
}

function replicaOf(
  { replicaId, replicaState }: FetchRequest,
  { apiVersion }: RequestContext,
): FetchingReplica | null {
  const [brokerId, brokerEpoch] =
    apiVersion >= REPLICA_STATE_SINCE
      ? [replicaState.replicaId, replicaState.replicaEpoch]
      : [replicaId, -1n]
  return brokerId < 0 ? null : { brokerId, brokerEpoch }
}

function openSession(broker: BrokerServices, request: FetchRequest, context: RequestContext) {
  const usesTopicIds = context.apiVersion >= TOPIC_IDS_SINCE
  const nameOf = (topic: string, topicId: string) =>
    usesTopicIds ? (broker.cluster.topicName(topicId) ?? '') : topic
  const partitions: FetchPartition[] = []
  for (const topic of request.topics) {
    const name = nameOf(topic.topic, topic.topicId)
    for (const each of topic.partitions)
      partitions.push({ ...each, topic: name, topicId: usesTopicIds ? topic.topicId : ZERO_UUID })
  }
  return broker.fetchSessions.open(
    {
      sessionId: request.sessionId,
      sessionEpoch: request.sessionEpoch,
      usesTopicIds,
      isFollower: replicaOf(request, context) !== null,
      partitions,
      forgotten: request.forgottenTopicsData.flatMap(topic =>
        topic.partitions.map(partition => ({
          topic: nameOf(topic.topic, topic.topicId),
          topicId: usesTopicIds ? topic.topicId : ZERO_UUID,
          partition,
        })),
      ),
    },
    context.nowMs,
  )
}

/** Reads; waits when it was too little; reads once more when enough has come or time is up. */
function answerWhenReady(
  broker: BrokerServices,
  context: FetchContext,
  limits: Limits,
  respond: Respond,
): void {
  if (limits.replica === null) {
    const first = readNow(broker, limits, context.partitions)
    answerOrWait(broker, context, limits, { first, respond })
    return
  }
  const first = readForFollower(broker, context, limits, limits.replica)
  // What the follower's progress commits is told only when its own fetch is answered or waits: who
  // is woken by it may append, and this fetch must hear of that.
  const advances = noteProgress(broker, limits.replica, first, limits.request.nowMs)
  answerOrWaitForAppends(broker, context, limits, { first, respond, replica: limits.replica })
  for (const { partition, from } of advances) broker.replication.committed(partition, from, -1)
}

interface Advance {
  readonly partition: Partition
  readonly from: bigint
}

/** Takes in how far a follower is, and puts the high watermarks that follow into the answer. */
function noteProgress(
  { replication }: BrokerServices,
  replica: FetchingReplica,
  { partitions }: ReadResult,
  nowMs: number,
): readonly Advance[] {
  const advances: Advance[] = []
  for (const read of partitions) {
    const { partition, request, error, divergingEpoch } = read
    if (partition === null || error !== null || divergingEpoch !== null) continue
    const from = partition.highWatermark
    const { fetchOffset, logStartOffset } = request
    replication.followerFetched(partition, { ...replica, fetchOffset, logStartOffset, nowMs })
    if (partition.highWatermark === from) continue
    read.highWatermark = partition.highWatermark
    read.lastStableOffset = partition.lastStableOffset
    advances.push({ partition, from })
  }
  return advances
}

function answerOrWait(
  broker: BrokerServices,
  context: FetchContext,
  limits: Limits,
  { first, respond }: { readonly first: ReadResult; readonly respond: Respond },
): void {
  if (!mayWait(limits, first) || first.partitions.length === 0) {
    conclude(broker, context, limits, first, respond)
    return
  }
  const read = first.partitions.map(each => each.partition).filter(isPartition)
  first.release()
  const { fetchPurgatory } = broker
  const waiting = {
    partitions: read,
    missingBytes: limits.minBytes - first.bytes,
    complete: () => finish(),
  }
  const giveUp = onceLate(broker, limits, () => {
    fetchPurgatory.remove(waiting)
    finish()
  })
  const finish = () => {
    giveUp.cancel()
    if (limits.request.connection.closed) return
    conclude(broker, context, limits, readNow(broker, limits, context.partitions), respond)
  }
  giveUp.onAskerGone(() => fetchPurgatory.remove(waiting))
  fetchPurgatory.add(waiting)
}

/** As `answerOrWait`: looks only at what is new, and waits for any of its partitions at once. */
function answerOrWaitForAppends(
  broker: BrokerServices,
  context: FetchContext,
  limits: Limits,
  {
    first,
    respond,
    replica,
  }: {
    readonly first: ReadResult
    readonly respond: Respond
    readonly replica: FetchingReplica
  },
): void {
  if (!mayWait(limits, first) || context.partitions.length === 0) {
    conclude(broker, context, limits, first, respond)
    return
  }
  first.release()
  const { followerWaits } = broker
  const { connection } = limits.request
  const readAgain = () => readForFollower(broker, context, limits, replica)
  const waiting = {
    brokerId: replica.brokerId,
    missingBytes: limits.minBytes - first.bytes,
    wake(how: 'look' | 'answer') {
      const read = readAgain()
      if (how === 'answer' || read.bytes > 0 || read.partitions.some(mustTell)) {
        finish(read)
        return
      }
      // They came to a partition that it does not fetch now.
      read.release()
      waiting.missingBytes = limits.minBytes
      followerWaits.add(waiting)
    },
  }
  const giveUp = onceLate(broker, limits, () => {
    followerWaits.remove(waiting)
    finish(readAgain())
  })
  const finish = (read: ReadResult) => {
    giveUp.cancel()
    connection.onNextWaits = null
    if (connection.closed) read.release()
    else conclude(broker, context, limits, read, respond)
  }
  giveUp.onAskerGone(() => followerWaits.remove(waiting))
  // A follower sends something behind its Fetch when it has news: partitions that it follows now.
  connection.onNextWaits = () => {
    followerWaits.remove(waiting)
    finish(readAgain())
  }
  followerWaits.add(waiting)
}

function mayWait({ maxWaitMs, minBytes }: Limits, first: ReadResult): boolean {
  return maxWaitMs > 0 && first.bytes < minBytes && !first.partitions.some(mustTell)
}

/** The end of a wait that nothing else ended: time is up, or nobody is there to be answered. */
function onceLate(broker: BrokerServices, { request, maxWaitMs }: Limits, late: () => void) {
  const { connection } = request
  const cancelDeadline = broker.clock.at(request.nowMs + maxWaitMs, late)
  return {
    cancel() {
      cancelDeadline()
      connection.onAskerGone = null
    },
    onAskerGone(forget: () => void) {
      connection.onAskerGone = () => {
        forget()
        cancelDeadline()
      }
    },
  }
}

/** Leaves out what the follower has all of and was told all about: nearly everything, mostly. */
function readForFollower(
  broker: BrokerServices,
  context: FetchContext,
  limits: Limits,
  replica: FetchingReplica,
): ReadResult {
  const registered = broker.cluster.image.brokers.get(replica.brokerId)?.brokerEpoch
  const isCurrent = registered === replica.brokerEpoch
  const { nowMs } = limits.request
  const partitions = isCurrent
    ? context.partitions.filter(each => !isIdle(broker, context, each, { replica, nowMs }))
    : context.partitions
  return readNow(broker, limits, partitions)
}

function isIdle(
  { replicas }: BrokerServices,
  context: FetchContext,
  request: FetchPartition,
  { replica, nowMs }: { readonly replica: FetchingReplica; readonly nowMs: number },
): boolean {
  const partition = replicas.find(request.topic, request.partition)
  if (partition === null) return false
  const { leading, log } = partition
  if (leading === null || request.currentLeaderEpoch !== leading.leaderEpoch) return false
  if (request.fetchOffset !== log.logEndOffset) return false
  const { highWatermark } = leading
  if (!context.wasTold(request, { highWatermark, logStartOffset: log.logStartOffset })) return false
  return leading.followerStays(replica.brokerId, replica.brokerEpoch, nowMs)
}

function readNow(
  broker: BrokerServices,
  limits: Limits,
  partitions: readonly FetchPartition[],
): ReadResult {
  const room = Math.max(0, UNTAKEN_RECORDS_BYTES_MAX - broker.buffers.lentBytes)
  return readAll(broker, partitions, { ...limits, maxBytes: Math.min(limits.maxBytes, room) })
}

function conclude(
  broker: BrokerServices,
  context: FetchContext,
  limits: Limits,
  result: ReadResult,
  respond: Respond,
): void {
  const { sessionId, told } = context.conclude(
    result.partitions.map(each => ({
      request: each.request,
      failed: mustTell(each),
      highWatermark: each.highWatermark,
      logStartOffset: each.logStartOffset,
      recordsBytes: each.records.length,
    })),
    broker.clock.nowMs(),
  )
  const partitions = result.partitions.filter((_, index) => told[index])
  if (limits.replica === null)
    for (const { partition, records } of partitions)
      if (partition !== null && records.length > 0)
        broker.traffic.fetched(partition.topic, records.length)
  const { cluster } = broker
  const outcome = { cluster, partitions, sessionId, committedOnly: limits.committedOnly }
  let answer: Answer
  try {
    answer = fetchAnswer(outcome, limits.request, { onWritten: result.release })
  } catch (error) {
    // Rethrown: only the records' memory must not be lost with an answer that cannot be written.
    result.release()
    throw error
  }
  respond(answer)
}

/** It is told at once, and whatever the session remembers. */
function mustTell({ error, divergingEpoch, preferredReplica }: ReadPartition): boolean {
  return error !== null || divergingEpoch !== null || preferredReplica >= 0
}

function isPartition(partition: Partition | null): partition is Partition {
  return partition !== null
}
