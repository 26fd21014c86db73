import { describe, expect, test } from 'vitest'
import { checkExpression } from '../../../src-main/filter/expression.ts'
import { batchOf, compiled, finds, foundIn, valued } from './judged.ts'

const order = {
  key: Buffer.from('customer-7'),
  value: Buffer.from(
    '{"id": 9007199254740993, "total": 99.5, "paid": true, "note": null, "items": [{"sku": "a", "n": 2}]}',
  ),
  headers: [{ key: 'trace', value: Buffer.from('t-1') }],
}

describe('an expression', () => {
  test.each([
    'value.id == 9007199254740993',
    'value.id > 9007199254740992',
    'value.total > 99',
    'value.paid && value.note == null',
    'value.items.exists(i, i.sku == "a" && i.n >= 2)',
    'key == "customer-7" && key.startsWith("customer-")',
    'headers.trace == "t-1" && "trace" in headers',
    'topic == "orders" && partition == 3 && offset == 100',
    'timestamp > timestamp("2023-11-14T00:00:00Z") && timestampMs == 1700000000000',
    'valueSize > 50 && keySize == 10 && size > valueSize && headerCount == 1 && !tombstone',
    'valueText.contains("9007199254740993")',
    'value.?missing.orValue(5) == 5',
    'key.matches("^customer-[0-9]+$")',
    '!has(value.missing)',
  ])('%s holds', expression => {
    expect(finds({ expression }, [order])).toEqual([0])
  })

  test.each([
    ['9007199254740993', 'value[0] == 9007199254740993 && value[0] != 9007199254740992'],
    ['-9223372036854775808', 'value[0] == -9223372036854775807 - 1'],
    ['1.0', 'value[0] / 2.0 == 0.5'],
    ['1e3', 'value[0] == 1000.0'],
    ['7', 'value[0] / 2 == 3'],
  ])('reads %s as CEL does', (number, expression) => {
    for (const text of [`[${number}]`, `[ ${number} ]`, `[\n${number}]`])
      expect(finds({ expression }, [valued(text)])).toEqual([0])
    const member = expression.replaceAll('value[0]', 'value.a')
    expect(finds({ expression: member }, [valued(`{"a":${number}}`)])).toEqual([0])
  })

  test('finds the tombstone among records', () => {
    expect(finds({ expression: 'value == null' }, [order, { key: null, value: null }])).toEqual([1])
  })

  test('that fails on a record is counted, with the first such record, and goes on', () => {
    const filter = compiled({ expression: 'value.total > 1' })
    const batch = batchOf([
      valued('{"total": 2}'),
      valued('{}'),
      valued('text'),
      valued('{"x": 1}'),
    ])
    expect(foundIn(batch, filter)).toEqual([0])
    expect(filter.errors.count).toBe(3)
    expect(filter.errors.list()).toEqual([
      {
        message: 'No such key: total',
        count: 3n,
        first: { topic: 'orders', partition: 3, offset: 101n },
      },
    ])
  })

  test.each([
    ['offset +', 'the end of the expression is not expected here'],
    ['offset > > 1', "'>' is not expected here"],
    ['valu.a == 1', 'Unknown variable: valu'],
    ['offset + 1', 'gives int, and has to give bool'],
    ['topic > 5', 'no such overload: string > int'],
  ])('%s is refused: %s', (expression, reason) => {
    expect(checkExpression(expression)).toMatchObject({ valid: false })
    expect(checkExpression(expression).problem?.message).toContain(reason)
    expect(() => compiled({ expression })).toThrow(reason)
  })

  test('says where it is wrong', () => {
    expect(checkExpression('value.a = 5').range).toEqual({ from: 8, to: 9 })
    expect(checkExpression('value.a == 5')).toEqual({ valid: true, problem: null, range: null })
  })
})

describe('what an expression cannot do', () => {
  const many = valued(JSON.stringify({ items: Array.from({ length: 2_000 }, (_, n) => n) }))
  const nested =
    'value.items.all(a, value.items.all(b, value.items.all(c, value.items.exists(d, d == c))))'

  test('it does not go through a list of lists for ever', () => {
    const filter = compiled({ expression: nested }, () => performance.now())
    const startedMs = performance.now()
    expect(foundIn(batchOf([many]), filter)).toEqual([])
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    expect(filter.errors.list()[0]?.message).toBe('the expression takes too long over one record')
  })

  test('it does not go through it for ever even where no clock runs', () => {
    const filter = compiled({
      expression: 'value.items.map(a, value.items.map(b, a + b)).size() > 0',
    })
    expect(foundIn(batchOf([many]), filter)).toEqual([])
    expect(filter.errors.count).toBe(1)
  })

  test('its regular expressions do not backtrack', () => {
    const filter = compiled({ expression: 'valueText.matches("^(a+)+$")' })
    const startedMs = performance.now()
    expect(foundIn(batchOf([valued(`${'a'.repeat(5_000)}!`)]), filter)).toEqual([])
    expect(performance.now() - startedMs).toBeLessThan(1_000)
  })

  test('it does not overflow the stack with a value', () => {
    const deep = valued('['.repeat(60_000) + ']'.repeat(60_000))
    expect(finds({ expression: 'value != null' }, [deep, valued('[1]')])).toEqual([0, 1])
  })

  test('it reaches no prototype', () => {
    for (const expression of ['value.constructor != null', 'value.__proto__ != null'])
      expect(finds({ expression }, [valued('{"a": 1}')])).toEqual([])
    expect(finds({ expression: 'value.__proto__ == 1' }, [valued('{"__proto__": 1}')])).toEqual([0])
  })
})

describe('a regular expression that is no RE2', () => {
  const withPattern = (needle: string) => () =>
    compiled({ text: { needle, mode: 'regex', caseSensitive: true, in: ['value'] } })

  test.each([
    ['a(?=b)', 'regular expression: '],
    ['(a', 'missing closing )'],
    ['((a{100}){100}){100}', 'repeat count'],
  ])('%s is refused: %s', (needle, reason) => {
    expect(withPattern(needle)).toThrow(reason)
  })
})
