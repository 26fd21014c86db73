/** What happens when a group's time runs out, by the kind of time. */
import { assertNever } from '../support/assert.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { GroupDeadline } from './group-timers.ts'
import type { GroupTurn } from './group-turn.ts'
import { heartbeatExcused } from './member.ts'
import { evictMember } from './membership.ts'
import { expireGroupsAndOffsets } from './offset-expiry.ts'
import {
  completeJoin,
  initialDelayPassed,
  prepareRebalance,
  rebalanceOrComplete,
} from './rebalance.ts'

export function deadlinePassed(turn: GroupTurn, deadline: GroupDeadline): void {
  if (deadline.type === 'expiration') {
    expireGroupsAndOffsets(turn)
    return
  }
  const group = turn.groups.get(deadline.groupId)
  if (group === undefined) return
  switch (deadline.type) {
    case 'session':
      sessionPassed(turn, group, deadline.memberId)
      return
    case 'join':
      if (group.state === 'PreparingRebalance') completeJoin(turn, group)
      return
    case 'initial-join':
      if (group.state === 'PreparingRebalance') initialDelayPassed(turn, group, deadline)
      return
    case 'sync':
      if (group.generationId === deadline.generationId) syncPassed(turn, group)
      return
    default:
      assertNever(deadline)
  }
}

function sessionPassed(turn: GroupTurn, group: ClassicGroup, memberId: string): void {
  const member = group.member(memberId)
  if (member === undefined) {
    if (group.removePending(memberId)) completeUnlessMissing(turn, group)
    return
  }
  if (heartbeatExcused(member)) return
  evictMember(turn, group, member, 'session-timeout')
  if (group.state === 'PreparingRebalance') completeUnlessMissing(turn, group)
  else rebalanceOrComplete(turn, group, `member ${memberId} went silent`)
}

/** Unlike a departure, a timeout may end even a group's first rebalance early. */
function completeUnlessMissing(turn: GroupTurn, group: ClassicGroup): void {
  if (group.state === 'PreparingRebalance' && group.allJoined) completeJoin(turn, group)
}

function syncPassed(turn: GroupTurn, group: ClassicGroup): void {
  if (group.state !== 'CompletingRebalance' && group.state !== 'Stable') return
  const silent = [...group.pendingSync]
  if (silent.length === 0) return
  for (const memberId of silent) evictMember(turn, group, group.member(memberId)!, 'sync-timeout')
  prepareRebalance(turn, group, `no SyncGroup from ${silent.join(', ')}`)
}
