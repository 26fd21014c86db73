import { encode } from 'cbor2'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCbor } from '../../../src-main/decode/cbor.ts'
import { bytesOf, exact, plain } from './samples.ts'

describe('readCbor', () => {
  test('reads what the library writes, with every digit', () => {
    fc.assert(
      fc.property(plain, value => {
        const reading = readCbor(encode(value))
        expect(reading.type === 'read' && reading.text).toBe(exact(value))
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([23, 24, 255, 256, 65_535, 65_536])('lengths of %i are read', length => {
    const value = { text: 'x'.repeat(length), list: Array.from({ length }, () => true) }
    const reading = readCbor(encode(value))
    expect(reading.type === 'read' && reading.text).toBe(exact(value))
  })

  // RFC 8949, appendix A.
  test.each([
    ['00', '0'],
    ['17', '23'],
    ['1818', '24'],
    ['1903e8', '1000'],
    ['1a000f4240', '1000000'],
    ['1bffffffffffffffff', '18446744073709551615'],
    ['c249010000000000000000', '18446744073709551616'],
    ['3bffffffffffffffff', '-18446744073709551616'],
    ['c349010000000000000000', '-18446744073709551617'],
    ['20', '-1'],
    ['3863', '-100'],
    ['f90000', '0.0'],
    ['f98000', '-0.0'],
    ['f93c00', '1.0'],
    ['fb3ff199999999999a', '1.1'],
    ['f93e00', '1.5'],
    ['f97bff', '65504.0'],
    ['fa47c35000', '100000.0'],
    ['fb7e37e43c8800759c', '1e+300'],
    ['f90001', '5.960464477539063e-8'],
    ['f90400', '0.00006103515625'],
    ['f9c400', '-4.0'],
    ['f97c00', '{"$number":"Infinity"}'],
    ['f97e00', '{"$number":"NaN"}'],
    ['f4', 'false'],
    ['f5', 'true'],
    ['f6', 'null'],
    ['f7', '{"$simple":"undefined"}'],
    ['f0', '{"$simple":16}'],
    ['f8ff', '{"$simple":255}'],
    ['c11a514b67b0', '{"$tag":1,"$value":1363896240}'],
    ['d74401020304', '{"$tag":23,"$value":{"$base64":"AQIDBA=="}}'],
    ['d9d9f701', '1'],
    ['40', '{"$base64":""}'],
    ['62225c', '"\\"\\\\"'],
    ['62c3bc', '"ü"'],
    ['64f0908591', '"𐅑"'],
    ['8301820203820405', '[1,[2,3],[4,5]]'],
    ['a201020304', '{"1":2,"3":4}'],
    ['a26161016162820203', '{"a":1,"b":[2,3]}'],
    ['5f42010243030405ff', '{"$base64":"AQIDBAU="}'],
    ['7f657374726561646d696e67ff', '"streaming"'],
    ['9fff', '[]'],
    ['9f018202039f0405ffff', '[1,[2,3],[4,5]]'],
    ['bf61610161629f0203ffff', '{"a":1,"b":[2,3]}'],
  ])('%s is %s', (hex, expected) => {
    const reading = readCbor(bytesOf(hex))
    expect(reading.type === 'read' && normal(reading.text)).toBe(normal(expected))
  })

  // Not well-formed, from RFC 8949, appendix F.
  test.each([
    ['18', 1],
    ['19ff', 1],
    ['1c', 0],
    ['ff', 0],
    ['f818', 0],
    ['8201', 1],
    ['5f00ff', 1],
    ['9f01', 2],
    ['1f', 0],
    ['0001', 1],
    ['61ff', 1],
  ])('%s breaks at byte %i', (hex, atByte) => {
    expect(readCbor(bytesOf(hex))).toMatchObject({ type: 'refused', atByte })
  })

  test('any bytes have an answer, and lengths that lie cost nothing', () => {
    expect(readCbor(bytesOf('9bffffffffffffffff')).type).toBe('refused')
    expect(readCbor(new Uint8Array(10_000).fill(0x81)).type).toBe('refused')
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), bytes => {
        const reading = readCbor(bytes)
        if (reading.type === 'read') expect(() => JSON.parse(reading.text)).not.toThrow()
        else expect(reading.type === 'refused' && reading.atByte! <= bytes.length).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })
})

/** The shortest digits of a half float are a matter of taste; its value is not. */
function normal(text: string): string {
  return /^-?\d+\.\d+(e-?\d+)?$/.test(text) && !/^-?\d+\.0$/.test(text)
    ? String(Math.fround(Number(text)))
    : text
}
