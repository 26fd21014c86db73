/** The machine's own time and timers. */
import type { Clock } from '../ports/clock.ts'

/** setTimeout fires at once for delays over 31 bits of milliseconds. */
const DELAY_MAX_MS = 2_147_483_647

const beganMs = Date.now() - performance.now()

export const nodeClock: Clock = {
  nowMs: steadyMs,
  timestampOf: nowMs => nowMs + (Date.now() - steadyMs()),
  monotonicMs: () => performance.now(),
  at(atMs, callback) {
    const delayMs = Math.min(Math.max(0, Math.ceil(atMs - steadyMs())), DELAY_MAX_MS)
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  soon(callback) {
    const immediate = setImmediate(callback)
    return () => clearImmediate(immediate)
  },
}

/** As timers run: neither setting the clock nor sleeping moves it. */
function steadyMs(): number {
  return Math.floor(beganMs + performance.now())
}
