/** Heartbeat: keeps a member's session, and is how it hears that it must rejoin. */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type { HeartbeatRequest } from '../protocol/messages/heartbeat.ts'
import { identityError } from './answers.ts'
import type { RequestContext } from './group-events.ts'
import type { GroupTurn } from './group-turn.ts'
import { extendSession } from './membership.ts'

export function heartbeat(
  turn: GroupTurn,
  context: RequestContext,
  request: HeartbeatRequest,
): void {
  const errorName = answer(turn, request)
  turn.reply(context.token, { throttleTimeMs: 0, errorCode: errorCode(errorName) })
}

function answer(turn: GroupTurn, request: HeartbeatRequest): ErrorName {
  if (request.groupId === '') return 'INVALID_GROUP_ID'
  const group = turn.groups.get(request.groupId)
  if (group === undefined) return 'UNKNOWN_MEMBER_ID'
  const stranger = identityError(group, request)
  if (stranger !== null) return stranger
  if (request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  extendSession(turn, group, group.member(request.memberId)!)
  // While the leader assigns, members heartbeat already: that is no reason to rejoin.
  return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}
