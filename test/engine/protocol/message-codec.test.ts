import { describe, expect, test } from 'vitest'
import { KafkaError } from '../../../engine/protocol/errors.ts'
import { InvalidFrameError } from '../../../engine/protocol/invalid-frame.ts'
import {
  ARRAY_ELEMENTS_MAX,
  STRING_BYTES_MAX,
  TAGGED_FIELDS_MAX,
} from '../../../engine/protocol/reader.ts'
import {
  array,
  bytes,
  int16,
  int32,
  int8,
  message,
  nullableArray,
  nullableString,
  nullableStruct,
  string,
  struct,
  uuid,
  type Fields,
} from '../../../engine/protocol/schema.ts'
import { Writer } from '../../../engine/protocol/writer.ts'
import { AssertionError } from '../../../engine/support/assert.ts'
import { hex, hexOf } from './hex.ts'

const declare = <F extends Fields>(fields: F) =>
  message({ name: 'Thing', versions: [0, 3], flexibleSince: 2, fields })

describe('fields and versions', () => {
  const thing = declare({
    old: int32({ until: 0, default: -1 }),
    kept: int16(),
    dropped: int32({ since: 1, ignorable: true }),
    needed: int32({ since: 1 }),
  })

  test('an absent field is read as its default', () => {
    expect(thing.decode(hex('00000009 0005'), 0)).toEqual({
      old: 9,
      kept: 5,
      dropped: 0,
      needed: 0,
    })
    expect(thing.decode(hex('0005 00000006 00000007'), 1)).toEqual({
      old: -1,
      kept: 5,
      dropped: 6,
      needed: 7,
    })
  })

  test('an ignorable field is dropped from a version that lacks it', () => {
    expect(hexOf(thing.encode({ old: 1, kept: 2, dropped: 3 }, 0))).toBe('000000010002')
  })

  test('a version refuses a value that it cannot hold, unless it is the default', () => {
    expect(() => thing.encode({ old: 1, kept: 2, needed: 3 }, 0)).toThrow(KafkaError)
    expect(hexOf(thing.encode({ old: 1, kept: 2, needed: 0 }, 0))).toBe('000000010002')
  })

  test('bytes after the last field are refused', () => {
    expect(() => thing.decode(hex('00000009 0005 00'), 0)).toThrow(InvalidFrameError)
  })

  test('an unknown version is UNSUPPORTED_VERSION', () => {
    expect(() => thing.decode(hex('00'), 4)).toThrow(
      'UNSUPPORTED_VERSION: Thing has versions 0 to 3, not 4',
    )
  })
})

describe('null', () => {
  const thing = declare({
    text: nullableString({ nullableSince: 1, default: '' }),
    list: nullableArray(int8(), { nullableSince: 1, default: [] }),
  })

  test('is read in the versions that allow it, with old and compact lengths', () => {
    expect(thing.decode(hex('ffff ffffffff'), 1)).toEqual({ text: null, list: null })
    expect(thing.decode(hex('00 00 00'), 2)).toEqual({ text: null, list: null })
  })

  test('is refused in the versions before', () => {
    expect(() => thing.decode(hex('ffff 00000000'), 0)).toThrow('Thing.text is null')
    expect(() => thing.decode(hex('0000 ffffffff'), 0)).toThrow('Thing.list is null')
    expect(() => thing.encode({ text: null }, 0)).toThrow('UNSUPPORTED_VERSION')
  })

  test('in a field that never allows it is our bug', () => {
    const never = declare({ text: string(), content: bytes() })
    const broken = { text: null as unknown as string, content: new Uint8Array(0) }
    expect(() => never.encode(broken, 1)).toThrow(AssertionError)
  })

  test('in place of a struct is a byte of -1, and in a tagged one of 0', () => {
    const fields = { id: int8() }
    const plain = declare({ inner: nullableStruct(fields) })
    expect(hexOf(plain.encode({ inner: null }, 2))).toBe('ff00')
    expect(hexOf(plain.encode({ inner: { id: 5 } }, 2))).toBe('01050000')
    const tagged = declare({
      inner: nullableStruct(fields, { since: 2, tag: 0, default: { id: 0 } }),
    })
    expect(hexOf(tagged.encode({ inner: null }, 2))).toBe('01000100')
    expect(tagged.decode(hex('01 00 01 00'), 2)).toEqual({ inner: null })
    expect(tagged.decode(hex('00'), 2)).toEqual({ inner: { id: 0 } })
    expect(hexOf(tagged.encode({ inner: { id: 5 } }, 2))).toBe(
      '01 00 03 01 05 00'.replaceAll(' ', ''),
    )
  })
})

