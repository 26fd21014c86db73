/**
 * A stream that is opened again by itself when the thread or the broker behind it goes away. What
 * its input says where to begin is asked anew each time, so that it goes on where it stood.
 */
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import type { ItemOf, Problem, StreamInputOf, StreamName } from '../../src-main/contract/define.ts'
import { Attempts, passesByItself } from './attempts.ts'

export interface LastingReader<T> {
  onItem(item: T): void
  /** It ended, and is being opened again. */
  onBreak(problem: Problem): void
  /** It ended for good: in order for null, else with what will not pass by itself. */
  onEnd(problem: Problem | null): void
}

/** Returns what closes it. */
export function openLasting<N extends StreamName<ApplicationApi>>(
  client: ApplicationClient,
  name: N,
  input: () => StreamInputOf<ApplicationApi, N>,
  reader: LastingReader<ItemOf<ApplicationApi, N>>,
): () => void {
  const attempts = new Attempts()
  let stop: (() => void) | null = null
  let closed = false
  const open = () => {
    stop = client.stream(name, input, {
      onItem: item => {
        attempts.succeeded()
        reader.onItem(item)
      },
      onEnd: problem => {
        stop = null
        if (closed) return
        if (problem === null || !passesByItself(problem)) return reader.onEnd(problem)
        reader.onBreak(problem)
        attempts.later(open)
      },
    })
  }
  open()
  return () => {
    closed = true
    attempts.cancel()
    stop?.()
  }
}
