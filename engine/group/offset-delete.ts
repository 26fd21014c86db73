/** OffsetDelete (KIP-496): forgets offsets of topics that a group does not consume. */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type { OffsetDeleteRequest } from '../protocol/messages/offset-delete.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { RequestContext } from './group-events.ts'
import type { GroupTurn } from './group-turn.ts'

export function deleteOffsets(
  turn: GroupTurn,
  context: RequestContext,
  request: OffsetDeleteRequest,
): void {
  const { groupId } = request
  const group = turn.groups.get(groupId)
  const error = refusal(group, groupId)
  if (error !== null || group === undefined) {
    const code = errorCode(error ?? 'GROUP_ID_NOT_FOUND')
    turn.reply(context.token, { throttleTimeMs: 0, errorCode: code, topics: [] })
    return
  }
  turn.reply(context.token, {
    throttleTimeMs: 0,
    errorCode: 0,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => {
        const used = group.usesTopic(name)
        if (!used) forget(turn, { groupId, topic: name, partition: partitionIndex })
        return { partitionIndex, errorCode: errorCode(used ? 'GROUP_SUBSCRIBED_TO_TOPIC' : 'NONE') }
      }),
    })),
  })
}

/** Of groups that are not of consumers nobody knows what their members use. */
function refusal(group: ClassicGroup | undefined, groupId: string): ErrorName | null {
  if (groupId === '') return 'INVALID_GROUP_ID'
  if (group === undefined) return 'GROUP_ID_NOT_FOUND'
  return group.state !== 'Empty' && !group.ofConsumers ? 'NON_EMPTY_GROUP' : null
}

function forget(
  turn: GroupTurn,
  of: { readonly groupId: string; readonly topic: string; readonly partition: number },
): void {
  if (turn.image.offset(of.groupId, of.topic, of.partition) !== null)
    turn.write({ type: 'offset-removed', ...of })
}
