import { describe, expect, test } from 'vitest'
import { Pacer } from '../../../src-main/produce/run/pacer.ts'
import { Spread } from '../../../src-main/produce/spread.ts'

describe('Pacer', () => {
  test('lets the first go at once, and the others as their time comes', () => {
    const pacer = new Pacer(10, 0)
    const gone: number[] = []
    for (let nowMs = 0; nowMs <= 1_000; nowMs += 50) {
      const allowed = pacer.allowed(nowMs)
      pacer.gave(allowed)
      for (let count = 0; count < allowed; count++) gone.push(nowMs)
    }
    expect(gone).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000])
  })

  test('makes up for a second of being late, and for no more', () => {
    const pacer = new Pacer(100, 0)
    pacer.gave(pacer.allowed(0))
    expect(pacer.allowed(500)).toBe(50)
    expect(pacer.allowed(60_000)).toBe(101)
  })

  test('says how long the next one has to wait', () => {
    const pacer = new Pacer(4, 1_000)
    pacer.gave(pacer.allowed(1_000))
    expect(pacer.waitMs(1_000)).toBe(250)
    expect(pacer.waitMs(1_200)).toBe(50)
  })
})

describe('Spread', () => {
  test('stays with one partition until its batch is closed, and then takes another', () => {
    const spread = new Spread('java', () => 0)
    spread.setPartitions(3, [0, 1, 2])
    expect([1, 2, 3].map(() => spread.partitionFor(null))).toEqual([0, 0, 0])
    spread.batchClosed(1)
    expect(spread.partitionFor(null)).toBe(0)
    spread.batchClosed(0)
    expect(spread.partitionFor(null)).not.toBe(0)
  })

  test('leaves out partitions without a leader where the key does not decide', () => {
    const drawn = [0, 0.34, 0.67, 0.99]
    const spread = new Spread('random', () => drawn.shift()!)
    spread.setPartitions(4, [1, 3])
    expect([1, 2, 3, 4].map(() => spread.partitionFor(Buffer.from('k')))).toEqual([1, 1, 3, 3])
  })

  test('keeps a key where it is, whoever leads', () => {
    const spread = new Spread('java', () => 0)
    spread.setPartitions(8, [0])
    expect(spread.partitionFor(Buffer.from('foobar'))).toBe((-790332482 & 0x7fffffff) % 8)
  })
})
