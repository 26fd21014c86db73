/** Groups in full: members, what they hold, what was committed, and the lag that follows. */
import { ContractError, type Problem } from '../contract/define.ts'
import type {
  CommitTime,
  GroupDescription,
  GroupFigures,
  GroupMember,
  GroupPartition,
} from '../contract/model/group.ts'
import { problemOf } from '../contract/problem.ts'
import { EARLIEST, LATEST, listOffsets } from '../lookups/list-offsets.ts'
import { recordedCommit, type CommitLog, type GroupCommits } from './commit-log.ts'
import { leadersOfPartitions, partitionsByTopic } from './group-offsets.ts'
import { drainOf, drainWithout, longestLagTime, slowestDrain, totalTrend } from './lag-figures.ts'
import type { LagTracker } from './lag-tracker.ts'
import type { BareGroup } from './bare-group.ts'
import { loadGroups, type LoadOptions } from './load-groups.ts'
import type { NextRecords } from './next-records.ts'
import {
  holdersOf,
  partitionFacts,
  type HeldPartition,
  type PartitionFacts,
} from './partition-facts.ts'
import type { RebalanceDiary } from './rebalance-diary.ts'
import { existing } from './streams-groups.ts'

export { stateOf } from './group-book.ts'

export interface DescribeOptions extends LoadOptions {
  readonly tracker: LagTracker
  readonly nextRecords: NextRecords
  readonly nowMs: () => number
}

export interface DescribeFullyOptions extends DescribeOptions {
  readonly commitLog: CommitLog
  readonly diary: RebalanceDiary
  readonly rebalanceVersion: (groupId: string) => number
  readonly offsetsRetentionMs: () => Promise<number | null>
}

/** Records whose time is asked for in one look at a group, those of the largest lags first. */
const NEXT_RECORDS_MAX = 64

const GROUPS_LOOKED_AT_MAX = 60

interface Facts {
  readonly group: BareGroup
  readonly partitions: readonly PartitionFacts[]
  readonly nowMs: number
}

type Found =
  | { readonly type: 'found'; readonly facts: Facts }
  | { readonly type: 'problem'; readonly groupId: string; readonly problem: Problem }

/** Throws a `ContractError`, NOT_FOUND where there is no such group. */
export async function describeGroup(
  options: DescribeFullyOptions,
  groupId: string,
): Promise<GroupDescription> {
  // Each type is asked for in its own way, and only a list tells it.
  if (!options.book.knows(groupId)) await options.book.list()
  const [[found], commits, offsetsRetentionMs] = await Promise.all([
    factsOf(options, [groupId], { withStarts: true }),
    options.commitLog.read(groupId),
    options.offsetsRetentionMs(),
  ])
  if (found!.type === 'problem') throw new ContractError(found!.problem)
  const { facts } = found!
  await options.nextRecords.look(lagging(facts.partitions), NEXT_RECORDS_MAX)
  return descriptionOf(options, facts, { commits, offsetsRetentionMs })
}

/** Many groups, in the order of their ids; the ends of their partitions are asked for together. */
export async function describeFigures(
  options: DescribeOptions,
  groupIds: readonly string[],
): Promise<readonly GroupFigures[]> {
  const found = await factsOf(options, groupIds, { withStarts: false })
  // For rows on a screen the records are asked; where very many are put in order, samples do.
  if (groupIds.length <= GROUPS_LOOKED_AT_MAX) {
    const places = found.flatMap(each => (each.type === 'found' ? unknownWaits(options, each) : []))
    await options.nextRecords.look(places, NEXT_RECORDS_MAX)
  }
  return found.map(each =>
    each.type === 'found'
      ? figuresOf(options, each.facts)
      : unknownFigures(each.groupId, each.problem),
  )
}

