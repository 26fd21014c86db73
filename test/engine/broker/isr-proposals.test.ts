import { expect, test } from 'vitest'
import { IsrProposals } from '../../../engine/broker/isr-proposals.ts'
import type { ControllerChannel } from '../../../engine/broker/controller-channel.ts'
import type { Partition } from '../../../engine/broker/partition.ts'
import type { AlterPartitionRequest } from '../../../engine/protocol/messages/alter-partition.ts'
import { ManualClock } from '../manual-clock.ts'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** Partitions that each propose one ISR, a controller that takes them all, and what it was asked. */
function proposing(count: number) {
  const asked: AlterPartitionRequest[] = []
  const settled: number[] = []
  const partitions = Array.from({ length: count }, (_, index) => {
    let waiting = true
    const leading = {
      takeProposal() {
        const proposal = waiting ? { leaderEpoch: 1, partitionEpoch: 2, isr: [] } : null
        waiting = false
        return proposal
      },
      proposalAnswered: () => void settled.push(index),
      hasUnsentProposal: false,
    }
    return { topicId, index, name: `many-${index}`, leading, highWatermark: 0n }
  })
  const controller = {
    async request(_api: unknown, request: AlterPartitionRequest) {
      asked.push(request)
      const answered = request.topics.map(({ partitions: ofTopic }) => ({
        topicId,
        partitions: ofTopic.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: 0,
          isr: [1, 2, 3],
          leaderEpoch: 1,
          partitionEpoch: 3,
        })),
      }))
      return { errorCode: 0, topics: answered }
    },
  }
  const proposals = new IsrProposals({
    brokerId: 1,
    brokerEpoch: () => 5n,
    controller: controller as unknown as ControllerChannel,
    clock: new ManualClock(),
    logger: { info() {}, warn() {}, error() {} },
    onCommitted: () => {},
  })
  for (const partition of partitions) proposals.submit(partition as unknown as Partition)
  return { asked, settled }
}

test('thousands of ISRs are asked for a thousand at a time, and each is answered', async () => {
  const { asked, settled } = proposing(2_500)
  await new Promise(resolve => setImmediate(resolve))
  const sizes = asked.map(({ topics }) => topics.flatMap(({ partitions }) => partitions).length)
  expect(sizes).toEqual([1_000, 1_000, 500])
  expect(settled).toEqual(Array.from({ length: 2_500 }, (_, index) => index))
})
