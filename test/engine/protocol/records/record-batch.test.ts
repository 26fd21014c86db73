import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildBatch, type RecordInput } from '../../../../engine/protocol/records/batch-builder.ts'
import { codecs } from '../../../../engine/protocol/records/compression.ts'
import {
  crcIsValid,
  lastOffsetOf,
  lastSequenceOf,
  readBatchHeader,
  stampBatch,
  stampTimestamp,
  wholeBatches,
} from '../../../../engine/protocol/records/record-batch.ts'
import {
  readAllRecords,
  readRecords,
  visitOffsets,
  recordsOf,
} from '../../../../engine/protocol/records/record-reader.ts'
import {
  buildEndTxnMarker,
  readEndTxnMarker,
} from '../../../../engine/protocol/records/control-records.ts'

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())

const optionalBytes = fc.option(fc.uint8Array({ maxLength: 60 }), { nil: null })
const record: fc.Arbitrary<RecordInput> = fc.record({
  timestampMs: fc.oneof(
    fc.bigInt(-1n, 4_000_000_000_000n),
    fc.constantFrom(-1n, 0n, 2n ** 53n, 2n ** 62n),
  ),
  key: optionalBytes,
  value: optionalBytes,
  headers: fc.array(fc.record({ key: fc.string({ maxLength: 8 }), value: optionalBytes }), {
    maxLength: 3,
  }),
})

/** The batch of `printf 'k:v' | kcat -P -K: -H h=1`, with its offset and time set, laid out by hand. */
const laidOut = [
  '000000000000002a', // base offset 42
  '0000003e', // length 62
  '00000007', // leader epoch 7
  '02', // magic
  'CCCCCCCC', // checksum, below
  '0000', // attributes
  '00000000', // last offset delta
  '0000018bcfe56800', // base timestamp 1700000000000
  '0000018bcfe56800', // max timestamp
  'ffffffffffffffff', // producer id
  'ffff', // producer epoch
  'ffffffff', // base sequence
  '00000001', // one record
  '18', // record of 12 bytes
  '00', // attributes
  '00', // timestamp delta
  '00', // offset delta
  '026b', // key "k"
  '0276', // value "v"
  '02', // one header
  '0268', // "h"
  '0231', // "1"
].join('')

