import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packCut, unpackCut } from '../../../src-main/contract/cut.ts'
import { ContractError } from '../../../src-main/contract/define.ts'

const offsets = fc.array(
  fc.record({
    topic: fc.constantFrom('a', 'orders', 'x'.repeat(249)),
    partition: fc.oneof(fc.nat(3), fc.nat(2_147_483_647)),
    offset: fc.oneof(
      fc.bigInt({ min: 0n, max: 300n }),
      fc.bigInt({ min: 0n, max: 9_223_372_036_854_775_807n }),
    ),
  }),
  { maxLength: 20 },
)

test('a cut holds what was packed, topic by topic', () => {
  fc.assert(
    fc.property(offsets, given => {
      const topics = [...new Set(given.map(({ topic }) => topic))]
      const expected = topics.flatMap(name => given.filter(({ topic }) => topic === name))
      expect(unpackCut(packCut(given))).toEqual(expected)
    }),
  )
})

test('what is no cut is refused as an input, and never read for long', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
      try {
        unpackCut(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(ContractError)
        expect((error as ContractError).code).toBe('INVALID_INPUT')
      }
    }),
    { numRuns: 2_000 },
  )
  const cut = packCut([{ topic: 'orders', partition: 1, offset: 5n }])
  expect(() => unpackCut(cut.subarray(0, -1))).toThrow('a cut holds the end')
  expect(() => unpackCut(new Uint8Array([...cut, 0]))).toThrow('1 bytes over')
  expect(() => packCut([{ topic: 'orders', partition: 0, offset: -1n }])).toThrow('offset -1')
})
