import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSearch, stringifySearch } from '../../../../src-renderer/app/url.ts'
import {
  INSPECTOR_TABS,
  readFrom,
  readMessagesSearch,
  readPartitions,
  readPlace,
  readUntil,
  writeFrom,
  writePlace,
  writeUntil,
  type From,
  type MessagesSearch,
} from '../../../../src-renderer/features/messages/messages-search.ts'

const int64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
const point = fc.oneof(
  fc.record({ type: fc.constant('offset' as const), offset: int64 }),
  fc.record({ type: fc.constant('timestamp' as const), timestampMs: int64 }),
)
const from: fc.Arbitrary<From> = fc.oneof(
  fc.constantFrom<From>({ type: 'newest' }, { type: 'oldest' }),
  point,
)
const place = fc.record({ partition: fc.nat({ max: 99_999 }), offset: int64 })

describe('the address of a view of records', () => {
  test('says exactly where a view begins and ends', () => {
    fc.assert(
      fc.property(from, point, place, (from, until, place) => {
        expect(readFrom(writeFrom(from))).toEqual(from)
        expect(readUntil(writeUntil(until))).toEqual(until)
        expect(readPlace(writePlace(place))).toEqual(place)
      }),
    )
  })

  test('a whole view survives being a link', () => {
    const view: fc.Arbitrary<MessagesSearch> = fc.record({
      from: from.map(writeFrom),
      p: fc.option(
        fc
          .uniqueArray(fc.nat({ max: 999 }), { minLength: 1, maxLength: 5 })
          .map(list => list.sort((a, b) => a - b).join(',')),
        { nil: undefined },
      ),
      live: fc.constantFrom('1' as const, undefined),
      at: place.map(writePlace),
      tab: fc.constantFrom(...INSPECTOR_TABS.filter(tab => tab !== 'value'), undefined),
    })
    fc.assert(
      fc.property(view, view => {
        const link = stringifySearch({ ...view })
        const given = Object.fromEntries(
          Object.entries(view).filter(([, value]) => value !== undefined),
        )
        expect(readMessagesSearch(parseSearch(link))).toEqual(given)
      }),
    )
  })

  test('what an address cannot mean is left out, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('from', 'until', 'p', 'live', 'at', 'tab'), fc.string()),
        search => {
          const once = readMessagesSearch(search)
          expect(readMessagesSearch({ ...once })).toEqual(once)
        },
      ),
    )
    expect(
      readMessagesSearch({ from: 'offset:99999999999999999999', at: '1:', p: 'x', tab: 'no' }),
    ).toEqual({})
  })

  test('partitions are a set in order', () => {
    expect(readPartitions('3,1,3')).toEqual([1, 3])
    expect(readPartitions('')).toBeNull()
  })

  test('an address stays readable', () => {
    expect(stringifySearch({ from: 'offset:120', p: '0,2', at: undefined, q: 'a b' })).toBe(
      '?from=offset:120&p=0,2&q=a+b',
    )
  })
})
