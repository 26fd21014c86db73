import { describe, expect, test } from 'vitest'
import { ratesBetween, type OffsetsSnapshot } from '../../../src-main/rates/rates.ts'

describe('rates', () => {
  test('are the progress of end and committed offsets over the window', () => {
    const before = snapshot(10_000, { orders: [100n, 50n] }, { billing: { orders: [90n, 50n] } })
    const after = snapshot(12_000, { orders: [300n, 50n] }, { billing: { orders: [110n, 50n] } })
    expect(ratesBetween(before, after)).toEqual({
      atMs: 12_000n,
      windowMs: 2_000,
      producedRecordsPerSecond: 100,
      producedBytesPerSecond: null,
      consumedRecordsPerSecond: 10,
      consumedBytesPerSecond: null,
      topics: [{ topic: 'orders', producedRecordsPerSecond: 100, consumedRecordsPerSecond: 10 }],
    })
  })

  test('two groups that read the same records consume them twice', () => {
    const groups = (offset: bigint) => ({ a: { orders: [offset] }, b: { orders: [offset] } })
    const before = snapshot(0, { orders: [9n] }, groups(0n))
    const after = snapshot(1_000, { orders: [9n] }, groups(5n))
    expect(ratesBetween(before, after).consumedRecordsPerSecond).toBe(10)
  })

  test('what is new or went back counts as no progress', () => {
    const before = snapshot(0, { orders: [500n] }, { billing: { orders: [400n] } })
    const after = snapshot(
      1_000,
      { orders: [3n], fresh: [1_000n] },
      { billing: { orders: [0n] }, late: { orders: [400n] } },
    )
    const rates = ratesBetween(before, after)
    expect([rates.producedRecordsPerSecond, rates.consumedRecordsPerSecond]).toEqual([0, 0])
  })

  test('reading an internal topic is not the load of users', () => {
    const offsets = (offset: bigint) => ({ tool: { __consumer_offsets: [offset] } })
    const rates = ratesBetween(snapshot(0, {}, offsets(0n)), snapshot(1_000, {}, offsets(900n)))
    expect(rates.consumedRecordsPerSecond).toBe(0)
  })

  test('bytes are what the counters of the brokers gained, and a restart loses nothing', () => {
    const at = (atMs: number, first: number, second: number): OffsetsSnapshot => ({
      ...snapshot(atMs, {}, {}),
      traffic: new Map([
        ['1 orders', counters('orders', first, first * 2)],
        ['2 orders', counters('orders', second, 0)],
      ]),
    })
    const rates = ratesBetween(at(0, 1_000, 9_000), at(2_000, 5_000, 100))
    expect([rates.producedBytesPerSecond, rates.consumedBytesPerSecond]).toEqual([2_000, 4_000])
  })

  test('records are counted by the brokers where they count', () => {
    const at = (atMs: number, records: number): OffsetsSnapshot => ({
      ...snapshot(atMs, {}, { billing: { orders: [BigInt(records) / 2n] } }),
      traffic: new Map([
        ['1 orders', counters('orders', 0, 0, records)],
        ['2 orders', counters('orders', 0, 0, 5)],
        ['1 __consumer_offsets', counters('__consumer_offsets', 0, 0, records)],
      ]),
    })
    const rates = ratesBetween(at(0, 100), at(2_000, 300))
    expect(rates.topics).toEqual([
      { topic: 'orders', producedRecordsPerSecond: 100, consumedRecordsPerSecond: 50 },
    ])
  })

  test('name the busiest hundred topics first, and those that were asked for', () => {
    const ends = (factor: bigint) =>
      Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`t${i}`, [BigInt(i) * factor]]))
    const rates = ratesBetween(
      snapshot(0, ends(1n), {}),
      snapshot(1_000, ends(2n), {}),
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

function counters(topic: string, bytesIn: number, bytesOut: number, recordsIn = 0) {
  return { topic, recordsIn, bytesIn, bytesOut }
}

const internalTopics = new Set(['__consumer_offsets'])

type Lists = Readonly<Record<string, readonly bigint[]>>

function snapshot(
  atMs: number,
  ends: Lists,
  committed: Readonly<Record<string, Lists>>,
): OffsetsSnapshot {
  const maps = (lists: Lists) =>
    new Map(Object.entries(lists).map(([topic, offsets]) => [topic, new Map(offsets.entries())]))
  const groups = Object.entries(committed).map(
    ([groupId, topics]) => [groupId, maps(topics)] as const,
  )
  return { atMs, ends: maps(ends), committed: new Map(groups), internalTopics, traffic: null }
}
