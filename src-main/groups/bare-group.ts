/**
 * A group as its coordinator describes it, whatever its protocol; and the one shape in which the
 * protocols since KIP-848 are asked and answered.
 */
import { errorCode } from '../../engine/protocol/errors.ts'
import type { Problem } from '../contract/define.ts'
import type {
  GroupState,
  StreamsTasks,
  StreamsTopology,
  TopicPartitions,
} from '../contract/model/group.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import { stateOf } from './group-book.ts'

export interface BareMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopics: readonly string[] | null
  readonly assignment: readonly TopicPartitions[] | null
  readonly assignmentBytes: Uint8Array | null
  readonly tasks: StreamsTasks | null
}

/** A group as its coordinator describes it. */
export interface BareGroup {
  readonly groupId: string
  readonly state: GroupState
  readonly type: string | null
  readonly protocolType: string
  readonly protocol: string
  /** The group epoch of KIP-848; classic coordinators do not tell their generation. */
  readonly epoch: number | null
  readonly members: readonly BareMember[]
  readonly coordinator: number
  readonly topology: StreamsTopology | null
}

const GONE = errorCode('GROUP_ID_NOT_FOUND')

/** What the answers of ConsumerGroupDescribe, ShareGroupDescribe and StreamsGroupDescribe share. */
interface ToldGroup {
  readonly groupId: string
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly groupState: string
  readonly groupEpoch: number
  /** Null where a group of streams has none. */
  readonly assignorName: string | null
}

export interface Describing<G extends ToldGroup> {
  readonly type: 'consumer' | 'share' | 'streams'
  readonly coordinator: number
  readonly ask: (question: {
    readonly groupIds: readonly string[]
    readonly includeAuthorizedOperations: false
  }) => Promise<{ readonly groups: readonly G[] }>
  readonly membersOf: (group: G) => readonly BareMember[]
  /** Of the streams protocol alone. */
  readonly topologyOf?: (group: G) => StreamsTopology | null
}

/** Rejects when the coordinator does not answer, or is too old for groups of this type. */
export async function describeGroupsOf<G extends ToldGroup>(
  groupIds: readonly string[],
  describing: Describing<G>,
): Promise<ReadonlyMap<string, BareGroup | Problem>> {
  if (groupIds.length === 0) return new Map()
  const { groups } = await describing.ask({ groupIds, includeAuthorizedOperations: false })
  return new Map(groups.map(group => [group.groupId, bareGroup(group, describing)]))
}

function bareGroup<G extends ToldGroup>(
  group: G,
  { type, coordinator, membersOf, topologyOf }: Describing<G>,
): BareGroup | Problem {
  const { groupId } = group
  // A group that has gone since the list was read is dead, as the classic answer has it.
  if (group.errorCode !== 0 && group.errorCode !== GONE)
    return codeProblem(group.errorCode, `group ${groupId}`, group.errorMessage)!
  return {
    groupId,
    state: group.errorCode === GONE ? 'Dead' : stateOf(group.groupState),
    type,
    protocolType: type,
    protocol: group.assignorName ?? '',
    epoch: group.groupEpoch,
    coordinator,
    topology: topologyOf?.(group) ?? null,
    members: membersOf(group),
  }
}

/** As the consumer and the share protocol tell what a member holds. */
export function namedPartitions({
  topicPartitions,
}: {
  readonly topicPartitions: readonly {
    readonly topicName: string
    readonly partitions: readonly number[]
  }[]
}): readonly TopicPartitions[] {
  return topicPartitions.map(({ topicName, partitions }) => ({ topic: topicName, partitions }))
}