async function factsOf(
  options: DescribeOptions,
  groupIds: readonly string[],
  { withStarts }: { readonly withStarts: boolean },
): Promise<readonly Found[]> {
  const { client, tracker } = options
  const loaded = await loadGroups(options, groupIds)
  const held = new Map<string, ReadonlyMap<string, HeldPartition>>()
  const wanted = partitionsByTopic(
    loaded.flatMap(each => {
      if (each.type === 'problem') return []
      const holders = holdersOf(each.group)
      held.set(each.group.groupId, holders)
      return [...each.committed, ...holders.values()]
    }),
  )
  const leaders = await leadersOfPartitions(client, wanted)
  const [starts, ends] = await Promise.all([
    withStarts ? listOffsets(client, leaders, EARLIEST) : new Map<string, never>(),
    listOffsets(client, leaders, LATEST),
  ])
  const nowMs = options.nowMs()
  for (const [topic, partitions] of ends)
    for (const [partition, answer] of partitions)
      if (answer.type === 'found') tracker.sawEnd(topic, partition, answer.offset, nowMs)
  return loaded.map((each): Found => {
    if (each.type === 'problem') return each
    const { group, committed } = each
    const { groupId } = group
    if (group.state === 'Dead' && committed.length === 0)
      return { type: 'problem', groupId, problem: gone(groupId) }
    for (const offset of committed) tracker.sawCommit(groupId, offset, nowMs)
    const partitions = partitionFacts(committed, held.get(groupId)!, { starts, ends })
    return { type: 'found', facts: { group, partitions, nowMs } }
  })
}

function gone(groupId: string): Problem {
  return {
    code: 'NOT_FOUND',
    message: `no group is ${groupId}`,
    remedy: 'Its offsets may have expired. It appears again when a consumer joins.',
  }
}

/** The next records of partitions that lag, the largest lag first; what is gone cannot be read. */
function lagging(partitions: readonly PartitionFacts[]) {
  return partitions
    .filter(({ lag }) => lag !== null && lag > 0n)
    .toSorted((a, b) => (a.lag! < b.lag! ? 1 : -1))
    .map(nextPlace)
}

/** Below the log start the group goes on at the log start, if its reset policy says so. */
function nextPlace({ topic, partition, committed, logStartOffset }: PartitionFacts) {
  const offset = committed!.offset
  const start = logStartOffset ?? offset
  return { topic, partition, offset: offset < start ? start : offset }
}

function unknownWaits(options: DescribeOptions, { facts }: Found & { type: 'found' }) {
  const { partitions, nowMs } = facts
  return lagging(partitions.filter(each => lagTimeOf(options, each, nowMs) === null))
}

function lagTimeOf({ nextRecords, tracker }: DescribeOptions, at: PartitionFacts, nowMs: number) {
  if (at.committed === undefined || at.lag === null) return null
  if (at.lag === 0n) return { ms: 0, source: 'record' as const }
  const read = nextRecords.lagTime(nextPlace(at), nowMs)
  return read ?? tracker.lagTime({ ...at, offset: at.committed.offset }, at.lag, nowMs)
}

function descriptionOf(
  options: DescribeFullyOptions,
  { group, partitions: facts, nowMs }: Facts,
  more: { readonly commits: GroupCommits; readonly offsetsRetentionMs: number | null },
): GroupDescription {
  const { groupId, state, type, protocolType, protocol, coordinator, topology } = group
  const { commits, offsetsRetentionMs } = more
  const hasMembers = group.members.length > 0
  const isShared = type === 'share'
  const context = { commits: isShared ? untold : commits, nowMs, hasMembers, isShared }
  const partitions = facts.map(each => partitionOf(options, groupId, each, context))
  return {
    groupId,
    state,
    type,
    protocolType,
    protocol,
    coordinator,
    members: group.members.map((member): GroupMember => {
      const { joinedMs, lastMove } = options.diary.member(groupId, member.memberId)
      const assignment = existing(member, facts)
      return {
        ...member,
        assignment,
        joinedMs: joinedMs === null ? null : BigInt(joinedMs),
        lastMove,
      }
    }),
    partitions,
    ...totalLagOf(facts),
    lagTime: longestLagTime(partitions),
    trend: totalTrend(partitions.map(each => each.trend)),
    drain: slowestDrain(partitions.filter(({ lag }) => lag !== null).map(each => each.drain)),
    commit: latestCommit(partitions.map(each => each.commit)),
    generationId: group.epoch ?? options.diary.generationId(groupId) ?? commits.generationId,
    stateSinceMs: state === 'Empty' || state === 'Stable' ? commits.stateSinceMs : null,
    offsetsRetentionMs,
    rebalanceVersion: options.rebalanceVersion(groupId),
    topology,
    observedAtMs: BigInt(nowMs),
  }
}

