/** DeleteGroups: forgets groups without members, and their offsets. */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type { DeleteGroupsRequest } from '../protocol/messages/delete-groups.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { RequestContext } from './group-events.ts'
import type { GroupTurn } from './group-turn.ts'

export function deleteGroups(
  turn: GroupTurn,
  context: RequestContext,
  request: DeleteGroupsRequest,
): void {
  turn.reply(context.token, {
    throttleTimeMs: 0,
    results: [...new Set(request.groupsNames)].map(groupId => ({
      groupId,
      errorCode: errorCode(deleteOne(turn, groupId)),
      // Since version 3, for causes that classic groups do not have.
      errorMessage: null,
    })),
  })
}

/** Removes a group without members, its offsets first, and what waits for its time. */
export function forgetGroup(
  turn: GroupTurn,
  group: ClassicGroup,
  reason: 'requested' | 'expired',
): void {
  const { groupId } = group
  for (const [topic, partitions] of turn.image.offsetsOf(groupId))
    for (const partition of partitions.keys())
      turn.write({ type: 'offset-removed', groupId, topic, partition })
  turn.write({ type: 'group-removed', groupId })
  turn.timers.cancelJoin(groupId)
  turn.timers.cancelSync(groupId)
  for (const memberId of group.pendingMembers) turn.timers.cancelSession(groupId, memberId)
  turn.groups.delete(groupId)
  turn.note(groupId, { type: 'group-deleted', reason })
}

function deleteOne(turn: GroupTurn, groupId: string): ErrorName {
  const group = turn.groups.get(groupId)
  if (group === undefined) return 'GROUP_ID_NOT_FOUND'
  if (group.state !== 'Empty') return 'NON_EMPTY_GROUP'
  forgetGroup(turn, group, 'requested')
  return 'NONE'
}
