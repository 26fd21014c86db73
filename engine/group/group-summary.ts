/** Groups for screens: read-only copies, with what the protocol's answers leave out. */
import type { ClassicGroup, GroupState } from './classic-group.ts'
import { assignedPartitionsOf, type AssignedTopic } from './consumer-protocol.ts'
import type { CommittedOffset, GroupImage } from './group-image.ts'

export interface GroupSummary {
  readonly groupId: string
  readonly state: GroupState
  /** Null for groups written by a Kafka that did not keep it. */
  readonly stateSinceMs: number | null
  readonly generationId: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leaderId: string | null
  readonly members: readonly MemberSummary[]
  /** Given an id, and expected to join with it. */
  readonly pendingMemberCount: number
  /** Null where the broker cannot know. */
  readonly subscribedTopics: readonly string[] | null
}

export interface MemberSummary {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** What it waits for: the generation to form, the leader's assignment, or nothing. */
  readonly awaits: 'join' | 'sync' | null
  /** Null where the assignment is not the consumer protocol's. */
  readonly assigned: readonly AssignedTopic[] | null
}

export interface OffsetSummary extends CommittedOffset {
  readonly topic: string
  readonly partition: number
}

export function summaryOf(group: ClassicGroup): GroupSummary {
  return {
    groupId: group.groupId,
    state: group.state,
    stateSinceMs: group.stateSinceMs,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leaderId: group.leaderId,
    members: group.members.map(member => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      sessionTimeoutMs: member.sessionTimeoutMs,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      awaits: member.joinToken !== null ? 'join' : member.syncToken !== null ? 'sync' : null,
      assigned: group.ofConsumers ? assignedPartitionsOf(member.assignment) : null,
    })),
    pendingMemberCount: group.pendingMembers.size,
    subscribedTopics: group.subscribedTopics === null ? null : [...group.subscribedTopics],
  }
}

export function offsetSummaries(image: GroupImage, groupId: string): readonly OffsetSummary[] {
  return [...image.offsetsOf(groupId)].flatMap(([topic, partitions]) =>
    [...partitions].map(([partition, committed]) => ({ topic, partition, ...committed })),
  )
}
