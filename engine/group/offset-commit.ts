/**
 * OffsetCommit: members say how far they have come; so do consumers without a group, and tools.
 *
 * Whether the topics exist is checked before the request comes here, as their ids are resolved.
 *
 * Versions: 2 to 4 carry a retention of their own, 6 the leader epoch, 7 the instance id. From 9 on
 * a group that is not there is GROUP_ID_NOT_FOUND. 10 names topics by id.
 */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type {
  OffsetCommitRequest,
  OffsetCommitResponse,
} from '../protocol/messages/offset-commit.ts'
import { identityError } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { RequestContext } from './group-events.ts'
import type { CommittedOffset } from './group-image.ts'
import { emptyGroup } from './group-persistence.ts'
import type { GroupTurn } from './group-turn.ts'
import { extendSession } from './membership.ts'
import { nameTooLong } from './name-length.ts'

const KNOWS_GROUP_ID_NOT_FOUND_SINCE = 9

type Partition = OffsetCommitRequest['topics'][number]['partitions'][number]

export function commitOffsets(
  turn: GroupTurn,
  context: RequestContext,
  request: OffsetCommitRequest,
): void {
  const group = turn.groups.get(request.groupId)
  const refused = refusal(group, context, request)
  if (refused === null && group !== undefined) keepSession(turn, group, request.memberId)
  const answer = (topic: OffsetCommitRequest['topics'][number], partition: Partition) =>
    refused ?? commitOne(turn, request, { topic, partition })
  turn.reply(context.token, responseTo(request, answer))
}

/** The same error for every partition of a request. */
export function commitRefused(
  request: OffsetCommitRequest,
  error: ErrorName,
): OffsetCommitResponse {
  return responseTo(request, () => error)
}

function refusal(
  group: ClassicGroup | undefined,
  context: RequestContext,
  request: OffsetCommitRequest,
): ErrorName | null {
  const { generationIdOrMemberEpoch: generationId, memberId, groupInstanceId } = request
  if (nameTooLong(request.groupId)) return 'INVALID_GROUP_ID'
  if (group === undefined) {
    // No member: a simple consumer, or a tool that prepares a group's offsets.
    if (generationId < 0) return null
    return context.apiVersion >= KNOWS_GROUP_ID_NOT_FOUND_SINCE
      ? 'GROUP_ID_NOT_FOUND'
      : 'ILLEGAL_GENERATION'
  }
  if (generationId < 0 && group.state === 'Empty') return null
  const anonymous = generationId < 0 && memberId === '' && groupInstanceId === null
  if (anonymous) return 'UNKNOWN_MEMBER_ID'
  const stranger = identityError(group, request)
  if (stranger !== null) return stranger
  if (generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  // The member knows the new generation but not what it owns in it. Before, while members still
  // rejoin, it may finish what it owned in the last one.
  return group.state === 'CompletingRebalance' ? 'REBALANCE_IN_PROGRESS' : null
}

function keepSession(turn: GroupTurn, group: ClassicGroup, memberId: string): void {
  const member = group.member(memberId)
  if (member !== undefined && group.state !== 'Empty') extendSession(turn, group, member)
}

function commitOne(
  turn: GroupTurn,
  request: OffsetCommitRequest,
  of: { readonly topic: OffsetCommitRequest['topics'][number]; readonly partition: Partition },
): ErrorName {
  const { topic, partition } = of
  if (nameTooLong(topic.name)) return 'INVALID_TOPIC_EXCEPTION'
  const metadata = partition.committedMetadata ?? ''
  if (metadata.length > turn.config.offsetMetadataMaxBytes) return 'OFFSET_METADATA_TOO_LARGE'
  const { groupId } = request
  const nowMs = BigInt(turn.timestampMs)
  const value: CommittedOffset = {
    offset: partition.committedOffset,
    leaderEpoch: partition.committedLeaderEpoch,
    metadata,
    commitTimestampMs: partition.commitTimestamp === -1n ? nowMs : partition.commitTimestamp,
    expireTimestampMs:
      request.retentionTimeMs === -1n ? -1n : BigInt.asIntN(64, nowMs + request.retentionTimeMs),
    topicId: topic.topicId,
  }
  if (!turn.groups.has(groupId)) turn.groups.set(groupId, emptyGroup(groupId, turn.timestampMs))
  turn.write({
    type: 'offset-committed',
    groupId,
    topic: topic.name,
    partition: partition.partitionIndex,
    value,
  })
  return 'NONE'
}

function responseTo(
  request: OffsetCommitRequest,
  answer: (topic: OffsetCommitRequest['topics'][number], partition: Partition) => ErrorName,
): OffsetCommitResponse {
  return {
    throttleTimeMs: 0,
    topics: request.topics.map(topic => ({
      name: topic.name,
      topicId: topic.topicId,
      partitions: topic.partitions.map(partition => ({
        partitionIndex: partition.partitionIndex,
        errorCode: errorCode(answer(topic, partition)),
      })),
    })),
  }
}
