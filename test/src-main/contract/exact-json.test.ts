import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  JSON_DEPTH_MAX,
  parseJson,
  printJson,
  type JsonValue,
} from '../../../src-main/contract/exact-json.ts'

/** What `JSON.parse` would have made of it, written apart from the reader. */
function plain(value: JsonValue): unknown {
  switch (value.type) {
    case 'object':
      return Object.fromEntries(value.entries.map(({ key, value }) => [key, plain(value)]))
    case 'array':
      return value.items.map(plain)
    case 'string':
      return value.value
    case 'number':
      return Number(value.text)
    case 'word':
      return value.text === 'null' ? null : value.text === 'true'
  }
}

function read(text: string): JsonValue {
  const reading = parseJson(text)
  if (reading.type !== 'json') throw new Error(`${reading.reason} at ${reading.position}: ${text}`)
  return reading.value
}

describe('parseJson', () => {
  test('agrees with JSON.parse wherever that is exact', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), text => {
        expect(plain(read(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  test('accepts and refuses the same texts as JSON.parse', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '0',
      '.5',
      'e9',
      'true',
      'nul',
      ' ',
      '"\\u12',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), pieces => {
        const text = pieces.join('')
        expect(parseJson(text).type === 'json', text).toBe(parses(text))
      }),
      { numRuns: 3_000 },
    )
  })

  test('keeps every digit of every number', () => {
    const integer = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String)
    const decimal = fc.tuple(integer, fc.stringMatching(/^\d{1,30}$/)).map(([a, b]) => `${a}.${b}`)
    fc.assert(
      fc.property(fc.oneof(integer, decimal), text => {
        expect(read(`{"n":[${text}]}`)).toEqual({
          type: 'object',
          entries: [{ key: 'n', value: { type: 'array', items: [{ type: 'number', text }] } }],
        })
      }),
    )
  })

  test('printing and reading again changes nothing', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), text => {
        const value = read(text)
        expect(read(printJson(value))).toEqual(value)
      }),
    )
  })

  test('keeps repeated keys in their order', () => {
    const value = read('{"a":1,"b":2,"a":3}')
    expect(value.type === 'object' && value.entries.map(({ key }) => key)).toEqual(['a', 'b', 'a'])
  })

  test('says where a text stops being JSON', () => {
    expect(parseJson('{"a":1,}')).toEqual({
      type: 'not-json',
      position: 7,
      reason: 'a key in quotes is missing',
    })
  })

  test('nesting past the limit is refused instead of ending the page', () => {
    expect(parseJson('['.repeat(JSON_DEPTH_MAX) + ']'.repeat(JSON_DEPTH_MAX)).type).toBe('json')
    expect(parseJson('['.repeat(200_000)).type).toBe('not-json')
  })
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // Waits for the SyntaxError, which is the answer.
    return false
  }
}
