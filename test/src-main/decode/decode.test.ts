import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeCoordinatorRecord } from '../../../engine/protocol/coordinator-records/coordinator-record.ts'
import {
  transactionLogKey,
  transactionLogValue,
} from '../../../engine/protocol/coordinator-records/transaction-log.ts'
import { Writer } from '../../../engine/protocol/writer.ts'
import { DECODER_NAMES, type DecodeAbout } from '../../../src-main/contract/model/decode.ts'
import { decodeBeginning } from '../../../src-main/decode/beginning.ts'
import { decode } from '../../../src-main/decode/decode.ts'
import { explain } from '../../../src-main/decode/explain.ts'
import { bytesOf } from './samples.ts'

const about: DecodeAbout = { topic: 'orders', part: 'value' }
const auto = (bytes: Uint8Array) => decode(bytes, 'auto', about)
const utf8 = new TextEncoder()

describe('auto', () => {
  test('knows each format by its content', () => {
    expect(decode(null, 'auto', about).form).toBe('null')
    expect(auto(new Uint8Array()).decoder).toBe('empty')
    expect(auto(utf8.encode(' [1]'))).toMatchObject({ decoder: 'json', text: ' [1]' })
    expect(auto(utf8.encode('42'))).toMatchObject({ decoder: 'text', form: 'text' })
    expect(auto(bytesOf('81a26964cf7fffffffffffffff'))).toMatchObject({
      decoder: 'messagepack',
      text: '{"id":9223372036854775807}',
    })
    expect(auto(bytesOf('a16269641b7fffffffffffffff'))).toMatchObject({ decoder: 'cbor' })
    expect(auto(bytesOf('0a0568656c6c6f10 96 01'))).toMatchObject({ decoder: 'protobuf' })
    expect(auto(bytesOf('000000002a7b7d'))).toMatchObject({ decoder: 'confluent', text: '{}' })
  })

  test('eight bytes are never an integer silently; what they may be is told', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), value => {
        const bytes = new Uint8Array(8)
        new DataView(bytes.buffer).setBigInt64(0, value)
        const { form, candidates, decoder } = auto(bytes)
        // Eight letters are a word, and some eight bytes are a whole document of another format.
        if (form !== 'bytes') expect(['text', 'json', 'protobuf', 'cbor']).toContain(decoder)
        else expect(candidates).toContainEqual({ decoder: 'int64', text: `${value}` })
      }),
    )
  })

  test('bytes that nothing fits say why, per decoder, with the byte', () => {
    expect(auto(bytesOf('01ff02'))).toEqual({
      decoder: 'hex',
      form: 'bytes',
      text: '01 ff 02',
      notes: [],
      candidates: [],
      failures: [
        { decoder: 'json', reason: 'begins neither as an object nor as an array', atByte: 0 },
        { decoder: 'text', reason: 'control character 0x01', atByte: 0 },
        {
          decoder: 'confluent',
          reason: "begins with 0x01, a schema registry's header with magic byte 0x00",
          atByte: 0,
        },
        { decoder: 'messagepack', reason: 'the value ends after 1 of 3 bytes', atByte: 1 },
        { decoder: 'cbor', reason: 'the value ends after 1 of 3 bytes', atByte: 1 },
        { decoder: 'protobuf', reason: '0 is no field number', atByte: 0 },
      ],
    })
  })

  test('a broken Avro-like value is named, and says why it cannot be decoded', () => {
    const { decoder, form, notes, failures } = auto(bytesOf('000000002a0c6f7264657273024e'))
    expect({ decoder, form }).toEqual({ decoder: 'confluent', form: 'bytes' })
    expect(notes).toEqual([
      'Avro, Protobuf or JSON Schema value with schema id 42; no schema registry is connected',
    ])
    expect(failures.at(-1)).toMatchObject({ decoder: 'confluent', atByte: 5 })
    expect(failures.at(-1)?.reason).toMatch(/^schema 42 is needed .* no JSON either/)
  })

  test('JSON that is broken is text, and says where', () => {
    expect(auto(utf8.encode('{"a":1,}'))).toMatchObject({
      decoder: 'text',
      notes: ['begins like JSON and is none: a key in quotes is missing, at byte 7'],
    })
  })

  test('compressed data and files are named by their first bytes', () => {
    expect(auto(bytesOf('1f8b080000')).notes).toEqual(['begins like gzip-compressed data'])
  })

  test('random bytes are hardly ever taken for a structure', () => {
    let claimed = 0
    const random = fc.uint8Array({ minLength: 24, maxLength: 64 })
    fc.assert(
      fc.property(random, bytes => {
        if (auto(bytes).form !== 'bytes') claimed += 1
      }),
      { numRuns: 5_000, seed: 1 },
    )
    expect(claimed).toBeLessThan(25)
  })
})

