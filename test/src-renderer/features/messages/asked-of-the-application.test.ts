import { describe, expect, test } from 'vitest'
import { searchApi } from '../../../../src-main/contract/api/search.ts'
import { packCut } from '../../../../src-main/contract/cut.ts'
import { exportApi } from '../../../../src-main/contract/api/export.ts'
import {
  downloadUrl,
  exportInputOf,
  fileNameProblem,
  FIRST_FORM,
} from '../../../../src-renderer/features/messages/export/export-form.ts'
import {
  queryOf,
  type MessagesSearch,
} from '../../../../src-renderer/features/messages/query/address.ts'
import { scanInputOf } from '../../../../src-renderer/features/messages/query/scan-input.ts'
import { queryOfSearch } from '../../../../src-renderer/features/messages/search/search-address.ts'

const NOW_MS = Date.UTC(2026, 10, 21, 14)
const asker = { cluster: 'local', topic: 'orders', nowMs: NOW_MS, zone: 'UTC' }

function scan(search: MessagesSearch) {
  const input = scanInputOf(queryOf(search), asker)
  // What the application would refuse must not be asked.
  return searchApi.commands['search.start'].input.read(input, 'input')
}

describe('what a query asks of the application', () => {
  test('the newest are looked for backward, down to the oldest', () => {
    expect(scan({ q: 'x' })).toMatchObject({
      from: { type: 'oldest' },
      until: { type: 'now' },
      direction: 'backward',
      sources: [{ topic: 'orders', partitions: null }],
    })
  })

  test('what comes is looked for forward, from the ends of the logs', () => {
    expect(scan({ q: 'x', until: 'never' })).toMatchObject({
      from: { type: 'newest' },
      until: { type: 'none' },
      direction: 'forward',
    })
  })

  test('moments are those of the asking', () => {
    expect(scan({ q: 'x', from: 'ago:15m', until: 'today' })).toMatchObject({
      from: { type: 'timestamp', timestampMs: BigInt(NOW_MS - 900_000) },
      until: { type: 'timestamp', timestampMs: BigInt(Date.UTC(2026, 10, 21)) },
      direction: 'forward',
    })
  })

  test('offsets of partitions are those of the page’s own topic', () => {
    expect(scan({ q: 'x', from: 'offsets:0.5,2.7', t: 'audit,orders', p: '0,2' })).toMatchObject({
      from: {
        type: 'cut',
        cut: packCut([
          { topic: 'orders', partition: 0, offset: 5n },
          { topic: 'orders', partition: 2, offset: 7n },
        ]),
      },
      sources: [
        { topic: 'orders', partitions: [0, 2] },
        { topic: 'audit', partitions: null },
      ],
    })
  })

  test('every part of a filter is asked for, the key as its bytes', () => {
    const { filter } = scan({
      q: 'A',
      mode: 'regex',
      case: '1',
      of: 'value',
      where: 'status = "paid"',
      cel: 'partition == 1',
      key: '7',
      keyform: 'int64',
      by: 'all',
      values: 'no-tombstones',
    })
    expect(filter).toEqual({
      text: { needle: 'A', mode: 'regex', caseSensitive: true, in: ['value'] },
      conditions: [{ part: 'value', path: 'status', operator: 'equals', value: 'paid' }],
      expression: 'partition == 1',
      key: { bytes: new Uint8Array([0, 0, 0, 0, 0, 0, 0, 7]), partitioner: 'all' },
      values: 'no-tombstones',
    })
  })

  test.each<MessagesSearch>([
    { q: 'x' },
    { q: 'x', until: 'never', t: 'audit' },
    { where: 'a = 1 and key.b exists', from: 'oldest', until: 'count:50', p: '1' },
    { key: 'customer-7', by: 'librdkafka', from: 'group:billing', committed: '1' },
    { cel: 'tombstone', from: 'offsets:0.5', until: 'offset:9', values: 'tombstones' },
  ])('a search leads back to the question that began it: %j', search => {
    const query = queryOf(search)
    expect(queryOfSearch(scanInputOf(query, asker), 'orders')).toEqual(query)
  })
})

describe('an export', () => {
  const context = { cluster: 'local', decoders: { key: 'auto', value: 'json' } } as const

  test('of a live view ends where the logs end', () => {
    const scope = { type: 'query', scan: scanInputOf(queryOf({ until: 'never' }), asker) } as const
    const input = exportInputOf(FIRST_FORM, scope, context)
    expect(exportApi.commands['export.start'].input.read(input, 'input')).toMatchObject({
      what: { type: 'query', until: { type: 'now' } },
      layout: { format: 'ndjson', headers: true, metadata: true },
      fileName: null,
    })
  })

  test('of raw values has nothing beside them', () => {
    const scope = { type: 'search', searchId: 'search-1' } as const
    const form = { ...FIRST_FORM, format: 'raw', separator: 'nul', content: 'base64' } as const
    expect(exportInputOf(form, scope, context).layout).toEqual({
      format: 'raw',
      headers: false,
      metadata: false,
      content: 'decoded',
      separator: 'nul',
    })
  })

  test('a name does not lead out of its folder', () => {
    expect(['', 'a.csv', '../a', 'a\\b', '..', 'x'.repeat(201)].map(fileNameProblem)).toEqual([
      null,
      null,
      'folder',
      'folder',
      'folder',
      'long',
    ])
  })

  test('a download is fetched with the token of the page', () => {
    const page = { origin: 'http://127.0.0.1:1', search: '?token=a%2Bb' }
    expect(downloadUrl('/export/e-1?x=1', page)).toBe(
      'http://127.0.0.1:1/export/e-1?x=1&token=a%2Bb',
    )
  })
})
