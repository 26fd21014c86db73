import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BytesPreview, RecordHeader } from '../../../src-main/contract/model/record.ts'
import { decode } from '../../../src-main/decode/decode.ts'
import {
  curlRead,
  kcatRead,
  kcatWrite,
  recordJson,
  recordText,
} from '../../../src-renderer/record/copy/copy-as.ts'
import type { ShownRecord } from '../../../src-renderer/record/shown-record.ts'

const utf8 = new TextEncoder()
const held = (bytes: Uint8Array): BytesPreview => ({ bytes, sizeBytes: bytes.length })

interface Sample {
  readonly key?: Uint8Array | null
  readonly value?: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
  readonly codec?: 'none' | 'lz4'
  readonly sizeBytes?: number
}

function record({ key = null, value = null, headers = [], codec, sizeBytes }: Sample): ShownRecord {
  const part = (bytes: Uint8Array | null, name: 'key' | 'value') => ({
    decoded: decode(bytes, 'auto', { topic: 'orders', part: name }),
    sizeBytes: sizeBytes ?? bytes?.length ?? 0,
    decodedBytes: bytes?.length ?? 0,
  })
  const place = { topic: 'orders', partition: 3, offset: 10_482n }
  return {
    place,
    decoders: { key: 'auto', value: 'auto' },
    parts: { key: part(key, 'key'), value: part(value, 'value') },
    detail: {
      ...place,
      timestampMs: 1_763_733_600_000n,
      timestampType: 'create',
      key: key === null ? null : held(key),
      value: value === null ? null : { bytes: value, sizeBytes: sizeBytes ?? value.length },
      headers,
      sizeBytes: 0,
      batch: {
        baseOffset: 0n,
        lastOffset: 0n,
        recordCount: 1,
        magic: 2,
        codec: codec ?? 'none',
        sizeBytes: 1,
        uncompressedBytes: 1,
        crc: 0,
        baseTimestampMs: 0n,
        maxTimestampMs: 0n,
        producer: null,
        partitionLeaderEpoch: 0,
        transactional: false,
        control: false,
        bytes: held(new Uint8Array(1)),
      },
    },
  }
}

describe('a record as JSON', () => {
  test('keeps the digits of what was decoded, and bytes as base64', () => {
    const copied = recordJson(
      record({
        key: Uint8Array.of(1, 255),
        value: utf8.encode('{"id":9007199254740993}'),
        headers: [{ key: 'trace', value: null }],
      }),
    )
    expect(copied).toEqual({
      type: 'text',
      text:
        '{"topic":"orders","partition":3,"offset":10482,"timestamp":1763733600000,' +
        '"timestampType":"create","key":{"$base64":"Af8="},"value":{"id":9007199254740993},' +
        '"headers":[{"key":"trace","value":null}]}',
    })
  })

  test('a value of which only the beginning is there is refused', () => {
    const cut = record({ value: utf8.encode('abc'), sizeBytes: 100 })
    expect(recordJson(cut)).toEqual({ type: 'not-possible', why: 'part-too-large' })
    expect(recordText(cut)).toEqual({ type: 'not-possible', why: 'part-too-large' })
    expect(kcatWrite(cut, 'b:1')).toEqual({ type: 'not-possible', why: 'command-too-large' })
  })
})

describe('kcat commands', () => {
  test('read exactly one record', () => {
    expect(kcatRead(record({}), '127.0.0.1:9092')).toBe(
      "kcat -b 127.0.0.1:9092 -C -t orders -p 3 -o 10482 -c 1 -e -f '%s\\n'",
    )
  })

  test('write key, value, headers and codec; null values are null', () => {
    const copied = kcatWrite(
      record({
        key: utf8.encode('k'),
        headers: [
          { key: 'a', value: held(utf8.encode("it's")) },
          { key: 'b', value: null },
        ],
        codec: 'lz4',
      }),
      'b:1',
    )
    expect(copied).toMatchObject({
      text:
        "printf 'k\\036\\n' | kcat -P -b b:1 -t orders -p 3 -K '\\x1e' -D '\\n' -Z -z lz4 " +
        "-H 'a=it'\\''s' -H b",
    })
  })

  test('a shell prints the very bytes of key and value, whatever they are', () => {
    const bytes = fc.uint8Array({ maxLength: 40 })
    fc.assert(
      fc.property(bytes, bytes, (key, value) => {
        const copied = kcatWrite(record({ key, value }), 'b:1')
        if (copied.type !== 'text') return
        const [printed = ''] = copied.text.split(' | kcat')
        const [, keyEnd = ''] = /-K '\\x(..)'/.exec(copied.text) ?? []
        const input = execFileSync('sh', ['-c', printed])
        const end = input.indexOf(Number.parseInt(keyEnd, 16))
        expect([...input.subarray(0, end)]).toEqual([...key])
        expect([...input.subarray(end + 1, -1)]).toEqual([...value])
      }),
      { numRuns: 40 },
    )
  })

  test('what kcat cannot be told is refused with the reason', () => {
    expect(kcatWrite(record({}), 'b:1')).toMatchObject({ why: 'nothing-in-it' })
    const header = { key: 'a=b', value: null }
    expect(kcatWrite(record({ headers: [header] }), 'b:1')).toMatchObject({ why: 'header' })
  })

  test('what holds every separator is refused', () => {
    const every = Uint8Array.from({ length: 256 }, (_, at) => at)
    expect(kcatWrite(record({ value: every }), 'b:1')).toMatchObject({ why: 'no-delimiter' })
  })
})

describe('a curl command', () => {
  const control = { url: 'http://127.0.0.1:4000', token: 'secret' }

  test('asks the control address for the record, with the token of this start', () => {
    expect(curlRead(record({}), { cluster: 'local', control })).toBe(
      "curl -sS --fail-with-body -H 'Authorization: Bearer secret' " +
        'http://127.0.0.1:4000/clusters/local/topics/orders/partitions/3/offsets/10482',
    )
  })

  test('is one word for the shell also where it asks for the value, or the cluster has any name', () => {
    const cluster = "it's ours/2"
    const text = curlRead(record({}), { cluster, control, part: 'value' })
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${text}`], { encoding: 'utf8' })
    expect(words.split('\n').at(-2)).toBe(
      'http://127.0.0.1:4000/clusters/it' +
        "'s%20ours%2F2/topics/orders/partitions/3/offsets/10482?part=value",
    )
  })
})
