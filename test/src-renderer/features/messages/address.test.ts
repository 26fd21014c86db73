import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSearch, stringifySearch } from '../../../../src-renderer/app/url.ts'
import {
  queryOf,
  readFields,
  readMessagesSearch,
  readPartitions,
  readPlace,
  writeFields,
  writePlace,
  writeQuery,
  type FieldColumn,
  type MessagesQuery,
} from '../../../../src-renderer/features/messages/query/address.ts'
import {
  CONDITION_OPERATORS,
  hasNoValue,
} from '../../../../src-renderer/features/messages/query/condition-text.ts'
import {
  PARTITIONERS,
  RECORD_PARTS,
  type PageFilter,
} from '../../../../src-renderer/features/messages/query/filter-text.ts'
import type { From, Moment, Until } from '../../../../src-renderer/features/messages/query/range.ts'

const int64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
const partition = fc.nat({ max: 99_999 })
const topic = fc.stringMatching(/^[\w.-]{1,30}$/)
const moment: fc.Arbitrary<Moment> = fc.oneof(
  fc.record({ type: fc.constant('timestamp' as const), timestampMs: int64 }),
  fc.record({
    type: fc.constant('ago' as const),
    spanMs: fc.integer({ min: 1, max: 10_000_000 }).map(seconds => seconds * 1_000),
  }),
  fc.record({
    type: fc.constant('day' as const),
    day: fc.constantFrom('today' as const, 'yesterday' as const),
  }),
)
const offsets = fc.oneof(
  fc.record({ type: fc.constant('offset' as const), offset: int64 }),
  fc.record({
    type: fc.constant('offsets' as const),
    offsets: fc
      .uniqueArray(fc.record({ partition, offset: int64 }), {
        selector: each => each.partition,
        minLength: 1,
        maxLength: 5,
      })
      .map(all => all.sort((a, b) => a.partition - b.partition)),
  }),
)
const from: fc.Arbitrary<From> = fc.oneof(
  fc.constantFrom<From>({ type: 'newest' }, { type: 'oldest' }),
  fc.record({ type: fc.constant('group' as const), group: fc.string({ minLength: 1 }) }),
  moment,
  offsets,
)
const until: fc.Arbitrary<Until> = fc.oneof(
  fc.constantFrom<Until>({ type: 'now' }, { type: 'never' }),
  fc.record({ type: fc.constant('count' as const), count: fc.integer({ min: 1, max: 1e9 }) }),
  moment,
  offsets,
)
const name = fc.stringMatching(/^[a-z_$][\w$-]{0,8}$/)
const path = fc
  .array(
    fc.oneof(
      name,
      fc.nat(99).map(index => `[${index}]`),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map(parts =>
    parts.reduce(
      (all, part) => (all === '' || part.startsWith('[') ? all + part : `${all}.${part}`),
      '',
    ),
  )
const condition = fc
  .record({
    part: fc.constantFrom('key' as const, 'value' as const),
    path: fc.oneof(path, fc.constant('')),
    operator: fc.constantFrom(...CONDITION_OPERATORS),
    value: fc.string(),
  })
  .map(({ value, ...rest }) => (hasNoValue(rest.operator) ? rest : { ...rest, value }))
const filter: fc.Arbitrary<PageFilter> = fc.record({
  text: fc.option(
    fc.record({
      needle: fc.string({ minLength: 1 }),
      mode: fc.constantFrom('text' as const, 'bytes' as const, 'regex' as const),
      caseSensitive: fc.boolean(),
      in: fc.subarray([...RECORD_PARTS], { minLength: 1 }),
    }),
  ),
  conditions: fc.array(condition, { maxLength: 4 }),
  expression: fc.string().map(text => text.trim()),
  key: fc.option(
    fc.record({
      text: fc.string({ minLength: 1 }),
      form: fc.constant('text' as const),
      partitioner: fc.constantFrom(...PARTITIONERS),
    }),
  ),
  values: fc.constantFrom('all' as const, 'tombstones' as const, 'no-tombstones' as const),
})
const query: fc.Arbitrary<MessagesQuery> = fc.record({
  from,
  until,
  partitions: fc.option(
    fc.uniqueArray(partition, { minLength: 1, maxLength: 5 }).map(all => all.sort((a, b) => a - b)),
  ),
  topics: fc.uniqueArray(topic, { maxLength: 4 }),
  committed: fc.boolean(),
  filter,
})

describe('the address of the Messages page', () => {
  test('a whole query survives being a link', () => {
    fc.assert(
      fc.property(query, query => {
        const link = stringifySearch({ ...writeQuery(query) })
        expect(queryOf(readMessagesSearch(parseSearch(link)))).toEqual(query)
      }),
      { numRuns: 500 },
    )
  })

  test('what an address cannot mean is left out, and what it means is written one way only', () => {
    const names =
      'from until p t at tab q mode of where cel key keyform by values fields cols run order kd vd'.split(
        ' ',
      )
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('offset:1', 'time:5', 'ago:9m', 'regex', 'key', 'int64', 'a = 1', 'value.a'),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), search => {
        const once = readMessagesSearch(search)
        expect(readMessagesSearch({ ...once })).toEqual(once)
      }),
      { numRuns: 500 },
    )
    expect(
      readMessagesSearch({
        from: 'offset:99999999999999999999',
        at: '1:',
        p: 'x',
        until: 'count:0',
      }),
    ).toEqual({})
  })

  test('a record of another topic is told from one of the page', () => {
    expect(readPlace('3:10482')).toEqual({ topic: null, partition: 3, offset: 10482n })
    expect(readPlace('pay.ments:3:7')).toEqual({ topic: 'pay.ments', partition: 3, offset: 7n })
    fc.assert(
      fc.property(fc.record({ topic: fc.option(topic), partition, offset: int64 }), place => {
        expect(readPlace(writePlace(place))).toEqual(place)
      }),
    )
  })

  test('columns of fields survive with commas in their names', () => {
    const field: fc.Arbitrary<FieldColumn> = fc.record({
      part: fc.constantFrom('key' as const, 'value' as const, 'header' as const),
      path: fc.stringMatching(/^[\w,%.[\]"]{1,12}$/),
    })
    const fields = fc.uniqueArray(field, { selector: each => JSON.stringify(each), maxLength: 5 })
    fc.assert(
      fc.property(fields, fields => {
        expect(readFields(writeFields(fields))).toEqual(fields)
      }),
    )
  })

  test('partitions are a set in order', () => {
    expect(readPartitions('3,1,3')).toEqual([1, 3])
    expect(readPartitions('')).toBeNull()
  })

  test('an older address of a live view is still live', () => {
    expect(queryOf({ live: '1' }).until).toEqual({ type: 'never' })
  })

  test('an address stays readable', () => {
    const query = { from: 'ago:15m', where: 'status = "paid"', p: '0,2' }
    expect(stringifySearch({ ...readMessagesSearch(query) })).toBe(
      '?from=ago:15m&p=0,2&where=status+%3D+%22paid%22',
    )
  })
})
