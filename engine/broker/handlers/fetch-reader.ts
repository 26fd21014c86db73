/**
 * Reads the partitions of a Fetch into one pooled buffer: file bytes straight to where the socket
 * takes them from, whole batches only, and at least one batch for the first partition that has any
 * (KIP-74).
 *
 * Cost for a partition: one positional read of at most its limit, and no copy after it.
 */
import { expected } from '../../server/dispatcher.ts'
import { KafkaError } from '../../protocol/errors.ts'
import { ZERO_UUID } from '../../protocol/schema.ts'
import type { EpochEnd } from '../../log/leader-epoch-cache.ts'
import type { ReadTarget } from '../../log/log-reader.ts'
import type { FetchPartition } from '../../replica/fetch-sessions.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { FetchingReplica, Partition } from '../partition.ts'
import { nearestReplica } from '../nearest-replica.ts'

const ZSTD_SINCE = 10
const READ_FROM_FOLLOWER_SINCE = 11
const NO_RECORDS = new Uint8Array(0)
const NO_PREFERRED_REPLICA = -1

export interface ReadLimits {
  readonly maxBytes: number
  /** Reads up to the last stable offset instead of the high watermark. */
  readonly committedOnly: boolean
  readonly apiVersion: number
  /** Who fetches, where it is a follower: it is given what is not committed yet. */
  readonly replica: FetchingReplica | null
  /** Where a consumer is; empty where it did not say. */
  readonly rack: string
}

export interface ReadPartition {
  readonly request: FetchPartition
  /** Null where there is none of that name here. */
  readonly partition: Partition | null
  readonly error: KafkaError | null
  /** Where the log parts from what the asker has: it truncates to there, and gets no records. */
  readonly divergingEpoch: EpochEnd | null
  highWatermark: bigint
  lastStableOffset: bigint
  readonly logStartOffset: bigint
  /** Whom a consumer had better read from; it then gets no records here. -1 for nobody. */
  readonly preferredReplica: number
  readonly records: Uint8Array
}

export interface ReadResult {
  readonly partitions: readonly ReadPartition[]
  readonly bytes: number
  /** Gives the records' memory back; to be called once, when nobody reads them any more. */
  readonly release: () => void
}

export function readAll(
  broker: BrokerServices,
  requests: readonly FetchPartition[],
  limits: ReadLimits,
): ReadResult {
  const buffers: Buffer[] = []
  let buffer: Buffer | null = null
  let used = 0
  /** Room for one partition's records, in the shared buffer or, where they do not fit, beside it. */
  const room = (bytes: number) => {
    if (buffer === null || buffer.length - used < bytes) {
      const left = Math.min(limits.maxBytes - total, readable(broker, requests, limits))
      buffer = broker.buffers.acquire(Math.max(bytes, left))
      buffers.push(buffer)
      used = 0
    }
    return { target: buffer, start: used }
  }
  let total = 0
  const partitions = requests.map(request => {
    const read = readOne(
      broker,
      request,
      { ...limits, maxBytes: limits.maxBytes - total },
      {
        room,
        minOneBatch: total === 0,
      },
    )
    total += read.records.length
    used += read.records.length
    return read
  })
  return {
    partitions,
    bytes: total,
    release: () => {
      for (const each of buffers) broker.buffers.release(each)
    },
  }
}

