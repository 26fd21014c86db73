/**
 * LeaveGroup: members go because they say so, or because an administrator does, by instance id.
 *
 * Versions: 0 to 2 name one member and answer with one error. 3 takes a list with an answer each
 * (KIP-345), 5 adds the reason (KIP-800).
 */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type { LeaveGroupRequest, LeaveGroupResponse } from '../protocol/messages/leave-group.ts'
import { UNKNOWN_MEMBER, identityError } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { RequestContext } from './group-events.ts'
import type { GroupTurn } from './group-turn.ts'
import { dropMember } from './membership.ts'
import { rebalanceOrComplete } from './rebalance.ts'

const LISTS_MEMBERS_SINCE = 3

interface Leaver {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly reason: string | null
}

export function leaveGroup(
  turn: GroupTurn,
  context: RequestContext,
  request: LeaveGroupRequest,
): void {
  if (request.groupId === '') {
    turn.reply(context.token, response('INVALID_GROUP_ID', []))
    return
  }
  const listed = context.apiVersion >= LISTS_MEMBERS_SINCE
  const leavers: readonly Leaver[] = listed
    ? request.members
    : [{ memberId: request.memberId, groupInstanceId: null, reason: null }]
  const group = turn.groups.get(request.groupId)
  const answers = leavers.map(leaver => {
    const error = group === undefined ? 'UNKNOWN_MEMBER_ID' : leave(turn, group, leaver)
    const { memberId, groupInstanceId } = leaver
    return { memberId, groupInstanceId, error }
  })
  turn.reply(context.token, listed ? response('NONE', answers) : response(answers[0]!.error, []))
  const left = answers.filter(each => each.error === 'NONE').map(each => each.memberId)
  if (group === undefined || left.length === 0) return
  if (group.state !== 'Empty') rebalanceOrComplete(turn, group, `left: ${left.join(', ')}`)
}

function leave(turn: GroupTurn, group: ClassicGroup, leaver: Leaver): ErrorName {
  const { memberId, groupInstanceId } = leaver
  if (memberId === UNKNOWN_MEMBER) {
    const known = groupInstanceId === null ? undefined : group.staticMemberId(groupInstanceId)
    if (known === undefined) return 'UNKNOWN_MEMBER_ID'
    depart(turn, group, known, leaver.reason)
    return 'NONE'
  }
  if (group.removePending(memberId)) {
    turn.timers.cancelSession(group.groupId, memberId)
    return 'NONE'
  }
  const error = identityError(group, leaver)
  if (error !== null) return error
  depart(turn, group, memberId, leaver.reason)
  return 'NONE'
}

function depart(
  turn: GroupTurn,
  group: ClassicGroup,
  memberId: string,
  reason: string | null,
): void {
  const member = group.member(memberId)!
  dropMember(turn, group, member)
  turn.note(group.groupId, {
    type: 'member-left',
    memberId,
    groupInstanceId: member.groupInstanceId,
    reason: reason ?? 'not provided',
  })
}

function response(
  error: ErrorName,
  members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly error: ErrorName
  }[],
): LeaveGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(error),
    members: members.map(({ memberId, groupInstanceId, error }) => ({
      memberId,
      groupInstanceId,
      errorCode: errorCode(error),
    })),
  }
}
