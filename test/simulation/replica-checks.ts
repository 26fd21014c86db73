/**
 * Looks at the brokers' disks, without the brokers: whoever is in an ISR, or eligible to lead after
 * it, holds all that was acknowledged or read, and the same batches as the others.
 */
import type { MemoryDisk } from './memory-disk.ts'
import { logBatches, diskRecords, type LogBatch } from './disk-records.ts'
import type { PartitionHistory } from './partition-history.ts'
import { folderOf } from './node-places.ts'
import { hold } from './violation.ts'
import type { Join, World } from './world.ts'

export function verifyReplicas(world: World): void {
  for (const { topicId, name, partitions } of world.metadata.image.topicsById.values())
    if (world.keepsName(name))
      for (const index of partitions.keys()) verifyLeader(world, topicId, index)
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

/**
 * What the leader takes for committed, all members have; and nobody leads in another's epoch. Only
 * of topics that keep their names.
 */
export function verifyLeader(world: World, topicId: string, index: number): void {
  const topic = world.metadata.image.topicsById.get(topicId)
  const state = topic?.partitions[index]
  if (topic === undefined || state === undefined) return
  const place = { topicId, index, name: `${topic.name}-${index}` }
  for (const [brokerId, { running, disk }] of world.cluster.brokers) {
    const reports = running?.inspection.replicas(topic.name)
    const report = reports?.find(({ partition }) => partition === index)
    if (report?.role !== 'leader') continue
    const leader = world.rules.leaderIn(place, report.leaderEpoch)
    hold(
      leader === brokerId,
      `${place.name}: broker ${brokerId} leads in epoch ${report.leaderEpoch}, which is ${leader}'s`,
    )
    if (report.leaderEpoch !== state.leaderEpoch || disk.bytesUntilCut < 0) continue
    for (const memberId of [...state.isr, ...state.eligibleLeaderReplicas]) {
      if (!world.mustHold(place, memberId)) continue
      const { endOffset } = diskRecords(
        world.cluster.brokers.get(memberId)!.disk,
        folderOf(memberId),
        place.name,
      )
      hold(
        endOffset >= report.highWatermark,
        `${place.name}: leader ${brokerId} has committed up to ${report.highWatermark}, ` +
          `and broker ${memberId} of the ISR [${state.isr.join()}] has ${endOffset}`,
      )
    }
  }
}

/** Whoever comes into the ISR has all that was acknowledged or read, at that very moment. */
export function verifyJoin(world: World, { topicId, index, joined }: Join): void {
  const partition = world.topics.get(topicId)?.partitions[index]
  const isLive = partition !== undefined && !world.topics.get(topicId)!.deletionAsked
  if (isLive && world.mustHold(partition, joined)) verifyMember(world, partition, joined)
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
