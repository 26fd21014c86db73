import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32 } from '../../../src-main/partitioners/crc32.ts'
import { fnv1a } from '../../../src-main/partitioners/fnv1a.ts'
import { murmur2 } from '../../../src-main/partitioners/murmur2.ts'
import { partitioners, partitionOf, spreadOf } from '../../../src-main/partitioners/partitioners.ts'

// Against the clients themselves: test/interop/produce.test.ts.

describe('hashes', () => {
  // As Apache Kafka's UtilsTest has them.
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('murmur2 of %s is Java’s', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash)
  })

  test('CRC-32 is zlib’s, of its check value', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
    expect(crc32(new Uint8Array(0))).toBe(0)
  })

  test('FNV-1a loses its sign', () => {
    // 0xbf9cf968 is the published hash of foobar; as a signed number it is below zero.
    expect(fnv1a(Buffer.from('foobar'))).toBe(2 ** 32 - 0xbf9cf968)
    expect(fnv1a(new Uint8Array(0))).toBe(2 ** 32 - 0x811c9dc5)
  })
})

describe('a partitioner', () => {
  test('names a partition that is there, the same one each time, or none', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...partitioners),
        fc.option(fc.uint8Array({ maxLength: 60 })),
        fc.integer({ min: 1, max: 10_000 }),
        (partitioner, key, partitionCount) => {
          const partition = partitionOf(partitioner, key, partitionCount)
          expect(partitionOf(partitioner, key, partitionCount)).toBe(partition)
          if (partition === null) return
          expect(Number.isInteger(partition)).toBe(true)
          expect(partition).toBeGreaterThanOrEqual(0)
          expect(partition).toBeLessThan(partitionCount)
        },
      ),
    )
  })

  test('says what becomes of keys that do not decide', () => {
    const undecided = partitioners.filter(each => partitionOf(each, null, 3) === null)
    expect(undecided).toEqual(['java', 'librdkafka', 'fnv1a-random', 'round-robin', 'random'])
    expect(undecided.map(spreadOf)).toEqual(['sticky', 'random', 'random', 'round-robin', 'random'])
    expect(partitionOf('librdkafka', new Uint8Array(0), 3)).toBeNull()
    expect(partitionOf('java', new Uint8Array(0), 3)).not.toBeNull()
  })
})
