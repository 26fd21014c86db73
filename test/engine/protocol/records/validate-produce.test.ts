import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildBatch, type BatchInput } from '../../../../engine/protocol/records/batch-builder.ts'
import { codecs, compress } from '../../../../engine/protocol/records/compression.ts'
import {
  crcIsValid,
  readBatchHeader,
  stampCrc,
} from '../../../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../../../engine/protocol/records/record-reader.ts'
import {
  validateProduce,
  type ProduceRules,
} from '../../../../engine/protocol/records/validate-produce.ts'

const nowMs = 1_700_000_000_000
const LONG_MAX = 0x7fff_ffff_ffff_ffffn

function rules(overrides: Partial<ProduceRules> = {}): ProduceRules {
  return {
    name: 'orders-0',
    produceVersion: 9,
    nowMs,
    compacted: false,
    maxMessageBytes: 1_048_588,
    segmentBytes: 1 << 30,
    timestampType: 'CreateTime',
    timestampBeforeMaxMs: LONG_MAX,
    timestampAfterMaxMs: 3_600_000n,
    compressionType: 'producer',
    ...overrides,
  }
}

function batch(overrides: Partial<BatchInput> = {}): Buffer {
  const records = [0, 1, 2].map(index => record({ timestampMs: BigInt(nowMs + index) }))
  return Buffer.from(buildBatch({ records, ...overrides }))
}

function record(overrides: Partial<BatchInput['records'][number]> = {}) {
  return {
    timestampMs: BigInt(nowMs),
    key: Buffer.from('k'),
    value: Buffer.from('v'),
    ...overrides,
  }
}

/** Changes header bytes and makes the checksum right again, as a wrong client would. */
function forged(change: (bytes: Buffer) => void, overrides: Partial<BatchInput> = {}): Buffer {
  const bytes = batch(overrides)
  change(bytes)
  stampCrc(bytes, 0)
  return bytes
}

function errorOf(records: Uint8Array | null, overrides: Partial<ProduceRules> = {}): string {
  try {
    validateProduce(records, rules(overrides))
    return 'NONE'
  } catch (error) {
    return (error as { error: string }).error
  }
}

