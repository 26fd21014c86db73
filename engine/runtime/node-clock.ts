/** The machine's own time and timers. */
import type { Clock } from '../ports/clock.ts'

/** setTimeout fires at once for delays over 31 bits of milliseconds. */
const DELAY_MAX_MS = 2_147_483_647

export const nodeClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  at(atMs, callback) {
    const delayMs = Math.min(Math.max(0, Math.ceil(atMs - Date.now())), DELAY_MAX_MS)
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  soon(callback) {
    const immediate = setImmediate(callback)
    return () => clearImmediate(immediate)
  },
}
