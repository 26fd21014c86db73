/**
 * What becomes of a turn whose records the log did not take, as where too few replicas are in sync:
 * the image is again what the log says, memberships stay, and nobody is told what is not so. As in
 * Apache Kafka, whose coordinator stays loaded and reverts its state.
 */
import type { ErrorName } from '../protocol/errors.ts'
import { refuseJoin, refuseSync } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { groupFrom } from './group-persistence.ts'
import type { GroupTurn } from './group-turn.ts'
import { extendSession } from './membership.ts'
import { prepareRebalance } from './rebalance.ts'

/** `turn` is a new one, after the one that was `lost`; it writes nothing. */
export function takeBack(turn: GroupTurn, lost: GroupTurn, error: ErrorName): void {
  const groupIds = new Set<string>()
  for (const replaced of lost.replaced.toReversed()) {
    turn.image.putBack(replaced)
    groupIds.add(replaced.groupId)
  }
  for (const groupId of groupIds) {
    const group = turn.groups.get(groupId)
    const metadata = turn.image.groups.get(groupId)
    if (group === undefined) {
      if (metadata !== undefined) restore(turn, groupFrom(groupId, metadata, turn.timestampMs))
    } else if (metadata === undefined) forgetUnwritten(turn, group, error)
    // Members were about to be told what they own: they ask again, in another generation.
    else if (group.state === 'Stable' && lost.wroteGroup(groupId))
      prepareRebalance(turn, group, `${error} when the group was written`)
  }
}

/** It was deleted, or had expired, and is still there. */
function restore(turn: GroupTurn, group: ClassicGroup): void {
  turn.groups.set(group.groupId, group)
  for (const member of group.members) extendSession(turn, group, member)
}

/** The group began with this turn, and so did all its members. */
function forgetUnwritten(turn: GroupTurn, group: ClassicGroup, error: ErrorName): void {
  const { groupId } = group
  for (const member of group.members) {
    refuseJoin(turn, group, member, { memberId: member.memberId, error })
    refuseSync(turn, member, error)
    turn.timers.cancelSession(groupId, member.memberId)
  }
  for (const memberId of group.pendingMembers) turn.timers.cancelSession(groupId, memberId)
  turn.timers.cancelJoin(groupId)
  turn.timers.cancelSync(groupId)
  turn.groups.delete(groupId)
}
