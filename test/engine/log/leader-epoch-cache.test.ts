import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LeaderEpochCache } from '../../../engine/log/leader-epoch-cache.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'

function cacheWith(...entries: readonly (readonly [number, bigint])[]) {
  const disk = new MemoryDisk()
  disk.makeFolder('/data/t-0')
  const cache = LeaderEpochCache.open(disk, '/data/t-0')
  for (const [leaderEpoch, startOffset] of entries) cache.assign(leaderEpoch, startOffset)
  return { disk, cache }
}

const pairs = (cache: LeaderEpochCache) =>
  cache.entries.map(({ leaderEpoch, startOffset }) => [leaderEpoch, startOffset])

describe('LeaderEpochCache', () => {
  test('an epoch ends where the next one starts, and the latest at the log end', () => {
    const { cache } = cacheWith([2, 0n], [4, 10n], [7, 15n])
    const end = (leaderEpoch: number) => cache.endOf(leaderEpoch, 20n)
    expect(end(7)).toEqual({ leaderEpoch: 7, endOffset: 20n })
    expect(end(4)).toEqual({ leaderEpoch: 4, endOffset: 15n })
    expect(end(5)).toEqual({ leaderEpoch: 4, endOffset: 15n })
    expect(end(2)).toEqual({ leaderEpoch: 2, endOffset: 10n })
    expect(end(1)).toEqual({ leaderEpoch: 1, endOffset: 0n })
    expect(end(8)).toBeNull()
    expect(end(-1)).toBeNull()
    expect(cacheWith().cache.endOf(0, 5n)).toBeNull()
  })

  test('a new epoch takes away what contradicts it', () => {
    expect(pairs(cacheWith([1, 0n], [2, 10n], [3, 20n], [4, 10n]).cache)).toEqual([
      [1, 0n],
      [4, 10n],
    ])
    expect(pairs(cacheWith([1, 0n], [3, 20n], [2, 25n]).cache)).toEqual([
      [1, 0n],
      [2, 25n],
    ])
    expect(pairs(cacheWith([1, 0n], [1, 5n]).cache)).toEqual([[1, 0n]])
  })

  test('truncation keeps the epoch that the log still starts in', () => {
    const { cache } = cacheWith([1, 0n], [2, 10n], [3, 20n])
    cache.truncateFromStart(15n)
    expect(pairs(cache)).toEqual([
      [2, 15n],
      [3, 20n],
    ])
    cache.truncateFromEnd(20n)
    expect(pairs(cache)).toEqual([[2, 15n]])
    expect([cache.epochAt(14n), cache.epochAt(15n), cache.epochAt(99n)]).toEqual([-1, 2, 2])
  })

  test('an epoch that began is in the file when it is saved, and not before', () => {
    const { disk, cache } = cacheWith([0, 0n])
    cache.begin(3, 7n)
    expect(cache.latestEpoch).toBe(3)
    expect(LeaderEpochCache.open(disk, '/data/t-0').latestEpoch).toBe(0)
    cache.save()
    expect(LeaderEpochCache.open(disk, '/data/t-0').entries).toEqual(cache.entries)
  })

  test('the file is Kafka’s, and gives the same epochs back', () => {
    const { disk, cache } = cacheWith([0, 0n], [5, 12n])
    const text = Buffer.from(disk.readFile('/data/t-0/leader-epoch-checkpoint')).toString()
    expect(text).toBe('0\n2\n0 0\n5 12\n')
    expect(LeaderEpochCache.open(disk, '/data/t-0').entries).toEqual(cache.entries)
  })

  test('epochs and starts increase, whatever is assigned', () => {
    const assignment = fc.tuple(fc.nat(10), fc.bigInt(0n, 50n))
    fc.assert(
      fc.property(fc.array(assignment, { maxLength: 15 }), assignments => {
        const { cache } = cacheWith(...assignments)
        for (const [index, entry] of cache.entries.entries()) {
          const next = cache.entries[index + 1]
          if (next === undefined) continue
          expect(next.leaderEpoch).toBeGreaterThan(entry.leaderEpoch)
          expect(next.startOffset).toBeGreaterThan(entry.startOffset)
        }
      }),
    )
  })
})
