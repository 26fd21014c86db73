/**
 * OffsetFetch: the offsets that were committed. A group or partition that never was is no error,
 * but -1 with empty metadata, from which clients take their reset policy.
 *
 * `requireStable` (7) holds back offsets of open transactions; every answer here rests on the whole
 * log so far, and there are none, so it changes nothing.
 *
 * Versions: 2 asks for all topics with null, 5 adds the leader epoch, 8 asks for many groups, 10
 * names topics by id.
 */
import type { OffsetFetchRequest, OffsetFetchResponse } from '../protocol/messages/offset-fetch.ts'
import { ZERO_UUID } from '../protocol/schema.ts'
import type { RequestContext } from './group-events.ts'
import { offsetForTopic, type CommittedOffset, type GroupImage } from './group-image.ts'
import type { GroupTurn } from './group-turn.ts'

const LISTS_GROUPS_SINCE = 8

interface WantedTopic {
  readonly name: string
  readonly topicId?: string
  readonly partitionIndexes: readonly number[]
}

type FetchedTopic = OffsetFetchResponse['groups'][number]['topics'][number]
type FetchedPartition = FetchedTopic['partitions'][number]

export function fetchOffsets(
  turn: GroupTurn,
  context: RequestContext,
  request: OffsetFetchRequest,
): void {
  turn.reply(context.token, offsetsFetched(turn.image, context.apiVersion, request))
}

function offsetsFetched(
  image: GroupImage,
  apiVersion: number,
  request: OffsetFetchRequest,
): OffsetFetchResponse {
  if (apiVersion < LISTS_GROUPS_SINCE)
    return {
      throttleTimeMs: 0,
      topics: topicsOf(image, request.groupId, request.topics).map(({ name, partitions }) => ({
        name,
        partitions,
      })),
      errorCode: 0,
      groups: [],
    }
  return {
    throttleTimeMs: 0,
    topics: [],
    errorCode: 0,
    groups: request.groups.map(({ groupId, topics }) => ({
      groupId,
      topics: topicsOf(image, groupId, topics),
      errorCode: 0,
    })),
  }
}

function topicsOf(
  image: GroupImage,
  groupId: string,
  wanted: readonly WantedTopic[] | null,
): readonly FetchedTopic[] {
  // Without their group offsets are nobody's.
  const offsets = image.groups.has(groupId) ? image.offsetsOf(groupId) : null
  if (wanted !== null)
    return wanted.map(({ name, topicId = ZERO_UUID, partitionIndexes }) => ({
      name,
      topicId,
      partitions: partitionIndexes.map(index =>
        fetched(index, offsetForTopic(offsets?.get(name)?.get(index) ?? null, topicId)),
      ),
    }))
  return [...(offsets ?? [])].map(([name, partitions]) => ({
    name,
    topicId: ZERO_UUID,
    partitions: [...partitions].map(([index, committed]) => fetched(index, committed)),
  }))
}

function fetched(partitionIndex: number, committed: CommittedOffset | null): FetchedPartition {
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1n,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: 0,
  }
}
