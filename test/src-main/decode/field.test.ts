import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, printJson, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import { readFieldPath, type FieldPath } from '../../../src-main/contract/field-path.ts'
import { fieldOf, fieldsOf, jsonFields } from '../../../src-main/decode/field.ts'

const utf8 = new TextEncoder()
const about = { topic: 'orders', part: 'value' } as const

function path(text: string): FieldPath {
  const reading = readFieldPath(text)
  if (reading.type !== 'path') throw new Error(`${reading.reason}: ${text}`)
  return reading.path
}

const field = (json: string, where: string) =>
  fieldOf(utf8.encode(json), 'auto', about, path(where))

/** The same by the tree, written apart from the code under test. */
function walk(root: JsonValue, steps: FieldPath): JsonValue | undefined {
  let value: JsonValue | undefined = root
  for (const step of steps) {
    if (step.type === 'key' && value?.type === 'object')
      value = value.entries.findLast(({ key }) => key === step.key)?.value
    else if (step.type === 'place' && value?.type === 'array') value = value.items[step.place]
    else return undefined
  }
  return value
}

describe('fieldOf', () => {
  test('gives digits as stored, and strings without quotes and escapes', () => {
    const json = '{ "id" : 9007199254740993123, "amount": 12.50, "name": "J\\u00f6rg \\"x\\"" }'
    expect(field(json, 'id')).toEqual({ type: 'number', text: '9007199254740993123' })
    expect(field(json, 'amount')).toEqual({ type: 'number', text: '12.50' })
    expect(field(json, 'name')).toEqual({ type: 'string', text: 'Jörg "x"' })
  })

  test('finds what the tree has, and nothing else', () => {
    const names = ['a', 'b', 'é', 'a"b']
    const document = fc.letrec<{ value: unknown }>(tie => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom(1, 'x', true, null, '{', '"', 1.5),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }),
      ),
    })).value
    const steps = fc.array(
      fc.oneof(
        fc.constantFrom(...names).map(key => ({ type: 'key' as const, key })),
        fc.nat({ max: 2 }).map(place => ({ type: 'place' as const, place })),
      ),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(document, fc.constantFrom(0, 1), steps, (value, indent, where) => {
        const json = JSON.stringify(value, null, indent)
        const reading = parseJson(json)
        const expected = reading.type === 'json' ? walk(reading.value, where) : undefined
        const [found] = jsonFields(utf8.encode(json), where)
        if (expected === undefined) expect(found).toBeUndefined()
        else if (expected.type === 'string')
          expect(found).toEqual({ type: 'string', text: expected.value })
        else expect(compact(found?.text ?? '')).toBe(compact(printJson(expected)))
      }),
      { numRuns: 2_000 },
    )
  })

  test('the last of two equal keys counts, escaped or not', () => {
    expect(field('{"a":1,"a":{"b":2},"\\u0061":{"b":3}}', 'a.b')?.text).toBe('3')
  })

  test('every place of an array has its field', () => {
    const json = utf8.encode('{"items":[{"sku":"x"},{},{"sku":"y"},7]}')
    const found = fieldsOf(json, 'auto', about, path('items[*].sku'))
    expect(found.map(({ text }) => text)).toEqual(['x', 'y'])
  })

  test('text has one field, the whole; null and unknown bytes have none', () => {
    expect(field('hello', '')).toEqual({ type: 'string', text: 'hello' })
    expect(field('hello', 'a')).toBeNull()
    expect(field('{"a":1,}', 'a')).toBeNull()
    expect(fieldOf(null, 'auto', about, [])).toBeNull()
    expect(fieldOf(Uint8Array.of(0, 1, 2), 'auto', about, [])).toBeNull()
  })
})

function compact(json: string): string {
  return JSON.stringify(JSON.parse(json))
}
