/** `group.list`, `group.describe`, `group.figures`, `group.of-topic`. */
import type { Client } from '../../engine/client/client.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
  type DescribeGroupsResponse,
} from '../../engine/protocol/messages/describe-groups.ts'
import {
  listGroupsRequest,
  listGroupsResponse,
} from '../../engine/protocol/messages/list-groups.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type {
  GroupDescription,
  GroupFigures,
  GroupMember,
  GroupPartition,
  GroupState,
  GroupSummary,
} from '../contract/model.ts'
import { kafkaProblem, problemOf } from '../contract/problem.ts'
import { codeProblem } from './cluster-topics.ts'
import { decodeAssignment, decodeSubscribedTopics } from './consumer-protocol.ts'
import {
  committedOffsets,
  leadersOfPartitions,
  partitionsByTopic,
  type CommittedOffset,
} from './group-offsets.ts'
import { EARLIEST, LATEST, listOffsets, type OffsetTable } from './list-offsets.ts'
import { offsetIn } from './topic-figures.ts'

const listApi = { request: listGroupsRequest, response: listGroupsResponse }
const describeApi = { request: describeGroupsRequest, response: describeGroupsResponse }
/** Version 6 answers with an error where older ones describe a dead group, which is what we show. */
const DEAD_GROUPS_VERSION_MAX = 5
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

export async function describeGroup(
  client: Client,
  groupId: string,
  nowMs: number,
): Promise<GroupDescription> {
  const [group, committed, coordinator] = await Promise.all([
    describeClassicGroup(client, groupId),
    committedOffsets(client, groupId),
    coordinatorOf(client, groupId),
  ])
  const members = group.members.map(memberOf)
  if (group.groupState === 'Dead' && committed.length === 0)
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `no group is ${groupId}`,
      remedy: 'Its offsets may have expired. It appears again when a consumer joins.',
    })
  const partitions = await describePartitions(client, members, committed)
  return {
    groupId,
    state: stateOf(group.groupState),
    type: 'classic',
    protocolType: group.protocolType,
    protocol: group.protocolData,
    coordinator,
    members,
    partitions,
    ...totalLagOf(partitions),
    observedAtMs: BigInt(nowMs),
  }
}

/** Groups that do not exist any more come with a problem. */
export function groupFigures(
  client: Client,
  groupIds: readonly string[],
  nowMs: number,
): Promise<readonly GroupFigures[]> {
  return Promise.all(
    groupIds.map(groupId =>
      describeGroup(client, groupId, nowMs).then(figuresOf, (error: unknown) =>
        unknownFigures(groupId, problemOf(error)),
      ),
    ),
  )
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

type DescribedGroup = DescribeGroupsResponse['groups'][number]

async function describeClassicGroup(client: Client, groupId: string): Promise<DescribedGroup> {
  const { groups } = await client.request(
    { type: 'group-coordinator', groupId },
    describeApi,
    { groups: [groupId] },
    { versionMax: DEAD_GROUPS_VERSION_MAX },
  )
  const [group] = groups
  const problem = codeProblem(group?.errorCode ?? -1, `group ${groupId}`)
  if (problem === null) return group!
  // Leadership of __consumer_offsets has moved: the next question finds the new coordinator.
  client.forget()
  throw new ContractError(problem)
}

async function coordinatorOf(client: Client, groupId: string): Promise<number | null> {
  const { address } = await client.connection({ type: 'group-coordinator', groupId })
  const { brokers } = await client.metadata([])
  const found = brokers.find(({ host, port }) => host === address.host && port === address.port)
  return found?.nodeId ?? null
}

function memberOf(member: DescribedGroup['members'][number]): GroupMember {
  const { memberId, groupInstanceId, clientId, clientHost } = member
  const assignment = decodeAssignment(member.memberAssignment)
  return {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    subscribedTopics: decodeSubscribedTopics(member.memberMetadata),
    assignment,
    assignmentBytes: assignment === null ? new Uint8Array(member.memberAssignment) : null,
  }
}

async function describePartitions(
  client: Client,
  members: readonly GroupMember[],
  committed: readonly CommittedOffset[],
): Promise<readonly GroupPartition[]> {
  const holders = holdersOf(members)
  const held = [...holders.values()]
  const wanted = partitionsByTopic([...committed, ...held])
  const leaders = await leadersOfPartitions(client, wanted)
  const [starts, ends] = await Promise.all([
    listOffsets(client, leaders, EARLIEST),
    listOffsets(client, leaders, LATEST),
  ])
  const offsets = new Map(committed.map(each => [`${each.topic}-${each.partition}`, each]))
  const partitions = [...wanted].flatMap(([topic, numbers]) =>
    [...numbers].map(partition => {
      const key = `${topic}-${partition}`
      const memberId = holders.get(key)?.memberId ?? null
      return partitionOf({ topic, partition }, { starts, ends }, offsets.get(key), memberId)
    }),
  )
  return partitions.sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}

interface HeldPartition {
  readonly topic: string
  readonly partition: number
  readonly memberId: string
}

function holdersOf(members: readonly GroupMember[]): ReadonlyMap<string, HeldPartition> {
  const holders = new Map<string, HeldPartition>()
  for (const { memberId, assignment } of members)
    for (const { topic, partitions } of assignment ?? [])
      for (const partition of partitions)
        holders.set(`${topic}-${partition}`, { topic, partition, memberId })
  return holders
}

interface LogEnds {
  readonly starts: OffsetTable
  readonly ends: OffsetTable
}

export function partitionOf(
  { topic, partition }: { readonly topic: string; readonly partition: number },
  { starts, ends }: LogEnds,
  committed: CommittedOffset | undefined,
  memberId: string | null,
): GroupPartition {
  const logStartOffset = offsetIn(starts, topic, partition)
  const highWatermark = offsetIn(ends, topic, partition)
  const committedOffset = committed?.offset ?? null
  const answer = ends.get(topic)?.get(partition)
  return {
    topic,
    partition,
    committedOffset,
    committedLeaderEpoch: committed?.leaderEpoch ?? null,
    metadata: committed?.metadata ?? '',
    logStartOffset,
    highWatermark,
    lag: lagOf(committedOffset, highWatermark),
    fellOffLog:
      committedOffset !== null && logStartOffset !== null && committedOffset < logStartOffset,
    memberId,
    problem: answer === undefined ? deleted(topic, partition) : problemIn(answer),
  }
}

function lagOf(committedOffset: bigint | null, highWatermark: bigint | null): bigint | null {
  if (committedOffset === null || highWatermark === null) return null
  // A commit can be past the end for a moment, and after an unclean election for longer.
  return highWatermark > committedOffset ? highWatermark - committedOffset : 0n
}

function deleted(topic: string, partition: number): Problem {
  return kafkaProblem('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${partition} does not exist any more`)
}

function problemIn(answer: { readonly type: string; readonly problem?: Problem }): Problem | null {
  return answer.problem ?? null
}

export function totalLagOf(
  partitions: readonly GroupPartition[],
): Pick<GroupDescription, 'totalLag' | 'unknownLagCount'> {
  const known = partitions.flatMap(({ lag }) => lag ?? [])
  const total = known.reduce((sum, lag) => sum + lag, 0n)
  return {
    totalLag: known.length === 0 ? null : total,
    unknownLagCount: partitions.length - known.length,
  }
}

const states: ReadonlySet<string> = new Set<GroupState>([
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
  'NotReady',
])

function stateOf(name: string): GroupState {
  return states.has(name) ? (name as GroupState) : 'Unknown'
}
