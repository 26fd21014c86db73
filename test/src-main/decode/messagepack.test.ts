import { encode, ExtensionCodec } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessagePack } from '../../../src-main/decode/messagepack.ts'
import { NESTING_MAX } from '../../../src-main/decode/value-reader.ts'
import { bytesOf, exact, plain } from './samples.ts'

const text = (hex: string) => {
  const reading = readMessagePack(bytesOf(hex))
  return reading.type === 'read' ? reading.text : reading
}

describe('readMessagePack', () => {
  test('reads what the library writes, with every digit', () => {
    fc.assert(
      fc.property(plain, value => {
        const reading = readMessagePack(encode(value, { useBigInt64: true }))
        expect(reading.type === 'read' && reading.text).toBe(exact(value))
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([31, 32, 255, 256, 65_535, 65_536])('lengths of %i are read', length => {
    const value = { text: 'x'.repeat(length), list: Array.from({ length }, () => true) }
    const reading = readMessagePack(encode(value))
    expect(reading.type === 'read' && reading.text).toBe(exact(value))
  })

  // The examples of the specification's formats, and the edges of each.
  test.each([
    ['c0', 'null'],
    ['c2', 'false'],
    ['c3', 'true'],
    ['00', '0'],
    ['7f', '127'],
    ['ff', '-1'],
    ['e0', '-32'],
    ['cc80', '128'],
    ['cdffff', '65535'],
    ['ceffffffff', '4294967295'],
    ['cfffffffffffffffff', '18446744073709551615'],
    ['d080', '-128'],
    ['d18000', '-32768'],
    ['d280000000', '-2147483648'],
    ['d38000000000000000', '-9223372036854775808'],
    ['ca3fc00000', '1.5'],
    ['ca3dcccccd', '0.1'],
    ['cb3ff0000000000000', '1.0'],
    ['cb8000000000000000', '-0.0'],
    ['cb7ff8000000000000', '{"$number":"NaN"}'],
    ['a3616263', '"abc"'],
    ['d903616263', '"abc"'],
    ['da0003616263', '"abc"'],
    ['db00000003616263', '"abc"'],
    ['c403010203', '{"$base64":"AQID"}'],
    ['930102c0', '[1,2,null]'],
    ['dc000101', '[1]'],
    ['dd0000000101', '[1]'],
    ['82a16101a16102', '{"a":1,"a":2}'],
    ['de0001a16101', '{"a":1}'],
    ['df00000001a16101', '{"a":1}'],
    ['8101a178', '{"1":"x"}'],
    ['d40501', '{"$extension":5,"$base64":"AQ=="}'],
    ['c70305010203', '{"$extension":5,"$base64":"AQID"}'],
    ['d6ff00000000', '{"$timestamp":"1970-01-01T00:00:00Z"}'],
    ['d7ff7735940000000001', '{"$timestamp":"1970-01-01T00:00:01.500000000Z"}'],
    // A thousand million nanoseconds and more are no fraction of a second.
    ['d7ffee6b280000000001', '{"$extension":-1,"$base64":"7msoAAAAAAE="}'],
    ['c70cff00000001fffffffffffffffe', '{"$timestamp":"1969-12-31T23:59:58.000000001Z"}'],
  ])('%s is %s', (hex, expected) => {
    expect(text(hex)).toBe(expected)
  })

  test.each([
    ['c1', 0, /no type/],
    ['cd01', 1, /2 bytes are due and 1 are left/],
    ['93010203ff', 4, /ends after 4 of 5/],
    ['9301', 1, /3 items are due/],
    ['dd0fffffff01', 5, /items are due/],
    ['a3ff6263', 1, /not UTF-8/],
    ['8161', 1, /bytes end|entries/],
  ])('%s breaks at byte %i', (hex, atByte, reason) => {
    expect(readMessagePack(bytesOf(hex))).toMatchObject({
      type: 'refused',
      atByte,
      reason: expect.stringMatching(reason) as string,
    })
  })

  test('an extension of the library’s own is shown with its type', () => {
    const codec = new ExtensionCodec()
    codec.register({
      type: 7,
      encode: value => (value instanceof Set ? Uint8Array.of(1, 2, 3) : null),
      decode: () => null,
    })
    const reading = readMessagePack(encode({ a: new Set() }, { extensionCodec: codec }))
    expect(reading).toMatchObject({ text: '{"a":{"$extension":7,"$base64":"AQID"}}' })
  })

  test('nesting past the limit is refused, and any bytes have an answer', () => {
    expect(readMessagePack(new Uint8Array(NESTING_MAX + 2).fill(0x91)).type).toBe('refused')
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), bytes => {
        const reading = readMessagePack(bytes)
        if (reading.type === 'read') expect(() => JSON.parse(reading.text)).not.toThrow()
        else expect(reading.type === 'refused' && reading.atByte! <= bytes.length).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })
})
