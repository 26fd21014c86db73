import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LeaderEnds } from '../../../src-main/replication/caught-up.ts'
import { ReplicationMemory } from '../../../src-main/replication/replication-memory.ts'
import { removed, throttleSettings } from '../../../src-main/replication/throttle.ts'

describe('LeaderEnds', () => {
  test('a follower lags since the first end that it has not got', () => {
    const ends = new LeaderEnds()
    ends.see(1_000, 10n)
    ends.see(2_000, 20n)
    ends.see(3_000, 30n)
    expect(ends.lagMs(3_500, 30n)).toBe(0)
    expect(ends.lagMs(3_500, 20n)).toBe(500)
    expect(ends.lagMs(3_500, 12n)).toBe(1_500)
  })

  test('one that fell behind before anyone looked has a lag that is not known', () => {
    const ends = new LeaderEnds()
    expect(ends.lagMs(0, 5n)).toBeNull()
    ends.see(1_000, 10n)
    expect(ends.lagMs(9_000, 5n)).toBeNull()
  })

  test('a leader that is behind the last one begins anew', () => {
    const ends = new LeaderEnds()
    ends.see(1_000, 10n)
    ends.see(2_000, 8n)
    expect(ends.lagMs(3_000, 8n)).toBe(0)
    expect(ends.lagMs(3_000, 7n)).toBeNull()
  })

  test('a follower with more never lags longer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(0n, 9n), { minLength: 1, maxLength: 400 }),
        fc.bigInt(0n, 40n),
        (steps, followerEnd) => {
          const ends = new LeaderEnds()
          let end = 0n
          for (const [atMs, step] of steps.entries()) ends.see(atMs, (end += step))
          const lag = ends.lagMs(steps.length, followerEnd)
          const more = ends.lagMs(steps.length, followerEnd + 1n)
          if (lag !== null) expect(more).not.toBeNull()
          if (lag !== null) expect(more).toBeLessThanOrEqual(lag)
          expect(ends.lagMs(steps.length, end)).toBe(0)
        },
      ),
    )
  })
})

describe('ReplicationMemory', () => {
  test('a broker is away since it was first missed, and only if it was ever there', () => {
    const memory = new ReplicationMemory()
    memory.seeBrokers(1_000, [1, 2])
    memory.seeBrokers(2_000, [1])
    memory.seeBrokers(3_000, [1])
    expect([...memory.awaySinceMs]).toEqual([[2, 2_000n]])
    memory.seeBrokers(4_000, [1, 2])
    expect([...memory.awaySinceMs]).toEqual([])
  })
})

describe('a broker that is listed and silent', () => {
  test('is away since it fell silent, whoever looks at the list meanwhile', () => {
    const memory = new ReplicationMemory()
    memory.seeBrokers(1_000, [1, 2])
    memory.hear(2, false)
    memory.seeBrokers(2_000, [1, 2])
    memory.seeBrokers(3_000, [1, 2])
    memory.seeBrokers(4_000, [1])
    expect([...memory.awaySinceMs]).toEqual([[2, 2_000n]])
    memory.hear(2, true)
    memory.seeBrokers(5_000, [1, 2])
    expect([...memory.awaySinceMs]).toEqual([])
  })
})

describe('throttleSettings', () => {
  const moves = [
    { topic: 'a', partition: 0, sources: [1, 2], adding: [3] },
    { topic: 'a', partition: 1, sources: [2], adding: [3, 1] },
    { topic: 'b', partition: 0, sources: [2], adding: [] },
  ]

  test('holds for those that give and those that get, on the brokers that take part', () => {
    const settings = throttleSettings(moves, 5_000)
    expect([...settings.topics]).toEqual([
      [
        'a',
        [
          { name: 'leader.replication.throttled.replicas', value: '0:1,0:2,1:2' },
          { name: 'follower.replication.throttled.replicas', value: '0:3,1:3,1:1' },
        ],
      ],
    ])
    expect(new Set(settings.brokers.keys())).toEqual(new Set([1, 2, 3]))
    expect(settings.brokers.get(3)).toEqual([
      { name: 'leader.replication.throttled.rate', value: '5000' },
      { name: 'follower.replication.throttled.rate', value: '5000' },
    ])
  })

  test('is taken away where it was set', () => {
    const settings = removed(throttleSettings(moves, 5_000))
    const values = [...settings.topics.values(), ...settings.brokers.values()].flat()
    expect(values.length).toBe(8)
    expect(new Set(values.map(({ value }) => value))).toEqual(new Set([null]))
  })
})
