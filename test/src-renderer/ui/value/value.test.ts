import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, exactText } from '../../../../src-renderer/ui/value/decode.ts'
import { hexLine, textLine } from '../../../../src-renderer/ui/value/hex-view.tsx'
import { jsonLines, pathText } from '../../../../src-renderer/ui/value/json-lines.ts'
import { tokensOf } from '../../../../src-renderer/ui/value/json-tokens.ts'
import { parseJson } from '../../../../src-main/contract/exact-json.ts'
import { blocksOf } from '../../../../src-renderer/ui/value/text-view.tsx'

const utf8 = new TextEncoder()
const whole = (bytes: Uint8Array) => ({ bytes, sizeBytes: bytes.length })

describe('decode', () => {
  test('tells null, empty, text and bytes apart', () => {
    expect(decode(null)).toEqual({ type: 'null' })
    expect(decode(whole(new Uint8Array()))).toEqual({ type: 'empty' })
    expect(decode(whole(utf8.encode('null')))).toEqual({
      type: 'text',
      text: 'null',
      complete: true,
    })
    expect(decode(whole(Uint8Array.of(255, 0)))).toMatchObject({ type: 'bytes', complete: true })
  })

  test('a preview that ends inside a character is still text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), (text, cut) => {
        const printable = Array.from(text, each => (each < ' ' ? '?' : each)).join('')
        const bytes = utf8.encode(printable)
        const shown = bytes.subarray(0, 1 + (cut % bytes.length))
        const decoded = decode({ bytes: shown, sizeBytes: bytes.length + 1 })
        expect(decoded.type).toBe('text')
        expect(decoded.type === 'text' && printable.startsWith(decoded.text)).toBe(true)
      }),
    )
  })

  test('an int64 of Kafka’s serializer is bytes, though it is valid UTF-8', () => {
    const bytes = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 42)
    expect(decode(whole(bytes)).type).toBe('bytes')
    expect(exactText(whole(bytes))).toBe('00 00 00 00 00 00 00 2a')
  })
})

describe('hex view', () => {
  test('the last line is as wide as the others', () => {
    const full = hexLine(new Uint8Array(16), 16)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), bytes => {
        expect(hexLine(bytes, 16)).toHaveLength(full.length)
        expect(textLine(bytes)).toHaveLength(bytes.length)
      }),
    )
  })
})

describe('one line of JSON', () => {
  test('its tokens joined are the line, even when it is cut anywhere', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        const line = text.slice(0, cut % (text.length + 1))
        expect(
          tokensOf(line)
            .map(token => token.text)
            .join(''),
        ).toBe(line)
      }),
    )
  })

  test('keys differ from strings', () => {
    expect(tokensOf('{"a":"b"}').filter(token => token.kind !== 'mark')).toEqual([
      { kind: 'key', text: '"a"' },
      { kind: 'string', text: '"b"' },
    ])
  })
})

describe('jsonLines', () => {
  test('shutting a branch hides what is below it and nothing else', () => {
    const reading = parseJson('{"a":{"b":1,"c":2},"d":3}')
    if (reading.type !== 'json') throw new Error('the example is JSON')
    expect(jsonLines(reading.value, new Set()).map(pathText)).toEqual(['$', 'a', 'a.b', 'a.c', 'd'])
    expect(jsonLines(reading.value, new Set(['.0'])).map(pathText)).toEqual(['$', 'a', 'd'])
  })

  test('repeated keys are lines of their own', () => {
    const reading = parseJson('{"a":1,"a":2}')
    if (reading.type !== 'json') throw new Error('the example is JSON')
    expect(new Set(jsonLines(reading.value, new Set()).map(({ id }) => id)).size).toBe(3)
  })
})

describe('text in blocks', () => {
  test('no character is lost or cut in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), text => {
        const long = text.repeat(Math.ceil(100_000 / text.length))
        const blocks = blocksOf(long)
        expect(blocks.join('')).toBe(long)
        for (const block of blocks) expect(block.isWellFormed()).toBe(long.isWellFormed())
      }),
      { numRuns: 30 },
    )
  })
})
