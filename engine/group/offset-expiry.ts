/**
 * Which committed offsets, and with them which groups, are forgotten, and when (KIP-211):
 *
 * - a group that never had members: each offset, its retention after it was committed;
 * - an empty group: all offsets, their retention after the group became empty;
 * - a stable group of consumers: offsets of topics it does not subscribe to, as if it were simple;
 * - any other group: none.
 *
 * An offset whose client set an expiry goes by that instead. An empty group without offsets goes.
 */
import type { ClassicGroup } from './classic-group.ts'
import { forgetGroup } from './delete-groups.ts'
import type { CommittedOffset, GroupOffsets, TopicPartition } from './group-image.ts'
import type { GroupTurn } from './group-turn.ts'

/** Looks through all groups, and sets the time for the next look. */
export function expireGroupsAndOffsets(turn: GroupTurn): void {
  for (const group of turn.groups.values()) {
    const { groupId } = group
    const expired = expiredOffsets(turn, group)
    for (const each of expired) turn.write({ type: 'offset-removed', groupId, ...each })
    if (expired.length > 0)
      turn.note(groupId, { type: 'offsets-expired', partitionCount: expired.length })
    if (group.state === 'Empty' && turn.image.offsetsOf(groupId).size === 0)
      forgetGroup(turn, group, 'expired')
  }
  awaitExpiration(turn)
}

export function awaitExpiration(turn: GroupTurn): void {
  const { offsetsRetentionCheckIntervalMs } = turn.config
  turn.timers.set({ type: 'expiration' }, turn.nowMs, offsetsRetentionCheckIntervalMs)
}

function expiredOffsets(turn: GroupTurn, group: ClassicGroup): readonly TopicPartition[] {
  const offsets: GroupOffsets = turn.image.offsetsOf(group.groupId)
  const since = offsets.size === 0 ? null : retentionBegin(group)
  if (since === null) return []
  const nowMs = BigInt(turn.timestampMs)
  const retentionMs = BigInt(turn.config.offsetsRetentionMs)
  const expired: TopicPartition[] = []
  for (const [topic, partitions] of offsets) {
    if (group.usesTopic(topic)) continue
    for (const [partition, committed] of partitions)
      if (
        committed.expireTimestampMs === -1n
          ? nowMs - since(committed) >= retentionMs
          : nowMs >= committed.expireTimestampMs
      )
        expired.push({ topic, partition })
  }
  return expired
}

/** From when an offset's retention counts, or null while the group keeps them all. */
function retentionBegin(group: ClassicGroup): ((committed: CommittedOffset) => bigint) | null {
  const commit = (committed: CommittedOffset) => committed.commitTimestampMs
  if (group.protocolType === null) return commit
  if (group.state === 'Empty') {
    const { stateSinceMs } = group
    return stateSinceMs === null ? commit : () => BigInt(stateSinceMs)
  }
  const aware = group.ofConsumers && group.subscribedTopics !== null
  return aware && group.state === 'Stable' ? commit : null
}
