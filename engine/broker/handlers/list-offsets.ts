/**
 * ListOffsets (key 2): the offset at a time, or at one of the places that have a name (-1 latest,
 * -2 earliest, -3 largest timestamp, -4 earliest local).
 */
import { errorCode, KafkaError } from '../../protocol/errors.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
} from '../../protocol/messages/list-offsets.ts'
import {
  expected,
  servedApi,
  type RequestContext,
  type ServedApi,
} from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { Partition } from '../partition.ts'

const LATEST = -1n
const EARLIEST = -2n
const MAX_TIMESTAMP = -3n
const EARLIEST_LOCAL = -4n
const LATEST_TIERED = -5n
const EARLIEST_PENDING_UPLOAD = -6n
const NO_OFFSET = -1n
const CONSUMER = -1
/** Asks any replica for its own log, which is how tools compare them. */
const DEBUGGER = -2
const OFFSET_NOT_AVAILABLE_SINCE = 5
/** The version each special timestamp came with; an older request gets UNSUPPORTED_VERSION. */
const specialSince = new Map([
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
  [EARLIEST_PENDING_UPLOAD, 11],
])

type Asked = ListOffsetsRequest['topics'][number]['partitions'][number]
type Found = ListOffsetsResponse['topics'][number]['partitions'][number]

export function listOffsets(broker: BrokerServices): ServedApi {
  return servedApi({
    request: listOffsetsRequest,
    response: listOffsetsResponse,
    accepts: [0, 11],
    advertises: [1, 11],
    handle: (request, context) => {
      const repeated = repeatedPartitions(request)
      return {
        topics: request.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(asked =>
            repeated.has(`${name}-${asked.partitionIndex}`)
              ? failedPartition(asked, errorCode('INVALID_REQUEST'))
              : find(broker, name, asked, { request, context }),
          ),
        })),
      }
    },
    failed: ({ code }, request) => ({
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(asked => failedPartition(asked, code)),
      })),
    }),
  })
}

function find(
  broker: BrokerServices,
  topic: string,
  asked: Asked,
  { request, context }: { readonly request: ListOffsetsRequest; readonly context: RequestContext },
): Found {
  try {
    const since = specialSince.get(asked.timestamp) ?? 0
    if (context.apiVersion < since)
      throw new KafkaError(
        'UNSUPPORTED_VERSION',
        `timestamp ${asked.timestamp} is understood from version ${since} on`,
      )
    const partition = partitionAsked(broker, topic, asked, request.replicaId)
    const { log } = partition
    const upToOffset = readableUpTo(partition, request)
    const isConsumer = request.replicaId === CONSUMER
    const endIsUnknown = isConsumer && partition.endIsUnknown
    const at = (offset: bigint, timestamp: bigint, leaderEpoch: number): Found => ({
      partitionIndex: asked.partitionIndex,
      errorCode: 0,
      oldStyleOffsets: offset === NO_OFFSET ? [] : [offset],
      timestamp,
      offset,
      leaderEpoch,
    })
    switch (asked.timestamp) {
      case LATEST:
        if (endIsUnknown) throw endUnknown(partition, context.apiVersion)
        return at(upToOffset, -1n, partition.leaderEpoch)
      case EARLIEST:
      case EARLIEST_LOCAL:
        return at(log.logStartOffset, -1n, log.epochAt(log.logStartOffset))
      // Without tiered storage nothing was or will be uploaded.
      case LATEST_TIERED:
      case EARLIEST_PENDING_UPLOAD:
        return at(NO_OFFSET, -1n, -1)
      default: {
        if (asked.timestamp < MAX_TIMESTAMP)
          throw new KafkaError('UNSUPPORTED_VERSION', `timestamp ${asked.timestamp} has no meaning`)
        const found =
          asked.timestamp === MAX_TIMESTAMP
            ? log.maxTimestampOffset()
            : log.offsetForTimestamp(asked.timestamp, { upToOffset })
        if (found !== null && found.offset < upToOffset)
          return at(found.offset, found.timestampMs, log.epochAt(found.offset))
        if (endIsUnknown) throw endUnknown(partition, context.apiVersion)
        return at(NO_OFFSET, -1n, -1)
      }
    }
  } catch (error) {
    // Waiting for what the protocol has a code for: each partition fails alone.
    return failedPartition(asked, expected(error).code)
  }
}

function partitionAsked(
  { replicas }: BrokerServices,
  topic: string,
  { partitionIndex, currentLeaderEpoch }: Asked,
  replicaId: number,
): Partition {
  return replicaId === DEBUGGER
    ? replicas.anyReplica(topic, partitionIndex, currentLeaderEpoch)
    : replicas.leader(topic, partitionIndex, currentLeaderEpoch)
}

/** A follower that has lost its place asks for all there is, committed or not. */
function readableUpTo(partition: Partition, request: ListOffsetsRequest): bigint {
  if (request.replicaId !== CONSUMER) return partition.log.logEndOffset
  return request.isolationLevel === 1 ? partition.lastStableOffset : partition.highWatermark
}

/** After an election: an earlier leader may have shown consumers more (KIP-207). */
function endUnknown({ name }: Partition, apiVersion: number): KafkaError {
  return new KafkaError(
    apiVersion >= OFFSET_NOT_AVAILABLE_SINCE ? 'OFFSET_NOT_AVAILABLE' : 'LEADER_NOT_AVAILABLE',
    `${name}: the high watermark has not reached the start of the leader's epoch yet`,
  )
}

function failedPartition(asked: Asked, code: number): Found {
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: code,
    oldStyleOffsets: [],
    timestamp: -1n,
    offset: NO_OFFSET,
    leaderEpoch: -1,
  }
}

function repeatedPartitions(request: ListOffsetsRequest): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { name, partitions } of request.topics)
    for (const { partitionIndex } of partitions) {
      const key = `${name}-${partitionIndex}`
      if (seen.has(key)) repeated.add(key)
      seen.add(key)
    }
  return repeated
}