function readOne(
  broker: BrokerServices,
  request: FetchPartition,
  limits: ReadLimits,
  how: ReadTarget & { readonly minOneBatch: boolean },
): ReadPartition {
  let partition: Partition | null = null
  try {
    if (request.topic === '' && request.topicId !== ZERO_UUID)
      throw new KafkaError('UNKNOWN_TOPIC_ID', `no topic has the id ${request.topicId}`)
    partition = partitionFor(broker, request, limits)
    if (limits.apiVersion < ZSTD_SINCE && partition.log.config.compressionType === 'zstd')
      throw new KafkaError(
        'UNSUPPORTED_COMPRESSION_TYPE',
        `${partition.name} is compressed with zstd, which Fetch carries from version 10 on`,
      )
    const divergingEpoch = divergence(partition, request)
    const preferredReplica = nearestReplica(broker, partition, request, limits)
    const upToOffset = readableUpTo(partition, limits)
    let from: ReturnType<ReadTarget['room']> = { target: NO_RECORDS, start: 0 }
    const read = {
      request,
      partition,
      error: null,
      divergingEpoch,
      highWatermark: partition.highWatermark,
      lastStableOffset: partition.lastStableOffset,
      logStartOffset: partition.log.logStartOffset,
      preferredReplica,
    }
    if (divergingEpoch !== null || preferredReplica !== NO_PREFERRED_REPLICA)
      return { ...read, records: NO_RECORDS }
    if (isHeldBack(broker, partition, limits)) return { ...read, records: NO_RECORDS }
    const { length } = partition.log.read(
      {
        fetchOffset: request.fetchOffset,
        maxBytes: Math.max(0, Math.min(limits.maxBytes, request.partitionMaxBytes)),
        upToOffset,
        minOneBatch: how.minOneBatch,
      },
      { room: bytes => (from = how.room(bytes)) },
    )
    if (limits.replica !== null && length > 0)
      broker.replication.throttle.leaderSent(partition, limits.replica.brokerId, {
        bytes: length,
        nowMs: () => broker.clock.nowMs(),
      })
    return { ...read, records: from.target.subarray(from.start, from.start + length) }
  } catch (error) {
    // Waiting for what the protocol has a code for: each partition fails alone.
    return {
      request,
      partition,
      error: expected(error),
      divergingEpoch: null,
      highWatermark: -1n,
      lastStableOffset: -1n,
      logStartOffset: -1n,
      preferredReplica: NO_PREFERRED_REPLICA,
      records: NO_RECORDS,
    }
  }
}

function partitionFor(
  { replicas, cluster }: BrokerServices,
  { topic, partition: index, currentLeaderEpoch }: FetchPartition,
  { replica, apiVersion }: ReadLimits,
): Partition {
  if (replica === null && apiVersion >= READ_FROM_FOLLOWER_SINCE)
    return replicas.anyReplica(topic, index, currentLeaderEpoch)
  const partition = replicas.leader(topic, index, currentLeaderEpoch)
  if (replica !== null)
    partition.checkReplica(replica, cluster.image.brokers.get(replica.brokerId)?.brokerEpoch ?? -1n)
  return partition
}

/** Whether a follower waits for its records because their copying is throttled (KIP-73). */
function isHeldBack(
  { replication, clock }: BrokerServices,
  partition: Partition,
  { replica }: ReadLimits,
): boolean {
  if (replica === null) return false
  return replication.throttle.leaderHoldsBack(partition, replica.brokerId, () => clock.nowMs())
}

function readableUpTo(partition: Partition, { replica, committedOnly }: ReadLimits): bigint {
  if (replica !== null) return partition.log.logEndOffset
  return committedOnly ? partition.lastStableOffset : partition.highWatermark
}

/**
 * Compares the epoch of the last record the asker has with this log (KIP-595); null where they
 * agree, or where it did not say. Throws OFFSET_OUT_OF_RANGE for an epoch this log never had.
 */
function divergence(partition: Partition, request: FetchPartition): EpochEnd | null {
  // Below the log start nothing can be compared; reading then says that it is out of range.
  if (request.lastFetchedEpoch < 0 || request.fetchOffset < partition.log.logStartOffset)
    return null
  const end = partition.log.endOffsetForEpoch(request.lastFetchedEpoch)
  if (end === null)
    throw new KafkaError(
      'OFFSET_OUT_OF_RANGE',
      `${partition.name}: leader epoch ${request.lastFetchedEpoch} is not in this log`,
    )
  const agrees = end.leaderEpoch >= request.lastFetchedEpoch && end.endOffset >= request.fetchOffset
  return agrees ? null : end
}

/** About how many bytes all of the partitions could give now. */
function readable(
  broker: BrokerServices,
  requests: readonly FetchPartition[],
  limits: ReadLimits,
): number {
  let bytes = 0
  for (const request of requests) {
    const partition = broker.replicas.find(request.topic, request.partition)
    if (partition === null) continue
    const there = partition.log.bytesFrom(request.fetchOffset, readableUpTo(partition, limits))
    bytes += Math.min(there, request.partitionMaxBytes)
    if (bytes >= limits.maxBytes) return limits.maxBytes
  }
  return bytes
}
