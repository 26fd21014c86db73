/**
 * Share groups (KIP-932): members that read the same partitions together, record by record. What
 * stands for a committed offset is a partition's start offset, below which every record is finished.
 */
import type { Client } from '../../engine/client/client.ts'
import { errorCode } from '../../engine/protocol/errors.ts'
import {
  describeShareGroupOffsetsRequest,
  describeShareGroupOffsetsResponse,
  type DescribeShareGroupOffsetsResponse,
} from '../../engine/protocol/messages/describe-share-group-offsets.ts'
import {
  shareGroupDescribeRequest,
  shareGroupDescribeResponse,
  type ShareGroupDescribeResponse,
} from '../../engine/protocol/messages/share-group-describe.ts'
import type { Problem } from '../contract/define.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import { describeGroupsOf, namedPartitions, type BareGroup, type BareMember } from './bare-group.ts'
import type { CommittedOffset } from './group-offsets.ts'

const describeApi = { request: shareGroupDescribeRequest, response: shareGroupDescribeResponse }
const offsetsApi = {
  request: describeShareGroupOffsetsRequest,
  response: describeShareGroupOffsetsResponse,
}
const GONE = errorCode('GROUP_ID_NOT_FOUND')

/** Rejects when the coordinator does not answer, or is too old for share groups. */
export function describeShareGroups(
  client: Client,
  brokerId: number,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, BareGroup | Problem>> {
  return describeGroupsOf(groupIds, {
    type: 'share',
    coordinator: brokerId,
    ask: question =>
      askInTime(client, brokerId, connection => connection.request(describeApi, question)),
    membersOf: ({ members }: FoundGroup) => members.map(shareMember),
  })
}

type FoundGroup = ShareGroupDescribeResponse['groups'][number]

function shareMember(member: FoundGroup['members'][number]): BareMember {
  return {
    memberId: member.memberId,
    groupInstanceId: null,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopics: member.subscribedTopicNames,
    assignment: namedPartitions(member.assignment),
    assignmentBytes: null,
    tasks: null,
  }
}

/** Where groups of one coordinator stand. Rejects when it does not answer. */
export async function offsetsOfShareGroups(
  client: Client,
  brokerId: number,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly CommittedOffset[] | Problem>> {
  if (groupIds.length === 0) return new Map()
  const question = { groups: groupIds.map(groupId => ({ groupId, topics: null })) }
  const { groups } = await askInTime(client, brokerId, connection =>
    connection.request(offsetsApi, question),
  )
  const found = new Map<string, readonly CommittedOffset[] | Problem>()
  for (const { groupId, errorCode: code, topics } of groups) {
    // Of a group that is gone nothing is kept.
    const problem = code === GONE ? null : codeProblem(code, `offsets of group ${groupId}`)
    found.set(groupId, problem ?? topics.flatMap(startsIn))
  }
  return found
}

type FoundTopic = DescribeShareGroupOffsetsResponse['groups'][number]['topics'][number]

function startsIn({ topicName, partitions }: FoundTopic): readonly CommittedOffset[] {
  return partitions.flatMap(({ partitionIndex, startOffset, leaderEpoch, lag, ...found }) => {
    // Nothing was read of it yet.
    if (found.errorCode !== 0 || startOffset < 0n) return []
    return {
      topic: topicName,
      partition: partitionIndex,
      offset: startOffset,
      leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
      metadata: '',
      ...(lag < 0n ? {} : { reportedLag: lag }),
    }
  })
}
