/** A running group as its log keeps it, and a running group from what its log kept. */
import { ClassicGroup } from './classic-group.ts'
import type { GroupChange, GroupMetadata } from './group-image.ts'
import { metadataFor, type Member } from './member.ts'

/** The group with the given assignments, to be written. */
export function metadataRecord(
  group: ClassicGroup,
  assignmentOf: (member: Member) => Uint8Array,
): GroupChange {
  const metadata: GroupMetadata = {
    protocolType: group.protocolType,
    generationId: group.generationId,
    protocolName: group.protocolName,
    leaderId: group.leaderId,
    stateSinceMs: group.stateSinceMs === null ? null : BigInt(group.stateSinceMs),
    members: group.members.map(member => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      subscription: metadataFor(member, group.protocolName!),
      assignment: assignmentOf(member),
    })),
  }
  return { type: 'group-written', groupId: group.groupId, metadata }
}

/** A group nobody was ever a member of: just created, or known by its offsets alone. */
export function emptyGroup(groupId: string, timestampMs: number): ClassicGroup {
  return new ClassicGroup({
    groupId,
    state: 'Empty',
    stateSinceMs: timestampMs,
    generationId: 0,
    protocolType: null,
    protocolName: null,
    leaderId: null,
  })
}

/** The empty group as it is written when a first member, not counted yet, creates it. */
export function createdRecord(group: ClassicGroup, timestampMs: number): GroupChange {
  const metadata: GroupMetadata = {
    protocolType: null,
    generationId: 0,
    protocolName: null,
    leaderId: null,
    stateSinceMs: BigInt(timestampMs),
    members: [],
  }
  return { type: 'group-written', groupId: group.groupId, metadata }
}

/**
 * A loaded group is stable or empty, whatever it was in the middle of: its members find out at
 * their next request. Of their protocols the log has only the chosen one.
 */
export function groupFrom(
  groupId: string,
  metadata: GroupMetadata | null,
  timestampMs: number,
): ClassicGroup {
  if (metadata === null) return emptyGroup(groupId, timestampMs)
  const { protocolType, protocolName } = metadata
  const group = new ClassicGroup({
    groupId,
    state: metadata.members.length === 0 ? 'Empty' : 'Stable',
    stateSinceMs: metadata.stateSinceMs === null ? null : Number(metadata.stateSinceMs),
    generationId: metadata.generationId,
    protocolType,
    protocolName,
    leaderId: metadata.leaderId,
  })
  for (const member of metadata.members)
    group.add({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      protocolType: protocolType ?? '',
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      protocols: [{ name: protocolName ?? '', metadata: member.subscription }],
      assignment: member.assignment,
      isNew: false,
      joinToken: null,
      joinVersion: 0,
      syncToken: null,
    })
  group.refreshSubscribedTopics()
  return group
}
