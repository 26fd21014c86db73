import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ContractError } from '../../../src-main/contract/define.ts'
import {
  decodeFrame,
  decodeValue,
  encodeFrame,
  encodeValue,
  openFrame,
  spliceFrame,
} from '../../../src-main/contract/frame.ts'

const value = fc.letrec(tie => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.bigInt(),
    fc.double(),
    fc.string({ unit: 'binary' }).filter(text => text.isWellFormed()),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('$n', '$b', '$f', '$$n', '__proto__', 'constructor')),
      tie('any'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).any

describe('frame', () => {
  test('gives back every value as it was', () => {
    fc.assert(
      fc.property(value, given => {
        expect(decodeFrame(encodeFrame(given))).toEqual(withPlainZero(given))
      }),
      { numRuns: 500 },
    )
  })

  test('keeps integers beyond 2^53 exact', () => {
    const offsets = [
      9_223_372_036_854_775_807n,
      -9_223_372_036_854_775_808n,
      9_007_199_254_740_993n,
    ]
    expect(decodeFrame(encodeFrame({ offsets }))).toEqual({ offsets })
  })

  test('carries bytes beside the head, not inside it', () => {
    const bytes = new Uint8Array(100_000).fill(7)
    expect(encodeFrame({ bytes }).length).toBeLessThan(100_100)
  })

  test('is laid out as its documentation says', () => {
    const text = new TextDecoder().decode(encodeFrame({ a: 1n, b: Uint8Array.of(120) }).subarray(5))
    expect(text).toBe('[{"a":{"$n":"1"},"b":{"$b":0}},[1]]x')
  })

  test('refuses random bytes and cut frames with a plain error', () => {
    const whole = encodeFrame({ key: Uint8Array.of(1, 2, 3), offset: 5n })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc.integer({ min: 0, max: whole.length - 1 }).map(length => whole.subarray(0, length)),
        ),
        bytes => {
          expect(() => decodeFrame(bytes)).toThrow(ContractError)
        },
      ),
    )
  })

  test('does not let a field change the prototype of what it arrives in', () => {
    const frame = encodeFrame(JSON.parse('{"__proto__": {"polluted": true}, "$x": 1}'))
    const read = decodeFrame(frame) as { polluted?: boolean }
    expect(read.polluted).toBeUndefined()
    expect(Object.keys(read)).toEqual(['__proto__', '$x'])
  })
})

/** JSON has one zero. */
function withPlainZero(given: unknown): unknown {
  if (Object.is(given, -0)) return 0
  if (Array.isArray(given)) return given.map(withPlainZero)
  if (given instanceof Uint8Array || typeof given !== 'object' || given === null) return given
  return Object.fromEntries(
    Object.entries(given).map(([key, inner]) => [key, withPlainZero(inner)]),
  )
}

describe('a result or an item that passes through', () => {
  const type = fc.constantFrom('result' as const, 'item' as const)
  const id = fc.maxSafeNat()

  test('is the frame that its value would have made, under its new id', () => {
    fc.assert(
      fc.property(value, type, id, type, id, (given, first, firstId, second, secondId) => {
        const opened = openFrame(encodeFrame({ type: first, id: firstId, value: given }))!
        expect([opened.type, opened.id]).toEqual([first, firstId])
        expect(spliceFrame(second, secondId, opened.value)).toEqual(
          encodeFrame({ type: second, id: secondId, value: given }),
        )
      }),
      { numRuns: 500 },
    )
  })

  test('can still be read by who wants its value', () => {
    fc.assert(
      fc.property(value, given => {
        const opened = openFrame(encodeFrame({ type: 'result', id: 1, value: given }))!
        expect(decodeValue(opened.value)).toEqual(withPlainZero(given))
      }),
      { numRuns: 300 },
    )
  })

  test('is opened wherever its frame lies in a buffer', () => {
    const frame = encodeFrame({ type: 'item', id: 5, value: { bytes: Uint8Array.of(1, 2, 3) } })
    const buffer = new Uint8Array(frame.length + 7)
    buffer.set(frame, 7)
    const opened = openFrame(buffer.subarray(7))!
    expect(decodeValue(opened.value)).toEqual({ bytes: Uint8Array.of(1, 2, 3) })
  })

  test('stands anywhere in a value as the value itself would', () => {
    fc.assert(
      fc.property(value, value, value, fc.string(), (a, b, c, text) => {
        const given = { a, list: [text, b, '{"$e":0}', { c }] }
        const encoded = {
          a: encodeValue(a),
          list: [text, encodeValue(b), '{"$e":0}', encodeValue({ c: encodeValue(c) })],
        }
        expect(decodeFrame(encodeFrame(encoded))).toEqual(decodeFrame(encodeFrame(given)))
      }),
      { numRuns: 500 },
    )
  })

  test('no other frame is taken for one', () => {
    const others = [
      encodeFrame({ type: 'result', id: 1 }),
      encodeFrame({ type: 'error', id: 1, value: 1 }),
      encodeFrame({ id: 1, type: 'result', value: 1 }),
      encodeFrame({ type: 'result', id: 1.5, value: 1 }),
      encodeFrame({ type: 'result', id: 1, value: 1 }).subarray(0, 30),
    ]
    expect(others.map(openFrame)).toEqual(others.map(() => null))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        expect(openFrame(bytes)).toBeNull()
      }),
    )
  })
})
