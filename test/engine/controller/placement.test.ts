import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeReplicas, type PlaceableBroker } from '../../../engine/controller/placement.ts'
import { seededRandom } from './controlled-cluster.ts'

function broker(brokerId: number, overrides: Partial<PlaceableBroker> = {}): PlaceableBroker {
  return { brokerId, rack: null, fenced: false, ...overrides }
}

const four = [broker(1), broker(2), broker(3), broker(4)]

function place(
  brokers: readonly PlaceableBroker[],
  replicationFactor: number,
  { partitionCount = 8, seed = 3 } = {},
) {
  return placeReplicas({ brokers, partitionCount, replicationFactor, random: seededRandom(seed) })
}

describe('placeReplicas', () => {
  test('leaders and replicas spread evenly, and no broker has a partition twice', () => {
    const placed = place(four, 3)
    for (const replicas of placed) expect(new Set(replicas).size).toBe(3)
    for (const id of [1, 2, 3, 4]) {
      expect(placed.filter(([leader]) => leader === id).length).toBe(2)
      expect(placed.filter(replicas => replicas.includes(id)).length).toBe(6)
    }
  })

  test('more replicas than brokers are refused', () => {
    expect(() => place(four, 5)).toThrow('replication factor 5 needs as many brokers, and 4 can')
    expect(() => place([], 1)).toThrow('every broker is fenced')
    expect(() => place([broker(1, { fenced: true })], 1)).toThrow('every broker is fenced')
  })

  test('a partition has its replicas in as many racks as it can', () => {
    const brokers = [1, 2, 3, 4, 5, 6].map(id => broker(id, { rack: `rack-${id % 3}` }))
    for (const replicas of place(brokers, 3, { partitionCount: 30 }))
      expect(new Set(replicas.map(id => id % 3)).size).toBe(3)
  })

  test('brokers of two racks alternate within a partition', () => {
    const brokers = [1, 2, 3, 4].map(id => broker(id, { rack: id % 2 === 0 ? 'even' : 'odd' }))
    for (const [first, second, third, fourth] of place(brokers, 4, { partitionCount: 20 })) {
      expect(first! % 2).not.toBe(second! % 2)
      expect(third! % 2).not.toBe(fourth! % 2)
    }
  })

  test('a fenced broker never leads, and follows only where it has to', () => {
    const brokers = [broker(1), broker(2), broker(3), broker(4, { fenced: true })]
    for (const replicas of place(brokers, 3)) expect(replicas).not.toContain(4)
    for (const replicas of place(brokers, 4)) expect(replicas.at(-1)).toBe(4)
  })

  test('two topics do not begin at one broker', () => {
    const leaders = new Set(
      [1, 2, 3, 4, 5, 6, 7, 8].map(
        part => place(four, 1, { partitionCount: 1, seed: part * 500_000_000 })[0]![0],
      ),
    )
    expect(leaders.size).toBeGreaterThan(1)
  })

  test('whatever the brokers and racks, leaders are alive and each broker is named once', () => {
    const anyBrokers = fc.uniqueArray(
      fc.record({
        brokerId: fc.nat(50),
        rack: fc.constantFrom(null, 'a', 'b', 'c'),
        fenced: fc.boolean(),
      }),
      { selector: each => each.brokerId, minLength: 1, maxLength: 9 },
    )
    fc.assert(
      fc.property(anyBrokers, fc.nat(8), fc.integer({ min: 1, max: 40 }), fc.nat(), (...given) => {
        const [brokers, factor, partitionCount, seed] = given
        fc.pre(brokers.some(each => !each.fenced))
        const replicationFactor = 1 + (factor % brokers.length)
        const placed = place(brokers, replicationFactor, { partitionCount, seed })
        expect(placed.length).toBe(partitionCount)
        const unfenced = brokers.filter(each => !each.fenced).map(each => each.brokerId)
        for (const replicas of placed) {
          expect(new Set(replicas).size).toBe(replicationFactor)
          expect(unfenced).toContain(replicas[0])
          const racks = new Set(brokers.map(each => each.rack))
          const rackOf = (id: number) => brokers.find(each => each.brokerId === id)!.rack
          const covered = new Set(replicas.map(rackOf)).size
          expect(covered).toBe(Math.min(replicationFactor, racks.size))
        }
      }),
    )
  })
})
