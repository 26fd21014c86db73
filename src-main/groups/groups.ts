/** `group.list`, `group.figures`, `group.of-topic`: many groups at once. */
import type { Client } from '../../engine/client/client.ts'
import {
  listGroupsRequest,
  listGroupsResponse,
} from '../../engine/protocol/messages/list-groups.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type { GroupDescription, GroupFigures, GroupSummary } from '../contract/model/group.ts'
import { problemOf } from '../contract/problem.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import { describeGroups, stateOf } from './group-description.ts'

const listApi = { request: listGroupsRequest, response: listGroupsResponse }
const STATE_SINCE = 4

/** Groups of all brokers. Throws only when no broker answers. */
export async function listGroups(client: Client): Promise<readonly GroupSummary[]> {
  const { brokers } = await client.metadata([])
  const answers = await Promise.all(
    brokers.map(({ nodeId }) =>
      listGroupsOf(client, nodeId).then(
        groups => ({ groups, problem: null }),
        (error: unknown) => ({ groups: [], problem: problemOf(error) }),
      ),
    ),
  )
  const failed = answers.flatMap(({ problem }) => problem ?? [])
  if (failed.length === answers.length && failed[0] !== undefined)
    throw new ContractError(failed[0])
  return answers.flatMap(({ groups }) => groups)
}

async function listGroupsOf(client: Client, brokerId: number): Promise<readonly GroupSummary[]> {
  const target = { type: 'broker', brokerId } as const
  const answer = await client.request(target, listApi, {})
  const problem = codeProblem(answer.errorCode, `groups of broker ${brokerId}`)
  if (problem !== null) throw new ContractError(problem)
  const [, newest] = (await client.connection(target)).versionsOf(listGroupsRequest.apiKey!) ?? [
    0, 0,
  ]
  return answer.groups.map(({ groupId, protocolType, groupState, groupType }) => ({
    groupId,
    protocolType,
    state: newest >= STATE_SINCE ? stateOf(groupState) : 'Unknown',
    type: groupType === '' ? null : groupType.toLowerCase(),
  }))
}

/** So many at once: the answers of a thousand groups together would hold up all else. */
const GROUPS_AT_ONCE = 50

/** Groups that do not exist any more come with a problem. */
export async function groupFigures(
  client: Client,
  groupIds: readonly string[],
  nowMs: number,
): Promise<readonly GroupFigures[]> {
  const figures: GroupFigures[] = []
  for (let at = 0; at < groupIds.length; at += GROUPS_AT_ONCE) {
    const share = groupIds.slice(at, at + GROUPS_AT_ONCE)
    for (const each of await describeGroups(client, share, nowMs))
      figures.push(
        each.type === 'described'
          ? figuresOf(each.group)
          : unknownFigures(each.groupId, each.problem),
      )
  }
  return figures
}

export async function groupsOfTopic(
  client: Client,
  topic: string,
  nowMs: number,
): Promise<readonly GroupFigures[]> {
  const groups = await listGroups(client)
  const figures = await groupFigures(
    client,
    groups.map(({ groupId }) => groupId),
    nowMs,
  )
  return figures.filter(({ topics }) => topics.includes(topic))
}

function figuresOf(group: GroupDescription): GroupFigures {
  const { groupId, state, coordinator, totalLag, unknownLagCount } = group
  const subscribed = group.members.flatMap(({ subscribedTopics }) => subscribedTopics ?? [])
  const topics = new Set([...group.partitions.map(({ topic }) => topic), ...subscribed])
  return {
    groupId,
    state,
    memberCount: group.members.length,
    coordinator,
    topics: [...topics].sort(),
    totalLag,
    unknownLagCount,
    problem: null,
  }
}

function unknownFigures(groupId: string, problem: Problem): GroupFigures {
  return {
    groupId,
    state: 'Unknown',
    memberCount: 0,
    coordinator: null,
    topics: [],
    totalLag: null,
    unknownLagCount: 0,
    problem,
  }
}
