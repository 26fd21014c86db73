/** Groups in full: members, what they hold, what was committed, and the lag that follows. */
import type { Client } from '../../engine/client/client.ts'
import type { Address } from '../../engine/ports/network.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
  type DescribeGroupsResponse,
} from '../../engine/protocol/messages/describe-groups.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type {
  GroupDescription,
  GroupMember,
  GroupPartition,
  GroupState,
} from '../contract/model/group.ts'
import { kafkaProblem, problemOf } from '../contract/problem.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import { decodeAssignment, decodeSubscribedTopics } from './consumer-protocol.ts'
import {
  committedOffsets,
  leadersOfPartitions,
  partitionsByTopic,
  type CommittedOffset,
} from './group-offsets.ts'
import { EARLIEST, LATEST, listOffsets, type OffsetTable } from '../lookups/list-offsets.ts'
import { offsetIn } from '../topics/topic-figures.ts'

const describeApi = { request: describeGroupsRequest, response: describeGroupsResponse }
/** Version 6 answers with an error where older ones describe a dead group, which is what we show. */
const DEAD_GROUPS_VERSION_MAX = 5

/** Throws a `ContractError`, NOT_FOUND where there is no such group. */
export async function describeGroup(
  client: Client,
  groupId: string,
  nowMs: number,
): Promise<GroupDescription> {
  const [described] = await describeGroups(client, [groupId], nowMs)
  if (described!.type === 'problem') throw new ContractError(described!.problem)
  return described!.group
}

export type DescribedGroup =
  | { readonly type: 'described'; readonly group: GroupDescription }
  | { readonly type: 'problem'; readonly groupId: string; readonly problem: Problem }

/** Many groups, in the order of their ids; the ends of their partitions are asked for together. */
export async function describeGroups(
  client: Client,
  groupIds: readonly string[],
  nowMs: number,
): Promise<readonly DescribedGroup[]> {
  const loaded = await Promise.all(
    groupIds.map(groupId =>
      loadGroup(client, groupId).catch((error: unknown) => ({
        type: 'problem' as const,
        groupId,
        problem: problemOf(error),
      })),
    ),
  )
  const found = loaded.flatMap(each => (each.type === 'loaded' ? each : []))
  const wanted = partitionsByTopic(
    found.flatMap(({ committed, holders }) => [...committed, ...holders.values()]),
  )
  const [{ brokers }, leaders] = await Promise.all([
    client.metadata([]),
    leadersOfPartitions(client, wanted),
  ])
  const [starts, ends] = await Promise.all([
    listOffsets(client, leaders, EARLIEST),
    listOffsets(client, leaders, LATEST),
  ])
  return loaded.map(each => {
    if (each.type === 'problem') return each
    const { host, port } = each.coordinator
    const broker = brokers.find(candidate => candidate.host === host && candidate.port === port)
    const group = descriptionOf(each, { starts, ends }, broker?.nodeId ?? null, nowMs)
    return { type: 'described', group }
  })
}

interface LoadedGroup {
  readonly type: 'loaded'
  readonly groupId: string
  readonly group: WireGroup
  readonly members: readonly GroupMember[]
  readonly committed: readonly CommittedOffset[]
  /** Who holds each partition, by `topic-partition`. */
  readonly holders: ReadonlyMap<string, HeldPartition>
  readonly coordinator: Address
}

async function loadGroup(client: Client, groupId: string): Promise<LoadedGroup> {
  const [group, committed, { address }] = await Promise.all([
    describeClassicGroup(client, groupId),
    committedOffsets(client, groupId),
    client.connection({ type: 'group-coordinator', groupId }),
  ])
  if (group.groupState === 'Dead' && committed.length === 0)
    throw new ContractError({
      code: 'NOT_FOUND',
      message: `no group is ${groupId}`,
      remedy: 'Its offsets may have expired. It appears again when a consumer joins.',
    })
  const members = group.members.map(memberOf)
  const holders = holdersOf(members)
  return { type: 'loaded', groupId, group, members, committed, holders, coordinator: address }
}

function descriptionOf(
  { groupId, group, members, committed, holders }: LoadedGroup,
  logEnds: LogEnds,
  coordinator: number | null,
  nowMs: number,
): GroupDescription {
  const partitions = describePartitions(committed, holders, logEnds)
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

type WireGroup = DescribeGroupsResponse['groups'][number]

async function describeClassicGroup(client: Client, groupId: string): Promise<WireGroup> {
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

function memberOf(member: WireGroup['members'][number]): GroupMember {
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

function describePartitions(
  committed: readonly CommittedOffset[],
  holders: ReadonlyMap<string, HeldPartition>,
  logEnds: LogEnds,
): readonly GroupPartition[] {
  const offsets = new Map(committed.map(each => [`${each.topic}-${each.partition}`, each]))
  const wanted = partitionsByTopic([...committed, ...holders.values()])
  const partitions = [...wanted].flatMap(([topic, numbers]) =>
    [...numbers].map(partition => {
      const key = `${topic}-${partition}`
      const memberId = holders.get(key)?.memberId ?? null
      return partitionOf({ topic, partition }, logEnds, offsets.get(key), memberId)
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

function partitionOf(
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

function totalLagOf(
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

export function stateOf(name: string): GroupState {
  return states.has(name) ? (name as GroupState) : 'Unknown'
}
