import { expect, test } from 'vitest'
import { ActiveController, ControllerChannel } from '../../../engine/broker/controller-channel.ts'
import { IsrProposals } from '../../../engine/broker/isr-proposals.ts'
import { Partition } from '../../../engine/broker/partition.ts'
import {
  alterPartitionRequest,
  alterPartitionResponse,
} from '../../../engine/protocol/messages/alter-partition.ts'
import { PartitionLeader } from '../../../engine/replica/partition-leader.ts'
import { servedApi } from '../../../engine/server/dispatcher.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { InMemoryNetwork, settled } from '../in-memory-network.ts'
import { openLog, topicId } from '../log/log-fixture.ts'
import { ManualClock } from '../manual-clock.ts'
import { serveNode } from './in-memory-node.ts'

/** A controller that takes every ISR, and of how many partitions each request asked. */
async function controller(clock: ManualClock) {
  const network = new InMemoryNetwork({})
  const address = { host: '127.0.0.1', port: 9_001 }
  const sizes: number[] = []
  const alterPartition = servedApi({
    request: alterPartitionRequest,
    response: alterPartitionResponse,
    handle: ({ topics }) => {
      sizes.push(topics.flatMap(({ partitions }) => partitions).length)
      const taken = topics.map(topic => ({
        topicId: topic.topicId,
        partitions: topic.partitions.map(each => ({
          partitionIndex: each.partitionIndex,
          errorCode: 0,
          leaderId: 1,
          leaderRecoveryState: each.leaderRecoveryState,
          isr: each.newIsrWithEpochs.map(({ brokerId }) => brokerId),
          leaderEpoch: each.leaderEpoch,
          partitionEpoch: each.partitionEpoch + 1,
        })),
      }))
      return { errorCode: 0, throttleTimeMs: 0, topics: taken }
    },
    failed: ({ code }) => ({ errorCode: code, throttleTimeMs: 0, topics: [] }),
  })
  await serveNode({ network, clock, address, apis: [alterPartition] })
  const active = new ActiveController(() => new Map([[1, address]]))
  return { sizes, channel: new ControllerChannel({ network, clock, active, clientId: 'broker-1' }) }
}

/** Led here, and the other replica has come back and has everything. */
function caughtUp(count: number, clock: ManualClock): readonly Partition[] {
  // They differ in nothing that a proposal says, so that one log does for all.
  const log = openLog(new MemoryDisk())
  const partitions = Array.from({ length: count }, (_, index) => {
    const partition = new Partition({ topic: 'many', topicId, index, log, highWatermark: 0n })
    partition.beginLeading(
      new PartitionLeader({
        localId: 1,
        rules: {
          replicaLagTimeMaxMs: () => 30_000,
          localBrokerEpoch: () => 1n,
          eligibleBrokerEpoch: () => 1n,
        },
        assigned: { replicas: [1, 2], isr: [1], leaderEpoch: 0, partitionEpoch: 0 },
        logEndOffset: log.logEndOffset,
        highWatermark: 0n,
        minInsyncReplicas: 1,
        nowMs: clock.nowMs(),
      }),
    )
    return partition
  })
  for (const { leading } of partitions)
    leading!.followerFetched({
      brokerId: 2,
      brokerEpoch: 1n,
      fetchOffset: log.logEndOffset,
      logStartOffset: 0n,
      nowMs: clock.nowMs(),
    })
  return partitions
}

test('thousands of ISRs are asked for a thousand at a time, and each is answered', async () => {
  const clock = new ManualClock()
  const { sizes, channel } = await controller(clock)
  const proposals = new IsrProposals({
    brokerId: 1,
    brokerEpoch: () => 1n,
    controller: channel,
    clock,
    logger: { info() {}, warn() {}, error() {} },
    onCommitted: () => {},
  })
  const partitions = caughtUp(2_500, clock)
  for (const partition of partitions) proposals.submit(partition)
  const answered = () => partitions.filter(({ leading }) => leading!.isr.includes(2))
  for (let turn = 0; answered().length < partitions.length && turn < 100; turn++) await settled()
  expect(sizes).toEqual([1_000, 1_000, 500])
  expect(answered()).toHaveLength(partitions.length)
  channel.close()
})
