import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  array,
  boolean,
  integer,
  literal,
  nullable,
  object,
  offset,
  optional,
  string,
  union,
  type CheckedBy,
} from '../../../src-main/contract/check.ts'

const input = object({
  topic: string({ minLength: 1, maxLength: 249 }),
  partitions: nullable(array(integer({ min: 0, max: 10 }), { maxLength: 2 })),
  from: union({ newest: {}, offset: { offset } }),
  direction: literal('forward', 'backward'),
  exact: optional(boolean),
})

const good = {
  topic: 'orders',
  partitions: [0, 3],
  from: { type: 'offset', offset: 9_007_199_254_740_993n },
  direction: 'forward',
}

describe('check', () => {
  test('gives back what is declared, with its type', () => {
    expect(input.read(good, 'input')).toEqual(good)
    expect(input.read({ ...good, partitions: null, exact: undefined }, 'input')).toEqual({
      ...good,
      partitions: null,
    })
    expectTypeOf<CheckedBy<typeof input>>().toEqualTypeOf<{
      readonly topic: string
      readonly partitions: readonly number[] | null
      readonly from:
        | { readonly type: 'newest' }
        | { readonly type: 'offset'; readonly offset: bigint }
      readonly direction: 'forward' | 'backward'
      readonly exact?: boolean | undefined
    }>()
  })

  test.each([
    [{ topic: '' }, 'input.topic is "", not a string of 1 to 249 characters'],
    [{ topic: 7 }, 'input.topic is 7, not a string of 1 to 249 characters'],
    [{ partitions: [0, 1.5] }, 'input.partitions[1] is 1.5, not an integer from 0 to 10'],
    [{ partitions: [0, 1, 2] }, 'input.partitions.length is 3, not at most 2'],
    [{ partitions: undefined }, 'input.partitions is undefined, not an array'],
    [{ from: { type: 'offset', offset: 5 } }, 'input.from.offset is 5, not an offset'],
    [
      { from: { type: 'offset', offset: 1n << 63n } },
      `input.from.offset is ${1n << 63n}n, not an offset`,
    ],
    [{ from: { type: 'never' } }, 'input.from.type is "never", not one of newest, offset'],
    [{ from: { type: 'newest', offset: 1n } }, 'input.from.offset is 1n, not a known field'],
    [
      { from: { type: 'constructor' } },
      'input.from.type is "constructor", not one of newest, offset',
    ],
    [{ direction: 'up' }, 'input.direction is "up", not one of forward, backward'],
    [{ exact: null }, 'input.exact is null, not a boolean'],
    [{ extra: 1 }, 'input.extra is 1, not a known field'],
  ])('refuses %o and names the field', (wrong, message) => {
    expect(() => input.read({ ...good, ...wrong }, 'input')).toThrow(`INVALID_INPUT: ${message}`)
  })

  test('a field that only objects in general have does not stand in for a missing one', () => {
    const check = object({ toString: string({ maxLength: 5 }) })
    expect(() => check.read({}, 'input')).toThrow('input.toString is undefined')
  })
})
