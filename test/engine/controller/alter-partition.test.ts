import { describe, expect, test } from 'vitest'
import { ControlledCluster } from './controlled-cluster.ts'

function led(): ControlledCluster {
  return new ControlledCluster().startBrokers(1, 2, 3, 4).createOn('orders', [1, 2, 3])
}

describe('AlterPartition', () => {
  test('the leader takes a replica out of the ISR and back in', () => {
    const some = led()
    expect(some.alterPartition('orders', [1, 2])).toMatchObject({
      errorCode: 0,
      topics: [
        {
          partitions: [
            {
              partitionIndex: 0,
              errorCode: 0,
              leaderId: 1,
              leaderEpoch: 0,
              isr: [1, 2],
              leaderRecoveryState: 0,
              partitionEpoch: 1,
            },
          ],
        },
      ],
    })
    expect(some.partition('orders')).toMatchObject({ isr: [1, 2], leaderEpoch: 0 })
    expect(some.altered('orders', [1, 2, 3])).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({ isr: [1, 2, 3], partitionEpoch: 2 })
  })

  test('an ISR as it is already writes nothing, and is answered with what holds', () => {
    const some = led()
    const length = some.log.length
    expect(some.altered('orders', [1, 2, 3])).toBe('NONE')
    expect(some.log.length).toBe(length)
  })

  test('version 2 names no broker epochs', () => {
    expect(led().altered('orders', [1, 3], { apiVersion: 2 })).toBe('NONE')
  })

  test.each([
    ['of another epoch is stale', { brokerEpoch: 99n }, 'STALE_BROKER_EPOCH'],
    ['that is not registered is stale', { brokerId: 9 }, 'STALE_BROKER_EPOCH'],
    ['that does not lead is refused', { brokerId: 2 }, 'INVALID_REQUEST'],
    ['asks for a topic that exists', { topicId: 'AAAAAAAAAAAAAAAAAAAA_w' }, 'UNKNOWN_TOPIC_ID'],
  ])('a broker %s', (_, overrides, error) => {
    expect(led().altered('orders', [1, 2], overrides)).toBe(error)
  })

  test.each([
    ['a partition that does not exist', { partitionIndex: 7 }, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['a later leader epoch', { leaderEpoch: 1 }, 'NOT_CONTROLLER'],
    ['an earlier leader epoch', { leaderEpoch: -1 }, 'FENCED_LEADER_EPOCH'],
    ['a later partition epoch', { partitionEpoch: 1 }, 'NOT_CONTROLLER'],
    ['an earlier partition epoch', { partitionEpoch: -1 }, 'INVALID_UPDATE_VERSION'],
    ['a recovery that never began', { leaderRecoveryState: 1 }, 'INVALID_REQUEST'],
    ['a recovery state that there is not', { leaderRecoveryState: 2 }, 'INVALID_REQUEST'],
  ])('%s is refused', (_, partition, error) => {
    const some = led()
    expect(some.altered('orders', [1], { partition })).toBe(error)
    expect(some.partition('orders').isr).toEqual([1, 2, 3])
  })

  test.each([
    ['without its leader', [2, 3]],
    ['with a broker that has no replica', [1, 4]],
    ['with a broker twice', [1, 2, 2]],
    ['of nobody', []],
  ])('an ISR %s is refused', (_, isr) => {
    expect(led().altered('orders', isr)).toBe('INVALID_REQUEST')
  })

  test('who is fenced, shutting down or not registered does not come into the ISR', () => {
    const fenced = led().lose(3)
    expect(fenced.partition('orders').isr).toEqual([1, 2])
    expect(fenced.altered('orders', [1, 2, 3])).toBe('INELIGIBLE_REPLICA')
    const leaving = led()
    leaving.createOn('led-by-3', [3])
    leaving.heartbeat(3, { wantShutDown: true })
    expect(leaving.altered('orders', [1, 2, 3])).toBe('INELIGIBLE_REPLICA')
    const gone = led()
    gone.done(gone.controller.handleUnregisterBroker({ brokerId: 3 }))
    expect(gone.altered('orders', [1, 2, 3])).toBe('INELIGIBLE_REPLICA')
  })

  test('a broker that restarted since the leader heard of it does not come back in (KIP-903)', () => {
    const some = led()
    const { brokerEpoch } = some.controller.image.brokers.get(3)!
    some.lose(3).restart(3, 'unclean')
    const stale = [
      { brokerId: 1, brokerEpoch: -1n },
      { brokerId: 3, brokerEpoch },
    ]
    expect(some.altered('orders', [], { partition: { newIsrWithEpochs: stale } })).toBe(
      'INELIGIBLE_REPLICA',
    )
    expect(some.altered('orders', [1, 3])).toBe('NONE')
  })

  test('an ISR below the minimum makes the one that left eligible', () => {
    const some = new ControlledCluster().startBrokers(1, 2)
    some.createOn('orders', [1, 2], { 'min.insync.replicas': '2' })
    expect(some.altered('orders', [1])).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({ isr: [1], eligibleLeaderReplicas: [2] })
  })

  test('a leader that is moved away hears that another leads', () => {
    const some = led()
    expect(some.reassign('orders', [4, 2, 3])).toBe('NONE')
    const response = some.alterPartition('orders', [1, 2, 3, 4])
    expect(response.topics[0]!.partitions[0]!.errorCode).toBe(108)
    expect(some.partition('orders')).toMatchObject({
      leader: 4,
      leaderEpoch: 1,
      replicas: [4, 2, 3],
      isr: [2, 3, 4],
      addingReplicas: [],
      removingReplicas: [],
    })
  })

  test('a recovering leader says when it has recovered, and alone until then', () => {
    const some = led()
    some.configure('orders', 'unclean.leader.election.enable', 'true')
    some.alterPartition('orders', [1])
    some.lose(1)
    expect(some.partition('orders')).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 })
    const recovering = { leaderRecoveryState: 1 }
    expect(some.altered('orders', [2, 3], { partition: recovering })).toBe('INVALID_REQUEST')
    expect(some.altered('orders', [2, 3])).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({ isr: [2, 3], leaderRecoveryState: 0 })
  })
})
