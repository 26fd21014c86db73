/**
 * Groups of the streams protocol (KIP-1071): members hold tasks, each one partition number of a
 * subtopology, which reads that partition of every source topic that has it.
 */
import type { Client } from '../../engine/client/client.ts'
import {
  streamsGroupDescribeRequest,
  streamsGroupDescribeResponse,
  type StreamsGroupDescribeResponse,
} from '../../engine/protocol/messages/streams-group-describe.ts'
import type { Problem } from '../contract/define.ts'
import type { StreamsTask, StreamsTopology, TopicPartitions } from '../contract/model/group.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { describeGroupsOf, type BareGroup, type BareMember } from './bare-group.ts'

const api = { request: streamsGroupDescribeRequest, response: streamsGroupDescribeResponse }

/** Rejects when the coordinator does not answer, or is too old for streams groups. */
export function describeStreamsGroups(
  client: Client,
  brokerId: number,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, BareGroup | Problem>> {
  return describeGroupsOf(groupIds, {
    type: 'streams',
    coordinator: brokerId,
    ask: question => askInTime(client, brokerId, connection => connection.request(api, question)),
    membersOf: (group: FoundGroup) => {
      const topology = topologyOf(group)
      return group.members.map(member => streamsMember(member, topology))
    },
    topologyOf,
  })
}

type FoundGroup = StreamsGroupDescribeResponse['groups'][number]

function topologyOf({ topology }: FoundGroup): StreamsTopology | null {
  if (topology === null) return null
  const { epoch, subtopologies } = topology
  return {
    epoch,
    subtopologies:
      subtopologies?.map(each => ({
        subtopologyId: each.subtopologyId,
        sourceTopics: each.sourceTopics,
        repartitionSourceTopics: each.repartitionSourceTopics.map(({ name }) => name),
        repartitionSinkTopics: each.repartitionSinkTopics,
        changelogTopics: each.stateChangelogTopics.map(({ name }) => name),
      })) ?? null,
  }
}

function streamsMember(
  member: FoundGroup['members'][number],
  topology: StreamsTopology | null,
): BareMember {
  const { activeTasks, standbyTasks, warmupTasks } = member.assignment
  const sources = new Map(
    topology?.subtopologies?.map(each => [
      each.subtopologyId,
      [...each.sourceTopics, ...each.repartitionSourceTopics],
    ]),
  )
  return {
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopics: [...new Set([...sources.values()].flat())].sort(),
    assignment: partitionsOf(activeTasks, sources),
    assignmentBytes: null,
    tasks: {
      active: tasksOf(activeTasks),
      standby: tasksOf(standbyTasks),
      warmup: tasksOf(warmupTasks),
    },
  }
}

type FoundTasks = FoundGroup['members'][number]['assignment']['activeTasks']

function tasksOf(found: FoundTasks): readonly StreamsTask[] {
  return found
    .flatMap(({ subtopologyId, partitions }) =>
      partitions.map(partition => ({ subtopologyId, partition })),
    )
    .sort((a, b) =>
      a.subtopologyId === b.subtopologyId
        ? a.partition - b.partition
        : a.subtopologyId.localeCompare(b.subtopologyId, 'en', { numeric: true }),
    )
}

/** What the tasks read. A topic with fewer partitions than there are tasks lacks some of these. */
function partitionsOf(
  tasks: FoundTasks,
  sources: ReadonlyMap<string, readonly string[]>,
): readonly TopicPartitions[] {
  const held = new Map<string, number[]>()
  for (const { subtopologyId, partitions } of tasks)
    for (const topic of sources.get(subtopologyId) ?? [])
      held.set(topic, [...(held.get(topic) ?? []), ...partitions])
  return [...held].map(([topic, partitions]) => ({
    topic,
    partitions: partitions.sort((a, b) => a - b),
  }))
}

/** What a member holds, without the partitions that its tasks have and a topic has not. */
export function existing(
  { assignment, tasks }: Pick<BareMember, 'assignment' | 'tasks'>,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): readonly TopicPartitions[] | null {
  if (assignment === null || tasks === null) return assignment
  const there = new Set(partitions.map(({ topic, partition }) => `${topic}-${partition}`))
  return assignment.flatMap(({ topic, partitions: held }) => {
    const found = held.filter(partition => there.has(`${topic}-${partition}`))
    return found.length === 0 ? [] : { topic, partitions: found }
  })
}
