import { describe, expect, test } from 'vitest'
import { elect, partitionChange } from '../../../engine/controller/election.ts'
import type { PartitionImage } from '../../../engine/controller/image-entries.ts'
import { placeReplicas } from '../../../engine/controller/placement.ts'
import { seededRandom } from './controlled-cluster.ts'

function partition(overrides: Partial<PartitionImage> = {}): PartitionImage {
  return {
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    removingReplicas: [],
    addingReplicas: [],
    leader: 1,
    leaderRecoveryState: 0,
    leaderEpoch: 4,
    partitionEpoch: 7,
    directories: [],
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    ...overrides,
  }
}

const alive =
  (...ids: readonly number[]) =>
  (id: number): boolean =>
    ids.includes(id)

describe('elect', () => {
  test.each<
    [string, Partial<PartitionImage>, number[], number[], { leader: number; isr: number[] }]
  >([
    ['a leader that can go on does', {}, [1, 2, 3], [], { leader: 1, isr: [1, 2, 3] }],
    [
      'a leader goes on that is not preferred',
      { leader: 2 },
      [1, 2, 3],
      [],
      { leader: 2, isr: [1, 2, 3] },
    ],
    [
      'the first in the order of assignment follows',
      { replicas: [1, 3, 2] },
      [2, 3],
      [1],
      { leader: 3, isr: [2, 3] },
    ],
    ['who is not in the ISR does not lead', { isr: [1, 3] }, [2, 3], [1], { leader: 3, isr: [3] }],
    ['who is not alive does not lead', {}, [3], [1], { leader: 3, isr: [2, 3] }],
    ['without anybody alive nobody leads', {}, [], [1], { leader: -1, isr: [2, 3] }],
    ['the last of the ISR stays in it', { isr: [1] }, [2, 3], [1], { leader: -1, isr: [1] }],
    [
      'the last of the ISR leads again',
      { isr: [1], leader: -1 },
      [1, 2],
      [],
      { leader: 1, isr: [1] },
    ],
    [
      'an outsider does not lead while the last of the ISR is away',
      { isr: [1], leader: -1 },
      [2, 3],
      [],
      { leader: -1, isr: [1] },
    ],
  ])('%s', (_, overrides, living, leavingIsr, outcome) => {
    const input = { partition: partition(overrides), acceptable: alive(...living), leavingIsr }
    expect(elect(input)).toEqual(outcome)
  })
})

describe('partitionChange', () => {
  const value = {
    partitionId: 0,
    topicId: 'id',
    isr: null,
    leader: -2,
    replicas: null,
    removingReplicas: null,
    addingReplicas: null,
    leaderRecoveryState: -1,
    directories: null,
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  }

  test('a partition that is as it should be needs no record', () => {
    expect(partitionChange('id', 0, partition(), { leader: 1, isr: [1, 2, 3] })).toBe(null)
  })

  test('a smaller ISR alone does not set the leader, and so not its epoch', () => {
    const record = partitionChange('id', 0, partition(), { leader: 1, isr: [1, 2] })
    expect(record).toEqual({ type: 'PartitionChangeRecord', value: { ...value, isr: [1, 2] } })
  })

  test('a new leader alone leaves the ISR out', () => {
    const record = partitionChange('id', 0, partition(), { leader: -1, isr: [1, 2, 3] })
    expect(record).toEqual({ type: 'PartitionChangeRecord', value: { ...value, leader: -1 } })
  })
})

describe('placeReplicas', () => {
  const place = (replicationFactor: number, brokers = [1, 2, 3, 4]) =>
    placeReplicas({ brokers, partitionCount: 8, replicationFactor, random: seededRandom(3) })

  test('leaders and replicas spread evenly, and no broker has a partition twice', () => {
    const placed = place(3)
    for (const replicas of placed) expect(new Set(replicas).size).toBe(3)
    for (const id of [1, 2, 3, 4]) {
      expect(placed.filter(([leader]) => leader === id).length).toBe(2)
      expect(placed.filter(replicas => replicas.includes(id)).length).toBe(6)
    }
  })

  test('more replicas than brokers are refused', () => {
    expect(() => place(5)).toThrow('replication factor 5 needs as many brokers, and 4 can take')
    expect(() => place(1, [])).toThrow('every broker is fenced')
  })
})