describe('record batches', () => {
  test('a batch laid out by hand is what the builder builds, and reads back', () => {
    const built = buildBatch({
      baseOffset: 42n,
      leaderEpoch: 7,
      records: [
        {
          timestampMs: 1_700_000_000_000n,
          key: Buffer.from('k'),
          value: Buffer.from('v'),
          headers: [{ key: 'h', value: Buffer.from('1') }],
        },
      ],
    })
    const crc = Buffer.from(built.subarray(17, 21)).toString('hex')
    expect(Buffer.from(built).toString('hex')).toBe(laidOut.replace('CCCCCCCC', crc))
    expect(crcIsValid(built, 0)).toBe(true)
    expect(readBatchHeader(built, 0)).toEqual({
      baseOffset: 42n,
      lastOffset: 42n,
      sizeBytes: 74,
      leaderEpoch: 7,
      magic: 2,
      crc: Number.parseInt(crc, 16),
      attributes: 0,
      compressionId: 0,
      timestampType: 'CreateTime',
      transactional: false,
      control: false,
      deleteHorizonMs: null,
      lastOffsetDelta: 0,
      baseTimestampMs: 1_700_000_000_000n,
      maxTimestampMs: 1_700_000_000_000n,
      producerId: -1n,
      producerEpoch: -1,
      baseSequence: -1,
      recordCount: 1,
    })
  })

  test('what is built with any codec reads back', () => {
    const input = fc.record({
      records: fc.array(record, { minLength: 1, maxLength: 20 }),
      compression: fc.constantFrom(...codecs),
      baseOffset: fc.bigInt(0n, 2n ** 62n),
    })
    fc.assert(
      fc.property(input, ({ records, compression, baseOffset }) => {
        const batch = buildBatch({ records, compression, baseOffset })
        expect(crcIsValid(batch, 0)).toBe(true)
        const read = readRecords(batch, 0)
        expect(
          read.map(({ offset, timestampMs, key, value, headers }) => ({
            offset,
            timestampMs,
            key: text(key),
            value: text(value),
            headers: headers.map(header => [header.key, text(header.value)]),
          })),
        ).toEqual(
          records.map(({ timestampMs, key, value, headers }, index) => ({
            offset: baseOffset + BigInt(index),
            timestampMs,
            key: text(key),
            value: text(value),
            headers: (headers ?? []).map(header => [header.key, text(header.value)]),
          })),
        )
      }),
    )
  })

  test('stamping offset and epoch leaves the checksum as it is', () => {
    const batch = buildBatch({ records: [{ timestampMs: 5n, key: null, value: null }] })
    stampBatch(batch, 0, 2n ** 61n + 3n, 9)
    expect(crcIsValid(batch, 0)).toBe(true)
    expect(readBatchHeader(batch, 0)).toMatchObject({ baseOffset: 2n ** 61n + 3n, leaderEpoch: 9 })
  })

  test('stamping the append time renews the checksum, and readers see that time', () => {
    const batch = buildBatch({
      records: [1n, 2n].map(timestampMs => ({ timestampMs, key: null, value: null })),
    })
    stampTimestamp(batch, 0, { maxTimestampMs: 77n, logAppendTime: true })
    expect(crcIsValid(batch, 0)).toBe(true)
    expect(readRecords(batch, 0).map(({ timestampMs }) => timestampMs)).toEqual([77n, 77n])
  })

  test('batches of a buffer are found one by one, and a partial one at the end is left out', () => {
    const one = buildBatch({ records: [{ timestampMs: 0n, key: null, value: Buffer.from('one') }] })
    const two = buildBatch({
      baseOffset: 1n,
      records: [{ timestampMs: 0n, key: null, value: Buffer.from('two') }],
    })
    const both = Buffer.concat([one, two])
    for (let end = 0; end <= both.length; end++) {
      const found = [...wholeBatches(both, 0, end)].map(({ at }) => at)
      const expected = [0, one.length].slice(
        0,
        (end >= one.length ? 1 : 0) + (end >= both.length ? 1 : 0),
      )
      expect(found).toEqual(expected)
    }
    expect([...readAllRecords(both)].map(({ offset, value }) => [offset, text(value)])).toEqual([
      [0n, 'one'],
      [1n, 'two'],
    ])
  })

  test('offsets that compaction left holes between are kept', () => {
    const batch = buildBatch({
      baseOffset: 100n,
      lastOffsetDelta: 9,
      records: [0, 4, 7].map(offsetDelta => ({
        timestampMs: 0n,
        key: null,
        value: null,
        offsetDelta,
      })),
    })
    expect(readRecords(batch, 0).map(({ offset }) => offset)).toEqual([100n, 104n, 107n])
    expect(lastOffsetOf(batch, 0)).toBe(109n)
    const deltas: number[] = []
    visitOffsets(recordsOf(batch, 0), 3, delta => deltas.push(delta))
    expect(deltas).toEqual([0, 4, 7])
  })

  test('a record with bytes left over, or too few, is no record', () => {
    const batch = Buffer.from(
      buildBatch({ records: [{ timestampMs: 0n, key: null, value: null }] }),
    )
    expect(batch.subarray(61).toString('hex')).toBe('0c000000010100')
    const longer = Buffer.concat([batch, Buffer.from([0])])
    longer.writeInt32BE(longer.length - 12, 8)
    expect(() => readRecords(longer, 0)).toThrow('1 bytes after 1 records')
    longer[61] = 0x0e
    expect(() => readRecords(longer, 0)).toThrow('record with 1 bytes too many')
    batch[61] = 0x0a
    expect(() => readRecords(batch, 0)).toThrow('INVALID_RECORD')
  })

  test('sequences wrap from 2^31 - 1 to 0', () => {
    const records = [0n, 0n, 0n].map(timestampMs => ({ timestampMs, key: null, value: null }))
    const batch = buildBatch({
      records,
      producerId: 1n,
      producerEpoch: 0,
      baseSequence: 2 ** 31 - 2,
    })
    expect(lastSequenceOf(batch, 0)).toBe(0)
  })

  test('a transaction marker reads back', () => {
    const marker = buildEndTxnMarker({
      type: 'ABORT',
      coordinatorEpoch: 4,
      producerId: 9n,
      producerEpoch: 2,
      timestampMs: 1n,
    })
    expect(readBatchHeader(marker, 0)).toMatchObject({ control: true, transactional: true })
    const [read] = readRecords(marker, 0)
    expect(readEndTxnMarker(read!.key, read!.value)).toEqual({ type: 'ABORT', coordinatorEpoch: 4 })
  })

  test('bytes of a batch changed at random give the right error or other records, never more', () => {
    const records = Array.from({ length: 30 }, (_, index) => ({
      timestampMs: BigInt(index),
      key: Buffer.from(`k${index}`),
      value: Buffer.from('value'.repeat(index % 5)),
      headers: [{ key: 'h', value: null }],
    }))
    const change = fc.record({
      compression: fc.constantFrom(...codecs),
      changes: fc.array(fc.tuple(fc.nat(5_000), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      cut: fc.nat(40),
    })
    fc.assert(
      fc.property(change, ({ compression, changes, cut }) => {
        const batch = Buffer.from(buildBatch({ records, compression }))
        for (const [at, value] of changes) batch[at % batch.length] = value
        const shorter = batch.subarray(0, batch.length - cut)
        try {
          for (const place of wholeBatches(shorter))
            readRecords(shorter, place.at, { maxBytes: 1e6 })
        } catch (error) {
          expect(error).toMatchObject({ name: 'KafkaError' })
          expect((error as { error: string }).error).toMatch(
            /^(CORRUPT_MESSAGE|INVALID_RECORD|UNSUPPORTED_COMPRESSION_TYPE)$/,
          )
        }
      }),
      { numRuns: 3_000 },
    )
  })
})
