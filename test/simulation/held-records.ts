/**
 * What a client was just told is committed, everyone holds who has to, at that very moment: whoever
 * is in the ISR or eligible to lead after it, and has not lost his power since he came there.
 */
import { OFFSETS_TOPIC } from '../../engine/broker/cluster-view.ts'
import { changeOf } from '../../engine/group/group-records.ts'
import { partitionFor } from '../../engine/group/partition-for.ts'
import { diskRecords, durableEndOffset, latestRecord } from './disk-records.ts'
import { folderOf } from './node-places.ts'
import type { PartitionHistory } from './partition-history.ts'
import { hold } from './violation.ts'
import type { World } from './world.ts'

/** Records below `endOffset` were acknowledged with acks=all, or given to a consumer. */
export function verifyHeld(
  world: World,
  partition: PartitionHistory,
  told: { readonly endOffset: bigint; readonly how: string; readonly losses: number },
): void {
  const topic = world.topics.get(partition.topicId)
  if (told.losses !== partition.losses || topic === undefined || topic.deletionAsked) return
  for (const brokerId of membersOf(world, partition)) {
    const endOffset = logEndOffset(world, brokerId, partition)
    hold(
      endOffset >= told.endOffset,
      `${partition.name}: records below ${told.endOffset} were ${told.how}, ` +
        `and the log of broker ${brokerId}, which must have them, ends at ${endOffset}`,
    )
  }
}

/** An OffsetCommit was answered without an error. */
export function verifyCommit(
  world: World,
  groupId: string,
  partition: PartitionHistory,
  offset: bigint,
): void {
  const offsets = world.metadata.image.topicsByName.get(OFFSETS_TOPIC)
  if (offsets === undefined) return
  const { topicId } = offsets
  const index = partitionFor(groupId, offsets.partitions.length)
  for (const brokerId of membersOf(world, { topicId, index })) {
    const { disk } = world.cluster.brokers.get(brokerId)!
    const folder = `${folderOf(brokerId)}/${OFFSETS_TOPIC}-${index}`
    const found = latestRecord(disk, folder, ({ key, value }) => {
      const change = key === null ? null : changeOf({ key, value })
      return (
        change?.type === 'offset-committed' &&
        change.groupId === groupId &&
        change.topic === partition.topic &&
        change.partition === partition.index &&
        change.value.offset === offset
      )
    })
    hold(
      found !== null,
      `${groupId}: ${offset} of ${partition.name} was committed, ` +
        `and broker ${brokerId}, which must have that, does not`,
    )
  }
}

function membersOf(
  world: World,
  place: { readonly topicId: string; readonly index: number },
): readonly number[] {
  const { image } = world.metadata
  const state = image.partition(place.topicId, place.index)
  if (state === null) return []
  const { running } = world.cluster.brokers.get(state.leader) ?? { running: null }
  const topic = image.topicsById.get(place.topicId)!.name
  const [leader] = running?.inspection.replicas(topic, [place.index]) ?? []
  // It heard of a change from a controller that is still about to start with its broker.
  if (leader !== undefined && leader.partitionEpoch > state.partitionEpoch) return []
  return [...state.isr, ...state.eligibleLeaderReplicas].filter(id => world.mustHold(place, id))
}

/** As the broker says, which costs little; of one that is away, or has to flush, as its disk does. */
function logEndOffset(world: World, brokerId: number, partition: PartitionHistory): bigint {
  const { running, disk } = world.cluster.brokers.get(brokerId)!
  if (world.shape.flushes) return durableEndOffset(disk, `${folderOf(brokerId)}/${partition.name}`)
  const [report] = running?.inspection.replicas(partition.topic, [partition.index]) ?? []
  if (report !== undefined) return report.logEndOffset
  return diskRecords(disk, folderOf(brokerId), partition.name).endOffset
}
