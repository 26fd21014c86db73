import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readEdits,
  readScope,
  readStrategy,
  writeEdits,
  writeScope,
  writeStrategy,
  type ChosenStrategy,
} from '../../../../src-renderer/features/offsets/offsets-search.ts'
import { parseSearch, stringifySearch } from '../../../../src-renderer/app/url.ts'

const topic = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/)
const partition = fc.integer({ min: 0, max: 9_999 })
const partitions = fc
  .uniqueArray(partition, { minLength: 1, maxLength: 20 })
  .map(list => [...list].sort((a, b) => a - b))
const offset = fc.bigInt(0n, 999_999_999_999_999_999n)
const strategy: fc.Arbitrary<ChosenStrategy> = fc.oneof(
  fc
    .constantFrom('none', 'earliest', 'latest', 'current', 'file', 'delete')
    .map(type => ({ type })),
  fc.record({ type: fc.constant('offset' as const), offset }),
  fc.record({ type: fc.constant('timestamp' as const), timestampMs: offset }),
  fc.record({ type: fc.constant('duration' as const), durationMs: fc.bigInt(0n, 8_640_000_000n) }),
  fc.record({ type: fc.constant('shift' as const), by: fc.bigInt(-999_999n, 999_999n) }),
  fc.record({ type: fc.constant('group' as const), groupId: fc.string({ minLength: 1 }) }),
  fc.record({
    type: fc.constant('snapshot' as const),
    snapshotId: fc.stringMatching(/^\d{13}-[0-9a-f]{8}$/),
    part: fc.constantFrom('all' as const, 'changed' as const),
  }),
)

/** As it comes back from the address bar. */
function throughAddress(text: string | undefined): string | undefined {
  return parseSearch(stringifySearch({ x: text }))['x']
}

describe('the address of the offset lab', () => {
  test('says a strategy and its value', () => {
    fc.assert(
      fc.property(strategy, chosen => {
        expect(readStrategy(throughAddress(writeStrategy(chosen)))).toEqual(chosen)
      }),
    )
  })

  test('says a scope, and an empty one is not everything', () => {
    const entry = fc.record({ topic, partitions: fc.option(partitions) })
    const scope = fc.option(fc.uniqueArray(entry, { selector: each => each.topic, maxLength: 5 }))
    fc.assert(
      fc.property(scope, chosen => {
        expect(readScope(throughAddress(writeScope(chosen)))).toEqual(chosen)
      }),
    )
  })

  test('says what was set by hand', () => {
    const edit = fc.record({ topic, partition, offset: fc.option(offset) })
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 10 }), edits => {
        expect(readEdits(throughAddress(writeEdits(edits)))).toEqual(edits)
      }),
    )
  })

  test('with a value that is none leaves the strategy unfinished, and never fails', () => {
    expect(readStrategy('offset:-5')).toEqual({ type: 'unfinished', name: 'offset' })
    expect(readStrategy('timestamp')).toEqual({ type: 'unfinished', name: 'timestamp' })
    expect(readStrategy('sideways:3')).toEqual({ type: 'none' })
    fc.assert(
      fc.property(fc.string(), text => {
        readStrategy(text)
        readScope(text)
        readEdits(text)
      }),
    )
  })

  test('writes runs of partitions as people do', () => {
    expect(writeScope([{ topic: 'orders', partitions: [0, 2, 3, 4, 9] }])).toBe('orders:0,2-4,9')
  })
})
