import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProtobuf } from '../../../src-main/decode/protobuf.ts'
import { bytesOf } from './samples.ts'

const text = (hex: string) => {
  const reading = readProtobuf(bytesOf(hex))
  return reading.type === 'read' ? reading.text : reading
}

/** A writer of its own, by the wire format's description. */
function varint(value: bigint): number[] {
  const rest = value >> 7n
  return rest === 0n ? [Number(value)] : [Number(value & 0x7fn) | 0x80, ...varint(rest)]
}

describe('readProtobuf', () => {
  // The examples of the encoding guide.
  test.each([
    ['089601', '{"1":150}'],
    ['120774657374696e67', '{"2":"testing"}'],
    ['1a03089601', '{"3":{"1":150}}'],
    ['220568656c6c6f2a0101', '{"4":"hello","5":{"$base64":"AQ=="}}'],
    ['200120022003', '{"4":[1,2,3]}'],
    ['0a00', '{"1":""}'],
    ['08ffffffffffffffffff01', '{"1":-1}'],
    ['0d0000c03f', '{"1":1.5}'],
    ['09000000000000f83f', '{"1":1.5}'],
    ['0b08960112000c', '{"1":{"1":150,"2":""}}'],
    // The first field's length is a space or more: as text it would be a line end and a text.
    [
      '0a220a2033663261633338622d643136382d346533652d626466312d3765366431636632',
      '{"1":{"1":"3f2ac38b-d168-4e3e-bdf1-7e6d1cf2"}}',
    ],
  ])('%s is %s', (hex, expected) => {
    expect(text(hex)).toBe(expected)
  })

  test.each([
    ['0800 00', 2, /0 is no field number/],
    ['0896', 1, /end inside a number/],
    ['0f', 0, /wire type 7/],
    ['0a0561', 0, /to have 5 bytes, 1 are left/],
    ['0b0801', 3, /group 1 is not closed/],
    ['0c', 0, /an end of group 1/],
    ['08ffffffffffffffffffffff01', 1, /longer than 10 bytes/],
    ['0d0000', 1, /4 bytes are due and 2 are left/],
  ])('%s breaks at byte %i', (hex, atByte, reason) => {
    expect(readProtobuf(bytesOf(hex))).toMatchObject({
      type: 'refused',
      atByte,
      reason: expect.stringMatching(reason) as string,
    })
  })

  test('every unsigned number comes back, and negative ones with their sign', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), value => {
        const reading = readProtobuf(Uint8Array.from([0x08, ...varint(value)]))
        const expected = BigInt.asIntN(64, value)
        expect(reading.type === 'read' && reading.text).toBe(`{"1":${expected}}`)
      }),
    )
  })

  test('says what a field may be besides', () => {
    const reading = readProtobuf(bytesOf('0896011d0000c03f'))
    expect(reading.type === 'read' && reading.notes.slice(1)).toEqual([
      'field 1 may be sint 75',
      'field 3 may be fixed32 1069547520',
    ])
  })

  test('a schema registry’s header is passed over, its message indexes too', () => {
    expect(text('000000002a00089601')).toBe('{"1":150}')
    expect(text('000000002a040204089601')).toBe('{"1":150}')
  })

  test('any bytes have an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), bytes => {
        const reading = readProtobuf(bytes)
        if (reading.type === 'read') expect(() => JSON.parse(reading.text)).not.toThrow()
      }),
      { numRuns: 5_000 },
    )
    // Nested in itself as deep as it goes: each depth reads its inside again.
    let nested = [0x08, 0x01]
    for (let depth = 0; depth < 200 && nested.length < 16_000; depth += 1)
      nested = [0x0a, ...varint(BigInt(nested.length)), ...nested]
    expect(readProtobuf(Uint8Array.from(nested)).type).toBe('read')
  })
})
