/**
 * Changes of the image as records of `__consumer_offsets`, in the versions that Apache Kafka 4.4
 * writes, and back.
 */
import {
  decodeCoordinatorRecord,
  encodeCoordinatorRecord,
} from '../protocol/coordinator-records/coordinator-record.ts'
import type { GroupMetadataValue } from '../protocol/coordinator-records/group-metadata.ts'
import { InvalidFrameError } from '../protocol/invalid-frame.ts'
import { ZERO_UUID } from '../protocol/schema.ts'
import type { CoordinatorRecord } from './group-events.ts'
import type { CommittedOffset, GroupChange, GroupMetadata } from './group-image.ts'

const GROUP_METADATA_VERSION = 3
const OFFSET_COMMIT_VERSION = 4
/** The one version that has an expiry of its own. */
const OFFSET_COMMIT_EXPIRING_VERSION = 1

export function recordOf(change: GroupChange): CoordinatorRecord {
  switch (change.type) {
    case 'offset-committed':
      return encodeCoordinatorRecord(
        { type: 'OffsetCommit', key: offsetKey(change), value: offsetValue(change.value) },
        change.value.expireTimestampMs === -1n
          ? OFFSET_COMMIT_VERSION
          : OFFSET_COMMIT_EXPIRING_VERSION,
      )
    case 'offset-removed':
      return encodeCoordinatorRecord({ type: 'OffsetCommit', key: offsetKey(change), value: null })
    case 'group-written':
      return encodeCoordinatorRecord(
        {
          type: 'GroupMetadata',
          key: { group: change.groupId },
          value: metadataValue(change.metadata),
        },
        GROUP_METADATA_VERSION,
      )
    case 'group-removed':
      return encodeCoordinatorRecord({
        type: 'GroupMetadata',
        key: { group: change.groupId },
        value: null,
      })
  }
}

/**
 * The change behind a record, or null for records of other kinds of groups, which are passed over.
 * Bytes are copied: the record's may be a view of a buffer that is used again.
 *
 * @throws InvalidFrameError for bytes that are no such record.
 */
export function changeOf(record: CoordinatorRecord): GroupChange | null {
  const decoded = decodeCoordinatorRecord(record.key, record.value)
  switch (decoded.type) {
    case 'OffsetCommit':
    case 'LegacyOffsetCommit': {
      const { group: groupId, topic, partition } = decoded.key
      if (decoded.value === null) return { type: 'offset-removed', groupId, topic, partition }
      const value =
        decoded.type === 'OffsetCommit'
          ? committedOffset(decoded.value)
          : committedOffset({ ...legacyDefaults, ...decoded.value })
      return { type: 'offset-committed', groupId, topic, partition, value }
    }
    case 'GroupMetadata': {
      const { group: groupId } = decoded.key
      if (decoded.value === null) return { type: 'group-removed', groupId }
      return { type: 'group-written', groupId, metadata: groupMetadata(decoded.value) }
    }
    default:
      return null
  }
}

const legacyDefaults = { leaderEpoch: -1, expireTimestamp: -1n, topicId: ZERO_UUID }

function offsetKey(change: {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
}): { group: string; topic: string; partition: number } {
  return { group: change.groupId, topic: change.topic, partition: change.partition }
}

function offsetValue(committed: CommittedOffset) {
  return {
    offset: committed.offset,
    leaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    commitTimestamp: committed.commitTimestampMs,
    expireTimestamp: committed.expireTimestampMs,
    topicId: committed.topicId,
  }
}

function committedOffset(value: ReturnType<typeof offsetValue>): CommittedOffset {
  return {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestampMs: value.commitTimestamp,
    expireTimestampMs: value.expireTimestamp,
    topicId: value.topicId,
  }
}

function metadataValue(metadata: GroupMetadata) {
  return {
    protocolType: metadata.protocolType ?? '',
    generation: metadata.generationId,
    protocol: metadata.protocolName,
    leader: metadata.leaderId,
    currentStateTimestamp: metadata.stateSinceMs ?? -1n,
    members: metadata.members.map(member => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: member.subscription,
      assignment: member.assignment,
    })),
  }
}

function groupMetadata(value: GroupMetadataValue): GroupMetadata {
  refuseRepeated(value)
  return {
    protocolType: value.protocolType === '' ? null : value.protocolType,
    generationId: value.generation,
    protocolName: value.protocol,
    leaderId: value.leader,
    stateSinceMs: value.currentStateTimestamp === -1n ? null : value.currentStateTimestamp,
    members: value.members.map(member => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      // Groups of before version 1 had one timeout for both.
      rebalanceTimeoutMs:
        member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
      sessionTimeoutMs: member.sessionTimeout,
      subscription: new Uint8Array(member.subscription),
      assignment: new Uint8Array(member.assignment),
    })),
  }
}

/** Nothing that a coordinator writes names a member twice, and a group could not hold it. */
function refuseRepeated({ members }: GroupMetadataValue): void {
  const ids = members.map(({ memberId }) => memberId)
  const instances = members.flatMap(({ groupInstanceId }) => groupInstanceId ?? [])
  for (const names of [ids, instances])
    if (new Set(names).size < names.length)
      throw new InvalidFrameError(`a group names a member twice: ${names.join(', ')}`)
}
