import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  looksLikeConditions,
  readConditions,
  writeCondition,
  writeConditions,
} from '../../../../src-renderer/features/messages/query/condition-text.ts'

describe('conditions as text', () => {
  test.each([
    ['status = "paid"', { part: 'value', path: 'status', operator: 'equals', value: 'paid' }],
    ['status=paid', { part: 'value', path: 'status', operator: 'equals', value: 'paid' }],
    ['a.b[0].c>=10.50', { part: 'value', path: 'a.b[0].c', operator: 'at-least', value: '10.50' }],
    ['key.id != 7', { part: 'key', path: 'id', operator: 'not-equals', value: '7' }],
    ['key = customer-7', { part: 'key', path: '', operator: 'equals', value: 'customer-7' }],
    ['keys = 7', { part: 'value', path: 'keys', operator: 'equals', value: '7' }],
    ['value.key = 7', { part: 'value', path: 'key', operator: 'equals', value: '7' }],
    [
      'note contains two words',
      { part: 'value', path: 'note', operator: 'contains', value: 'two words' },
    ],
    [
      'note not contains "a and b"',
      { part: 'value', path: 'note', operator: 'not-contains', value: 'a and b' },
    ],
    ['note missing', { part: 'value', path: 'note', operator: 'missing' }],
    ['headers.trace = t-1', { part: 'header', path: 'trace', operator: 'equals', value: 't-1' }],
    ['headers.trace.id exists', { part: 'header', path: 'trace.id', operator: 'exists' }],
    [
      'headers["content type"] contains json',
      { part: 'header', path: 'content type', operator: 'contains', value: 'json' },
    ],
    ['value.headers.x exists', { part: 'value', path: 'headers.x', operator: 'exists' }],
    ['headersAll exists', { part: 'value', path: 'headersAll', operator: 'exists' }],
    ['["odd name"].x exists', { part: 'value', path: '["odd name"].x', operator: 'exists' }],
  ])('%s', (text, condition) => {
    expect(readConditions(text)).toEqual([condition])
  })

  test('several are joined by and', () => {
    const both = readConditions('status = "paid" and total > 5')
    expect(both).toHaveLength(2)
    expect(writeConditions(both ?? [])).toBe('status = "paid" and total > 5')
  })

  test.each(['paid', 'status =', '= 5', 'a = "open', 'a ? 5', 'a = "x" b', ''])(
    '%j is none',
    text => expect(readConditions(text)).toBeNull(),
  )

  test('a path that begins like a part of the record is written with its part', () => {
    const field = { part: 'value', operator: 'exists' } as const
    expect(writeCondition({ ...field, path: 'key' })).toBe('value.key exists')
    expect(writeCondition({ ...field, path: 'value[0]' })).toBe('value.value[0] exists')
    expect(writeCondition({ ...field, path: 'keys' })).toBe('keys exists')
    expect(writeCondition({ ...field, path: '' })).toBe('value exists')
  })

  test('what is written of a header, whatever its name, is read as that header', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), path => {
        const condition = { part: 'header', path, operator: 'exists' } as const
        expect(readConditions(writeCondition(condition))).toEqual([condition])
      }),
    )
  })

  test('words are conditions only with an operator that stands apart', () => {
    expect(looksLikeConditions('status = "paid"')).toBe(true)
    expect(looksLikeConditions('total >= 10')).toBe(true)
    for (const words of ['trace=abc', 'x contains y', 'paid', '= 5', 'a b = c', '<a> = b"'])
      expect(looksLikeConditions(words)).toBe(false)
  })
})
