import { describe, expect, test } from 'vitest'
import { ConsumedCounts } from '../../../src-main/rates/consumed.ts'
import {
  ratesBetween,
  type ConsumedSnapshot,
  type OffsetsSnapshot,
} from '../../../src-main/rates/rates.ts'

describe('rates', () => {
  test('are the progress of end offsets and of groups over their windows', () => {
    const before = snapshot(10_000, { orders: [100n, 50n] })
    const after = snapshot(12_000, { orders: [300n, 50n] })
    const consumption = {
      before: consumed(7_000, { orders: 90 }),
      after: consumed(11_000, { orders: 130 }),
    }
    expect(ratesBetween(before, after, consumption)).toEqual({
      atMs: 12_000n,
      windowMs: 2_000,
      producedRecordsPerSecond: 100,
      producedBytesPerSecond: null,
      consumedRecordsPerSecond: 10,
      consumedBytesPerSecond: null,
      topics: [{ topic: 'orders', producedRecordsPerSecond: 100, consumedRecordsPerSecond: 10 }],
    })
  })

  test('what is new or went back counts as no progress', () => {
    const before = snapshot(0, { orders: [500n] })
    const after = snapshot(1_000, { orders: [3n], fresh: [1_000n] })
    const consumption = {
      before: consumed(0, { orders: 400 }),
      after: consumed(1_000, { orders: 0 }),
    }
    const rates = ratesBetween(before, after, consumption)
    expect([rates.producedRecordsPerSecond, rates.consumedRecordsPerSecond]).toEqual([0, 0])
  })

  test('reading an internal topic is not the load of users', () => {
    const consumption = {
      before: consumed(0, {}),
      after: consumed(1_000, { __consumer_offsets: 900 }),
    }
    const rates = ratesBetween(snapshot(0, {}), snapshot(1_000, {}), consumption)
    expect(rates.consumedRecordsPerSecond).toBe(0)
  })

  test('groups that were not looked at twice consume nothing that anyone knows of', () => {
    const rates = ratesBetween(snapshot(0, {}), snapshot(1_000, {}), null)
    expect(rates.consumedRecordsPerSecond).toBe(0)
  })

  test('bytes are what the counters of the brokers gained, and a restart loses nothing', () => {
    const at = (atMs: number, first: number, second: number): OffsetsSnapshot => ({
      ...snapshot(atMs, {}),
      traffic: new Map([
        ['1 orders', counters('orders', first, first * 2)],
        ['2 orders', counters('orders', second, 0)],
      ]),
    })
    const rates = ratesBetween(at(0, 1_000, 9_000), at(2_000, 5_000, 100), null)
    expect([rates.producedBytesPerSecond, rates.consumedBytesPerSecond]).toEqual([2_000, 4_000])
  })

  test('records are counted by the brokers where they count', () => {
    const at = (atMs: number, records: number): OffsetsSnapshot => ({
      ...snapshot(atMs, {}),
      traffic: new Map([
        ['1 orders', counters('orders', 0, 0, records)],
        ['2 orders', counters('orders', 0, 0, 5)],
        ['1 __consumer_offsets', counters('__consumer_offsets', 0, 0, records)],
      ]),
    })
    const rates = ratesBetween(at(0, 100), at(2_000, 300), {
      before: consumed(0, { orders: 50 }),
      after: consumed(2_000, { orders: 150 }),
    })
    expect(rates.topics).toEqual([
      { topic: 'orders', producedRecordsPerSecond: 100, consumedRecordsPerSecond: 50 },
    ])
  })

  test('name the busiest hundred topics first, and those that were asked for', () => {
    const ends = (factor: bigint) =>
      Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`t${i}`, [BigInt(i) * factor]]))
    const rates = ratesBetween(
      snapshot(0, ends(1n)),
      snapshot(1_000, ends(2n)),
      null,
      new Set(['t0']),
    )
    expect(rates.topics.length).toBe(101)
    expect(rates.topics[0]?.topic).toBe('t149')
    expect(rates.topics.at(-1)).toEqual({
      topic: 't0',
      producedRecordsPerSecond: 0,
      consumedRecordsPerSecond: 0,
    })
  })
})

describe('what groups consumed', () => {
  test('is measured over a whole window, or two looks where those are further apart', () => {
    const counts = new ConsumedCounts(5_000)
    expect(counts.window(0)).toBeNull()
    for (let second = 0; second <= 10; second += 2)
      counts.add(consumed(second * 1_000, { orders: second }))
    expect(counts.window(10_000)?.before.atMs).toBe(4_000)
    counts.add(consumed(40_000, { orders: 90 }))
    expect(counts.window(40_000)).toMatchObject({
      before: { atMs: 10_000 },
      after: { atMs: 40_000 },
    })
  })

  test('is not known once the looks have stopped', () => {
    const counts = new ConsumedCounts(5_000)
    counts.add(consumed(0, {}))
    counts.add(consumed(6_000, { orders: 60 }))
    expect(counts.window(20_000)).not.toBeNull()
    expect(counts.window(22_000)).toBeNull()
  })

  test('begins anew with a thread that counts anew', () => {
    const counts = new ConsumedCounts(5_000)
    counts.add(consumed(0, { orders: 500 }))
    counts.add(consumed(6_000, { orders: 3 }))
    expect(counts.window(6_000)).toBeNull()
  })
})

function counters(topic: string, bytesIn: number, bytesOut: number, recordsIn = 0) {
  return { topic, recordsIn, bytesIn, bytesOut }
}

const internalTopics = new Set(['__consumer_offsets'])

function snapshot(
  atMs: number,
  ends: Readonly<Record<string, readonly bigint[]>>,
): OffsetsSnapshot {
  const maps = Object.entries(ends).map(
    ([topic, offsets]) => [topic, new Map(offsets.entries())] as const,
  )
  return { atMs, ends: new Map(maps), internalTopics, traffic: null }
}

function consumed(atMs: number, counts: Readonly<Record<string, number>>): ConsumedSnapshot {
  return { atMs, counts: new Map(Object.entries(counts)) }
}
