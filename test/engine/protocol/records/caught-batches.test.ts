/**
 * Batches as Apache Kafka 4.3.1 stored them, from its console producer and from kcat (librdkafka):
 * three records each, in every codec. Neither end is ours.
 */
import { expect, test } from 'vitest'
import { buildBatch } from '../../../../engine/protocol/records/batch-builder.ts'
import { codecById, compress, decompress } from '../../../../engine/protocol/records/compression.ts'
import { decompressLz4InTypeScript } from '../../../../engine/protocol/records/lz4-frame.ts'
import {
  BATCH_HEADER_BYTES,
  crcIsValid,
  readBatchHeader,
} from '../../../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../../../engine/protocol/records/record-reader.ts'

const caught = [
  {
    producer: 'java',
    codec: 'none',
    baseOffset: 0n,
    baseTimestampMs: 1795272253911n,
    batch:
      'AAAAAAAAAAAAAACuAAAAAAJ3ZvpzAAAAAAACAAABof6QodcAAAGh/pCiHwAAAAAAAAPoAAAAAAAAAAAAA1AAAAAEazFAb3JkZXIgMSBzaGlwcGVkLCBvcmRlciAxIHNoaXBwZWQAUgCOAQIEazJAb3JkZXIgMiBzaGlwcGVkLCBvcmRlciAyIHNoaXBwZWQAUgCQAQQEazNAb3JkZXIgMyBzaGlwcGVkLCBvcmRlciAzIHNoaXBwZWQA',
  },
  {
    producer: 'librdkafka',
    codec: 'none',
    baseOffset: 3n,
    baseTimestampMs: 1795272254476n,
    batch:
      'AAAAAAAAAAMAAADEAAAAAAIitsTAAAAAAAACAAABof6QpAwAAAGh/pCkDP//////////////////AAAAA2AAAAAEazFAb3JkZXIgMSBzaGlwcGVkLCBvcmRlciAxIHNoaXBwZWQCCnRyYWNlAjdgAAACBGsyQG9yZGVyIDIgc2hpcHBlZCwgb3JkZXIgMiBzaGlwcGVkAgp0cmFjZQI3YAAABARrM0BvcmRlciAzIHNoaXBwZWQsIG9yZGVyIDMgc2hpcHBlZAIKdHJhY2UCNw==',
  },
  {
    producer: 'java',
    codec: 'gzip',
    baseOffset: 6n,
    baseTimestampMs: 1795272258559n,
    batch:
      'AAAAAAAAAAYAAAB9AAAAAAJ0ceQ1AAEAAAACAAABof6Qs/8AAAGh/pC0SwAAAAAAAAPpAAAAAAAAAAAAAx+LCAAAAAAAAP8LYGBgYMk2dMgvSkktUjBUKM7ILChITdFRQBNgCGKYwcjEkm0EVWmErtIIRSULS7YxVKUxukq4AAMA7m5g4X0AAAA=',
  },
  {
    producer: 'librdkafka',
    codec: 'gzip',
    baseOffset: 9n,
    baseTimestampMs: 1795272258875n,
    batch:
      'AAAAAAAAAAkAAACEAAAAAAKYTSEuAAEAAAACAAABof6QtTsAAAGh/pC1O///////////////////AAAAAx+LCAAAAAAAAANLYGBgYMk2dMgvSkktUjBUKM7ILChITdFRQBNg4iopSkxOZTJPYGBgYsk2gmowQtdghE0DC0u2MVSDMboGYwwNALc8YbmTAAAA',
  },
  {
    producer: 'java',
    codec: 'snappy',
    baseOffset: 12n,
    baseTimestampMs: 1795272261306n,
    batch:
      'AAAAAAAAAAwAAACPAAAAAAJtHuZuAAIAAAACAAABof6QvroAAAGh/pC/DAAAAAAAAAPqAAAAAAAAAAAAA4JTTkFQUFkAAAAAAQAAAAEAAABKfWBQAAAABGsxQG9yZGVyIDEgc2hpcHBlZCwgOhEAIABSAKQBAgRrMg0qADI+KgAVEQUqDAQEazMNKgAzPioAJDMgc2hpcHBlZAA=',
  },
  {
    producer: 'librdkafka',
    codec: 'snappy',
    baseOffset: 15n,
    baseTimestampMs: 1795272261625n,
    batch:
      'AAAAAAAAAA8AAACFAAAAAALjADFQAAIAAAACAAABof6Qv/kAAAGh/pC/+f//////////////////AAAAA5MBYGAAAAAEazFAb3JkZXIgMSBzaGlwcGVkLCA6EQA8Agp0cmFjZQI3YAAAAgRrMg0xADI+MQAVES4xAAwEBGszDTEAMz4xABURIAIKdHJhY2UCNw==',
  },
  {
    producer: 'java',
    codec: 'lz4',
    baseOffset: 18n,
    baseTimestampMs: 1795272264556n,
    batch:
      'AAAAAAAAABIAAACJAAAAAAK1gPgSAAMAAAACAAABof6Qy2wAAAGh/pDLtAAAAAAAAAPrAAAAAAAAAAAAAwQiTRhgQIJJAAAA+wpQAAAABGsxQG9yZGVyIDEgc2hpcHBlZCwgEQCTAFIAkAECBGsyKgAcMioABREAASoAQwQEazMqABwzKgCgMyBzaGlwcGVkAAAAAAA=',
  },
  {
    producer: 'librdkafka',
    codec: 'lz4',
    baseOffset: 21n,
    baseTimestampMs: 1795272264816n,
    batch:
      'AAAAAAAAABUAAACTAAAAAAK7Kn7rAAMAAAACAAABof6QzHAAAAGh/pDMcP//////////////////AAAAAwQiTRhgQIJTAAAA+wpgAAAABGsxQG9yZGVyIDEgc2hpcHBlZCwgEQDzAQIKdHJhY2UCN2AAAAIEazIxABwyMQAFEQAIMQBDBARrMzEAHDMxAAURAJACCnRyYWNlAjcAAAAA',
  },
  {
    producer: 'java',
    codec: 'zstd',
    baseOffset: 24n,
    baseTimestampMs: 1795272268527n,
    batch:
      'AAAAAAAAABgAAAB7AAAAAAIAaRGNAAQAAAACAAABof6Q2u8AAAGh/pDbWgAAAAAAAAPsAAAAAAAAAAAAAyi1L/0AWPQBAJQCUAAAAARrMUBvcmRlciAxIHNoaXBwZWQsIABSANYBAgRrMjIEBGszMwAIAKAAgC5IAg2ABgDdprITdXMMAQAA',
  },
  {
    producer: 'librdkafka',
    codec: 'zstd',
    baseOffset: 27n,
    baseTimestampMs: 1795272269124n,
    batch:
      'AAAAAAAAABsAAACAAAAAAAIn2nZ9AAQAAAACAAABof6Q3UQAAAGh/pDdRP//////////////////AAAAAyi1L/0AWDUCAPQCYAAAAARrMUBvcmRlciAxIHNoaXBwZWQsIAIKdHJhY2UCN2AAAAIEazIyBARrMzMJAKAAKACgCzICHEABAF1UZSvq5hg=',
  },
] as const

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())