describe('tagged fields', () => {
  const thing = declare({
    second: int16({ since: 2, tag: 1 }),
    first: string({ since: 2, tag: 0, default: 'x' }),
    tail: array(struct({ id: int8(), note: int8({ since: 3, tag: 0 }) })),
  })

  test('are written in the order of their tags, without those that have their default', () => {
    expect(hexOf(thing.encode({ second: 7, first: 'yy', tail: [] }, 2))).toBe(
      hexOf(hex('01  02  00 03 03 7979  01 02 0007')),
    )
    expect(hexOf(thing.encode({ second: 0, first: 'x', tail: [] }, 2))).toBe('0100')
  })

  test('are read in any order, and unknown ones are skipped', () => {
    expect(thing.decode(hex('01  03  09 02 ffff  01 02 0007  00 02 02 79'), 2)).toEqual({
      second: 7,
      first: 'y',
      tail: [],
    })
  })

  test('stand behind each struct, too', () => {
    const read = thing.decode(hex('03  05 00  06 01 00 01 09  00'), 3)
    expect(read.tail).toEqual([
      { id: 5, note: 0 },
      { id: 6, note: 9 },
    ])
  })

  test('may neither leave bytes nor reach beyond their size', () => {
    expect(() => thing.decode(hex('01  01  01 03 000700'), 2)).toThrow('leaves 1 bytes')
    expect(() => thing.decode(hex('01  01  01 01 0007'), 2)).toThrow(InvalidFrameError)
    expect(() => thing.decode(hex('01  01  01 7f 0007'), 2)).toThrow(InvalidFrameError)
  })

  test('are refused when there are more than Kafka reads', () => {
    const writer = new Writer()
    writer.unsignedVarint(1)
    writer.unsignedVarint(TAGGED_FIELDS_MAX + 1)
    for (let tag = 0; tag <= TAGGED_FIELDS_MAX; tag++) {
      writer.unsignedVarint(100 + tag)
      writer.unsignedVarint(0)
    }
    expect(() => thing.decode(writer.finish(), 2)).toThrow('10001 tagged fields')
  })
})

describe('arrays that claim too much', () => {
  const thing = declare({ ids: array(int8()), topics: array(uuid()) })

  test('are refused above a million elements, even when the bytes are there', () => {
    const frame = Buffer.alloc(4 + ARRAY_ELEMENTS_MAX + 1 + 4)
    frame.writeInt32BE(ARRAY_ELEMENTS_MAX + 1)
    expect(() => thing.decode(frame, 0)).toThrow('array of 1000001 elements')
  })

  test('are refused when their smallest elements do not fit the frame', () => {
    const frame = Buffer.concat([hex('00000000 000f4240'), Buffer.alloc(1_000_000)])
    expect(() => thing.decode(frame, 0)).toThrow('1000000 elements of Thing.topics')
  })

  test('are refused with a negative length other than null', () => {
    expect(() => thing.decode(hex('fffffffe'), 0)).toThrow(InvalidFrameError)
    expect(() => thing.decode(hex('ffffffff 00000000'), 0)).toThrow('Thing.ids is null')
  })

  test('cannot be declared with elements that take no bytes', () => {
    const nothing = declare({ all: array(struct({ later: int8({ since: 3 }) })) })
    expect(() => nothing.decode(hex('000f4240'), 0)).toThrow(AssertionError)
    expect(nothing.decode(hex('01 00'), 2)).toEqual({ all: [] })
  })
})

describe('lengths that lie', () => {
  const thing = declare({ text: string(), content: bytes() })

  test('are refused before anything is read', () => {
    expect(() => thing.decode(hex('7fff 61'), 1)).toThrow('string of 32767 bytes with 1 left')
    expect(() => thing.decode(hex('0000 7fffffff'), 1)).toThrow('bytes of 2147483647 bytes')
    expect(() => thing.decode(hex('ffffffff0f'), 2)).toThrow(InvalidFrameError)
    expect(() => thing.decode(hex('ffffffffff0f'), 2)).toThrow('longer than five bytes')
  })
})

describe('strings longer than Kafka reads', () => {
  const thing = declare({ text: string() })

  test('are refused in compact form too', () => {
    const length = STRING_BYTES_MAX + 1
    const frame = Buffer.concat([hex('818002'), Buffer.alloc(length, 'a'), hex('00')])
    expect(() => thing.decode(frame, 2)).toThrow('string of 32768 bytes, over 32767')
    const longest = Buffer.concat([hex('808002'), Buffer.alloc(length - 1, 'a'), hex('00')])
    expect(thing.decode(longest, 2).text).toHaveLength(STRING_BYTES_MAX)
  })

  test('are not written, though a client may bring them about', () => {
    // Each byte is no UTF-8, and becomes a replacement character of three.
    const { text } = thing.decode(Buffer.concat([hex('7fff'), Buffer.alloc(0x7fff, 0xff)]), 1)
    for (const version of [1, 2])
      expect(() => thing.encode({ text }, version)).toThrow(
        'UNKNOWN_SERVER_ERROR: a string of 98301 bytes is longer than 32767',
      )
  })
})

test('a response drops what its version lacks, whatever a request would do', () => {
  const fields = { kept: int8(), needed: int8({ since: 1 }) }
  const answer = message({
    name: 'ThingResponse',
    versions: [0, 1],
    flexibleSince: null,
    fields,
  })
  expect(hexOf(answer.encode({ kept: 1, needed: 2 }, 0))).toBe('01')
  expect(() => declare(fields).encode({ kept: 1, needed: 2 }, 0)).toThrow('has no field needed')
})

test('decoded messages share their defaults, so that defaults cannot be changed', () => {
  const thing = declare({ list: array(int8(), { since: 1 }), kept: int8() })
  const { list } = thing.decode(hex('05'), 0)
  expect(() => (list as number[]).push(1)).toThrow(TypeError)
})
