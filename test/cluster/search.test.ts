import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Codec } from '../../engine/protocol/records/compression.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../engine/protocol/messages/delete-records.ts'
import type { InputOf } from '../../src-main/contract/define.ts'
import type { ApplicationApi } from '../../src-main/contract/api.ts'
import type { RecordRow } from '../../src-main/contract/model/record.ts'
import type { SearchProgress, SearchSummary } from '../../src-main/contract/model/search.ts'
import { Jobs } from '../../src-main/jobs/jobs.ts'
import { Searches } from '../../src-main/scan/searches.ts'
import { InspectWorkers } from '../../src-main/workers/inspect-workers.ts'
import { partitionOf } from '../../src-main/partitioners/partitioners.ts'
import { LOCAL, startSearched, type SearchedCluster } from './searched-cluster.ts'

const codecs: readonly Codec[] = ['none', 'lz4', 'zstd', 'snappy', 'gzip']
const PARTITIONS = 3
const RECORDS = 6_000
const BATCH = 50
const startMs = 1_700_000_000_000
type Start = InputOf<ApplicationApi, 'search.start'>

let given: SearchedCluster
let folder: string

/** Record n of `orders` is in partition n mod 3, and every hundredth has the word. */
const isWanted = (n: number) => n % 100 === 7
const wanted = Array.from({ length: RECORDS }, (_, n) => n).filter(isWanted)
const valueOf = (n: number) => `{"n": ${n}, "note": "${isWanted(n) ? 'Needle' : 'straw'}"}`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-search-'))
  given = await startSearched(folder)
  await given.create('orders', PARTITIONS)
  for (let partition = 0; partition < PARTITIONS; partition++)
    for (let at = partition, batch = 0; at < RECORDS; at += BATCH * PARTITIONS, batch++)
      await given.produce('orders', partition, {
        compression: codecs[batch % codecs.length]!,
        records: Array.from({ length: BATCH }, (_, index) => at + index * PARTITIONS).map(n => ({
          timestampMs: BigInt(startMs + n),
          key: Buffer.from(`key-${n % 50}`),
          value: Buffer.from(valueOf(n)),
        })),
      })
})

afterAll(async () => {
  await given.close()
  rmSync(folder, { recursive: true, force: true })
})

const everything: Start = {
  cluster: LOCAL,
  sources: [{ topic: 'orders', partitions: null }],
  from: { type: 'oldest' },
  until: { type: 'now' },
  direction: 'forward',
  filter: {},
}
const needle = {
  text: { needle: 'needle', mode: 'text', caseSensitive: false, in: ['value'] },
} as const

async function ended(searchId: string): Promise<SearchProgress> {
  return watched(searchId, ({ state }) => state !== 'running' && state !== 'waiting')
}

/** The first progress that is as wanted. */
function watched(
  searchId: string,
  wantedOne: (progress: SearchProgress) => boolean,
): Promise<SearchProgress> {
  return new Promise((resolve, reject) => {
    const close = given.page.stream(
      'search.watch',
      { searchId },
      {
        onItem(progress) {
          if (!wantedOne(progress)) return
          close()
          resolve(progress)
        },
        onEnd: problem => reject(new TypeError(problem?.message ?? 'the search was closed')),
      },
    )
  })
}

async function search(start: Partial<Start>) {
  const { searchId } = await given.page.call('search.start', { ...everything, ...start })
  return { searchId, progress: await ended(searchId) }
}

async function rowsOf(
  searchId: string,
  order: 'found' | 'oldest-first' | 'newest-first' = 'oldest-first',
): Promise<readonly RecordRow[]> {
  const all: RecordRow[] = []
  for (;;) {
    const asked = { searchId, order, from: all.length, limit: 1_000 }
    const { rows, kept } = await given.page.call('search.rows', asked)
    all.push(...rows)
    if (all.length >= kept) return all
  }
}

const numbersOf = (rows: readonly RecordRow[]) =>
  rows.map(({ timestampMs }) => Number(timestampMs) - startMs)

