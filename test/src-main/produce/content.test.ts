import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContentDraft } from '../../../src-main/contract/api/produce.ts'
import { ContentError, encodeContent, encodeText } from '../../../src-main/produce/content.ts'

function hexOf(content: ContentDraft): string | null {
  const bytes = encodeContent(content)
  return bytes === null ? null : Buffer.from(bytes).toString('hex')
}

function failure(content: ContentDraft) {
  try {
    encodeContent(content)
  } catch (error) {
    if (error instanceof ContentError) return { message: error.message, at: error.at }
    throw error
  }
  return null
}

describe('content', () => {
  test('tells null, empty and empty text apart from nothing else', () => {
    expect(hexOf({ type: 'null' })).toBeNull()
    expect(hexOf({ type: 'empty' })).toBe('')
    expect(hexOf({ type: 'text', text: '' })).toBe('')
    expect(hexOf({ type: 'json', text: 'null' })).toBe('6e756c6c')
  })

  test('sends JSON as it was typed, every digit and space of it', () => {
    const text = ' {"id": 9007199254740993, "price": 1.10}\n'
    expect(Buffer.from(encodeContent({ type: 'json', text })!).toString()).toBe(text)
  })

  test.each<[ContentDraft, string]>([
    [{ type: 'integer', bits: '8', text: '-1' }, 'ff'],
    [{ type: 'integer', bits: '16', text: '258' }, '0102'],
    [{ type: 'integer', bits: '32', text: '-2147483648' }, '80000000'],
    [{ type: 'integer', bits: '64', text: ' 9223372036854775807 ' }, '7fffffffffffffff'],
    [{ type: 'float', bits: '32', text: '1.5' }, '3fc00000'],
    [{ type: 'float', bits: '64', text: '-Infinity' }, 'fff0000000000000'],
    [
      { type: 'uuid', text: '00112233-4455-6677-8899-AABBCCDDEEFF' },
      '00112233445566778899aabbccddeeff',
    ],
    [{ type: 'hex', text: '0xDE ad\nbe ef' }, 'deadbeef'],
    [{ type: 'base64', text: '3q2-7w' }, 'deadbeef'],
    [{ type: 'base64', text: '3q2+7w==' }, 'deadbeef'],
    [{ type: 'bytes', bytes: new Uint8Array([0, 255]) }, '00ff'],
  ])('%j becomes its bytes', (content, hex) => {
    expect(hexOf(content)).toBe(hex)
  })

  test('reads back every hex and base64 that it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        const buffer = Buffer.from(bytes)
        expect(Buffer.from(encodeText('hex', buffer.toString('hex')))).toEqual(buffer)
        expect(Buffer.from(encodeText('base64', buffer.toString('base64')))).toEqual(buffer)
      }),
    )
  })

  test.each<[ContentDraft, { message: string; at: number | null }]>([
    [
      { type: 'json', text: '{\n  "a": tru\n}' },
      { message: 'no JSON: a value is missing at line 2, column 8', at: 9 },
    ],
    [
      { type: 'json', text: '  ' },
      { message: 'nothing is no JSON', at: null },
    ],
    [
      { type: 'hex', text: 'abg0' },
      { message: '"g" is no hex digit', at: 2 },
    ],
    [
      { type: 'hex', text: 'abc' },
      { message: '3 hex digits are no whole bytes', at: 3 },
    ],
    [
      { type: 'base64', text: 'ab!=' },
      { message: '"!" is no letter of base64', at: 2 },
    ],
    [
      { type: 'integer', bits: '8', text: '128' },
      { message: '128 does not fit into 8 bits', at: 0 },
    ],
    [
      { type: 'integer', bits: '32', text: '1.5' },
      { message: '"1.5" is no whole number', at: 0 },
    ],
    [
      { type: 'float', bits: '64', text: '' },
      { message: '"" is no number', at: 0 },
    ],
    [
      { type: 'uuid', text: 'abc' },
      { message: '"abc" is no UUID', at: 0 },
    ],
  ])('%j says what is wrong', (content, expected) => {
    expect(failure(content)).toEqual(expected)
  })
})
