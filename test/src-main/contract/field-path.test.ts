import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  FIELD_STEPS_MAX,
  readFieldPath,
  writeFieldPath,
  type FieldStep,
} from '../../../src-main/contract/field-path.ts'

const step: fc.Arbitrary<FieldStep> = fc.oneof(
  fc.record({
    type: fc.constant('key' as const),
    key: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('$', '', 'a.b', '0', '*', 'schlüssel'),
    ),
  }),
  fc.record({ type: fc.constant('place' as const), place: fc.nat({ max: 999_999_999 }) }),
  fc.constant({ type: 'each' as const }),
)

describe('field paths', () => {
  test('reading what was written gives the same path', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), path => {
        expect(readFieldPath(writeFieldPath(path))).toEqual({ type: 'path', path })
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    ['order.items[0].id', ['order', 'items', 0, 'id']],
    ['$.order', ['order']],
    ['$', []],
    ['', []],
    ['$[2]', [2]],
    ['$ref', ['$ref']],
    ['["content.type"]["a\\"b"]', ['content.type', 'a"b']],
    ['user-id.straße', ['user-id', 'straße']],
    ['items[*].sku', ['items', '*', 'sku']],
  ])('%s is read', (text, steps) => {
    const reading = readFieldPath(text)
    expect(reading.type === 'path' && reading.path.map(short)).toEqual(steps)
  })

  test.each([
    ['a..b', 2],
    ['a.', 2],
    ['a[b]', 1],
    ['a[-1]', 1],
    ['a[0]b', 4],
    ['a b', 1],
    ['["\\x"]', 0],
    ['a.'.repeat(FIELD_STEPS_MAX) + 'a', FIELD_STEPS_MAX * 2 - 1],
  ])('%s is refused at its place', (text, position) => {
    expect(readFieldPath(text)).toMatchObject({ type: 'not-a-path', position })
  })
})

function short(each: FieldStep): string | number {
  if (each.type === 'place') return each.place
  return each.type === 'each' ? '*' : each.key
}
