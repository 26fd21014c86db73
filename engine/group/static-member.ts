/**
 * A static member that comes back without its member id (KIP-345): it gets a new one, its old self
 * is fenced, and the group goes on without a rebalance if nothing that matters has changed.
 */
import { awaitGeneration, joined, refuseJoin, refuseSync } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { metadataRecord } from './group-persistence.ts'
import type { GroupTurn } from './group-turn.ts'
import type { Join } from './join.ts'
import type { Member } from './member.ts'
import { extendSession } from './membership.ts'
import { completeIfAllJoined, prepareRebalance, rebalanceOrComplete } from './rebalance.ts'

const SKIPS_ASSIGNMENT_SINCE = 9

export function replaceStaticMember(
  turn: GroupTurn,
  group: ClassicGroup,
  join: Join,
  ids: { readonly oldMemberId: string; readonly memberId: string },
): void {
  const { oldMemberId, memberId } = ids
  const leaderBefore = group.leaderId
  const member = takeOver(turn, group, join, ids)
  const reason = `static member ${memberId} of ${join.groupInstanceId} replaces ${oldMemberId}`
  switch (group.state) {
    case 'Stable':
      // The old protocol still wins: only the new id has to be written.
      if (
        group.selectProtocol() !== group.protocolName ||
        !turn.writeIfFits(metadataRecord(group, each => each.assignment))
      ) {
        awaitGeneration(turn, group, member, join)
        rebalanceOrComplete(turn, group, `${reason} with other protocols`)
      } else answerWithoutRebalance(turn, group, member, { join, leaderBefore })
      return
    case 'CompletingRebalance':
      // The leader may be assigning to the old id right now, which nobody would receive.
      awaitGeneration(turn, group, member, join)
      prepareRebalance(turn, group, `${reason}; client reason: ${join.reason}`)
      return
    case 'PreparingRebalance':
    case 'Empty':
      awaitGeneration(turn, group, member, join)
      completeIfAllJoined(turn, group)
  }
}

function takeOver(
  turn: GroupTurn,
  group: ClassicGroup,
  join: Join,
  ids: { readonly oldMemberId: string; readonly memberId: string },
): Member {
  const { oldMemberId, memberId } = ids
  const old = group.member(oldMemberId)!
  refuseJoin(turn, group, old, { memberId: oldMemberId, error: 'FENCED_INSTANCE_ID' })
  refuseSync(turn, old, 'FENCED_INSTANCE_ID')
  turn.timers.cancelSession(group.groupId, oldMemberId)

  // The client's name and host stay those of the first self, as in Kafka.
  const member: Member = { ...old, memberId, isNew: false, joinToken: null, syncToken: null }
  group.replaceStatic(member, oldMemberId)
  extendSession(turn, group, member)
  group.update(member, join)
  turn.note(group.groupId, {
    type: 'static-member-replaced',
    groupInstanceId: join.groupInstanceId!,
    oldMemberId,
    newMemberId: memberId,
  })
  return member
}

/**
 * Before version 9 a restarted leader is answered as a follower, under its old id, so that it does
 * not assign; from then on it learns the members and that it must skip the assignment.
 */
function answerWithoutRebalance(
  turn: GroupTurn,
  group: ClassicGroup,
  member: Member,
  context: { readonly join: Join; readonly leaderBefore: string | null },
): void {
  const { join, leaderBefore } = context
  const leads = group.isLeader(member.memberId)
  turn.reply(
    join.token,
    join.apiVersion >= SKIPS_ASSIGNMENT_SINCE
      ? joined(group, member.memberId, { listsMembers: leads, skipAssignment: leads })
      : joined(group, member.memberId, { leaderId: leaderBefore, listsMembers: false }),
  )
}
