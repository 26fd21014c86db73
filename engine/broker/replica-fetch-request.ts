/**
 * Writes a follower's Fetch by hand, the counterpart of `replica-fetch-answer.ts`: nearly always it
 * names one partition or none, and the declaration's encoder would cost more than the rest of it.
 */
import type { Writer } from '../protocol/writer.ts'
import type { SessionRequest } from '../replica/follower-session.ts'
import type { FetchingReplica, Partition } from './partition.ts'

const REPLICA_STATE_TAG = 1
/** Broker id, epoch, and no tagged fields of its own. */
const REPLICA_STATE_BYTES = 4 + 8 + 1
const READ_UNCOMMITTED = 0

export interface ReplicaFetchLimits {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly partitionMaxBytes: number
}

/** A body of version 15 or later. */
export function writeReplicaFetch(
  writer: Writer,
  request: SessionRequest<Partition>,
  replica: FetchingReplica,
  limits: ReplicaFetchLimits,
): void {
  writer.int32(limits.maxWaitMs)
  writer.int32(limits.minBytes)
  writer.int32(limits.maxBytes)
  writer.int8(READ_UNCOMMITTED)
  writer.int32(request.sessionId)
  writer.int32(request.sessionEpoch)

  writePositions(writer, request.partitions, limits.partitionMaxBytes)
  writeForgotten(writer, request.forgotten)
  writer.string('', true) // rackId

  writer.unsignedVarint(1)
  writer.unsignedVarint(REPLICA_STATE_TAG)
  writer.unsignedVarint(REPLICA_STATE_BYTES)
  writer.int32(replica.brokerId)
  writer.int64(replica.brokerEpoch)
  writer.unsignedVarint(0)
}

type Positions = SessionRequest<Partition>['partitions']

function writePositions(writer: Writer, positions: Positions, partitionMaxBytes: number): void {
  writer.arrayLength(topicCount(positions, topicOfPosition), true)
  for (let from = 0; from < positions.length;) {
    const to = endOfTopic(positions, from, topicOfPosition)
    writer.uuid(positions[from]!.partition.topicId)
    writer.arrayLength(to - from, true)
    for (; from < to; from++) {
      const { partition, position } = positions[from]!
      writer.int32(partition.index)
      writer.int32(position.currentLeaderEpoch)
      writer.int64(position.fetchOffset)
      writer.int32(position.lastFetchedEpoch)
      writer.int64(position.logStartOffset)
      writer.int32(partitionMaxBytes)
      writer.unsignedVarint(0)
    }
    writer.unsignedVarint(0)
  }
}

function writeForgotten(writer: Writer, forgotten: readonly Partition[]): void {
  writer.arrayLength(topicCount(forgotten, topicOf), true)
  for (let from = 0; from < forgotten.length;) {
    const to = endOfTopic(forgotten, from, topicOf)
    writer.uuid(forgotten[from]!.topicId)
    writer.arrayLength(to - from, true)
    for (; from < to; from++) writer.int32(forgotten[from]!.index)
    writer.unsignedVarint(0)
  }
}

/** Neighbours of one topic share its entry; a topic may come twice. */
function topicCount<E>(entries: readonly E[], topicIdOf: (entry: E) => string): number {
  let count = 0
  for (let from = 0; from < entries.length; from = endOfTopic(entries, from, topicIdOf)) count++
  return count
}

function endOfTopic<E>(
  entries: readonly E[],
  from: number,
  topicIdOf: (entry: E) => string,
): number {
  const topicId = topicIdOf(entries[from]!)
  let to = from + 1
  while (to < entries.length && topicIdOf(entries[to]!) === topicId) to++
  return to
}

function topicOfPosition({ partition }: Positions[number]): string {
  return partition.topicId
}

function topicOf({ topicId }: Partition): string {
  return topicId
}
