/** Whether a group's offsets can be changed now, and who stands in the way. */
import type { Client } from '../../engine/client/client.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
  type ConsumerGroupDescribeResponse,
} from '../../engine/protocol/messages/consumer-group-describe.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
  type DescribeGroupsResponse,
} from '../../engine/protocol/messages/describe-groups.ts'
import { shareGroupDescribeRequest } from '../../engine/protocol/messages/share-group-describe.ts'
import { streamsGroupDescribeRequest } from '../../engine/protocol/messages/streams-group-describe.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import { LAB_MEMBERS_MAX, type LabGroup, type LabMember } from '../contract/model/offset.ts'
import { decodeSubscribedTopics } from '../groups/consumer-protocol.ts'
import { GroupBook } from '../groups/group-book.ts'
import { stateOf } from '../groups/group-description.ts'
import type { BareGroup } from '../groups/bare-group.ts'
import { describeShareGroups } from '../groups/share-groups.ts'
import { describeStreamsGroups } from '../groups/streams-groups.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'

const api = { request: describeGroupsRequest, response: describeGroupsResponse }
const newerApi = {
  request: consumerGroupDescribeRequest,
  response: consumerGroupDescribeResponse,
}
/** Version 6 answers with an error where older ones describe a dead group, which is what we show. */
const DEAD_GROUPS_VERSION_MAX = 5
const NAMED_MEMBERS_MAX = 4

/** Asks the coordinator alone: cheap enough for once a second. Throws what the coordinator answers. */
export async function describeLabGroup(
  client: Client,
  groupId: string,
  nowMs: number,
): Promise<LabGroup> {
  const { groups } = await client.request(
    { type: 'group-coordinator', groupId },
    api,
    { groups: [groupId] },
    { versionMax: DEAD_GROUPS_VERSION_MAX },
  )
  const [group] = groups
  const problem = codeProblem(group?.errorCode ?? -1, `group ${groupId}`)
  if (problem === null) {
    if (group!.groupState !== 'Dead') return labGroup(group!, nowMs)
    const newer = await describeNewer(client, groupId)
    if (newer !== null) return newerLabGroup(newer, nowMs)
    const other = await describeOther(client, groupId)
    return other === null ? labGroup(group!, nowMs) : otherLabGroup(other, nowMs)
  }
  // Leadership of __consumer_offsets has moved: the next question finds the new coordinator.
  client.forget()
  throw new ContractError(problem)
}

type WireGroup = DescribeGroupsResponse['groups'][number]
type NewerGroup = ConsumerGroupDescribeResponse['groups'][number]

/** Groups of the consumer protocol (KIP-848) are dead to DescribeGroups. Null where it is none. */
async function describeNewer(client: Client, groupId: string): Promise<NewerGroup | null> {
  const connection = await client.connection({ type: 'group-coordinator', groupId })
  if (connection.versionsOf(consumerGroupDescribeRequest.apiKey!) === null) return null
  const { groups } = await connection.request(newerApi, {
    groupIds: [groupId],
    includeAuthorizedOperations: false,
  })
  const [group] = groups
  return group?.errorCode === 0 ? group : null
}

/** Share and streams groups are dead to both. Null where it is none of them either. */
async function describeOther(client: Client, groupId: string): Promise<BareGroup | null> {
  const connection = await client.connection({ type: 'group-coordinator', groupId })
  for (const [key, describe] of [
    [shareGroupDescribeRequest.apiKey!, describeShareGroups],
    [streamsGroupDescribeRequest.apiKey!, describeStreamsGroups],
  ] as const) {
    if (connection.versionsOf(key) === null) continue
    const coordinator = (await new GroupBook(client).locate([groupId])).get(groupId)
    if (typeof coordinator !== 'number') continue
    const group = (await describe(client, coordinator, [groupId])).get(groupId)
    if (group !== undefined && !('code' in group) && group.state !== 'Dead') return group
  }
  return null
}

function otherLabGroup(group: BareGroup, nowMs: number): LabGroup {
  const { groupId, protocolType } = group
  const members = group.members.map(
    ({ memberId, clientId, clientHost, subscribedTopics: topics }) => {
      return { memberId, clientId, clientHost, subscribedTopics: topics }
    },
  )
  const lab = describedGroup({ groupId, groupState: group.state, protocolType }, members, nowMs)
  return group.type === 'share' ? { ...lab, whyNot: shared(groupId) } : lab
}

function shared(groupId: string): Problem {
  return {
    code: 'UNSUPPORTED',
    message: `group ${groupId} is a share group, which has start offsets and commits none`,
    remedy: 'kafka-share-groups.sh --reset-offsets moves them, while the group has no members.',
  }
}

export function labGroup(group: WireGroup, nowMs: number): LabGroup {
  const { groupId, groupState, protocolType } = group
  return describedGroup({ groupId, groupState, protocolType }, group.members.map(memberOf), nowMs)
}

function newerLabGroup({ groupId, groupState, members: found }: NewerGroup, nowMs: number) {
  const members = found.map(({ memberId, clientId, clientHost, subscribedTopicNames }) => ({
    memberId,
    clientId,
    clientHost,
    subscribedTopics: subscribedTopicNames,
  }))
  return describedGroup({ groupId, groupState, protocolType: 'consumer' }, members, nowMs)
}

function describedGroup(
  group: Pick<WireGroup, 'groupId' | 'groupState' | 'protocolType'>,
  members: readonly LabMember[],
  nowMs: number,
): LabGroup {
  const { groupId, groupState, protocolType } = group
  const state = stateOf(groupState)
  const free = state === 'Empty' || state === 'Dead'
  return {
    groupId,
    exists: state !== 'Dead',
    state,
    protocolType,
    members: members.slice(0, LAB_MEMBERS_MAX),
    memberCount: members.length,
    whyNot: free ? null : active(groupId, state, members),
    observedAtMs: BigInt(nowMs),
  }
}

function memberOf(member: WireGroup['members'][number]): LabMember {
  const { memberId, clientId, clientHost, memberMetadata } = member
  return {
    memberId,
    clientId,
    clientHost,
    subscribedTopics: decodeSubscribedTopics(memberMetadata),
  }
}

function active(groupId: string, state: string, members: readonly LabMember[]): Problem {
  const named = members
    .slice(0, NAMED_MEMBERS_MAX)
    .map(({ clientId, clientHost }) => `${clientId} on ${clientHost.replace(/^\//, '')}`)
  const more = members.length - named.length
  if (more > 0) named.push(`${more} more`)
  const who =
    members.length === 0
      ? 'members are about to join'
      : `${members.length} ${members.length === 1 ? 'member' : 'members'}: ${named.join(', ')}`
  return {
    code: 'NON_EMPTY_GROUP',
    message: `group ${groupId} is ${state}, with ${who}`,
    remedy: 'Stop its consumers first: while a group has members, only they may commit.',
  }
}

/** The topics that members subscribe to; null where one of them does not tell. */
export function subscribedTopics(group: LabGroup): ReadonlySet<string> {
  return new Set(group.members.flatMap(member => member.subscribedTopics ?? []))
}
