/** Lets the threads that are started from now on have the limits they are started with. */
import { setFlagsFromString } from 'node:v8'

/**
 * The flag with which the scripts start Node has done for the main thread what it can, and would go
 * before every other thread's own limit.
 */
export function leaveLimitsToThreads(): void {
  setFlagsFromString('--max-semi-space-size=0')
}
