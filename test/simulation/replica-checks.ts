/**
 * Looks at the brokers' disks, without the brokers: whoever is in an ISR, or eligible to lead after
 * it, holds all that was acknowledged or read, and the same batches as the others.
 */
import type { MemoryDisk } from './memory-disk.ts'
import { logBatches, diskRecords, type LogBatch } from './disk-records.ts'
import type { PartitionHistory } from './partition-history.ts'
import { folderOf } from './simulated-cluster.ts'
import { hold } from './violation.ts'
import type { World } from './world.ts'

export function verifyReplicas(world: World): void {
  for (const topic of world.topics.values()) {
    const image = world.metadata.image.topicsById.get(topic.topicId)
    if (image === undefined || topic.deletionAsked) continue
    for (const partition of topic.partitions) {
      const state = image.partitions[partition.index]
      if (state === undefined || state.replicas.length === 1) continue
      const members = [...state.isr, ...state.eligibleLeaderReplicas].filter(id =>
        world.mustHold(partition, id),
      )
      for (const brokerId of members) verifyMember(world, partition, brokerId)
      verifyAgreement(world, partition, members)
    }
  }
}

/** One broker's disk has everything that was acknowledged or read. */
export function verifyMember(world: World, partition: PartitionHistory, brokerId: number): void {
  const { disk } = world.cluster.brokers.get(brokerId)!
  const { endOffset } = diskRecords(disk, folderOf(brokerId), partition.name)
  partition.holdsAll(`broker ${brokerId}`, endOffset)
}

function verifyAgreement(
  world: World,
  partition: PartitionHistory,
  brokerIds: readonly number[],
): void {
  const held = new Map<bigint, { readonly batch: LogBatch; readonly brokerId: number }>()
  for (const brokerId of brokerIds)
    for (const batch of batchesOf(world.cluster.brokers.get(brokerId)!.disk, brokerId, partition)) {
      if (batch.lastOffset >= partition.highWatermark) break
      const other = held.get(batch.baseOffset)
      if (other === undefined) held.set(batch.baseOffset, { batch, brokerId })
      else
        hold(
          other.batch.mark === batch.mark,
          `${partition.name}: at ${batch.baseOffset} broker ${other.brokerId} has ` +
            `${other.batch.mark}, broker ${brokerId} has ${batch.mark}`,
        )
    }
}

function batchesOf(disk: MemoryDisk, brokerId: number, partition: PartitionHistory) {
  return logBatches(disk, `${folderOf(brokerId)}/${partition.name}`)
}