describe('a search', () => {
  test('reads every record of several brokers once, and ends at the end', async () => {
    const { searchId, progress } = await search({ filter: needle })
    expect(progress).toMatchObject({
      state: 'finished',
      percent: 100,
      recordsRead: BigInt(RECORDS),
      doneOffsets: BigInt(RECORDS),
      found: BigInt(wanted.length),
      kept: wanted.length,
      timeLeftMs: null,
      unreadable: [],
      partitionCount: PARTITIONS,
    })
    expect(progress.partitions.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    const rows = await rowsOf(searchId)
    expect(numbersOf(rows)).toEqual(wanted)
    expect(rows[0]).toMatchObject({
      topic: 'orders',
      partition: 7 % PARTITIONS,
      offset: 2n,
      value: { decoder: 'json', text: '{"n":7,"note":"Needle"}' },
    })
    expect(numbersOf(await rowsOf(searchId, 'newest-first'))).toEqual(wanted.toReversed())
  })

  test('finds the newest first, each partition read once from its end', async () => {
    const { searchId, progress } = await search({ filter: needle, direction: 'backward' })
    expect(progress).toMatchObject({ state: 'finished', recordsRead: BigInt(RECORDS) })
    const rows = await rowsOf(searchId, 'found')
    expect(numbersOf(rows).sort((a, b) => a - b)).toEqual(wanted)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const offsets = rows.filter(row => row.partition === partition).map(({ offset }) => offset)
      expect(offsets).toEqual(offsets.toSorted((a, b) => (a < b ? 1 : -1)))
    }
  })

  test.each(['forward', 'backward'] as const)(
    'stops after what was asked for, and goes on %s from there without losing or repeating',
    async direction => {
      const start = { filter: needle, stopAfter: 17, direction }
      const { searchId, progress } = await search(start)
      expect(progress).toMatchObject({ state: 'enough', found: 17n })
      for (let found = 17n; found < BigInt(wanted.length); found += 17n) {
        await given.page.call('search.continue', { searchId })
        await watched(searchId, next => next.state === 'enough' || next.state === 'finished')
      }
      const last = await ended(searchId)
      if (last.state === 'enough') await given.page.call('search.continue', { searchId })
      expect(await ended(searchId)).toMatchObject({
        state: 'finished',
        recordsRead: BigInt(RECORDS),
        found: BigInt(wanted.length),
      })
      expect(numbersOf(await rowsOf(searchId))).toEqual(wanted)
    },
  )

  test('reads between two times, and a count from where it begins', async () => {
    const from = { type: 'timestamp', timestampMs: BigInt(startMs + 1_000) } as const
    const until = { type: 'timestamp', timestampMs: BigInt(startMs + 2_000) } as const
    expect((await search({ from, until })).progress.found).toBe(1_000n)
    const counted = await search({ from, until: { type: 'count', count: 300 } })
    expect(counted.progress.found).toBe(300n)
    const newest = await search({ until: { type: 'count', count: 300 }, direction: 'backward' })
    expect(numbersOf(await rowsOf(newest.searchId)).at(-1)).toBe(RECORDS - 1)
    expect(newest.progress.found).toBe(300n)
  })

  test('counts what its expression cannot judge, with the first record of each kind', async () => {
    const { progress } = await search({ filter: { expression: 'value.m > 1 || value.n < 10' } })
    expect(progress).toMatchObject({ state: 'finished', found: 10n, filterErrorCount: 5_990n })
    expect(progress.filterErrors).toMatchObject([{ message: 'No such key: m', count: 5_990n }])
    expect(progress.filterErrors[0]!.first.topic).toBe('orders')
  })

  test('whose filter does not compile is refused with the reason', async () => {
    const filter = { expression: 'valu == 1' }
    await expect(given.page.call('search.start', { ...everything, filter })).rejects.toMatchObject({
      problem: { code: 'INVALID_INPUT', message: 'expression: Unknown variable: valu' },
    })
  })

  test('is listed, pinned and forgotten', async () => {
    const { searchId } = await search({ filter: needle })
    await given.page.call('search.pin', { searchId, pinned: true })
    const listed = async () => given.page.call('search.list', { cluster: LOCAL })
    expect((await listed())[0]).toMatchObject({ searchId, pinned: true, query: { filter: needle } })
    await given.page.call('search.close', { searchId })
    expect((await listed()).map((each: SearchSummary) => each.searchId)).not.toContain(searchId)
    await expect(rowsOf(searchId)).rejects.toMatchObject({ problem: { code: 'NOT_FOUND' } })
  })
})

