/** Whether a group's offsets can be changed now, and who stands in the way. */
import type { Client } from '../../engine/client/client.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
  type DescribeGroupsResponse,
} from '../../engine/protocol/messages/describe-groups.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import { LAB_MEMBERS_MAX, type LabGroup, type LabMember } from '../contract/model/offset.ts'
import { decodeSubscribedTopics } from '../groups/consumer-protocol.ts'
import { stateOf } from '../groups/group-description.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'

const api = { request: describeGroupsRequest, response: describeGroupsResponse }
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
  if (problem === null) return labGroup(group!, nowMs)
  // Leadership of __consumer_offsets has moved: the next question finds the new coordinator.
  client.forget()
  throw new ContractError(problem)
}

type WireGroup = DescribeGroupsResponse['groups'][number]

export function labGroup(group: WireGroup, nowMs: number): LabGroup {
  const members = group.members.map(memberOf)
  const state = stateOf(group.groupState)
  const free = state === 'Empty' || state === 'Dead'
  return {
    groupId: group.groupId,
    exists: state !== 'Dead',
    state,
    protocolType: group.protocolType,
    members: members.slice(0, LAB_MEMBERS_MAX),
    memberCount: members.length,
    whyNot: free ? null : active(group.groupId, state, members),
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
    remedy: 'Stop them first. While a group has members, only they may commit its offsets.',
  }
}

/** The topics that members subscribe to; null where one of them does not tell. */
export function subscribedTopics(group: LabGroup): ReadonlySet<string> {
  return new Set(group.members.flatMap(member => member.subscribedTopics ?? []))
}