/** Of share groups, which commit nothing. */
const untold: GroupCommits = {
  commits: new Map(),
  generationId: null,
  stateSinceMs: null,
  reason: 'a coordinator does not tell when a start offset moved',
}

interface PartitionContext {
  readonly commits: GroupCommits
  readonly nowMs: number
  readonly hasMembers: boolean
  readonly isShared: boolean
}

function partitionOf(
  options: DescribeFullyOptions,
  groupId: string,
  facts: PartitionFacts,
  { commits, nowMs, hasMembers, isShared }: PartitionContext,
): GroupPartition {
  const { topic, partition, committed, logStartOffset, highWatermark, lag, memberIds } = facts
  const { tracker, diary } = options
  const trend = tracker.trend(groupId, topic, partition, nowMs)
  const held = diary.holding(groupId, topic, partition)
  const offset = committed?.offset ?? null
  const memberId = isShared ? null : (memberIds[0] ?? null)
  return {
    topic,
    partition,
    sharedBy: isShared ? memberIds : [],
    committedOffset: offset,
    committedLeaderEpoch: committed?.leaderEpoch ?? null,
    metadata: committed?.metadata ?? '',
    logStartOffset,
    highWatermark,
    lag,
    fellOffLog: offset !== null && logStartOffset !== null && offset < logStartOffset,
    memberId,
    heldSinceMs:
      held === null || held.sinceMs === null || held.memberId !== memberId
        ? null
        : BigInt(held.sinceMs),
    lagTime: lagTimeOf(options, facts, nowMs),
    trend,
    drain:
      lag === null ? { type: 'unknown' } : drainWithout(hasMembers, drainOf(lag, trend), trend),
    commit: commitOf(tracker, groupId, facts, commits),
    problem: facts.problem,
  }
}

function commitOf(
  tracker: LagTracker,
  groupId: string,
  { topic, partition, committed }: PartitionFacts,
  commits: GroupCommits,
): CommitTime {
  if (committed === undefined) return { type: 'unknown', reason: 'nothing was committed' }
  return (
    recordedCommit(commits, committed) ??
    tracker.commitTime(groupId, topic, partition) ?? { type: 'unknown', reason: commits.reason }
  )
}

function latestCommit(commits: readonly CommitTime[]): CommitTime {
  let latest: CommitTime = commits[0] ?? { type: 'unknown', reason: 'nothing was committed' }
  for (const commit of commits)
    if (commit.type !== 'unknown' && (latest.type === 'unknown' || commit.atMs > latest.atMs))
      latest = commit
  return latest
}

function totalLagOf(
  partitions: readonly PartitionFacts[],
): Pick<GroupDescription, 'totalLag' | 'unknownLagCount'> {
  const known = partitions.flatMap(({ lag }) => lag ?? [])
  const total = known.reduce((sum, lag) => sum + lag, 0n)
  return {
    totalLag: known.length === 0 ? null : total,
    unknownLagCount: partitions.length - known.length,
  }
}

function figuresOf(options: DescribeOptions, { group, partitions, nowMs }: Facts): GroupFigures {
  const { groupId, state, coordinator, members } = group
  const subscribed = members.flatMap(({ subscribedTopics }) => subscribedTopics ?? [])
  const topics = new Set([...partitions.map(({ topic }) => topic), ...subscribed])
  return {
    groupId,
    state,
    memberCount: members.length,
    coordinator,
    topics: [...topics].sort(),
    ...totalLagOf(partitions),
    lagTime: longestLagTime(
      partitions.map(each => ({ lag: each.lag, lagTime: lagTimeOf(options, each, nowMs) })),
    ),
    trend: totalTrend(
      partitions.map(each => options.tracker.trend(groupId, each.topic, each.partition, nowMs)),
    ),
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
    lagTime: null,
    trend: null,
    problem: problemOf(new ContractError(problem)),
  }
}
