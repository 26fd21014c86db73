import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between, positionOf, type Offsets } from '../../../src-main/records/cut.ts'
import { seekPosition, type TimeIndex } from '../../../src-main/records/seek-position.ts'

const logs = fc.array(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 400 }), {
  minLength: 1,
  maxLength: 5,
})

describe('seeking a position', () => {
  test('finds a cut with exactly that position, inside of the log', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.double({ min: 0, max: 1, noNaN: true }), async (times, share) => {
        const view = viewOf(times)
        const total = positionOf(view.end, view.base)
        const target = BigInt(Math.floor(Number(total) * share))
        const cut = await seekPosition(target, view, view.index)
        expect(positionOf(cut, view.base)).toBe(target)
        for (const [partition, offset] of cut) {
          expect(offset).toBeGreaterThanOrEqual(view.start.get(partition)!)
          expect(offset).toBeLessThanOrEqual(view.end.get(partition)!)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('finds the same cut for the same log', async () => {
    const view = viewOf([
      [1, 5, 9],
      [2, 4],
      [7, 7, 7, 7],
    ])
    const first = await seekPosition(5n, view, view.index)
    expect(await seekPosition(5n, view, view.index)).toEqual(first)
  })

  test('of a million records asks the brokers a handful of times, and lands near the time', async () => {
    // Three partitions of very different rates over one day.
    const dayMs = 86_400_000
    const view = viewOf([
      Array.from({ length: 900_000 }, (_, i) => (i * dayMs) / 900_000),
      Array.from({ length: 90_000 }, (_, i) => (i * dayMs) / 90_000),
      Array.from({ length: 10_000 }, (_, i) => (i * dayMs) / 10_000),
    ])
    const cut = await seekPosition(250_000n, view, view.index)
    expect(view.asked()).toBeLessThan(8)
    const times = [900_000, 90_000, 10_000].map(
      (count, partition) => (Number(cut.get(partition)) * dayMs) / count,
    )
    for (const atMs of times) expect(Math.abs(atMs - dayMs / 4)).toBeLessThan(120_000)
  })

  test('stays bounded where the rate is as uneven as can be', async () => {
    const burst = Array.from({ length: 50_000 }, () => 1)
    const view = viewOf([
      [...burst, 1e12],
      [...burst, 1e12],
    ])
    await seekPosition(99_000n, view, view.index)
    expect(view.asked()).toBeLessThanOrEqual(64)
  })

  test('the cut between two cuts has the position asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1_000), fc.nat(1_000)), { minLength: 1, maxLength: 6 }),
        fc.nat(7_000),
        (spans, wanted) => {
          const low = new Map(spans.map(([start], id) => [id, BigInt(start)]))
          const high = new Map(spans.map(([start, length], id) => [id, BigInt(start + length)]))
          const cut = between(low, high, BigInt(wanted), low)
          const total = positionOf(high, low)
          const expected = BigInt(wanted) > total ? total : BigInt(wanted)
          expect(positionOf(cut, low)).toBe(expected)
          for (const [id, offset] of cut) expect(offset).toBeLessThanOrEqual(high.get(id)!)
        },
      ),
    )
  })
})

/** Logs of nothing but timestamps, each starting at offset 10. */
function viewOf(times: readonly (readonly number[])[]) {
  let asked = 0
  const start: Offsets = new Map(times.map((_, partition) => [partition, 10n]))
  const end: Offsets = new Map(times.map((log, partition) => [partition, 10n + BigInt(log.length)]))
  // What brokers answer: the first offset whose timestamp is not older.
  const running = times.map(log => {
    let newest = -Infinity
    return log.map(atMs => (newest = Math.max(newest, atMs)))
  })
  const index: TimeIndex = {
    async range() {
      const all = times.flat()
      if (all.length === 0) return null
      const ordered = all.reduce(
        ([a, b], t) => [Math.min(a!, t), Math.max(b!, t)],
        [Infinity, -Infinity],
      )
      return { firstMs: BigInt(Math.floor(ordered[0]!)), lastMs: BigInt(Math.ceil(ordered[1]!)) }
    },
    async offsetsAt(timestampMs) {
      asked += 1
      return new Map(
        running.map((log, partition) => [partition, 10n + BigInt(firstAt(log, timestampMs))]),
      )
    },
  }
  return { base: start, start, end, index, asked: () => asked }
}

function firstAt(log: readonly number[], timestampMs: bigint): number {
  let low = 0
  let high = log.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (log[middle]! >= Number(timestampMs)) high = middle
    else low = middle + 1
  }
  return low
}