test.each(caught)('a $codec batch of $producer reads as what was sent', one => {
  const batch = Buffer.from(one.batch, 'base64')
  const header = readBatchHeader(batch, 0)
  expect(crcIsValid(batch, 0)).toBe(true)
  expect(codecById(header.compressionId)).toBe(one.codec)
  const { baseOffset, baseTimestampMs } = one
  expect(header).toMatchObject({
    sizeBytes: batch.length,
    recordCount: 3,
    baseTimestampMs,
    baseOffset,
  })
  const records = readRecords(batch, 0)
  expect(
    records.map(({ offset, key, value, headers }) => ({
      offset,
      key: text(key),
      value: text(value),
      headers: headers.map(header => [header.key, text(header.value)]),
    })),
  ).toEqual(
    [1, 2, 3].map((n, index) => ({
      offset: one.baseOffset + BigInt(index),
      key: `k${n}`,
      value: `order ${n} shipped, order ${n} shipped`,
      headers: one.producer === 'librdkafka' ? [['trace', '7']] : [],
    })),
  )
  for (const { timestampMs } of records) {
    expect(timestampMs).toBeGreaterThanOrEqual(one.baseTimestampMs)
    expect(timestampMs).toBeLessThanOrEqual(header.maxTimestampMs)
  }
})

test.each(caught)('the records of a $codec batch of $producer are laid out as ours', one => {
  const batch = Buffer.from(one.batch, 'base64')
  const { baseOffset, leaderEpoch, producerId, producerEpoch, baseSequence } = readBatchHeader(
    batch,
    0,
  )
  const ours = buildBatch({
    records: readRecords(batch, 0),
    baseOffset,
    leaderEpoch,
    producerId,
    producerEpoch,
    baseSequence,
  })
  const payload = decompress(one.codec, batch.subarray(BATCH_HEADER_BYTES))
  expect(Buffer.from(ours.subarray(BATCH_HEADER_BYTES)).equals(payload)).toBe(true)
  // Uncompressed there is nothing to choose: the whole batch is the same, checksum included.
  if (one.codec === 'none') expect(Buffer.from(ours).equals(batch)).toBe(true)
  expect(Buffer.from(decompress(one.codec, compress(one.codec, payload))).equals(payload)).toBe(
    true,
  )
})

test('our own lz4 decoder reads the frames of Java and of librdkafka', () => {
  const frames = caught.filter(({ codec }) => codec === 'lz4')
  expect(frames).toHaveLength(2)
  for (const { batch } of frames) {
    const frame = Buffer.from(batch, 'base64').subarray(BATCH_HEADER_BYTES)
    expect(
      Buffer.from(decompressLz4InTypeScript(frame, 10_000)).equals(decompress('lz4', frame)),
    ).toBe(true)
  }
})
