import { afterEach, describe, expect, test, vi } from 'vitest'
import { nodeClock } from '../../../engine/runtime/node-clock.ts'

const HOUR_MS = 3_600_000

describe("the machine's clock", () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test('says what the wall clock says while nobody sets it', () => {
    expect(Math.abs(nodeClock.timestampOf(nodeClock.nowMs()) - Date.now())).toBeLessThan(50)
    expect(Math.abs(nodeClock.nowMs() - Date.now())).toBeLessThan(1_000)
  })

  test.each([HOUR_MS, -HOUR_MS])('is steady when the wall clock is set by %i ms', byMs => {
    const before = nodeClock.nowMs()
    const now = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => now() + byMs)
    const after = nodeClock.nowMs()
    expect(after - before).toBeGreaterThanOrEqual(0)
    expect(after - before).toBeLessThan(1_000)
    expect(Math.abs(nodeClock.timestampOf(after) - (now() + byMs))).toBeLessThan(50)
  })

  test('rings a timer in its time when the wall clock was set back', async () => {
    const atMs = nodeClock.nowMs() + 20
    const now = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => now() - HOUR_MS)
    const beganMs = performance.now()
    await new Promise<void>(resolve => nodeClock.at(atMs, resolve))
    expect(performance.now() - beganMs).toBeLessThan(1_000)
    expect(nodeClock.nowMs()).toBeGreaterThanOrEqual(atMs)
  })
})
