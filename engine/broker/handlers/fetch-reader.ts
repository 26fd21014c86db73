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
import { outOfRange, type ReadTarget } from '../../log/log-reader.ts'
import type { FetchPartition } from '../../replica/fetch-session.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { FetchingReplica, Partition } from '../partition.ts'
import { nearestReplica } from '../nearest-replica.ts'

const ZSTD_SINCE = 10
const READ_FROM_FOLLOWER_SINCE = 11
const NO_RECORDS = new Uint8Array(0)
const NO_PREFERRED_REPLICA = -1

export interface ReadLimits {
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
  /** There is more to say than records: it is told at once, and whatever a session remembers. */
  readonly mustTell: boolean
}

/** What was read for one request, and the memory it was read into. */
export class FetchRead implements ReadTarget {
  readonly partitions: readonly ReadPartition[]
  readonly #broker: BrokerServices
  readonly #requests: readonly FetchPartition[]
  readonly #limits: ReadLimits
  readonly #maxBytes: number
  readonly #buffers: Buffer[] = []
  #used = 0
  #bytes = 0
  /** Where the records of the partition in hand go. */
  target: Uint8Array = NO_RECORDS
  start = 0

  constructor(
    broker: BrokerServices,
    requests: readonly FetchPartition[],
    limits: ReadLimits,
    maxBytes: number,
  ) {
    this.#broker = broker
    this.#requests = requests
    this.#limits = limits
    this.#maxBytes = maxBytes
    const partitions: ReadPartition[] = []
    for (const request of requests) {
      const read = this.#read(request)
      this.#bytes += read.records.length
      this.#used += read.records.length
      partitions.push(read)
    }
    this.partitions = partitions
  }

  /** Of records, over all partitions. */
  get bytes(): number {
    return this.#bytes
  }

  get mustTell(): boolean {
    return this.partitions.some(each => each.mustTell)
  }

  /** Gives the records' memory back; to be called once, when nobody reads them any more. */
  release(): void {
    for (const each of this.#buffers) this.#broker.buffers.release(each)
  }

  /** In the memory that all share or, where they do not fit, beside it. */
  room(bytes: number): void {
    const current = this.#buffers.at(-1)
    if (current !== undefined && current.length - this.#used >= bytes) {
      this.target = current
      this.start = this.#used
      return
    }
    const left = this.#maxBytes - this.#bytes
    const there = readable(this.#broker, this.#requests, this.#limits, this.#maxBytes)
    const buffer = this.#broker.buffers.acquire(Math.max(bytes, Math.min(left, there)))
    this.#buffers.push(buffer)
    this.#used = 0
    this.target = buffer
    this.start = 0
  }

  #read(request: FetchPartition): ReadPartition {
    const broker = this.#broker
    const limits = this.#limits
    let partition: Partition | null = null
    try {
      partition = partitionFor(broker, request, limits)
      if (limits.apiVersion < ZSTD_SINCE && partition.log.config.compressionType === 'zstd')
        throw new KafkaError(
          'UNSUPPORTED_COMPRESSION_TYPE',
          `${partition.name} is compressed with zstd, which Fetch carries from version 10 on`,
        )
      const divergingEpoch = divergence(partition, request)
      const preferredReplica = nearestReplica(broker, partition, request, limits)
      const highWatermark = partition.highWatermark
      const lastStableOffset = partition.lastStableOffset
      const mustTell = divergingEpoch !== null || preferredReplica !== NO_PREFERRED_REPLICA
      const withoutRecords = mustTell || isHeldBack(broker, partition, request, limits)
      const records = withoutRecords ? NO_RECORDS : this.#recordsOf(partition, request)
      return {
        request,
        partition,
        error: null,
        divergingEpoch,
        highWatermark,
        lastStableOffset,
        logStartOffset: partition.log.logStartOffset,
        preferredReplica,
        records,
        mustTell,
      }
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
        mustTell: true,
      }
    }
  }

  #recordsOf(partition: Partition, { fetchOffset, partitionMaxBytes }: FetchPartition): Uint8Array {
    const { replica } = this.#limits
    const { length } = partition.log.read(
      {
        fetchOffset,
        maxBytes: Math.max(0, Math.min(this.#maxBytes - this.#bytes, partitionMaxBytes)),
        upToOffset: readableUpTo(partition, this.#limits),
        minOneBatch: this.#bytes === 0,
      },
      this,
    )
    if (length === 0) return NO_RECORDS
    if (replica !== null) {
      const { replication, clock } = this.#broker
      replication.throttle.leaderSent(partition, replica.brokerId, {
        bytes: length,
        nowMs: () => clock.nowMs(),
      })
    }
    return this.target.subarray(this.start, this.start + length)
  }
}

function partitionFor(
  { replicas, cluster }: BrokerServices,
  { topic, topicId, partition: index, currentLeaderEpoch }: FetchPartition,
  { replica, apiVersion }: ReadLimits,
): Partition {
  if (topic === '' && topicId !== ZERO_UUID)
    throw new KafkaError('UNKNOWN_TOPIC_ID', `no topic has the id ${topicId}`)
  const held = replicas.find(topic, index)
  if (topicId !== ZERO_UUID && held !== null && held.topicId !== topicId)
    throw new KafkaError(
      'INCONSISTENT_TOPIC_ID',
      `${held.name} is of topic ${held.topicId}, asked for as of ${topicId}`,
    )
  if (replica === null && apiVersion >= READ_FROM_FOLLOWER_SINCE)
    return replicas.anyReplica(topic, index, currentLeaderEpoch)
  const partition = replicas.leader(topic, index, currentLeaderEpoch)
  if (replica !== null)
    partition.checkReplica(
      replica,
      cluster.image.brokers.get(replica.brokerId)?.brokerEpoch ?? -1n,
      currentLeaderEpoch,
    )
  return partition
}

/**
 * Whether a follower waits for its records because their copying is throttled (KIP-73). Where it is
 * says what it has all the same: throws OFFSET_OUT_OF_RANGE as reading would.
 */
function isHeldBack(
  { replication, clock }: BrokerServices,
  partition: Partition,
  { fetchOffset }: FetchPartition,
  { replica }: ReadLimits,
): boolean {
  if (replica === null) return false
  if (!replication.throttle.leaderHoldsBack(partition, replica.brokerId, () => clock.nowMs()))
    return false
  const { log } = partition
  if (fetchOffset < log.logStartOffset || fetchOffset > log.logEndOffset)
    throw outOfRange(log, fetchOffset)
  return true
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
  maxBytes: number,
): number {
  let bytes = 0
  for (const request of requests) {
    const partition = broker.replicas.find(request.topic, request.partition)
    if (partition === null) continue
    const there = partition.log.bytesFrom(request.fetchOffset, readableUpTo(partition, limits))
    bytes += Math.min(there, request.partitionMaxBytes)
    if (bytes >= maxBytes) return maxBytes
  }
  return bytes
}
