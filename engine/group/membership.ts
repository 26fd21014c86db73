/** Members' sessions, and how members go: what join, leave and the deadlines have in common. */
import { refuseJoin, refuseSync } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { RemovalReason } from './group-events.ts'
import type { GroupTurn } from './group-turn.ts'
import type { Member } from './member.ts'

/** From now on the member has its session timeout, or another time, to be heard of again. */
export function extendSession(
  turn: GroupTurn,
  group: ClassicGroup,
  member: Member,
  timeoutMs: number = member.sessionTimeoutMs,
): void {
  const { groupId } = group
  turn.timers.set({ type: 'session', groupId, memberId: member.memberId }, turn.nowMs, timeoutMs)
}

/**
 * Takes a member out, whoever wanted that. Requests of its that wait are answered so that a client
 * that is still there joins anew.
 */
export function dropMember(turn: GroupTurn, group: ClassicGroup, member: Member): void {
  refuseJoin(turn, group, member, { memberId: '', error: 'UNKNOWN_MEMBER_ID' })
  refuseSync(turn, member, 'UNKNOWN_MEMBER_ID')
  group.remove(member.memberId)
  turn.timers.cancelSession(group.groupId, member.memberId)
}

/** Takes a member out that did not ask for it. */
export function evictMember(
  turn: GroupTurn,
  group: ClassicGroup,
  member: Member,
  reason: RemovalReason,
): void {
  dropMember(turn, group, member)
  const { memberId, groupInstanceId } = member
  turn.note(group.groupId, { type: 'member-removed', memberId, groupInstanceId, reason })
}
