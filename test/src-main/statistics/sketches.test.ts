import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DistinctSketch } from '../../../src-main/statistics/distinct-sketch.ts'
import { HeavySketch, largestOf } from '../../../src-main/statistics/heavy-sketch.ts'
import { hashKey } from '../../../src-main/statistics/key-hash.ts'
import { SizeSketch } from '../../../src-main/statistics/size-sketch.ts'

describe('percentiles of sizes', () => {
  const sizes = fc.array(
    fc.oneof(
      fc.nat(10),
      fc.nat(5_000),
      fc.nat(20_000_000),
      fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    ),
    { minLength: 1, maxLength: 300 },
  )

  test('are within one percent and half a byte of the true ones, least, greatest and mean exact', () => {
    fc.assert(
      fc.property(sizes, fc.nat(300), (given, cut) => {
        // In two parts, as two threads gather them.
        const [one, other] = [new SizeSketch(), new SizeSketch()]
        for (const [index, size] of given.entries()) (index < cut ? one : other).add(size)
        one.merge(other.state())
        const sorted = given.toSorted((a, b) => a - b)
        const found = one.statistics()
        expect(found).toMatchObject({
          count: BigInt(given.length),
          leastBytes: sorted[0],
          greatestBytes: sorted.at(-1),
        })
        expect(found.meanBytes).toBeCloseTo(given.reduce((a, b) => a + b, 0) / given.length, 3)
        for (const { percent, bytes } of found.percentiles) {
          const truth = sorted[Math.max(1, Math.ceil((percent / 100) * given.length)) - 1]!
          expect(Math.abs(bytes - truth)).toBeLessThanOrEqual(truth * 0.01 + 0.5)
        }
      }),
    )
  })
})

describe('distinct keys', () => {
  const sketchOf = (from: number, to: number, form: (n: number) => string) => {
    const sketch = new DistinctSketch(14)
    const hash = { high: 0, low: 0 }
    for (let n = from; n < to; n++) {
      const key = Buffer.from(form(n))
      hashKey(key, 0, key.length, hash)
      sketch.add(hash)
    }
    return sketch
  }
  const forms: [string, (n: number) => string][] = [
    ['numbers', String],
    ['padded', n => `customer-${String(n).padStart(12, '0')}`],
    ['one byte apart', n => String.fromCharCode(n & 0xff, n >> 8)],
    ['hexadecimal', n => (n * 7919).toString(16)],
  ]

  test.each(forms)('are estimated within three standard errors: %s', (_, form) => {
    for (const count of [0, 1, 100, 5_000, 60_000]) {
      const { estimate, errorPercent } = sketchOf(0, count, form).statistics()
      expect(errorPercent).toBeCloseTo(0.81, 2)
      expect(Math.abs(Number(estimate) - count)).toBeLessThanOrEqual(count * 0.0244 + 0.5)
    }
  })

  test('of two threads are counted once', () => {
    const one = sketchOf(0, 20_000, String)
    one.merge(sketchOf(10_000, 30_000, String).registers)
    expect(Math.abs(Number(one.statistics().estimate) - 30_000)).toBeLessThan(750)
  })
})

describe('the largest keys', () => {
  /** More keys than the sketch has room for, a few of them frequent. */
  const stream = Array.from({ length: 60_000 }, (_, n) => {
    const spread = (n * 7_919) % 60_000
    return spread < 3_000 ? `often-${spread % 10}` : `rare-${spread % 5_000}`
  })

  test('are found in one thread or two, never below the truth and at most `over` above it', () => {
    const truth = new Map<string, number>()
    for (const key of stream) truth.set(key, (truth.get(key) ?? 0) + 1)
    for (const threads of [1, 2]) {
      const sketches = Array.from({ length: threads }, () => new HeavySketch())
      for (const [index, key] of stream.entries()) sketches[index % threads]!.add(key, 0, 1)
      const found = largestOf(
        sketches.map(sketch => sketch.state()),
        10,
      )
      expect(found.map(({ name }) => name).sort()).toEqual(
        Array.from({ length: 10 }, (_, n) => `often-${n}`),
      )
      for (const { name, amount, over } of found) {
        expect(amount).toBeGreaterThanOrEqual(truth.get(name)!)
        expect(amount - over).toBeLessThanOrEqual(truth.get(name)!)
      }
    }
  })
})
