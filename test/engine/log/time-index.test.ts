import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FileCache } from '../../../engine/log/file-cache.ts'
import { TimeIndex } from '../../../engine/log/time-index.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { appendText, config, nowMs, openLog } from './log-fixture.ts'

function newIndex() {
  const disk = new MemoryDisk()
  disk.makeFolder('/d')
  const files = new FileCache(disk)
  return { disk, files, index: new TimeIndex(files, '/d/x.timeindex') }
}

describe('TimeIndex', () => {
  test('finds the last entry before a time, as a search through all of them does', () => {
    const steps = fc.array(fc.tuple(fc.bigInt(0n, 4n), fc.nat(3)), { maxLength: 600 })
    fc.assert(
      fc.property(steps, fc.bigInt(-2n, 1_500n), (moves, target) => {
        const { files, index } = newIndex()
        const kept: { timestampMs: bigint; relativeOffset: number }[] = []
        let [timestampMs, relativeOffset] = [-1n, 0]
        for (const [ms, offsets] of moves) {
          timestampMs += ms
          relativeOffset += offsets
          index.append(timestampMs, relativeOffset)
          if (timestampMs > (kept.at(-1)?.timestampMs ?? -1n))
            kept.push({ timestampMs, relativeOffset })
        }
        const expected = kept.findLast(entry => entry.timestampMs < target) ?? null
        expect(index.lastBefore(target)).toEqual(expected)
        index.unload()
        expect(index.lastBefore(target)).toEqual(expected)
        expect(new TimeIndex(files, '/d/x.timeindex').last).toEqual(kept.at(-1) ?? null)
      }),
      { numRuns: 200 },
    )
  })

  test('loses the entries at and above an offset', () => {
    const { index } = newIndex()
    for (let n = 1; n <= 5; n++) index.append(BigInt(n), n * 10)
    index.write()
    index.truncateTo(30)
    expect([index.count, index.last]).toEqual([2, { timestampMs: 2n, relativeOffset: 20 }])
    index.append(9n, 30)
    index.unload()
    expect([index.count, index.last]).toEqual([3, { timestampMs: 9n, relativeOffset: 30 }])
  })
})

describe('the time index of a closed segment', () => {
  test('ends with its latest record, also when no entry was due', () => {
    const disk = new MemoryDisk()
    const one = config({ segmentBytes: 300 })
    const log = openLog(disk, { config: one })
    for (const ms of [5, 9, 7, 1, 2, 3, 4]) appendText(log, '.'.repeat(60), nowMs + ms)
    const [first, second] = log.segments()
    expect([first?.nextOffset, second?.active]).toEqual([2n, false])
    log.close()
    const again = openLog(disk, { config: one })
    expect(again.segments().map(({ maxTimestampMs }) => Number(maxTimestampMs) - nowMs)).toEqual([
      9, 7, 3, 4,
    ])
    expect(again.maxTimestampOffset()?.offset).toBe(1n)
  })

  test('outlives a power cut where the records do', () => {
    const disk = new MemoryDisk()
    const small = config({ segmentBytes: 150 })
    const log = openLog(disk, { config: small })
    appendText(log, '.'.repeat(60), nowMs)
    log.flush()
    appendText(log, '.'.repeat(60), nowMs)
    const { recoveryPoint } = log
    const survivor = openLog(disk.afterPowerCut(), {
      config: small,
      cleanShutdown: false,
      recoveryPoint,
    })
    expect(survivor.maxTimestampOffset()?.offset).toBe(0n)
  })
})
