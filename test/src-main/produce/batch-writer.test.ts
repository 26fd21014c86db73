import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { codecs } from '../../../engine/protocol/records/compression.ts'
import { crcIsValid, stampCrc } from '../../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../../engine/protocol/records/record-reader.ts'
import { BatchWriter, stampProducer } from '../../../src-main/produce/batch-writer.ts'
import type { MadeRecord } from '../../../src-main/produce/made-record.ts'

const bytes = fc.option(fc.uint8Array({ maxLength: 300 }))
const record: fc.Arbitrary<MadeRecord> = fc.record({
  key: bytes,
  value: bytes,
  headers: fc.array(
    fc.record({ key: fc.string({ maxLength: 9 }).map(text => Buffer.from(text)), value: bytes }),
    { maxLength: 3 },
  ),
  timestampMs: fc.oneof(fc.integer({ min: 0, max: 2 ** 45 }), fc.constant(-1)),
  partition: fc.constant(null),
})

describe('BatchWriter', () => {
  test('writes what the engine’s own builder writes', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(...codecs),
        fc.integer({ min: 0, max: 8_192 }),
        (records, codec, capacity) => {
          const writer = new BatchWriter(capacity)
          for (const each of records) writer.add(each)
          const batch = writer.finish(codec)
          stampProducer(batch, { producerId: 7n, producerEpoch: 2, baseSequence: 40 })
          const built = buildBatch({
            records: records.map(({ key, value, headers, timestampMs }) => ({
              key,
              value,
              timestampMs: BigInt(timestampMs),
              headers: headers.map(header => ({
                key: Buffer.from(header.key).toString(),
                value: header.value,
              })),
            })),
            compression: codec,
            producerId: 7n,
            producerEpoch: 2,
            baseSequence: 40,
          })
          expect(crcIsValid(batch, 0)).toBe(true)
          expect(readRecords(batch, 0)).toEqual(readRecords(built, 0))
          if (codec !== 'none') return
          stampCrc(built, 0)
          expect(Buffer.compare(batch, built)).toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('knows its own size before it is finished', () => {
    const writer = new BatchWriter(0)
    writer.add({
      key: Buffer.from('k'),
      value: Buffer.alloc(100_000),
      headers: [],
      timestampMs: 5,
      partition: null,
    })
    const { sizeBytes, count } = writer
    expect(count).toBe(1)
    expect(writer.finish('none').length).toBe(sizeBytes)
  })
})
