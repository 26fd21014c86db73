import { describe, expect, test } from 'vitest'
import { ControlledCluster } from './controlled-cluster.ts'

function led(): ControlledCluster {
  return new ControlledCluster().startBrokers(1, 2, 3, 4, 5).createOn('orders', [1, 2, 3])
}

function list(some: ControlledCluster, names: readonly string[] | null = null) {
  const topics = names?.map(name => ({ name, partitionIndexes: [0, 7] })) ?? null
  return some.done(some.controller.handleListPartitionReassignments({ timeoutMs: 1000, topics }))
    .topics
}

describe('AlterPartitionReassignments', () => {
  test('a move begins with all replicas, and is complete when the new ones are in sync', () => {
    const some = led()
    expect(some.reassign('orders', [4, 5, 1])).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({
      replicas: [4, 5, 1, 2, 3],
      isr: [1, 2, 3],
      addingReplicas: [4, 5],
      removingReplicas: [2, 3],
      leader: 1,
      leaderEpoch: 0,
      partitionEpoch: 1,
    })
    expect(some.altered('orders', [1, 2, 3, 4])).toBe('NONE')
    expect(list(some)).toEqual([
      {
        name: 'orders',
        partitions: [
          {
            partitionIndex: 0,
            replicas: [4, 5, 1, 2, 3],
            addingReplicas: [4, 5],
            removingReplicas: [2, 3],
          },
        ],
      },
    ])
    expect(some.altered('orders', [1, 2, 3, 4, 5])).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({
      replicas: [4, 5, 1],
      isr: [1, 4, 5],
      addingReplicas: [],
      removingReplicas: [],
      leader: 1,
      leaderEpoch: 1,
    })
    expect(list(some)).toEqual([])
  })

  test('another order alone is done at once, and the leader stays', () => {
    const some = led()
    expect(some.reassign('orders', [3, 2, 1])).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({
      replicas: [3, 2, 1],
      leader: 1,
      leaderEpoch: 0,
      addingReplicas: [],
    })
  })

  test('fewer replicas, all of them in sync, are done at once', () => {
    const some = led()
    expect(some.reassign('orders', [2, 3])).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({
      replicas: [2, 3],
      isr: [2, 3],
      leader: 2,
      leaderEpoch: 1,
    })
  })

  test('a move to as many replicas waits for those that are added, not for all', () => {
    const some = led()
    some.alterPartition('orders', [1, 2])
    some.reassign('orders', [4, 2, 3])
    expect(some.altered('orders', [1, 2, 4])).toBe('NEW_LEADER_ELECTED')
    expect(some.partition('orders')).toMatchObject({ replicas: [4, 2, 3], isr: [2, 4], leader: 4 })
  })

  test('a move to fewer replicas waits for all that stay', () => {
    const some = led()
    some.alterPartition('orders', [1, 2])
    some.reassign('orders', [2, 3])
    expect(some.partition('orders')).toMatchObject({ replicas: [2, 3, 1], removingReplicas: [1] })
    expect(some.altered('orders', [1, 2, 3])).toBe('NEW_LEADER_ELECTED')
    expect(some.partition('orders')).toMatchObject({ replicas: [2, 3], isr: [2, 3], leader: 2 })
  })

  test('who is moved away is not eligible any more', () => {
    const some = new ControlledCluster().startBrokers(1, 2, 3)
    some.createOn('orders', [1, 2], { 'min.insync.replicas': '2' }).lose(2)
    expect(some.partition('orders').eligibleLeaderReplicas).toEqual([2])
    some.reassign('orders', [1])
    expect(some.partition('orders')).toMatchObject({
      replicas: [1],
      isr: [1],
      eligibleLeaderReplicas: [],
    })
  })

  test('the replicas as they are need no move', () => {
    const some = led()
    const length = some.log.length
    expect(some.reassign('orders', [1, 2, 3])).toBe('NONE')
    expect(some.log.length).toBe(length)
  })

  test('a move is given up: the replicas are the old ones, and who was added is gone', () => {
    const some = led()
    some.reassign('orders', [4, 5, 1])
    some.alterPartition('orders', [1, 2, 3, 4])
    expect(some.reassign('orders', null)).toBe('NONE')
    const { replicas, isr, addingReplicas, removingReplicas, leaderEpoch } =
      some.partition('orders')
    expect(new Set(replicas)).toEqual(new Set([1, 2, 3]))
    expect({ isr, addingReplicas, removingReplicas, leaderEpoch }).toEqual({
      isr: [1, 2, 3],
      addingReplicas: [],
      removingReplicas: [],
      leaderEpoch: 1,
    })
    expect(some.reassign('orders', null)).toBe('NO_REASSIGNMENT_IN_PROGRESS')
  })

  test('a move that nobody of the old replicas outlived is given up only uncleanly', () => {
    const some = new ControlledCluster().startBrokers(1, 2, 3, 4).createOn('orders', [1, 2])
    some.reassign('orders', [3, 4, 2])
    some.lose(2)
    some.alterPartition('orders', [1])
    expect(some.altered('orders', [1, 3])).toBe('NONE')
    some.lose(1)
    expect(some.partition('orders')).toMatchObject({ leader: 3, isr: [3] })
    expect(some.reassign('orders', null)).toBe('INVALID_REPLICA_ASSIGNMENT')
    some.configure('orders', 'unclean.leader.election.enable', 'true')
    some.restart(1, 'clean')
    expect(some.reassign('orders', null)).toBe('NONE')
    expect(some.partition('orders').replicas).toEqual([2, 1])
  })

  test('a second target replaces the first', () => {
    const some = led()
    some.reassign('orders', [4, 2, 3])
    expect(some.reassign('orders', [5, 2, 3])).toBe('NONE')
    expect(some.partition('orders')).toMatchObject({
      replicas: [5, 2, 3, 1, 4],
      addingReplicas: [5],
      removingReplicas: [1, 4],
    })
  })

  test.each([
    ['a broker that is not registered', [1, 9], 'INVALID_REPLICA_ASSIGNMENT'],
    ['a broker twice', [1, 1], 'INVALID_REPLICA_ASSIGNMENT'],
    ['nobody', [], 'INVALID_REPLICA_ASSIGNMENT'],
  ])('a target of %s is refused', (_, replicas, error) => {
    expect(led().reassign('orders', replicas)).toBe(error)
  })

  test('a replication factor that may not change does not (KIP-860)', () => {
    const some = led()
    expect(some.reassign('orders', [1, 2], false)).toBe('INVALID_REPLICATION_FACTOR')
    expect(some.reassign('orders', [4, 2, 3], false)).toBe('NONE')
    expect(some.reassign('orders', [5, 2, 3], false)).toBe('NONE')
  })

  test('topics and partitions that do not exist are refused, and not listed', () => {
    const some = led()
    expect(some.reassign('nothing', [1])).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    some.reassign('orders', [4, 2, 3])
    expect(list(some, ['nothing'])).toEqual([])
    expect(list(some, ['orders'])[0]!.partitions.length).toBe(1)
  })

  test('a fenced broker may be moved to: the move waits for it', () => {
    const some = led().lose(5)
    expect(some.reassign('orders', [5, 1, 2])).toBe('NONE')
    expect(some.altered('orders', [1, 2, 3, 5])).toBe('INELIGIBLE_REPLICA')
    some.restart(5, 'clean')
    expect(some.altered('orders', [1, 2, 3, 5])).toBe('NONE')
    expect(some.partition('orders').replicas).toEqual([5, 1, 2])
  })
})
