import { expect, test } from 'vitest'
import { OperationalError } from '../../../engine/support/operational-error.ts'
import { watch } from '../../../src-main/lookups/watch.ts'

test('what takes long is looked at less often, and one look that waited changes nothing', async () => {
  const took = [10, 10, 900, 10, 300, 300, 300]
  const { pauses } = await watched({ took })
  expect(pauses).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 3_000])
})

test('however long a look takes, the next one comes within five intervals', async () => {
  expect((await watched({ took: [9_000] })).pauses).toEqual([5_000])
})

test('what fails is asked for again, and ends the stream when nothing came for three seconds', async () => {
  const took = [10, 10, 10, 10, 10, 10, 10]
  const passing = await watched({ took, failing: [2, 3] })
  expect([passing.pauses.length, passing.error]).toEqual([7, null])
  const lasting = await watched({ took, failing: [1, 2, 3, 4, 5, 6] })
  expect(lasting.pauses).toHaveLength(4)
  expect(String(lasting.error)).toContain('away')
})

test('a look that never ends is a failure after five seconds', async () => {
  const { error, nowMs } = await watched({ took: [10, 10, Infinity] })
  expect(String(error)).toContain('no answer of the cluster within 5000 ms')
  expect(nowMs).toBe(7_020)
})

interface Looks {
  /** How many milliseconds each look takes. */
  readonly took: readonly number[]
  /** Places of those that fail. */
  readonly failing?: readonly number[]
}

async function watched({ took, failing = [] }: Looks) {
  const abort = new AbortController()
  const pauses: number[] = []
  let nowMs = 0
  let looks = 0
  let late: (() => void) | null = null
  const watching = watch({
    sink: { signal: abort.signal, congested: false, emit: () => {} },
    intervalMs: 1_000,
    nowMs: () => nowMs,
    wait: async (milliseconds, signal) => {
      if (signal !== abort.signal)
        return new Promise(resolve => {
          late = () => {
            nowMs += milliseconds
            resolve()
          }
        })
      pauses.push(milliseconds)
      nowMs += milliseconds
      if (looks === took.length) abort.abort()
    },
    read: async () => {
      const look = looks++
      if (took[look] === Infinity) {
        queueMicrotask(() => late!())
        return new Promise<number>(() => {})
      }
      nowMs += took[look]!
      if (failing.includes(look)) throw new OperationalError('away')
      return nowMs
    },
    digest: String,
  })
  const error: unknown = await watching.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return { pauses, error, nowMs }
}
