import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidFrameError } from '../../../engine/protocol/invalid-frame.ts'
import { Reader, TAGGED_FIELDS_MAX } from '../../../engine/protocol/reader.ts'
import { Writer } from '../../../engine/protocol/writer.ts'
import { AssertionError } from '../../../engine/support/assert.ts'
import { hex, hexOf } from './hex.ts'

function written(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer(1)
  write(writer)
  return writer.finish()
}

describe('varints', () => {
  test('are zig-zag, seven bits a byte, least significant first', () => {
    const laid = (value: number) => hexOf(written(writer => writer.varint(value)))
    expect([0, -1, 1, -64, 64, 2 ** 31 - 1, -(2 ** 31)].map(laid)).toEqual([
      '00',
      '01',
      '02',
      '7f',
      '8001',
      'feffffff0f',
      'ffffffff0f',
    ])
  })

  test('return every int32', () => {
    fc.assert(
      fc.property(fc.integer(), value => {
        expect(new Reader(written(writer => writer.varint(value))).varint()).toBe(value)
      }),
    )
  })

  test('return every uint32', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), value => {
        const bytes = written(writer => writer.unsignedVarint(value))
        expect(new Reader(bytes).unsignedVarint()).toBe(value)
      }),
    )
  })

  test('return every int64', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), value => {
        expect(new Reader(written(writer => writer.varlong(value))).varlong()).toBe(value)
      }),
    )
  })

  test('of more than five bytes, or more than 32 bits, are refused', () => {
    expect(() => new Reader(hex('808080808001')).unsignedVarint()).toThrow(InvalidFrameError)
    expect(() => new Reader(hex('ffffffff10')).unsignedVarint()).toThrow(InvalidFrameError)
    expect(() => new Reader(hex('ffffffffffffffffffff01')).varlong()).toThrow(InvalidFrameError)
  })

  test('that end too early are refused', () => {
    expect(() => new Reader(hex('80')).unsignedVarint()).toThrow(InvalidFrameError)
    expect(() => new Reader(hex('80')).varlong()).toThrow(InvalidFrameError)
  })
})

describe('a reader', () => {
  test('does not look beyond its end, though the bytes go on', () => {
    const reader = new Reader(hex('0000 0001 0002'), 2, 4)
    expect(reader.int16()).toBe(1)
    expect(() => reader.int8()).toThrow('needs 1 bytes at 4, has 0')
  })

  test('cannot be made to look beyond its bytes, since other frames are there', () => {
    expect(() => new Reader(hex('0000 0001').subarray(0, 2), 0, 4)).toThrow(AssertionError)
  })

  test('reads from a view into a larger buffer', () => {
    const reader = new Reader(hex('ffff 0000002a 0161').subarray(2))
    expect(reader.int32()).toBe(42)
    expect(reader.utf8(reader.int8())).toBe('a')
  })

  test('makes a replacement character of bytes that are no UTF-8', () => {
    expect(new Reader(hex('ff61')).utf8(2)).toBe('\ufffda')
  })
})

test('tagged fields are skipped by their sizes, up to as many as Kafka reads', () => {
  const reader = new Reader(hex('02  05 03 aabbcc  06 00  2a'))
  reader.skipTaggedFields()
  expect(reader.int8()).toBe(42)
  const many = written(writer => {
    writer.unsignedVarint(TAGGED_FIELDS_MAX + 1)
    for (let tag = 0; tag <= TAGGED_FIELDS_MAX; tag++) {
      writer.unsignedVarint(tag)
      writer.unsignedVarint(0)
    }
  })
  expect(() => new Reader(many).skipTaggedFields()).toThrow('10001 tagged fields')
})

describe('a writer', () => {
  test('keeps what it wrote when its buffer grows', () => {
    const bytes = written(writer => {
      for (let value = 0; value < 1_000; value++) writer.int32(value)
    })
    const reader = new Reader(bytes)
    for (let value = 0; value < 1_000; value++) expect(reader.int32()).toBe(value)
    expect(reader.remaining).toBe(0)
  })

  test('counts the bytes of a string, not its characters', () => {
    expect(hexOf(written(writer => writer.string('é', true)))).toBe('03c3a9')
    expect(hexOf(written(writer => writer.string('é', false)))).toBe('0002c3a9')
    expect(hexOf(written(writer => writer.string(null, true)))).toBe('00')
    expect(hexOf(written(writer => writer.string(null, false)))).toBe('ffff')
  })
})
