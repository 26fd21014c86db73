import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ReplicationQuota } from '../../../engine/replica/replication-quota.ts'

describe('ReplicationQuota', () => {
  test('the first copy waits for nothing, and the next until the first is worked off', () => {
    const quota = new ReplicationQuota()
    expect(quota.waitMs(1000, 50)).toBe(0)
    quota.copied(3000, 1000, 50)
    expect(quota.waitMs(1000, 50)).toBe(3000)
    expect(quota.waitMs(1000, 2050)).toBe(1000)
    expect(quota.waitMs(1000, 3050)).toBe(0)
  })

  test('a rate that is raised shortens the wait, and none at all never ends it', () => {
    const quota = new ReplicationQuota()
    quota.copied(3000, 1000, 0)
    expect(quota.waitMs(3000, 0)).toBe(1000)
    expect(quota.waitMs(0, 0)).toBe(Infinity)
  })

  test('rest is not saved up for later', () => {
    const quota = new ReplicationQuota()
    quota.copied(1000, 1000, 0)
    quota.copied(1000, 1000, 60_000)
    expect(quota.waitMs(1000, 60_000)).toBe(1000)
  })

  test('copies that wait as told keep the rate, whatever their sizes', () => {
    const rate = 10_000
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 2 }), sizes => {
        const quota = new ReplicationQuota()
        let nowMs = 0
        let copied = 0
        for (const bytes of sizes) {
          nowMs += quota.waitMs(rate, nowMs)
          expect(copied).toBeLessThanOrEqual((nowMs / 1000) * rate + 1)
          quota.copied(bytes, rate, nowMs)
          copied += bytes
        }
      }),
    )
  })
})
