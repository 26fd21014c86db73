import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../engine/protocol/messages/offset-commit.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import type { Codec } from '../../engine/protocol/records/compression.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import {
  ContractError,
  EncodedValue,
  type InputOf,
  type Problem,
  type StreamSink,
} from '../../src-main/contract/define.ts'
import { decodeValue } from '../../src-main/contract/frame.ts'
import type {
  Cut,
  LiveUpdate,
  RecordPage,
  RecordRow,
} from '../../src-main/contract/model/record.ts'
import { InspectWorkers } from '../../src-main/workers/inspect-workers.ts'
import type { WorkerApi } from '../../src-main/workers/worker-api.ts'
import { keepsOldRecords } from './old-records.ts'

const cluster = 'local'
const startMs = 1_700_000_000_000
const codecs: readonly Codec[] = ['none', 'lz4', 'zstd', 'snappy', 'gzip']
/** Three topics, whose records interleave: record n has the time n, and the key n mod 7. */
const topics = { orders: 3, payments: 2, audit: 1 }
const recordCount = 1_200

let brokers: Cluster
let client: Client
let workers: InspectWorkers
const ended: Problem[] = []
const records: Placed[] = []

interface Placed {
  readonly n: number
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

beforeAll(async () => {
  brokers = await startCluster({ brokers: 2, ports: [0, 0], configs: keepsOldRecords })
  const bootstrap = brokers.brokers.map(({ address }) => address)
  client = createClient({ network: nodeNetwork, clock: nodeClock, bootstrap, clientId: 'test' })
  workers = new InspectWorkers({
    size: 1,
    onEnded: problem => ended.push(problem),
    connectionOf(id) {
      if (id === cluster) return { bootstrap, clientId: 'test' }
      throw new ContractError({ code: 'NOT_FOUND', message: `no cluster is ${id}` })
    },
  })
  await create(topics)
  await fill()
})

afterAll(async () => {
  await workers.close()
  client.close()
  await brokers.stop()
})

describe('a view over several topics', () => {
  test('read forward in pages holds every record once, in order of time', async () => {
    const pages: RecordPage[] = []
    let from: InputOf<WorkerApi, 'record.page'>['from'] = { type: 'oldest' }
    for (let base: Cut | null = null; ;) {
      const page = await readPage({ from, base, limit: 170 })
      if (page.rows.length === 0) break
      pages.push(page)
      base = page.base
      from = { type: 'cut', cut: page.after.cut }
    }
    expect(placesOf(pages.flatMap(({ rows }) => rows))).toEqual(records)
    expect(pages.map(({ before }) => before.position)).toEqual(
      pages.map((_, index) => BigInt(index * 170)),
    )
  })

  test('read backward from the newest holds every record once', async () => {
    const rows: RecordRow[] = []
    let page = await readPage({ from: { type: 'newest' }, direction: 'backward', limit: 333 })
    while (page.rows.length > 0) {
      rows.unshift(...page.rows)
      const from = { type: 'cut', cut: page.before.cut } as const
      page = await readPage({ from, base: page.base, direction: 'backward', limit: 333 })
    }
    expect(placesOf(rows)).toEqual(records)
  })

  test('begins where a group stands, and at the end of what it never committed', async () => {
    await commit('readers', [
      { topic: 'orders', partition: 1, offset: 40n },
      { topic: 'audit', partition: 0, offset: 150n },
    ])
    const page = await readPage({ from: { type: 'group', groupId: 'readers' }, limit: 1_000 })
    const expected = records.filter(
      ({ topic, partition, offset }) =>
        (topic === 'orders' && partition === 1 && offset >= 40n) ||
        (topic === 'audit' && offset >= 150n),
    )
    expect(placesOf(page.rows)).toEqual(expected)
  })

  test.each([
    ['a timestamp', { type: 'timestamp', timestampMs: BigInt(startMs + 500) } as const, 500],
    ['a count', { type: 'count', count: 77 } as const, 77],
    ['a count of more than a page', { type: 'count', count: 1_100 } as const, 1_100],
  ])('ends at %s', async (_case, until, count) => {
    const first = await readPage({ from: { type: 'oldest' }, until, limit: 50 })
    expect(first.until!.position).toBe(BigInt(count))
    const rows = await readOn(first)
    expect(rows.length).toBe(count)
    // The last few hundred of a long count are shared out over the partitions.
    if (count <= 1_000) expect(placesOf(rows)).toEqual(records.slice(0, count))
    else expect(placesOf(rows).slice(0, 600)).toEqual(records.slice(0, 600))
  })

  test('the newest of a count are the newest by time, and begin at position 0', async () => {
    const page = await readPage({
      from: { type: 'newest' },
      until: { type: 'count', count: 90 },
      direction: 'backward',
      limit: 40,
    })
    expect([page.before.position, page.after.position, page.until!.position]).toEqual([
      50n,
      90n,
      90n,
    ])
    expect(placesOf(page.rows)).toEqual(records.slice(-40))
    const from = { type: 'oldest' } as const
    const whole = await readPage({ from, base: page.base, until: cutOf(page.until!.cut) })
    expect(placesOf(whole.rows)).toEqual(records.slice(-90))
  })

  test('that is bounded begins where its first page does', async () => {
    const from = { type: 'timestamp', timestampMs: BigInt(startMs + 300) } as const
    const page = await readPage({ from, bounded: true, limit: 10 })
    expect(page.before.position).toBe(0n)
    expect(page.end.position).toBe(BigInt(recordCount - 300))
    const oldest = await readPage({ from: { type: 'oldest' }, base: page.base, limit: 10 })
    expect(oldest.rows).toEqual(page.rows)
  })

  test('shows what it has when one of its topics does not exist', async () => {
    const sources = [...sourcesOf(['orders']), ...sourcesOf(['missing'])]
    const page = await readPage({ sources, limit: 1_000 })
    expect(page.rows.length).toBe(records.filter(({ topic }) => topic === 'orders').length)
    expect(page.problems).toMatchObject([
      { topic: 'missing', partition: null, problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } },
    ])
    await expect(readPage({ sources: sourcesOf(['missing']) })).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
    })
    await expect(readPage({ sources: [] })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('shows the fields that were asked for, and decodes as it was told', async () => {
    const { rows } = await readPage({
      fields: [
        { part: 'value', path: 'id' },
        { part: 'value', path: 'nested.list[1]' },
        { part: 'header', path: 'trace' },
        { part: 'key', path: '' },
        { part: 'value', path: 'absent' },
      ],
      decoders: { key: 'hex', value: 'auto' },
      limit: 1,
    })
    expect(rows[0]).toMatchObject({
      key: { decoder: 'hex', text: '30', sizeBytes: 1 },
      value: { decoder: 'json', form: 'json', truncated: false },
      headers: 'trace: t-0',
      headerCount: 1,
      fields: ['9007199254740993000', 'b', 't-0', '30', null],
    })
    await expect(readPage({ fields: [{ part: 'value', path: 'a[' }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})

describe('records by their places', () => {
  test('are drawn anew in the order that was asked for, null where there is none', async () => {
    const asked = [1_100, 3, 640, 641, 3].map(n => records[n]!)
    const places = asked.map(({ topic, partition, offset }) => ({ topic, partition, offset }))
    const rows = await workers.call('record.rows', {
      cluster,
      places: [...places, { topic: 'orders', partition: 0, offset: 9_999n }],
      fields: [{ part: 'header', path: 'trace' }],
    })
    const shown = rows.map(row => row && { ...placesOf([row])[0], fields: row.fields })
    const expected = asked.map(each => ({ ...each, fields: [`t-${each.n}`] }))
    expect(shown).toEqual([...expected, null])
  })

  test('of a topic that is not there are refused with the reason', async () => {
    const places = [{ topic: 'nowhere', partition: 0, offset: 0n }]
    await expect(workers.call('record.rows', { cluster, places })).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
    })
  })
})

describe('a histogram', () => {
  test('counts every record in its bucket, without an estimate', async () => {
    const histogram = await workers.call('record.histogram', {
      cluster,
      sources: sourcesOf(Object.keys(topics)),
      base: null,
      fromMs: null,
      toMs: null,
      bucketCount: 60,
    })
    expect(histogram).toMatchObject({ bucketMs: 20n, estimate: [], partitionCount: 6 })
    const expected = histogram.counts.map((_, index) => {
      const fromMs = Number(histogram.fromMs) + index * 20 - startMs
      return BigInt(records.filter(({ n }) => n >= fromMs && n < fromMs + 20).length)
    })
    expect(histogram.counts).toEqual(expected)
    expect([histogram.beforeCount, histogram.afterCount]).toEqual([0n, 0n])
  })

  test('of a part says what lies before and after it', async () => {
    const histogram = await workers.call('record.histogram', {
      cluster,
      sources: sourcesOf(['orders']),
      base: null,
      fromMs: BigInt(startMs + 200),
      toMs: BigInt(startMs + 400),
      bucketCount: 10,
    })
    const orders = records.filter(({ topic }) => topic === 'orders')
    const within = orders.filter(({ n }) => n >= 200 && n < 400).length
    expect(histogram.counts.reduce((sum, each) => sum + each, 0n)).toBe(BigInt(within))
    expect(histogram.beforeCount).toBe(BigInt(orders.filter(({ n }) => n < 200).length))
    expect(histogram.afterCount).toBe(BigInt(orders.filter(({ n }) => n >= 400).length))
  })

  test.each<[string, Partial<InputOf<WorkerApi, 'record.histogram'>>, (each: Placed) => boolean]>([
    ['an offset', { from: { type: 'offset', offset: 150n } }, ({ offset }) => offset >= 150n],
    [
      'one offset to another',
      { from: { type: 'offset', offset: 50n }, until: { type: 'offset', offset: 60n } },
      ({ offset }) => offset >= 50n && offset < 60n,
    ],
    [
      'the newest so many',
      { from: { type: 'newest' }, direction: 'backward', until: { type: 'count', count: 90 } },
      ({ n }) => n >= records.filter(({ topic }) => topic === 'orders').at(-90)!.n,
    ],
    [
      'so many after a time',
      {
        from: { type: 'timestamp', timestampMs: BigInt(startMs + 300) },
        until: { type: 'count', count: 40 },
      },
      ({ n }) => {
        const after = records.filter(each => each.topic === 'orders' && each.n >= 300)
        return n >= 300 && n <= after[39]!.n
      },
    ],
  ])('from %s covers that view and no more', async (_case, range, isInView) => {
    const histogram = await workers.call('record.histogram', {
      cluster,
      sources: sourcesOf(['orders']),
      base: null,
      fromMs: null,
      toMs: null,
      bucketCount: 60,
      ...range,
    })
    const inView = records.filter(each => each.topic === 'orders' && isInView(each))
    const { fromMs, toMs, bucketMs } = histogram
    const expected = histogram.counts.map((_, index) => {
      const at = Number(fromMs + BigInt(index) * bucketMs) - startMs
      return BigInt(inView.filter(({ n }) => n >= at && n < at + Number(bucketMs)).length)
    })
    expect(histogram.counts).toEqual(expected)
    expect([histogram.beforeCount, histogram.afterCount]).toEqual([0n, 0n])
    expect(fromMs + bucketMs > BigInt(startMs + inView[0]!.n)).toBe(true)
    expect(toMs - bucketMs <= BigInt(startMs + inView.at(-1)!.n)).toBe(true)
  })

  test('of very many partitions is an estimate from some of them', async () => {
    await create({ wide: 80 })
    const at = (n: number) => ({ timestampMs: BigInt(startMs + n), key: null, value: null })
    for (let partition = 0; partition < 80; partition++)
      await produce('wide', partition, 'none', [at(0), at(100), at(101), at(200)])
    const histogram = await workers.call('record.histogram', {
      cluster,
      sources: sourcesOf(['wide']),
      base: null,
      fromMs: BigInt(startMs),
      toMs: BigInt(startMs + 300),
      bucketCount: 3,
    })
    expect(histogram).toMatchObject({
      counts: [80n, 160n, 80n],
      estimate: ['sampled'],
      partitionCount: 80,
      askedPartitionCount: 64,
    })
  })

  test('says that it is an estimate where time runs back', async () => {
    await create({ back: 1 })
    const at = (n: number) => ({ timestampMs: BigInt(startMs + n), key: null, value: null })
    await produce('back', 0, 'none', [at(500)])
    await produce(
      'back',
      0,
      'none',
      Array.from({ length: 3_000 }, (_, n) => at(n % 400)),
    )
    const histogram = await workers.call('record.histogram', {
      cluster,
      sources: sourcesOf(['back']),
      base: null,
      fromMs: null,
      toMs: null,
      bucketCount: 10,
    })
    expect(histogram.estimate).toEqual(['unordered'])
    const counted = histogram.counts.reduce((sum, each) => sum + each, 0n)
    expect(histogram.beforeCount + counted + histogram.afterCount).toBe(3_001n)
  })

  test('of a topic without records has no buckets', async () => {
    await create({ empty: 2 })
    const sources = sourcesOf(['empty'])
    const range = { fromMs: null, toMs: null, bucketCount: 10 }
    const histogram = await workers.call('record.histogram', {
      cluster,
      sources,
      base: null,
      ...range,
    })
    expect(histogram).toMatchObject({ counts: [], afterCount: 0n, problems: [] })
  })
})

describe('the record with the same key', () => {
  test.each(['forward', 'backward'] as const)('%s, in its own partition', async direction => {
    for (const record of records.filter(({ n }) => n % 97 === 0)) {
      const same = records.filter(
        ({ n, topic, partition }) =>
          n % 7 === record.n % 7 && topic === record.topic && partition === record.partition,
      )
      const at = same.indexOf(record)
      const wanted = direction === 'forward' ? same[at + 1] : same[at - 1]
      expect((await byKey(record, { direction })).found ?? undefined).toEqual(
        wanted && { topic: wanted.topic, partition: wanted.partition, offset: wanted.offset },
      )
    }
  })

  test.each(['forward', 'backward'] as const)(
    '%s, nearest in time over all partitions',
    async direction => {
      for (const record of records.filter(({ n, topic }) => n % 211 === 0 && topic === 'orders')) {
        const same = records.filter(({ n, topic }) => n % 7 === record.n % 7 && topic === 'orders')
        const at = same.indexOf(record)
        const wanted = direction === 'forward' ? same[at + 1] : same[at - 1]
        const { found, next } = await byKey(record, { direction, partitions: null })
        expect(next).toBeNull()
        expect(found?.offset).toBe(wanted?.offset)
        expect(found?.partition).toBe(wanted?.partition)
      }
    },
  )

  test.each(['forward', 'backward'] as const)(
    '%s, in stretches that go on from each other',
    async direction => {
      const topic = `rare-${direction}`
      await create({ [topic]: 1 })
      const key = Buffer.from('rare')
      for (let batch = 0; batch < 300; batch++)
        await produce(topic, 0, 'none', [
          {
            timestampMs: BigInt(startMs),
            key: batch % 299 === 0 ? key : null,
            value: Buffer.alloc(1_000),
          },
        ])
      const offset = direction === 'forward' ? 0n : 299n
      let calls = 0
      let from: Cut | null = null
      for (;;) {
        const input: InputOf<WorkerApi, 'record.by-key'> = {
          cluster,
          topic,
          partition: 0,
          offset,
          key,
          direction,
          from,
          bytesMax: 1,
        }
        const answer = await workers.call('record.by-key', input)
        calls += 1
        from = answer.next
        if (from !== null) continue
        expect(answer.found).toEqual({ topic, partition: 0, offset: 299n - offset })
        break
      }
      expect(calls).toBeGreaterThan(1)
    },
  )

  function byKey(
    { n, topic, partition, offset }: Placed,
    more: { readonly direction: 'forward' | 'backward'; readonly partitions?: null },
  ) {
    const key = Buffer.from(String(n % 7))
    return workers.call('record.by-key', {
      cluster,
      topic,
      partition,
      offset,
      key,
      from: null,
      ...more,
    })
  }
})

describe('a view whose broker is away', () => {
  test('keeps its places, shows the others’ records, and is whole again when it is back', async () => {
    await create({ parted: 2 })
    const at = (n: number) => ({ timestampMs: BigInt(startMs + n), key: null, value: null })
    const evens = (odd: number) => Array.from({ length: 300 }, (_, n) => at(2 * n + odd))
    await produce('parted', 0, 'none', evens(0))
    await produce('parted', 1, 'none', evens(1))
    const sources = sourcesOf(['parted'])
    const until = { type: 'now' } as const
    const from = { type: 'newest' } as const
    const first = await readPage({ sources, from, until, direction: 'backward', limit: 50 })
    const view = { sources, base: first.base, until: cutOf(first.until!.cut) }
    const { topics: described } = await client.metadata(['parted'])
    const away = described[0]!.partitions.find(({ partitionIndex }) => partitionIndex === 1)!
    await brokers.broker(away.leaderId).kill()

    const middle = await readPage({
      ...view,
      from: { type: 'position', position: 300n },
      limit: 40,
    })
    expect(middle.problems).toMatchObject([{ topic: 'parted', partition: 1 }])
    expect(middle.before.position).toBe(300n)
    expect(middle.after.position).toBe(340n)
    expect(middle.logStart.position).toBe(0n)
    // Half of everything lies before it, so half of this partition, too.
    expect(middle.rows.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 40 }, (_, row) => BigInt(150 + row)),
    )
    const later = await readPage({ ...view, from: cutOf(middle.after.cut), limit: 40 })
    expect(later.before.position).toBe(340n)
    expect(later.rows[0]).toMatchObject({ partition: 0, offset: 190n, position: 340n })
    const earlier = await readPage({
      ...view,
      from: cutOf(middle.before.cut),
      direction: 'backward',
      limit: 40,
    })
    expect(earlier.after.position).toBe(300n)
    expect(earlier.before.position).toBe(260n)
    expect(earlier.rows.at(-1)).toMatchObject({ partition: 0, offset: 149n, position: 299n })

    await brokers.broker(away.leaderId).start()
    await vi.waitFor(
      async () => {
        const whole = await readPage({ ...view, from: { type: 'position', position: 300n } })
        expect(whole.problems).toEqual([])
        expect(whole.rows.map(({ partition }) => partition).slice(0, 4)).toEqual([0, 1, 0, 1])
      },
      { timeout: 10_000, interval: 200 },
    )
  })
})

describe('an inspect worker', () => {
  test('lets go of a cancelled call long before it would have been done', async () => {
    await create({ heavy: 1 })
    const value = Buffer.alloc(900_000, 'x')
    for (let batch = 0; batch < 150; batch++)
      await produce('heavy', 0, 'lz4', [{ timestampMs: BigInt(startMs), key: null, value }])
    const input = {
      cluster,
      topic: 'heavy',
      partition: 0,
      offset: 0n,
      key: Buffer.from('nobody'),
      direction: 'forward',
      from: null,
    } as const
    const small = pageInput({ sources: sourcesOf(['audit']), limit: 1 })
    const whole = await timed(() => workers.call('record.by-key', input, { worker: 0 }))
    const controller = new AbortController()
    const call = workers.call('record.by-key', input, { worker: 0, signal: controller.signal })
    setTimeout(() => controller.abort(), 10)
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    // The same thread has a turn for the next.
    const after = await timed(() => workers.call('record.page', small, { worker: 0 }))
    expect(after).toBeLessThan(whole / 2)
  })

  test('that ends fails its calls with the reason, none of the others’, and is replaced', async () => {
    const items: unknown[] = []
    const sources = sourcesOf(['audit'])
    const from = { type: 'newest' } as const
    const tailing = Promise.withResolvers<Problem | null>()
    workers.stream(
      'record.live',
      { cluster, sources, base: null, from, show: 'rows' },
      { onItem: item => items.push(item), onEnd: tailing.resolve },
      { worker: 0 },
    )
    const input = pageInput({ sources, limit: 3 })
    await workers.call('record.page', input, { worker: 0 })
    const beside = readPage({ sources, limit: 3 })
    const call = workers.call('record.page', input, { worker: 0 })
    await workers.kill(0, 'it would not listen')
    await expect(call).rejects.toMatchObject({
      problem: {
        code: 'WORKER_ENDED',
        message: 'the thread "scan 1" ended: it would not listen',
      },
    })
    expect(await tailing.promise).toMatchObject({ code: 'WORKER_ENDED' })
    expect(ended).toMatchObject([{ code: 'WORKER_ENDED' }])
    expect((await beside).rows.length).toBe(3)
    expect((await workers.call('record.page', input, { worker: 0 })).rows.length).toBe(3)
  })

  test('tails no further than a page can follow, and says what it left out', async () => {
    await create({ flood: 1 })
    const closing = new AbortController()
    const updates: LiveUpdate[] = []
    let full = false
    const sink: StreamSink<LiveUpdate> = {
      signal: closing.signal,
      emit: item => void updates.push(item instanceof EncodedValue ? decodeValue(item) : item),
      get congested() {
        return full
      },
    }
    const from = { type: 'newest' } as const
    const input = { cluster, sources: sourcesOf(['flood']), base: null, from } as const
    const relayed = workers.relay('record.live', { ...input, show: 'rows', rowsMax: 5 }, sink)
    const until = (wanted: (update: LiveUpdate) => boolean) =>
      vi.waitUntil(() => updates.find(wanted), { timeout: 20_000, interval: 20 })
    const record = { timestampMs: BigInt(startMs), key: null, value: null }

    await until(({ at }) => at.position === 0n)
    full = true
    await produce('flood', 0, 'none', [record])
    await until(({ at }) => at.position === 1n)
    await produce(
      'flood',
      0,
      'none',
      Array.from({ length: 999 }, () => record),
    )
    const waiting = await until(({ waitingCount }) => waitingCount === 999n)
    expect([waiting.rows.length, waiting.skippedCount]).toEqual([0, 0n])
    full = false
    const last = await until(({ at }) => at.position === 1_000n)
    expect([last.skippedCount, last.readCount]).toEqual([994n, 1_000n])
    expect(updates.flatMap(({ rows }) => rows.map(({ offset }) => offset))).toEqual([
      0n,
      ...Array.from({ length: 5 }, (_, n) => 995n + BigInt(n)),
    ])
    closing.abort()
    await relayed
  })

  test('is not started for a cluster that nobody knows', async () => {
    await expect(readPage({ cluster: 'gone' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('fails what is under way when it is stopped, and what is asked after that', async () => {
    const other = new InspectWorkers({
      size: 2,
      connectionOf: () => ({
        bootstrap: brokers.brokers.map(({ address }) => address),
        clientId: 'test',
      }),
    })
    const input = pageInput({ sources: sourcesOf(['audit']), limit: 2 })
    expect((await other.call('record.page', input, { worker: 1 })).rows.length).toBe(2)
    const call = other.call('record.page', input, { worker: 1 })
    await Promise.all([other.close(), expect(call).rejects.toMatchObject({ code: 'CANCELLED' })])
    await expect(other.call('record.page', input)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await act()
  return performance.now() - startedMs
}

function sourcesOf(names: readonly string[]) {
  return names.map(topic => ({ topic, partitions: null }))
}

function cutOf(cut: Cut) {
  return { type: 'cut', cut } as const
}

type PageInput = InputOf<WorkerApi, 'record.page'>

function pageInput(input: Partial<PageInput>): PageInput {
  return {
    cluster,
    sources: sourcesOf(Object.keys(topics)),
    base: null,
    from: { type: 'oldest' },
    direction: 'forward',
    limit: 1_000,
    ...input,
  }
}

function readPage(input: Partial<PageInput>): Promise<RecordPage> {
  return workers.call('record.page', pageInput(input))
}

/** The rows of a page and of all pages after it. */
async function readOn(first: RecordPage): Promise<RecordRow[]> {
  const rows = [...first.rows]
  for (let page = first; page.rows.length > 0;) {
    const from = cutOf(page.after.cut)
    page = await readPage({ from, base: first.base, until: cutOf(first.until!.cut), limit: 400 })
    rows.push(...page.rows)
  }
  return rows
}

function placesOf(rows: readonly RecordRow[]): Placed[] {
  return rows.map(({ timestampMs, topic, partition, offset }) => ({
    n: Number(timestampMs) - startMs,
    topic,
    partition,
    offset,
  }))
}

async function create(wanted: Readonly<Record<string, number>>): Promise<void> {
  const { topics: created } = await client.request(
    { type: 'controller' },
    { request: createTopicsRequest, response: createTopicsResponse },
    {
      topics: Object.entries(wanted).map(([name, numPartitions]) => ({
        name,
        numPartitions,
        replicationFactor: 1,
        assignments: [],
        configs: [],
      })),
      timeoutMs: 5_000,
      validateOnly: false,
    },
  )
  expect(created.map(({ errorCode }) => errorCode)).toEqual(created.map(() => 0))
  await client.metadata(Object.keys(wanted))
}

/** Record n goes to a partition that no rule predicts; each batch holds a few records. */
async function fill(): Promise<void> {
  const places = Object.entries(topics).flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => ({
      topic,
      partition,
      numbers: [] as number[],
    })),
  )
  for (let n = 0; n < recordCount; n++) {
    const place = places[(n * n + (n >> 3)) % places.length]!
    const { topic, partition, numbers } = place
    records.push({ n, topic, partition, offset: BigInt(numbers.length) })
    numbers.push(n)
  }
  for (const [index, { topic, partition, numbers }] of places.entries())
    for (let at = 0; at < numbers.length; at += 13)
      await produce(
        topic,
        partition,
        codecs[(index + at) % codecs.length]!,
        numbers.slice(at, at + 13).map(recordOf),
      )
}

function recordOf(n: number) {
  const value = `{"id": 9007199254740993${String(n).padStart(3, '0')}, "nested": {"list": ["a", "b"]}}`
  return {
    timestampMs: BigInt(startMs + n),
    key: Buffer.from(String(n % 7)),
    value: Buffer.from(value),
    headers: [{ key: 'trace', value: Buffer.from(`t-${n}`) }],
  }
}

async function produce(
  topic: string,
  partition: number,
  compression: Codec,
  batch: Parameters<typeof buildBatch>[0]['records'],
): Promise<void> {
  const { responses } = await client.request(
    { type: 'leader', topic, partition },
    { request: produceRequest, response: produceResponse },
    {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [
        {
          name: topic,
          partitionData: [
            { index: partition, records: buildBatch({ compression, records: batch }) },
          ],
        },
      ],
    },
    { versionMax: 9 },
  )
  expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
}

/** A new coordinator is named by the metadata before it serves: clients ask again, and so is done here. */
async function commit(
  groupId: string,
  offsets: readonly { topic: string; partition: number; offset: bigint }[],
): Promise<void> {
  await vi.waitFor(async () => expect(await commitCodes(groupId, offsets)).toEqual([0]), 10_000)
}

/** The error codes, each once. */
async function commitCodes(
  groupId: string,
  offsets: readonly { topic: string; partition: number; offset: bigint }[],
): Promise<readonly number[]> {
  const { topics } = await client.request(
    { type: 'group-coordinator', groupId },
    { request: offsetCommitRequest, response: offsetCommitResponse },
    {
      groupId,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: offsets.map(({ topic, partition, offset }) => ({
        name: topic,
        partitions: [{ partitionIndex: partition, committedOffset: offset, committedMetadata: '' }],
      })),
    },
    { versionMax: 9 },
  )
  const codes = topics.flatMap(({ partitions }) => partitions.map(each => each.errorCode))
  return [...new Set(codes)]
}
