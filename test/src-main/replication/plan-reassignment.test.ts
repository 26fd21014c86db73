import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReassignmentStrategy } from '../../../src-main/contract/model/replication.ts'
import {
  placeOf,
  planReassignment,
  type PartitionNow,
} from '../../../src-main/replication/plan-reassignment.ts'

describe('planReassignment', () => {
  test('vacating a broker moves its replicas alone, and to where there is least', () => {
    const plan = planReassignment({
      partitions: [at(0, 1, 2), at(1, 2, 3), at(2, 3, 1), at(3, 3, 4)],
      brokers: brokersOf(1, 2, 3, 4),
      strategy: { type: 'vacate', brokers: [1] },
    })
    expect(plan.moves.map(({ partition, before, after }) => [partition, before, after])).toEqual([
      [0, [1, 2], [4, 2]],
      [2, [3, 1], [3, 2]],
    ])
    expect(plan.unchangedCount).toBe(2)
    expect(plan.copyBytes).toBe(200)
    expect(plan.brokers.find(({ broker }) => broker === 1)).toEqual({
      broker: 1,
      replicasBefore: 2,
      replicasAfter: 0,
      preferredBefore: 1,
      preferredAfter: 0,
    })
  })

  test('what cannot be placed is refused with the reason, and stays', () => {
    const plan = planReassignment({
      partitions: [at(0, 1, 2)],
      brokers: brokersOf(1, 2),
      strategy: { type: 'vacate', brokers: [1] },
    })
    expect(plan.moves).toEqual([])
    expect(plan.refusals).toEqual([
      { topic: 't', partition: 0, reason: 'only 1 brokers could hold its 2 replicas' },
    ])
  })

  test('a larger factor adds behind the replicas there are, a smaller one cuts the last', () => {
    const input = { partitions: [at(0, 2, 1)], brokers: brokersOf(1, 2, 3) }
    const larger = planReassignment({ ...input, strategy: { type: 'factor', factor: 3 } })
    expect(larger.moves.map(({ after }) => after)).toEqual([[2, 1, 3]])
    const smaller = planReassignment({ ...input, strategy: { type: 'factor', factor: 1 } })
    expect(smaller.moves).toEqual([
      { topic: 't', partition: 0, before: [2, 1], after: [2], copyBytes: 0 },
    ])
  })

  test('a replica goes to a rack that the partition has not got', () => {
    const plan = planReassignment({
      partitions: [at(0, 1)],
      brokers: [
        { id: 1, rack: 'a' },
        { id: 2, rack: 'a' },
        { id: 3, rack: 'b' },
      ],
      strategy: { type: 'factor', factor: 2 },
    })
    expect(plan.moves[0]!.after).toEqual([1, 3])
  })

  test('lists that name a broker twice, an unknown one or no partition are refused', () => {
    const plan = planReassignment({
      partitions: [at(0, 1), at(1, 1), at(2, 1)],
      brokers: brokersOf(1, 2),
      strategy: {
        type: 'explicit',
        assignments: [
          { topic: 't', partition: 0, replicas: [2, 2] },
          { topic: 't', partition: 1, replicas: [9] },
          { topic: 't', partition: 2, replicas: [2, 1] },
          { topic: 'u', partition: 0, replicas: [1] },
        ],
      },
    })
    expect(plan.refusals.map(({ reason }) => reason)).toEqual([
      'broker 2 stands twice in its list',
      'broker 9 is not there',
      'there is no such partition',
    ])
    expect(plan.moves.map(({ after }) => after)).toEqual([[2, 1]])
    expect(plan.unchangedCount).toBe(0)
  })

  test('partitions that lie on a few brokers are spread over all of them', () => {
    const partitions = Array.from({ length: 12 }, (_, n) => at(n, 1, 2))
    const plan = planReassignment({
      partitions,
      brokers: brokersOf(1, 2, 3, 4),
      strategy: { type: 'spread', brokers: null },
    })
    expect(plan.brokers.map(({ replicasAfter }) => replicasAfter)).toEqual([6, 6, 6, 6])
    expect(plan.brokers.map(({ preferredAfter }) => preferredAfter)).toEqual([3, 3, 3, 3])
  })

  test('no plan puts two replicas on one broker, changes a factor unasked, or is less even', () => {
    fc.assert(
      fc.property(world, ({ partitions, brokers, strategy }) => {
        const plan = planReassignment({ partitions, brokers, strategy })
        const before = new Map(partitions.map(each => [placeOf(each), each.replicas]))
        for (const move of plan.moves) {
          expect(new Set(move.after).size).toBe(move.after.length)
          const wanted = strategy.type === 'factor' ? strategy.factor : move.before.length
          expect(move.after.length).toBe(wanted)
          expect(move.before).toEqual(before.get(placeOf(move)))
          if (strategy.type === 'vacate')
            for (const id of strategy.brokers) expect(move.after).not.toContain(id)
        }
        expect(plan.moves.length + plan.unchangedCount + plan.refusals.length).toBe(
          partitions.length,
        )
        if (strategy.type === 'spread') {
          const after = plan.brokers.map(each => each.replicasAfter)
          const then = plan.brokers.map(each => each.replicasBefore)
          expect(Math.max(...after) - Math.min(...after)).toBeLessThanOrEqual(
            Math.max(...then) - Math.min(...then),
          )
        }
      }),
      { numRuns: 500 },
    )
  })
})

const brokerCount = 5
const world = fc
  .record({
    replicas: fc.array(
      fc.uniqueArray(fc.integer({ min: 1, max: brokerCount }), { minLength: 1, maxLength: 4 }),
      { maxLength: 20 },
    ),
    strategy: fc.oneof(
      fc.record({
        type: fc.constant('vacate' as const),
        brokers: fc.uniqueArray(fc.integer({ min: 1, max: brokerCount }), { maxLength: 3 }),
      }),
      fc.record({ type: fc.constant('spread' as const), brokers: fc.constant(null) }),
      fc.record({ type: fc.constant('factor' as const), factor: fc.integer({ min: 1, max: 5 }) }),
    ),
  })
  .map(({ replicas, strategy }) => ({
    partitions: replicas.map((each, n) => at(n, ...each)),
    brokers: brokersOf(1, 2, 3, 4, 5),
    strategy: strategy satisfies ReassignmentStrategy as ReassignmentStrategy,
  }))

function at(partition: number, ...replicas: number[]): PartitionNow {
  return { topic: 't', partition, replicas, sizeBytes: 100 }
}

function brokersOf(...ids: number[]) {
  return ids.map(id => ({ id, rack: null }))
}