describe('a search for a key', () => {
  const filter = (key: string) =>
    ({ key: { bytes: Buffer.from(key), partitioner: 'java' } }) as const

  test('reads only the partition that the key belongs to', async () => {
    await given.create('keyed', PARTITIONS)
    const key = Buffer.from('customer-42')
    const home = partitionOf('java', key, PARTITIONS)!
    for (let partition = 0; partition < PARTITIONS; partition++)
      await given.produce('keyed', partition, {
        records: [
          { timestampMs: 1n, key: Buffer.from('customer-4'), value: null },
          ...(partition === home ? [{ timestampMs: 2n, key, value: Buffer.from('v') }] : []),
        ],
      })
    const sources = [{ topic: 'keyed', partitions: null }]
    const { progress } = await search({ sources, filter: filter('customer-42') })
    expect(progress).toMatchObject({
      state: 'finished',
      found: 1n,
      recordsRead: 2n,
      percent: 100,
      keyPartitions: { partitions: [{ topic: 'keyed', partition: home }], widened: false },
    })
  })

  test('reads the others where the key is not at home, and says so', async () => {
    const key = Buffer.from('stray')
    const home = partitionOf('java', key, PARTITIONS)!
    await given.create('stray', PARTITIONS)
    const records = [{ timestampMs: 1n, key, value: null }]
    await given.produce('stray', (home + 1) % PARTITIONS, { records })
    const sources = [{ topic: 'stray', partitions: null }]
    const away = await search({ sources, filter: filter('stray') })
    expect(away.progress).toMatchObject({ found: 1n, keyPartitions: { widened: true } })
    const nowhere = await search({ filter: filter('nobody') })
    expect(nowhere.progress).toMatchObject({
      found: 0n,
      recordsRead: BigInt(RECORDS),
      keyPartitions: { widened: true },
    })
  })
})

describe('a live search', () => {
  test('goes on with what comes, until it is stopped', async () => {
    await given.create('news', 2)
    const sources = [{ topic: 'news', partitions: null }]
    const start = { ...everything, sources, filter: needle, until: { type: 'none' } } as const
    const { searchId } = await given.page.call('search.start', start)
    await watched(searchId, ({ state }) => state === 'waiting')
    for (const partition of [0, 1])
      await given.produce('news', partition, {
        records: ['a needle', 'straw'].map(text => ({
          timestampMs: BigInt(startMs),
          key: null,
          value: Buffer.from(text),
        })),
      })
    const progress = await watched(searchId, ({ recordsRead }) => recordsRead === 4n)
    expect(progress).toMatchObject({ found: 2n, percent: null, totalOffsets: null })
    const stopped = await given.page.call('search.stop', { searchId })
    expect(stopped.progress.state).toBe('stopped')
  })
})

test('a search whose thread ends for another one goes on by itself, and repeats nothing', async () => {
  const bootstrap = given.brokers.brokers.map(({ address }) => address)
  const workers = new InspectWorkers({
    size: 1,
    connectionOf: () => ({ bootstrap, clientId: 'test' }),
  })
  const jobs = new Jobs(Date.now)
  const searches = new Searches({ workers, jobs, nowMs: Date.now }, () => {})
  // Slow enough on any machine to be met in the middle: 900 sums for every record.
  const numbers = `[${Array.from({ length: 30 }, (_, n) => n).join(', ')}]`
  const slow = `${numbers}.all(x, ${numbers}.all(y, x + y >= 0))`
  const filter = { expression: `${slow} && value.note == "Needle"` }
  const found = await searches.start({ ...everything, filter }, new AbortController().signal)
  await new Promise<void>(resolve => {
    const unlisten = found.onChange(() => {
      unlisten()
      resolve()
    })
  })
  await workers.kill(0, 'another search had to be ended')
  await new Promise<void>(resolve => {
    const look = () => (found.running ? setTimeout(look, 20) : resolve())
    look()
  })
  expect(found.progress()).toMatchObject({
    state: 'finished',
    found: BigInt(wanted.length),
    kept: wanted.length,
    recordsRead: BigInt(RECORDS),
    resumedCount: 1,
  })
  await workers.close()
})

