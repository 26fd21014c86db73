import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createShop, toJson, type ShopRecord } from '../../../src-main/sample/shop.ts'
import { sampleTopics } from '../../../src-main/sample/sample-plan.ts'

const startMs = 1_700_000_000_000

describe('sample shop', () => {
  test('writes the same records from the same seed, in whatever steps time advances', () => {
    const whole = createShop({ seed: 7, startMs }).advance(startMs + 20_000)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7_000 }), { maxLength: 30 }), steps => {
        const shop = createShop({ seed: 7, startMs })
        let nowMs = startMs
        const records: ShopRecord[] = []
        for (const step of steps) {
          nowMs = Math.min(nowMs + step, startMs + 20_000)
          records.push(...shop.advance(nowMs))
        }
        records.push(...shop.advance(startMs + 20_000))
        expect(records).toEqual(whole)
      }),
      { numRuns: 30 },
    )
  })

  test('writes other records from another seed', () => {
    const first = createShop({ seed: 1, startMs }).advance(startMs + 5_000)
    const second = createShop({ seed: 2, startMs }).advance(startMs + 5_000)
    expect(first).not.toEqual(second)
  })

  test('writes about fifty records a second to all of its topics, in order of time', () => {
    const records = tenMinutes()
    expect(records.length / 600).toBeGreaterThan(40)
    expect(records.length / 600).toBeLessThan(80)
    const times = records.map(({ timestampMs }) => timestampMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(new Set(records.map(({ topic }) => topic))).toEqual(
      new Set(sampleTopics.map(({ name }) => name)),
    )
  })

  test('has in it what screens must cope with', () => {
    const records = tenMinutes()
    expect(records.some(({ key }) => key === null)).toBe(true)
    expect(records.some(({ value }) => value === null)).toBe(true)
    expect(records.some(({ value }) => (value?.length ?? 0) > 50_000)).toBe(true)
    expect(records.some(({ value }) => /\p{Emoji_Presentation}/u.test(value ?? ''))).toBe(true)
    expect(records.some(({ value }) => /\p{Script=Arabic}/u.test(value ?? ''))).toBe(true)
  })

  test('every value is JSON, and its ids have nineteen digits that a double would round', () => {
    const orders = tenMinutes().filter(({ topic }) => topic === 'shop.orders')
    for (const { key, value } of orders) {
      const parsed = JSON.parse(value!) as { orderId: number; lines: unknown[] }
      expect(parsed.lines.length).toBeGreaterThan(0)
      expect(value).toContain(`"orderId":${key},`)
      expect(key).toMatch(/^\d{19}$/)
    }
    expect(orders.some(({ key }) => String(Number(key)) !== key)).toBe(true)
  })

  test('a product that is sold out has a tombstone, and comes back', () => {
    const inventory = tenMinutes().filter(({ topic }) => topic === 'shop.inventory')
    const gone = inventory.findIndex(({ value }) => value === null)
    const { key } = inventory[gone]!
    expect(inventory.slice(gone + 1).find(each => each.key === key)?.value).toContain('"units"')
  })

  test('a payment follows its order, and a shipment its payment', () => {
    const records = tenMinutes()
    const placed = new Set<string>()
    const paid = new Set<string>()
    for (const { topic, key, value } of records) {
      if (topic === 'shop.orders') placed.add(key!)
      if (topic === 'shop.payments') {
        expect(placed.has(key!)).toBe(true)
        if (value!.includes('"status":"paid"')) paid.add(key!)
      }
      if (topic === 'shop.shipments') expect(paid.has(key!)).toBe(true)
    }
    expect(paid.size).toBeGreaterThan(0)
  })

  test('its JSON writes an int64 with all of its digits', () => {
    expect(toJson({ id: 9_007_199_254_740_993n, list: [1n, 'a"b', null] })).toBe(
      '{"id":9007199254740993,"list":[1,"a\\"b",null]}',
    )
  })
})

/** Long enough to see everything. */
function tenMinutes(): readonly ShopRecord[] {
  return createShop({ seed: 3, startMs }).advance(startMs + 600_000)
}
