import { describe, expect, test } from 'vitest'
import type { PartitionImage } from '../../../engine/controller/image-entries.ts'
import {
  partitionChange,
  type PartitionRules,
  type PartitionTarget,
} from '../../../engine/controller/partition-change.ts'

const directories = ['one', 'two', 'three']

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
    directories,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    ...overrides,
  }
}

function rules(overrides: Partial<PartitionRules> = {}): PartitionRules {
  return {
    election: 'online',
    acceptable: () => true,
    minIsr: 2,
    elrEnabled: true,
    directoryOf: id => `default-${id}`,
    ...overrides,
  }
}

const alive =
  (...ids: readonly number[]) =>
  (id: number): boolean =>
    ids.includes(id)

const nothing = {
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

/** What the record says that differs from one that says nothing; null without a record. */
function change(
  before: Partial<PartitionImage>,
  target: PartitionTarget,
  given: Partial<PartitionRules> = {},
) {
  const place = { topicId: 'id', partitionIndex: 0 }
  const record = partitionChange(place, partition(before), target, rules(given))
  if (record === null) return null
  return Object.fromEntries(
    Object.entries(record.value).filter(
      ([name, value]) => value !== nothing[name as keyof typeof nothing],
    ),
  )
}

describe('partitionChange', () => {
  test('a partition that is as it should be needs no record', () => {
    expect(change({}, {})).toBe(null)
    expect(change({}, { isr: [1, 2, 3], replicas: [1, 2, 3] })).toBe(null)
  })

  test('a smaller or larger ISR alone does not set the leader, and so not its epoch', () => {
    expect(change({}, { isr: [1, 2] })).toEqual({ isr: [1, 2] })
    expect(change({ isr: [1, 2] }, { isr: [1, 2, 3] })).toEqual({ isr: [1, 2, 3] })
  })

  test('a leader that leaves the ISR is followed by the first that stays', () => {
    expect(change({}, { isr: [2, 3] })).toEqual({ isr: [2, 3], leader: 2 })
  })

  test('a leader that cannot go on is replaced, the ISR staying', () => {
    expect(change({}, {}, { acceptable: alive(3) })).toEqual({ leader: 3 })
    expect(change({}, {}, { acceptable: alive() })).toEqual({ leader: -1, lastKnownElr: [1] })
  })

  test('a new replica gets the folder of its broker, and the others keep theirs', () => {
    const record = change({}, { replicas: [4, 1, 2, 3], addingReplicas: [4] })
    expect(record).toEqual({
      replicas: [4, 1, 2, 3],
      addingReplicas: [4],
      directories: ['default-4', ...directories],
    })
  })

  test('a replica in another folder is said to be there', () => {
    const record = change({}, { directories: new Map([[2, 'elsewhere']]) })
    expect(record).toEqual({ directories: ['one', 'elsewhere', 'three'] })
  })

  test('a replica that goes counts the leader epoch up, although the leader stays', () => {
    expect(change({}, { replicas: [1, 2], isr: [1, 2] })).toEqual({
      replicas: [1, 2],
      isr: [1, 2],
      directories: ['one', 'two'],
      leader: 1,
    })
  })

  test('a move is finished by the ISR that has all of its replicas', () => {
    const moving = {
      replicas: [1, 4, 3],
      removingReplicas: [3],
      addingReplicas: [4],
      isr: [1, 3],
      directories: ['one', 'four', 'three'],
    }
    expect(change(moving, { isr: [3, 1] })).toEqual({ isr: [3, 1] })
    expect(change(moving, { isr: [1, 3, 4] })).toEqual({
      replicas: [1, 4],
      isr: [1, 4],
      addingReplicas: [],
      removingReplicas: [],
      directories: ['one', 'four'],
      leader: 1,
    })
  })

  test('a move that takes the leader out elects the first of the target', () => {
    const moving = { removingReplicas: [1], replicas: [2, 3, 1], directories }
    expect(change(moving, { isr: [1, 2, 3] })).toMatchObject({ leader: 2, isr: [2, 3] })
  })
})

describe('eligible leader replicas', () => {
  test('who leaves an ISR that stays large enough is not eligible', () => {
    expect(change({}, { isr: [1, 2] })).toEqual({ isr: [1, 2] })
  })

  test('who leaves an ISR that becomes too small is', () => {
    expect(change({ isr: [1, 2] }, { isr: [1] })).toEqual({
      isr: [1],
      eligibleLeaderReplicas: [2],
    })
  })

  test('the last of an ISR leaves it, stays eligible, and is known as the last leader', () => {
    const before = { isr: [1], eligibleLeaderReplicas: [2] }
    expect(change(before, { isr: [] }, { acceptable: alive(3) })).toEqual({
      isr: [],
      leader: -1,
      eligibleLeaderReplicas: [1, 2],
      lastKnownElr: [1],
    })
  })

  test('an eligible replica that leads is the ISR, and the others stay eligible', () => {
    const before = { isr: [], leader: -1, eligibleLeaderReplicas: [1, 2], lastKnownElr: [1] }
    expect(change(before, {}, { acceptable: alive(2, 3) })).toEqual({
      isr: [2],
      leader: 2,
      eligibleLeaderReplicas: [1],
      lastKnownElr: [],
    })
  })

  test('an ISR that is large enough again leaves nobody eligible', () => {
    const before = { isr: [2], leader: 2, eligibleLeaderReplicas: [1] }
    expect(change(before, { isr: [2, 3] })).toEqual({ isr: [2, 3], eligibleLeaderReplicas: [] })
  })

  test('a broker after an unclean stop is neither in sync nor eligible', () => {
    const before = { isr: [1], eligibleLeaderReplicas: [2], leader: 1 }
    const target = { isr: [], uncleanShutdowns: [1] }
    expect(change(before, target, { acceptable: alive(3) })).toEqual({
      isr: [],
      leader: -1,
      lastKnownElr: [1],
    })
    expect(change({ ...before, isr: [1] }, { uncleanShutdowns: [2] })).toEqual({
      eligibleLeaderReplicas: [],
    })
  })

  test('the last known leader leads uncleanly, and recovers', () => {
    const before = { isr: [], leader: -1, lastKnownElr: [3] }
    expect(change(before, {})).toEqual({
      isr: [3],
      leader: 3,
      lastKnownElr: [],
      leaderRecoveryState: 1,
    })
  })

  test('while they are off, the last of an ISR stay in it', () => {
    const off = { elrEnabled: false, acceptable: alive(2, 3) }
    expect(change({ isr: [1] }, { isr: [] }, off)).toEqual({ leader: -1 })
    const clean = { isr: [], leader: -1, eligibleLeaderReplicas: [2] }
    expect(change(clean, {}, off)).toEqual({ leader: 2, isr: [2], eligibleLeaderReplicas: [] })
  })
})

describe('an unclean election', () => {
  test('gives an ISR of the leader alone, which recovers', () => {
    const before = { isr: [1], eligibleLeaderReplicas: [] }
    const given = { election: 'unclean', acceptable: alive(2, 3) } as const
    expect(change(before, {}, given)).toEqual({ isr: [2], leader: 2, leaderRecoveryState: 1 })
  })

  test('forgets who was eligible', () => {
    const before = { isr: [1], eligibleLeaderReplicas: [2] }
    const given = { election: 'unclean', acceptable: alive(3) } as const
    expect(change(before, {}, given)).toEqual({
      isr: [3],
      leader: 3,
      leaderRecoveryState: 1,
      eligibleLeaderReplicas: [],
    })
  })

  test('is over when the leader says that it has recovered', () => {
    const before = { isr: [3], leader: 3, leaderRecoveryState: 1 }
    expect(change(before, { leaderRecoveryState: 0, isr: [3] })).toEqual({ leaderRecoveryState: 0 })
    expect(change(before, {})).toBe(null)
  })
})