describe('validateProduce', () => {
  test.each(codecs)('a good batch with %s passes as the bytes it is', compression => {
    const bytes = batch({ compression })
    const before = Buffer.from(bytes)
    const valid = validateProduce(bytes, rules())
    expect(valid.batch).toBe(bytes)
    expect(Buffer.compare(bytes, before)).toBe(0)
    expect(valid).toMatchObject({ recordCount: 3, logAppendTimeMs: -1n })
  })

  test.each([
    ['no records at all', 'INVALID_RECORD', null],
    ['an empty set of records', 'INVALID_RECORD', Buffer.alloc(0)],
    ['the beginning of a batch', 'INVALID_RECORD', batch().subarray(0, 40)],
    ['two batches', 'INVALID_RECORD', Buffer.concat([batch(), batch()])],
    ['a message set of magic 1', 'INVALID_RECORD', forged(bytes => bytes.writeInt8(1, 16))],
    ['a magic that no Kafka had', 'CORRUPT_MESSAGE', forged(bytes => bytes.writeInt8(5, 16))],
    ['a negative size', 'CORRUPT_MESSAGE', Buffer.from(batch()).fill(0xff, 8, 12)],
    ['a size below the header', 'CORRUPT_MESSAGE', tooShort()],
    ['a flipped bit', 'CORRUPT_MESSAGE', flipped()],
    ['a base offset', 'INVALID_RECORD', forged(bytes => bytes.writeBigInt64BE(7n, 0))],
    ['a count of zero', 'INVALID_RECORD', forged(bytes => bytes.writeInt32BE(0, 57))],
    ['a count that differs from the offsets', 'INVALID_RECORD', forged(b => b.writeInt32BE(2, 57))],
    ['fewer records than it says', 'INVALID_RECORD', miscounted(4)],
    ['more records than it says', 'INVALID_RECORD', miscounted(2)],
    ['a control batch', 'INVALID_RECORD', batch({ control: true })],
    ['a negative sequence', 'INVALID_RECORD', batch({ producerId: 4n, producerEpoch: 0 })],
    [
      'an unknown codec',
      'UNSUPPORTED_COMPRESSION_TYPE',
      forged(bytes => bytes.writeInt16BE(5, 21)),
    ],
    ['a record whose length lies', 'INVALID_RECORD', forged(bytes => bytes.writeInt8(0x7f, 61))],
  ])('%s is %s', (_, error, records) => {
    expect(errorOf(records)).toBe(error)
  })

  test('a compressed batch that makes up millions of records is opened and refused', () => {
    const lying = forged(
      bytes => {
        bytes.writeInt32BE(1_999_999, 23)
        bytes.writeInt32BE(2_000_000, 57)
      },
      { compression: 'lz4' },
    )
    expect(errorOf(lying)).toBe('INVALID_RECORD')
    const constant = { records: Array.from({ length: 5_000 }, () => record()) }
    expect(errorOf(batch({ ...constant, compression: 'zstd' }))).toBe('NONE')
  })

  test('zstd needs Produce version 7', () => {
    const bytes = batch({ compression: 'zstd' })
    expect(errorOf(bytes, { produceVersion: 6 })).toBe('UNSUPPORTED_COMPRESSION_TYPE')
    expect(errorOf(bytes, { produceVersion: 7 })).toBe('NONE')
  })

  test('max.message.bytes and segment.bytes are for the batch as it is stored', () => {
    const bytes = batch()
    expect(errorOf(bytes, { maxMessageBytes: bytes.length })).toBe('NONE')
    expect(errorOf(bytes, { maxMessageBytes: bytes.length - 1 })).toBe('MESSAGE_TOO_LARGE')
    expect(errorOf(bytes, { segmentBytes: bytes.length - 1 })).toBe('RECORD_LIST_TOO_LARGE')
    const large = { records: [record({ value: Buffer.alloc(10_000) })] }
    const squeezed = batch({ ...large, compression: 'zstd' })
    expect(errorOf(squeezed, { maxMessageBytes: 1_000 })).toBe('NONE')
    const grown = { maxMessageBytes: 1_000, compressionType: 'none' as const }
    expect(errorOf(squeezed, grown)).toBe('MESSAGE_TOO_LARGE')
  })

  test.each(codecs)(
    'a compacted topic refuses keyless records by their index, with %s',
    compression => {
      const records = [record(), record({ key: null }), record({ key: null })]
      expect(() =>
        validateProduce(batch({ records, compression }), rules({ compacted: true })),
      ).toThrow(
        expect.objectContaining({
          error: 'INVALID_RECORD',
          recordErrors: [1, 2].map(batchIndex => expect.objectContaining({ batchIndex })),
        }),
      )
      expect(errorOf(batch({ records, compression }))).toBe('NONE')
    },
  )

  test.each(codecs)('timestamps stay within their bounds, with %s', compression => {
    const at = (...times: number[]) =>
      batch({ compression, records: times.map(ms => record({ timestampMs: BigInt(ms) })) })
    expect(errorOf(at(nowMs + 3_600_000, nowMs))).toBe('NONE')
    expect(errorOf(at(nowMs + 3_600_001, nowMs))).toBe('INVALID_TIMESTAMP')
    const bounded = { timestampBeforeMaxMs: 1_000n }
    expect(errorOf(at(nowMs, nowMs - 1_000), bounded)).toBe('NONE')
    expect(errorOf(at(nowMs, nowMs - 1_001), bounded)).toBe('INVALID_TIMESTAMP')
    expect(errorOf(at(0))).toBe('NONE')
    expect(errorOf(at(-1), bounded)).toBe('NONE')
  })

  test.each(codecs)(
    'LogAppendTime is stamped, and the checksum made anew, with %s',
    compression => {
      const valid = validateProduce(
        batch({ compression }),
        rules({ timestampType: 'LogAppendTime' }),
      )
      expect(valid.logAppendTimeMs).toBe(BigInt(nowMs))
      expect(crcIsValid(valid.batch, 0)).toBe(true)
      const times = readRecords(valid.batch, 0).map(({ timestampMs }) => timestampMs)
      expect(times).toEqual([nowMs, nowMs, nowMs].map(BigInt))
    },
  )

  test('a producer does not choose LogAppendTime', () => {
    const bytes = batch({ logAppendTimeMs: BigInt(nowMs) })
    expect(errorOf(bytes, { timestampType: 'LogAppendTime' })).toBe('INVALID_TIMESTAMP')
    // Where the topic has CreateTime, Kafka takes the batch and corrects its type.
    const { batch: corrected } = validateProduce(bytes, rules())
    expect(readBatchHeader(corrected, 0).timestampType).toBe('CreateTime')
    expect(crcIsValid(corrected, 0)).toBe(true)
  })

  test('a greatest timestamp that its records have not is corrected', () => {
    const bytes = forged(b => b.writeBigInt64BE(BigInt(nowMs + 500), 35))
    const { batch: corrected } = validateProduce(bytes, rules())
    expect(readBatchHeader(corrected, 0).maxTimestampMs).toBe(BigInt(nowMs + 2))
    expect(crcIsValid(corrected, 0)).toBe(true)
  })

  test('records are compressed as the topic says, whatever they came in', () => {
    for (const from of codecs)
      for (const to of codecs) {
        const bytes = batch({
          compression: from,
          producerId: 3n,
          producerEpoch: 1,
          baseSequence: 5,
        })
        const { batch: stored } = validateProduce(bytes, rules({ compressionType: to }))
        expect(crcIsValid(stored, 0)).toBe(true)
        const header = readBatchHeader(stored, 0)
        expect(header).toMatchObject({ producerId: 3n, baseSequence: 5, sizeBytes: stored.length })
        expect(codecs[header.compressionId]).toBe(to)
        expect(readRecords(stored, 0)).toEqual(readRecords(batch(), 0))
      }
  })

  test('random bytes get an error of the protocol and nothing else', () => {
    const start = fc.constantFrom(Buffer.alloc(0), batch(), batch({ compression: 'lz4' }))
    const bytes = fc.tuple(start, fc.uint8Array({ maxLength: 200 }), fc.nat(120), fc.boolean())
    fc.assert(
      fc.property(bytes, ([good, noise, at, sealed]) => {
        const mixed = Buffer.concat([good.subarray(0, at), noise])
        if (sealed && mixed.length > 61) {
          mixed.writeInt32BE(mixed.length - 12, 8)
          mixed.writeInt8(2, 16)
          mixed.writeBigInt64BE(0n, 0)
          stampCrc(mixed, 0)
        }
        const known =
          /^(NONE|CORRUPT_MESSAGE|INVALID_RECORD|INVALID_TIMESTAMP|MESSAGE_TOO_LARGE|UNSUPPORTED_COMPRESSION_TYPE)$/
        expect(errorOf(mixed, { compacted: true })).toMatch(known)
      }),
      { numRuns: 3_000 },
    )
  })

  test('a bomb on a compacted topic is refused at the bound, not inflated', () => {
    const bytes = batch({ compression: 'zstd' })
    const bomb = compress('zstd', Buffer.alloc(200_000_000))
    const whole = Buffer.concat([bytes.subarray(0, 61), bomb])
    whole.writeInt32BE(whole.length - 12, 8)
    stampCrc(whole, 0)
    expect(errorOf(whole, { compacted: true })).toBe('INVALID_RECORD')
  })
})

function flipped(): Buffer {
  const bytes = batch()
  bytes[70]! ^= 1
  return bytes
}

function tooShort(): Buffer {
  const bytes = batch()
  bytes.writeInt32BE(48, 8)
  return bytes
}

function miscounted(count: number): Buffer {
  return forged(bytes => {
    bytes.writeInt32BE(count - 1, 23)
    bytes.writeInt32BE(count, 57)
  })
}
