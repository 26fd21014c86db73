/**
 * SyncGroup: how members get their assignment. The leader's request carries everybody's, the
 * others' wait for it; it is written first.
 *
 * Versions: 3 adds static membership. From 5 on the client names the protocol type and protocol it
 * means (KIP-559), and is refused when it is mistaken.
 */
import type { ErrorName } from '../protocol/errors.ts'
import type { SyncGroupRequest } from '../protocol/messages/sync-group.ts'
import { identityError, syncRefused, synced } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { RequestContext } from './group-events.ts'
import { metadataRecord } from './group-persistence.ts'
import type { GroupTurn } from './group-turn.ts'
import { NO_ASSIGNMENT, type Member } from './member.ts'
import { extendSession } from './membership.ts'
import { prepareRebalance, revokeAssignments } from './rebalance.ts'

const NAMES_PROTOCOL_SINCE = 5

export function syncGroup(
  turn: GroupTurn,
  context: RequestContext,
  request: SyncGroupRequest,
): void {
  const { token } = context
  const group = turn.groups.get(request.groupId)
  const error = refusal(group, context, request)
  if (error !== null || group === undefined) {
    turn.reply(token, syncRefused(error ?? 'UNKNOWN_MEMBER_ID'))
    return
  }
  const member = group.member(request.memberId)!
  switch (group.state) {
    case 'Empty':
      turn.reply(token, syncRefused('UNKNOWN_MEMBER_ID'))
      return
    case 'PreparingRebalance':
      turn.reply(token, syncRefused('REBALANCE_IN_PROGRESS'))
      return
    case 'CompletingRebalance':
      awaitAssignment(turn, member, token)
      countSync(turn, group, member)
      if (group.isLeader(member.memberId)) assign(turn, group, request)
      return
    case 'Stable':
      countSync(turn, group, member)
      turn.reply(token, synced(group, member))
  }
}

function refusal(
  group: ClassicGroup | undefined,
  context: RequestContext,
  request: SyncGroupRequest,
): ErrorName | null {
  const { protocolType, protocolName } = request
  const unnamed = protocolType === null || protocolName === null
  if (context.apiVersion >= NAMES_PROTOCOL_SINCE && unnamed) return 'INCONSISTENT_GROUP_PROTOCOL'
  if (request.groupId === '') return 'INVALID_GROUP_ID'
  if (group === undefined || group.state === 'Empty') return 'UNKNOWN_MEMBER_ID'
  const stranger = identityError(group, request)
  if (stranger !== null) return stranger
  if (request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  return differ(protocolType, group.protocolType) || differ(protocolName, group.protocolName)
    ? 'INCONSISTENT_GROUP_PROTOCOL'
    : null
}

function differ(named: string | null, known: string | null): boolean {
  return named !== null && known !== null && named !== known
}

/** Parks the request. One that waited already has lost its client, which is told to rejoin. */
function awaitAssignment(turn: GroupTurn, member: Member, token: number): void {
  const replaced = member.syncToken
  member.syncToken = token
  if (replaced !== null) turn.reply(replaced, syncRefused('REBALANCE_IN_PROGRESS'))
}

function countSync(turn: GroupTurn, group: ClassicGroup, member: Member): void {
  const { memberId } = member
  turn.note(group.groupId, { type: 'member-synced', memberId, generationId: group.generationId })
  group.syncReceived(member.memberId)
  if (group.pendingSync.size === 0) turn.timers.cancelSync(group.groupId)
}

/** Takes the leader's word. Whom it forgot gets nothing; whom it invented is ignored. */
function assign(turn: GroupTurn, group: ClassicGroup, request: SyncGroupRequest): void {
  const assigned = new Map<string, Uint8Array>()
  for (const { memberId, assignment } of request.assignments)
    assigned.set(memberId, new Uint8Array(assignment))
  for (const member of group.members)
    member.assignment = assigned.get(member.memberId) ?? NO_ASSIGNMENT

  if (!turn.writeIfFits(metadataRecord(group, member => member.assignment))) {
    revokeAssignments(turn, group, 'UNKNOWN_SERVER_ERROR')
    prepareRebalance(turn, group, 'the assignment is longer than a record may be')
    return
  }
  group.transitionTo('Stable', turn.timestampMs)
  for (const member of group.members) {
    const token = member.syncToken
    member.syncToken = null
    if (token === null) continue
    turn.reply(token, synced(group, member))
    // A session that ran out while the member waited was let pass, and counts anew from here.
    extendSession(turn, group, member)
  }
  turn.note(group.groupId, {
    type: 'assignment-received',
    generationId: group.generationId,
    leaderId: group.leaderId!,
    assignments: group.members.map(({ memberId, assignment }) => ({ memberId, assignment })),
  })
}
