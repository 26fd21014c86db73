import { expect, test } from 'vitest'
import { watch } from '../../../src-main/lookups/watch.ts'

test('what takes long is looked at less often, and one look that waited changes nothing', async () => {
  const took = [10, 10, 900, 10, 500, 500, 500]
  expect(await pausesAfter(took)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 5_000])
})

/** How long it waits after looks that take so many milliseconds. */
async function pausesAfter(took: readonly number[]): Promise<readonly number[]> {
  const abort = new AbortController()
  const pauses: number[] = []
  let nowMs = 0
  await watch({
    sink: { signal: abort.signal, congested: false, emit: () => {} },
    intervalMs: 1_000,
    nowMs: () => nowMs,
    wait: async milliseconds => {
      pauses.push(milliseconds)
      nowMs += milliseconds
      if (pauses.length === took.length) abort.abort()
    },
    read: async () => {
      nowMs += took[pauses.length]!
      return nowMs
    },
    digest: String,
  })
  return pauses
}