test('a search is stopped within 100 ms, and its job with it', async () => {
  const filter = { expression: 'valueText.matches("(a|b|c)+[x-z]*(q|r)+n")' }
  const { searchId } = await given.page.call('search.start', { ...everything, filter })
  const startedMs = performance.now()
  const { progress } = await given.page.call('search.stop', { searchId })
  expect(performance.now() - startedMs).toBeLessThan(100)
  expect(['stopped', 'finished']).toContain(progress.state)
  await given.page.call('search.continue', { searchId })
  expect(await ended(searchId)).toMatchObject({ state: 'finished', recordsRead: BigInt(RECORDS) })
})

test.each(['forward', 'backward'] as const)(
  'what retention takes away meanwhile is told, and the rest is read %s',
  async direction => {
    const topic = `shrinking-${direction}`
    await given.create(topic, 1)
    for (let batch = 0; batch < 4; batch++)
      await given.produce(topic, 0, {
        records: Array.from({ length: 10 }, (_, n) => ({
          timestampMs: BigInt(startMs + n),
          key: null,
          value: Buffer.from('v'),
        })),
      })
    const sources = [{ topic, partitions: null }]
    const { searchId } = await search({ sources, direction, stopAfter: 3 })
    await given.client.request(
      { type: 'leader', topic, partition: 0 },
      { request: deleteRecordsRequest, response: deleteRecordsResponse },
      {
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 20n }] }],
        timeoutMs: 5_000,
      },
    )
    await given.page.call('search.continue', { searchId })
    let progress = await watched(searchId, ({ found }) => found >= 6n)
    while (progress.state !== 'finished') {
      await given.page.call('search.continue', { searchId })
      const { found } = progress
      progress = await watched(searchId, next => next.state === 'finished' || next.found > found)
    }
    const [from, to] = direction === 'forward' ? [3n, 20n] : [0n, 20n]
    expect(progress.unreadable).toMatchObject([
      { from, to, problem: { code: 'OFFSET_OUT_OF_RANGE' } },
    ])
    expect(progress.found).toBe(direction === 'forward' ? 23n : 20n)
  },
)

test('a damaged batch is passed over and told, with the offsets that were lost', async () => {
  await given.create('damaged', 1)
  for (let batch = 0; batch < 3; batch++)
    await given.produce('damaged', 0, {
      records: Array.from({ length: 10 }, (_, n) => ({
        timestampMs: BigInt(startMs),
        key: null,
        value: Buffer.from(`batch-${batch} record-${n}`),
      })),
    })
  damage('batch-1 record-5')
  for (const direction of ['forward', 'backward'] as const) {
    const sources = [{ topic: 'damaged', partitions: null }]
    const { progress } = await search({ sources, direction })
    expect(progress).toMatchObject({ state: 'finished', found: 20n, unreadableCount: 10n })
    expect(progress.unreadable).toMatchObject([
      { topic: 'damaged', from: 10n, to: 20n, problem: { code: 'CORRUPT_MESSAGE' } },
    ])
  }
})

/** Changes one byte of the segment that holds this text. */
function damage(text: string): void {
  for (const each of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!each.includes('damaged-0') || !each.endsWith('.log')) continue
    const bytes = readFileSync(join(folder, each))
    const at = bytes.indexOf(text)
    if (at < 0) continue
    bytes[at] = bytes[at]! ^ 1
    writeFileSync(join(folder, each), bytes)
    return
  }
  throw new TypeError(`no segment of damaged-0 holds ${text}`)
}
