import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JSON_DEPTH_MAX, parseJson } from '../../../src-main/contract/exact-json.ts'
import { surveyJson } from '../../../src-main/decode/json-bytes.ts'
import { invalidUtf8At } from '../../../src-main/decode/utf8.ts'

const utf8 = new TextEncoder()
const survey = (text: string) => surveyJson(utf8.encode(text))

/** Pieces that fit together by chance, so that many texts are JSON and many just are not. */
const pieces = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"a"',
  '"é😀"',
  '1',
  '-',
  '0',
  '.5',
  '1.5e+9',
  'e9',
  'true',
  'nul',
  'null',
  ' ',
  '\n',
  '"\\u12',
  '"\\u00e9"',
  '"\\x"',
  '"\t"',
  '{"a":',
  '[1,',
]
const piece = fc.constantFrom(...pieces)

describe('surveyJson', () => {
  test('accepts and refuses the same texts as parseJson, at the same place', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), pieces => {
        const text = pieces.join('')
        const reading = parseJson(text)
        const { errorAt, reason } = survey(text)
        if (reading.type === 'json') expect(errorAt, text).toBe(-1)
        else {
          const atByte = utf8.encode(text.slice(0, reading.position)).length
          expect({ errorAt, reason }, text).toEqual({ errorAt: atByte, reason: reading.reason })
        }
      }),
      { numRuns: 5_000 },
    )
  })

  test('accepts whatever JSON.stringify writes, and says whether it is spaced and ASCII', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 2), (text, indent) => {
        const value = JSON.parse(text) as unknown
        const written = JSON.stringify(value, null, indent)
        const { errorAt, spaced, ascii } = survey(written)
        expect(errorAt).toBe(-1)
        expect(spaced).toBe(written !== JSON.stringify(value))
        // eslint-disable-next-line no-control-regex
        expect(ascii).toBe(/^[\u0000-\u007f]*$/.test(written))
      }),
    )
  })

  test('refuses bytes that are not UTF-8 with their place, as TextDecoder does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 6 }), middle => {
        const bytes = Uint8Array.from([0x22, ...middle.filter(byte => byte >= 0x80), 0x22])
        expect(surveyJson(bytes).errorAt === -1).toBe(isUtf8(bytes))
      }),
      { numRuns: 5_000 },
    )
    expect(surveyJson(Uint8Array.of(0x22, 0x61, 0xff, 0x22))).toMatchObject({
      errorAt: 2,
      reason: 'not UTF-8',
    })
  })

  // Longer than need be, halves of surrogate pairs, past the last code point, cut short.
  test.each([
    ['c080', false],
    ['c280', true],
    ['e09fbf', false],
    ['e0a080', true],
    ['ed9fbf', true],
    ['eda080', false],
    ['ee8080', true],
    ['f08fbfbf', false],
    ['f0908080', true],
    ['f48fbfbf', true],
    ['f4908080', false],
    ['f5808080', false],
    ['e282', false],
    ['80', false],
  ])('a string of %s is UTF-8: %s', (hex, isText) => {
    const middle = Buffer.from(hex, 'hex')
    expect(surveyJson(Uint8Array.from([0x22, ...middle, 0x22])).errorAt).toBe(isText ? -1 : 1)
    expect(invalidUtf8At(middle)).toBe(isText ? -1 : 0)
  })

  test('no string holds a control character', () => {
    for (let byte = 0; byte <= 0x20; byte += 1)
      expect(surveyJson(Uint8Array.of(0x22, byte, 0x22)).errorAt).toBe(byte === 0x20 ? -1 : 1)
  })

  test('nesting past the limit is refused where it passes', () => {
    expect(survey('['.repeat(JSON_DEPTH_MAX) + ']'.repeat(JSON_DEPTH_MAX)).errorAt).toBe(-1)
    expect(survey('['.repeat(100_000)).errorAt).toBe(JSON_DEPTH_MAX)
  })
})

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    // Waits for the refusal, which is the answer.
    return false
  }
}
