import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codecs, compress, decompress } from '../../../../engine/protocol/records/compression.ts'
import { crc32c, crc32cInTypeScript } from '../../../../engine/protocol/records/crc32c.ts'
import {
  compressLz4,
  compressLz4InTypeScript,
  decompressLz4InTypeScript,
  lz4FrameBound,
} from '../../../../engine/protocol/records/lz4-frame.ts'
import { nativeLz4, nativeSnappy } from '../../../../engine/protocol/records/native.ts'
import {
  compressSnappyBlock,
  decompressSnappyBlock,
} from '../../../../engine/protocol/records/snappy-block.ts'
import { xxh32 } from '../../../../engine/protocol/records/xxh32.ts'

/** Bytes with repetitions near and far, as records have, and bytes without. */
const data = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 3_000 })),
      {
        maxLength: 12,
      },
    )
    .map(runs =>
      Buffer.concat(runs.flatMap(([part, times]) => Array<Uint8Array>(times).fill(part))),
    ),
)
const equal = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

describe('checksums', () => {
  test('crc-32c agrees with its published check value, natively and in TypeScript', () => {
    expect(crc32cInTypeScript(Buffer.from('123456789'))).toBe(0xe3069283)
    const zeros = new Uint8Array(32)
    expect(crc32cInTypeScript(zeros)).toBe(0x8a9136aa)
  })

  test('crc-32c is the same however it is computed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_000 }), fc.nat(20), (bytes, start) => {
        const from = Math.min(start, bytes.length)
        expect(crc32c(bytes, from)).toBe(crc32cInTypeScript(bytes, from))
      }),
    )
  })

  test('xxh32 agrees with its published check values', () => {
    expect(xxh32(new Uint8Array(0), 0, 0)).toBe(0x02cc5d05)
    const bytes = Buffer.from('Nobody inspects the spammish repetition')
    expect(xxh32(bytes, 0, bytes.length)).toBe(0xe2293b2f)
  })
})

describe('codecs', () => {
  test.each(codecs)('%s gives back what it was given', codec => {
    fc.assert(
      fc.property(data, bytes => {
        expect(equal(decompress(codec, compress(codec, bytes)), bytes)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('our lz4 and the native one read each other', () => {
    expect(nativeLz4()).not.toBeNull()
    fc.assert(
      fc.property(data, bytes => {
        const ours = compressLz4InTypeScript(bytes)
        expect(equal(nativeLz4()!.decompressFrame(Buffer.from(ours)), bytes)).toBe(true)
        expect(equal(decompressLz4InTypeScript(compressLz4(bytes), 1e7), bytes)).toBe(true)
        expect(equal(decompressLz4InTypeScript(ours, 1e7), bytes)).toBe(true)
        expect(lz4FrameBound(ours)).toBeGreaterThanOrEqual(bytes.length)
      }),
      { numRuns: 60 },
    )
  })

  test('our snappy and the native one read each other', () => {
    expect(nativeSnappy()).not.toBeNull()
    fc.assert(
      fc.property(data, bytes => {
        const ours = compressSnappyBlock(bytes)
        expect(equal(nativeSnappy()!.decompress(ours), bytes)).toBe(true)
        expect(equal(decompressSnappyBlock(nativeSnappy()!.compress(bytes))!, bytes)).toBe(true)
        expect(equal(decompressSnappyBlock(ours)!, bytes)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('snappy is read raw, as librdkafka sends it, and framed, as Java does', () => {
    const bytes = Buffer.from('orders '.repeat(20_000))
    expect(equal(decompress('snappy', nativeSnappy()!.compress(bytes)), bytes)).toBe(true)
    const framed = compress('snappy', bytes)
    expect(Buffer.from(framed.subarray(0, 8)).toString('latin1')).toBe('\x82SNAPPY\0')
    expect(equal(decompress('snappy', framed), bytes)).toBe(true)
  })

  const bomb = Buffer.alloc(8_000_000)
  const bombs = {
    gzip: gzipSync(bomb),
    snappy: nativeSnappy()!.compress(bomb),
    lz4: compressLz4(bomb),
    zstd: zstdCompressSync(bomb),
  }
  test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'a %s bomb is refused at its bound',
    codec => {
      expect(bombs[codec].length).toBeLessThan(500_000)
      expect(() => decompress(codec, bombs[codec], { maxBytes: 1_000_000 })).toThrow(
        'INVALID_RECORD',
      )
      expect(decompress(codec, bombs[codec], { maxBytes: bomb.length }).length).toBe(bomb.length)
    },
  )

  test('an lz4 frame that holds less than its blocks could is not refused', () => {
    const bytes = Buffer.from('x'.repeat(70_000))
    const frame = compressLz4InTypeScript(bytes)
    expect(lz4FrameBound(frame)).toBeGreaterThan(bytes.length)
    expect(equal(decompress('lz4', frame, { maxBytes: bytes.length }), bytes)).toBe(true)
  })

  test('a snappy length that its bytes cannot become costs no memory', () => {
    const lie = Buffer.from('ffffffff0f00', 'hex')
    const before = process.memoryUsage().rss
    expect(() => decompress('snappy', lie, { maxBytes: 2 ** 32 })).toThrow('promised by 6')
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'changed %s data is an error or data',
    codec => {
      const whole = compress(codec, Buffer.from('some words that repeat, some words '.repeat(400)))
      const change = fc.tuple(
        fc.array(fc.tuple(fc.nat(20_000), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
      )
      fc.assert(
        fc.property(change, ([changes, length]) => {
          const bytes = Buffer.from(whole.subarray(0, length))
          for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value
          let result: Uint8Array | null = null
          try {
            result = decompress(codec, bytes, { maxBytes: 100_000 })
          } catch (error) {
            expect(error).toMatchObject({ name: 'KafkaError', error: 'INVALID_RECORD' })
          }
          expect(result?.length ?? 0).toBeLessThanOrEqual(100_000)
        }),
        { numRuns: 1_500 },
      )
    },
  )

  test('changed lz4 data never leads our own decoder out of its bounds', () => {
    const whole = compressLz4InTypeScript(Buffer.from('some words that repeat, '.repeat(4_000)))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20_000), fc.nat(255)), { maxLength: 8 }), changes => {
        const bytes = Buffer.from(whole)
        for (const [at, value] of changes) bytes[7 + (at % (bytes.length - 7))] = value
        try {
          expect(decompressLz4InTypeScript(bytes, 200_000).length).toBeLessThanOrEqual(200_000)
        } catch (error) {
          expect(error).toMatchObject({ name: 'KafkaError', error: 'INVALID_RECORD' })
        }
      }),
      { numRuns: 1_500 },
    )
  })
})
