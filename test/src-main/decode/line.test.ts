import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../../src-main/decode/decode.ts'
import { decodeLine } from '../../../src-main/decode/line.ts'

const utf8 = new TextEncoder()
const about = { topic: 'orders', part: 'value' } as const
const line = (text: string, charsMax?: number) =>
  decodeLine(utf8.encode(text), 'auto', about, charsMax === undefined ? {} : { charsMax })

describe('decodeLine', () => {
  test('tells null, empty, JSON, text and bytes apart', () => {
    expect(decodeLine(null, 'auto', about)).toMatchObject({ decoder: 'null', form: 'null' })
    expect(line('')).toEqual({ decoder: 'empty', form: 'text', text: '', truncated: false })
    expect(line(' {"a" : 1.10}')).toEqual({
      decoder: 'json',
      form: 'json',
      text: '{"a":1.10}',
      truncated: false,
    })
    expect(line('null')).toMatchObject({ decoder: 'text', text: 'null' })
    expect(decodeLine(Uint8Array.of(0, 255), 'auto', about)).toMatchObject({
      form: 'bytes',
      text: '00 ff',
    })
  })

  test('minifies JSON as JSON.stringify does, strings untouched', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), text => {
        const value = [JSON.parse(text) as unknown]
        const pretty = JSON.stringify(value, null, 2)
        const { text: minified } = line(pretty, 1_000_000)
        expect(minified).toBe(JSON.stringify(value))
      }),
    )
  })

  test('chooses the decoder that decode chooses', () => {
    const value = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.json().map(text => utf8.encode(text)),
      fc.string().map(text => utf8.encode(text)),
    )
    fc.assert(
      fc.property(value, bytes => {
        const { decoder, form } = decode(bytes, 'auto', about)
        expect(decodeLine(bytes, 'auto', about)).toMatchObject({ decoder, form })
      }),
      { numRuns: 2_000 },
    )
  })

  test('is cut at its limit and never inside a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.integer({ min: 1, max: 12 }),
        (text, charsMax) => {
          const { text: shown, truncated } = line(`x${text}`, charsMax)
          expect(shown.length).toBeLessThanOrEqual(charsMax)
          expect(truncated || shown.length === text.length + 1 || shown.includes(' ')).toBe(true)
          expect(shown.isWellFormed()).toBe(true)
        },
      ),
    )
  })

  test('the beginning of JSON or text is shown as such, wherever it is cut', () => {
    const json = utf8.encode('{"a":[true,"é\\u00e9😀",-1.5e3],"b":null}')
    for (let end = 1; end < json.length; end += 1) {
      const cut = decodeLine(json.subarray(0, end), 'auto', about, { complete: false })
      expect(cut).toMatchObject({ decoder: 'json', truncated: true })
      expect(cut.text).not.toContain('\ufffd')
    }
    expect(decodeLine(utf8.encode('é').subarray(0, 1), 'auto', about, { complete: false })).toEqual(
      {
        decoder: 'text',
        form: 'text',
        text: '',
        truncated: true,
      },
    )
  })

  test('line ends become spaces, other control characters their pictures', () => {
    expect(line('a\r\n\tb\u001bc').text).toBe('a b␛c')
  })
})
