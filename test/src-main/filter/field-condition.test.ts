import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConditionOperator } from '../../../src-main/contract/model/search.ts'
import { compareDecimals, decimalComparer, readDecimal } from '../../../src-main/filter/decimal.ts'
import { compiled, finds, valued } from './judged.ts'

function met(value: string, path: string, operator: ConditionOperator, wanted?: string): boolean {
  const condition = { part: 'value', path, operator, ...(wanted && { value: wanted }) } as const
  return finds({ conditions: [condition] }, [valued(value)]).length === 1
}

describe('a condition on a field', () => {
  const order =
    '{"id": 9007199254740993, "total": 1.10, "who": {"name": "Zoë"}, "tags": ["a", "b"]}'

  test.each<[string, ConditionOperator, string | undefined, boolean]>([
    ['id', 'equals', '9007199254740993', true],
    ['id', 'equals', '9007199254740992', false],
    ['id', 'greater', '9007199254740992', true],
    ['id', 'at-most', '9007199254740993.0', true],
    ['total', 'equals', '1.1', true],
    ['total', 'less', '1.1000000000000000001', true],
    ['who.name', 'equals', 'Zoë', true],
    ['who.name', 'contains', 'oë', true],
    ['who.name', 'not-equals', 'Zoe', true],
    ['who', 'equals', '{ "name": "Zoë" }', true],
    ['tags[1]', 'equals', 'b', true],
    ['tags[*]', 'equals', 'b', true],
    ['tags[*]', 'not-equals', 'b', false],
    ['who.age', 'exists', undefined, false],
    ['who.age', 'missing', undefined, true],
    ['who.age', 'not-equals', '3', true],
    ['who.age', 'less', '3', false],
    ['who.name', 'less', 'Zz', true],
    ['who.name', 'greater', 'Zz', false],
  ])('%s %s %s is %s', (path, operator, value, holds) => {
    expect(met(order, path, operator, value)).toBe(holds)
  })

  test('means nothing in text that only begins like JSON', () => {
    expect(met('{"a": 1} and more', 'a', 'equals', '1')).toBe(false)
    expect(met('{"a": 1, "b": "\\x"}', 'a', 'equals', '1')).toBe(false)
    expect(met('{"a": 1} and more', 'a', 'missing')).toBe(true)
  })

  test.each<[string, ConditionOperator, string | undefined, boolean]>([
    ['trace', 'equals', 't-1', true],
    ['trace', 'equals', 't-2', true],
    ['trace', 'not-equals', 't-2', false],
    ['trace', 'not-equals', 't-3', true],
    ['trac', 'exists', undefined, false],
    ['trac', 'missing', undefined, true],
    ['attempt', 'greater', '2', true],
    ['attempt', 'less', '10', true],
    ['bytes', 'equals', 'ff 00', true],
    ['none', 'equals', 'null', true],
    ['none', 'missing', undefined, false],
    ['absent', 'not-contains', 'x', true],
  ])('of header %s %s %s is %s', (path, operator, value, holds) => {
    const record = {
      ...valued('{"trac": 1}'),
      headers: [
        { key: 'trace', value: Buffer.from('t-1') },
        { key: 'attempt', value: Buffer.from('3') },
        { key: 'trace', value: Buffer.from('t-2') },
        { key: 'bytes', value: Buffer.from([0xff, 0]) },
        { key: 'none', value: null },
      ],
    }
    const condition = { part: 'header', path, operator, ...(value && { value }) } as const
    expect(finds({ conditions: [condition] }, [record]).length === 1).toBe(holds)
  })

  test('without a path is about the whole value', () => {
    expect(met('plain text', '', 'contains', 'in te')).toBe(true)
  })

  test('needs a path that can be read, and a value', () => {
    const wrong = { part: 'value', path: 'a..b', operator: 'exists' } as const
    expect(() => compiled({ conditions: [wrong] })).toThrow('path "a..b"')
    const empty = { part: 'value', path: 'a', operator: 'equals' } as const
    expect(() => compiled({ conditions: [empty] })).toThrow('no value to compare with')
  })
})

test('every comparison is the opposite of its counterpart, for any JSON', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.constantFrom('', '[0]', 'a', '[*]'),
      fc.string(),
      (json, path, value) => {
        const given = value === '' ? '0' : value
        for (const [one, other] of [
          ['equals', 'not-equals'],
          ['contains', 'not-contains'],
          ['exists', 'missing'],
        ] as const)
          expect(met(json, path, one, given)).toBe(!met(json, path, other, given))
      },
    ),
  )
})

describe('decimals', () => {
  const digits = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n })
  const scale = fc.nat(12)

  /** As integers of a common scale, which bigint compares exactly. */
  const written = (value: bigint, places: number) => {
    const sign = value < 0n ? '-' : ''
    const all = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
    const point = all.length - places
    return places === 0 ? sign + all : `${sign}${all.slice(0, point)}.${all.slice(point)}`
  }

  test('are ordered as exact arithmetic orders them', () => {
    fc.assert(
      fc.property(
        digits,
        scale,
        digits,
        scale,
        fc.integer({ min: -9, max: 9 }),
        (a, i, b, j, power) => {
          const left = a * 10n ** BigInt(24 - i) * 10n ** BigInt(9 + power)
          const right = b * 10n ** BigInt(24 - j) * 10n ** 9n
          const order = left < right ? -1 : left > right ? 1 : 0
          const [one, other] = [`${written(a, i)}e${power}`, written(b, j)]
          expect(Math.sign(compareDecimals(readDecimal(one)!, readDecimal(other)!))).toBe(order)
          expect(Math.sign(decimalComparer(other)!(one)!)).toBe(order)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('are no hexadecimal, no words and no blanks', () => {
    for (const text of ['', ' 1', '0x1', 'NaN', '.5', '1e', '+1', '1e9999999999'])
      expect(readDecimal(text)).toBeNull()
  })
})
