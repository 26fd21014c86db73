/**
 * The rebalance itself: from the reason for one, over the time in which members rejoin, to the
 * generation that those who did form.
 *
 * An empty group's first rebalance differs: it waits the initial delay for more members, whoever
 * is there already, and all other ways to complete it early are closed meanwhile.
 */
import type { ErrorName } from '../protocol/errors.ts'
import { joined, refuseSync } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { metadataRecord } from './group-persistence.ts'
import type { GroupTurn } from './group-turn.ts'
import { NO_ASSIGNMENT } from './member.ts'
import { evictMember, extendSession } from './membership.ts'

/** Starts a rebalance where the state allows one; else goes on with the one that is under way. */
export function rebalanceOrComplete(turn: GroupTurn, group: ClassicGroup, reason: string): void {
  if (group.canRebalance) prepareRebalance(turn, group, reason)
  else completeIfAllJoined(turn, group)
}

export function prepareRebalance(turn: GroupTurn, group: ClassicGroup, reason: string): void {
  if (group.state === 'CompletingRebalance') revokeAssignments(turn, group, 'REBALANCE_IN_PROGRESS')
  group.clearPendingSync()
  turn.timers.cancelSync(group.groupId)

  const initial = group.state === 'Empty'
  group.transitionTo('PreparingRebalance', turn.timestampMs)
  const { generationId } = group
  turn.note(group.groupId, { type: 'rebalance-started', generationId, reason })
  if (initial) awaitFirstMembers(turn, group)
  else if (group.allJoined) completeJoin(turn, group)
  else awaitRejoins(turn, group)
}

/** Completes a rebalance that nobody is missing from any more. */
export function completeIfAllJoined(turn: GroupTurn, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance' || group.previousState === 'Empty') return
  if (group.allJoined) completeJoin(turn, group)
}

/** Ends the time for joining: whoever is missing then is out, unless it is static. */
export function completeJoin(turn: GroupTurn, group: ClassicGroup): void {
  turn.timers.cancelJoin(group.groupId)
  for (const member of group.members)
    if (member.joinToken === null && member.groupInstanceId === null)
      evictMember(turn, group, member, 'rebalance-timeout')

  // Only static members are left, and none rejoined: their sessions decide what becomes of them.
  if (!group.electJoinedLeader() && group.memberCount > 0) {
    awaitRejoins(turn, group)
    return
  }
  group.newMemberArrived = false
  group.nextGeneration(turn.timestampMs)
  if (group.state === 'Empty') {
    turn.write(metadataRecord(group, () => NO_ASSIGNMENT))
    turn.note(group.groupId, { type: 'group-emptied', generationId: group.generationId })
  } else announceGeneration(turn, group)
}

/** The initial delay ran out; while new members keep arriving it is extended, piece by piece. */
export function initialDelayPassed(
  turn: GroupTurn,
  group: ClassicGroup,
  delay: { readonly delayMs: number; readonly remainingMs: number },
): void {
  const { delayMs, remainingMs } = delay
  // Pieces of no length would extend nothing.
  const extendable = remainingMs > 0 && turn.config.initialRebalanceDelayMs > 0
  if (!group.newMemberArrived || !extendable) {
    completeJoin(turn, group)
    return
  }
  group.newMemberArrived = false
  const nextDelayMs = Math.min(turn.config.initialRebalanceDelayMs, remainingMs)
  turn.timers.set(
    {
      type: 'initial-join',
      groupId: group.groupId,
      delayMs: nextDelayMs,
      remainingMs: Math.max(remainingMs - delayMs, 0),
    },
    turn.nowMs,
    nextDelayMs,
  )
}

function announceGeneration(turn: GroupTurn, group: ClassicGroup): void {
  const { groupId, generationId, members } = group
  for (const member of members) {
    const token = group.takeJoin(member)
    if (token !== null) turn.reply(token, joined(group, member.memberId))
    extendSession(turn, group, member)
    member.isNew = false
    group.expectSync(member.memberId)
  }
  turn.timers.set({ type: 'sync', groupId, generationId }, turn.nowMs, group.rebalanceTimeoutMs)
  turn.note(groupId, {
    type: 'generation-formed',
    generationId,
    leaderId: group.leaderId!,
    protocolName: group.protocolName!,
    memberIds: members.map(member => member.memberId),
  })
}

/** Members that wait for an assignment of a generation that will not have one rejoin instead. */
export function revokeAssignments(turn: GroupTurn, group: ClassicGroup, error: ErrorName): void {
  for (const member of group.members) {
    member.assignment = NO_ASSIGNMENT
    if (member.syncToken === null) continue
    refuseSync(turn, member, error)
    extendSession(turn, group, member)
  }
}

function awaitRejoins(turn: GroupTurn, group: ClassicGroup): void {
  const { groupId, rebalanceTimeoutMs } = group
  turn.timers.set({ type: 'join', groupId }, turn.nowMs, rebalanceTimeoutMs)
}

function awaitFirstMembers(turn: GroupTurn, group: ClassicGroup): void {
  const { groupId, rebalanceTimeoutMs } = group
  const delayMs = turn.config.initialRebalanceDelayMs
  const remainingMs = Math.max(rebalanceTimeoutMs - delayMs, 0)
  turn.timers.set({ type: 'initial-join', groupId, delayMs, remainingMs }, turn.nowMs, delayMs)
}