describe('a picked decoder', () => {
  test.each([
    ['int8', 'ff', '-1'],
    ['uint8', 'ff', '255'],
    ['int16', '8000', '-32768'],
    ['uint16', '8000', '32768'],
    ['int32', 'fffffffe', '-2'],
    ['uint32', 'fffffffe', '4294967294'],
    ['int64', '7fffffffffffffff', '9223372036854775807'],
    ['uint64', 'ffffffffffffffff', '18446744073709551615'],
    ['float32', '3dcccccd', '0.1'],
    ['float64', '3fb999999999999a', '0.1'],
    ['float64', '7ff0000000000000', 'Infinity'],
    ['latin1', 'e9', 'é'],
    ['utf16le', 'e9003dd800de', 'é😀'],
    ['utf16be', '00e9d83dde00', 'é😀'],
    ['base64', '010203', 'AQID'],
    ['hex', '0102ff', '01 02 ff'],
    ['uuid', '0196000000007000800000000000002a', '01960000-0000-7000-8000-00000000002a'],
    ['json', '2031', ' 1'],
  ] as const)('%s reads %s as %s', (decoder, hex, expected) => {
    expect(decode(bytesOf(hex), decoder, about)).toMatchObject({ decoder, text: expected })
  })

  test('says a UUID’s version and time, from bytes and from text alike', () => {
    expect(decode(bytesOf('0196000000007000800000000000002a'), 'uuid', about).notes).toEqual([
      'version 7, made at 2025-04-04T08:52:02.176Z',
    ])
    const text = utf8.encode('{C232AB00-9414-11EC-B3C8-9F6BDECED846}')
    expect(decode(text, 'uuid', about)).toMatchObject({
      text: 'c232ab00-9414-11ec-b3c8-9f6bdeced846',
      notes: ['version 1, made at 2022-02-22T19:22:22.000Z'],
    })
    const six = utf8.encode('1EC9414C-232A-6B00-B3C8-9F6BDECED846')
    expect(decode(six, 'uuid', about).notes).toEqual([
      'version 6, made at 2022-02-22T19:22:22.000Z',
    ])
  })

  test('that does not fit gives the bytes and its reason', () => {
    expect(decode(bytesOf('0102'), 'int64', about)).toMatchObject({
      decoder: 'int64',
      form: 'bytes',
      text: '01 02',
      failures: [{ decoder: 'int64', reason: '2 bytes, an integer of 64 bits takes 8' }],
    })
    expect(decode(bytesOf('d83d'), 'utf16be', about).failures).toEqual([
      { decoder: 'utf16be', reason: 'half of a surrogate pair, 0xd83d', atByte: 0 },
    ])
  })

  test('every decoder has an answer for any bytes, and auto is one of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), bytes => {
        const reports = explain(bytes, about)
        expect(reports.map(({ decoder }) => decoder)).toEqual(DECODER_NAMES)
        const { decoder, form } = auto(bytes)
        if (form === 'bytes') return
        expect(reports.find(report => report.decoder === decoder)?.outcome).toBe('read')
      }),
      { numRuns: 500 },
    )
  })
})

describe('Kafka’s own records', () => {
  const commit = encodeCoordinatorRecord({
    type: 'OffsetCommit',
    key: { group: 'billing', topic: 'orders', partition: 3 },
    value: {
      offset: 9_007_199_254_740_993n,
      metadata: '',
      commitTimestamp: 1_700_000_000_000n,
      leaderEpoch: 5,
    },
  })

  test('an offset commit is read, its value by its key', () => {
    const topic = '__consumer_offsets'
    expect(decode(commit.key, 'auto', { topic, part: 'key' })).toMatchObject({
      decoder: 'consumer-offsets',
      text: '{"type":"OffsetCommit","group":"billing","topic":"orders","partition":3}',
    })
    const value = decode(commit.value, 'auto', { topic, part: 'value', key: commit.key })
    expect(value.text).toContain('"offset":9007199254740993,"leaderEpoch":5')
    expect(decode(commit.value, 'auto', { topic, part: 'value' }).failures[0]).toEqual({
      decoder: 'consumer-offsets',
      reason: "a value's format is told by its record's key, which is not here",
      atByte: null,
    })
  })

  test('a record of a share group says what it is not', () => {
    const { failures } = decode(bytesOf('000b00'), 'consumer-offsets', { topic: 'x', part: 'key' })
    expect(failures[0]?.reason).toMatch(/^record type 11 is none of/)
  })

  test('a transaction’s state has its name beside its number', () => {
    const topic = '__transaction_state'
    const prefixed = (prefix: number, body: Uint8Array) => {
      const writer = new Writer()
      writer.int16(prefix)
      return Uint8Array.from([...writer.finish(), ...body])
    }
    const key = prefixed(0, transactionLogKey.encode({ transactionalId: 'tx-1' }, 0))
    const value = prefixed(
      1,
      transactionLogValue.encode(
        {
          producerId: 7n,
          producerEpoch: 1,
          transactionTimeoutMs: 60_000,
          transactionStatus: 1,
          transactionPartitions: [{ topic: 'orders', partitionIds: [0, 2] }],
          transactionLastUpdateTimestampMs: 5n,
          transactionStartTimestampMs: 4n,
        },
        1,
      ),
    )
    expect(decode(key, 'auto', { topic, part: 'key' }).text).toBe(
      '{"type":"TransactionLog","transactionalId":"tx-1"}',
    )
    expect(decode(value, 'auto', { topic, part: 'value', key }).text).toContain(
      '"state":"Ongoing","producerId":7',
    )
  })
})

describe('a beginning of a value', () => {
  test('is text where JSON or text begins, and never ends inside a character', () => {
    const json = utf8.encode('{"name":"Jörg","n":1}')
    expect(decodeBeginning(json.subarray(0, 11), 'auto', about, json.length)).toMatchObject({
      decoder: 'json',
      form: 'text',
      text: '{"name":"J',
      notes: ['decoded from the first 11 of 22 bytes'],
    })
  })

  test('of other formats says what is missing', () => {
    const cut = bytesOf('82a2696401a26e')
    expect(decodeBeginning(cut, 'messagepack', about, 20).failures[0]?.reason).toMatch(/are left/)
  })
})
