import kafkajs, { type Kafka } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import type { Codec } from '../../engine/protocol/records/compression.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../engine/protocol/messages/delete-records.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { ClusterRegistry } from '../../src-main/clusters/cluster-registry.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import { rowsOf } from '../../src-main/contract/columns.ts'
import { connect } from '../../src-main/contract/connect.ts'
import type { GroupDescription } from '../../src-main/contract/model/group.ts'
import type { LiveUpdate, RecordPage } from '../../src-main/contract/model/record.ts'
import type { TopicActResult } from '../../src-main/contract/model/topic-act.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import {
  createApplicationServer,
  type ApplicationServer,
} from '../../src-main/service/application-server.ts'
import { createSampleShop, type SampleShop } from '../../src-main/sample/sample-shop.ts'
import { memoryPorts } from '../src-main/contract/memory-ports.ts'

const cluster = 'local'
const startMs = 1_700_000_000_000
/** By topic: other tests here look at what brokers have by themselves. See old-records.ts. */
const keepsOldRecords = { name: 'retention.ms', value: '-1' }
let brokers: Cluster
let server: ApplicationServer
let clusters: ClusterRegistry
let sample: SampleShop
let page: ApplicationClient
let kafka: Kafka
const mistakes: Problem[] = []

beforeAll(async () => {
  brokers = await startCluster({ brokers: 2, ports: [0, 0] })
  const bootstrap = brokers.brokers.map(({ address }) => address)
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap,
    clientId: 'test',
  })
  clusters = new ClusterRegistry()
  clusters.register(
    { id: cluster, name: cluster, kind: 'local', colour: '#2f7dd1', readOnly: false, client },
    { state: 'running', bootstrap: brokers.bootstrap, problem: null },
  )
  sample = createSampleShop({ cluster, client, bootstrap: brokers.bootstrap.split(',') })
  server = createApplicationServer({
    clusters,
    sample,
    wait,
    nowMs: Date.now,
    onMistake: problem => mistakes.push(problem),
    info: () => Promise.reject(new TypeError('not asked for here')),
  })
  page = connect<ApplicationApi>({
    open: async () => {
      const [here, there] = memoryPorts()
      server.serveFrames(there)
      return here
    },
    wait,
  })
  kafka = new kafkajs.Kafka({
    clientId: 'test',
    brokers: brokers.bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  })
})

afterAll(async () => {
  await sample.close()
  page.close()
  await server.close()
  clusters.unregister(cluster)
  await brokers.stop()
})

describe('topics', () => {
  test('a topic is validated, created, found, described and deleted', async () => {
    const input = {
      cluster,
      topic: 'made',
      partitionCount: 3,
      replicationFactor: 1,
      configurations: [{ name: 'retention.ms', value: '60000' }],
    }
    const heard: unknown[] = []
    const unlisten = page.on('topics.changed', payload => heard.push(payload))
    expect(await page.call('topic.create', { ...input, validateOnly: true })).toMatchObject({
      created: false,
    })
    const before = await page.call('topic.list', { cluster })
    expect(before.topics!.name).not.toContain('made')
    const { version } = before
    expect(await page.call('topic.list', { cluster, known: version })).toEqual({
      version,
      topics: null,
    })
    expect(await page.call('topic.create', { ...input, validateOnly: false })).toMatchObject({
      created: true,
      partitionCount: 3,
    })
    const after = await page.call('topic.list', { cluster, known: version })
    expect(rowsOf(after.topics!).find(({ name }) => name === 'made')).toMatchObject({
      internal: false,
      partitionCount: 3,
      replicationFactor: 1,
      problem: null,
    })
    const described = await page.call('topic.describe', { cluster, topic: 'made' })
    expect(described.partitions).toMatchObject(
      [0, 1, 2].map(partition => ({
        partition,
        logStartOffset: 0n,
        highWatermark: 0n,
        replicas: [{ isLeader: true, inSync: true, offline: false }],
        problem: null,
      })),
    )
    const configurations = await page.call('topic.configurations', { cluster, topic: 'made' })
    expect(configurations.find(({ name }) => name === 'retention.ms')).toMatchObject({
      value: '60000',
      source: 'dynamic-topic',
      inheritedValue: '604800000',
      unit: 'ms',
    })
    expect(await deleted(['made', 'absent'])).toMatchObject([
      { name: 'made', problem: null },
      { name: 'absent', problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } },
    ])
    await expect(page.call('topic.describe', { cluster, topic: 'made' })).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
    })
    expect(heard).toEqual([{ cluster }, { cluster }])
    unlisten()
  })

  test('a refusal names what is wrong, and what to do', async () => {
    const create = (topic: string, replicationFactor: number) =>
      page.call('topic.create', {
        cluster,
        topic,
        partitionCount: 1,
        replicationFactor,
        configurations: [],
        validateOnly: true,
      })
    await expect(create('two words', 1)).rejects.toMatchObject({
      problem: {
        code: 'INVALID_TOPIC_EXCEPTION',
        message: expect.stringContaining('two words') as string,
        remedy: expect.any(String) as string,
      },
    })
    await expect(create('wide', 3)).rejects.toMatchObject({ code: 'INVALID_REPLICATION_FACTOR' })
  })

  test('no change is made to a cluster that is read-only', async () => {
    const { client } = clusters.get(cluster)
    clusters.register(
      { id: 'locked', name: 'locked', kind: 'local', colour: '#2f7dd1', readOnly: true, client },
      { state: 'running', bootstrap: brokers.bootstrap, problem: null },
    )
    await expect(
      page.call('topic.act', { cluster: 'locked', topics: ['any'], act: { type: 'delete' } }),
    ).rejects.toMatchObject({ code: 'READ_ONLY' })
  })
})

describe('records', () => {
  const topic = 'mixed'
  /** Each partition in another codec; times interleave: record n has the time n. */
  const codecs: readonly Codec[] = ['zstd', 'lz4', 'snappy', 'gzip']

  beforeAll(async () => {
    await create(topic, codecs.length)
    for (const [partition, compression] of codecs.entries())
      for (let batch = 0; batch < 25; batch++)
        await produce(topic, partition, {
          compression,
          records: Array.from({ length: 10 }, (_, index) => {
            const n = (batch * 10 + index) * codecs.length + partition
            const value = n % 50 === 7 ? null : Buffer.from(`{"n":${n},"id":9007199254740993}`)
            return {
              timestampMs: BigInt(startMs + n),
              key: n % 3 === 0 ? null : Buffer.from(`key ${n}`),
              value,
              headers: [{ key: 'n', value: Buffer.from(String(n)) }],
            }
          }),
        })
  })

  test('the newest, merged over partitions of four codecs, and then all before them', async () => {
    let newest = await readPage({ from: { type: 'newest' }, direction: 'backward', limit: 300 })
    expect(newest.end.position).toBe(1_000n)
    const numbers = numbersOf(newest)
    while (newest.before.position > 0n) {
      const from = { type: 'cut', cut: newest.before.cut } as const
      newest = await readPage({ from, base: newest.base, direction: 'backward', limit: 300 })
      numbers.unshift(...numbersOf(newest))
    }
    expect(numbers).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
  })

  test.each([
    ['a timestamp', { type: 'timestamp', timestampMs: BigInt(startMs + 400) } as const, 400],
    ['a position', { type: 'position', position: 400n } as const, 400],
    ['an offset', { type: 'offset', offset: 100n } as const, 400],
    ['the oldest', { type: 'oldest' } as const, 0],
  ])('from %s on', async (_case, from, first) => {
    const read = await readPage({ from, direction: 'forward', limit: 20 })
    expect(numbersOf(read)).toEqual(Array.from({ length: 20 }, (_, n) => first + n))
    expect(read.before.position).toBe(BigInt(first))
  })

  test('of some partitions only, with a cut preview that says how much there is', async () => {
    const read = await page.call('record.page', {
      cluster,
      sources: [{ topic, partitions: [2] }],
      base: null,
      from: { type: 'oldest' },
      direction: 'forward',
      limit: 3,
      previewBytes: 4,
    })
    expect(read.rows.map(({ position, offset }) => [position, offset])).toEqual([
      [0n, 0n],
      [1n, 1n],
      [2n, 2n],
    ])
    expect(read.rows[0]).toMatchObject({
      topic,
      partition: 2,
      timestampType: 'create',
      headerCount: 1,
      headers: 'n: 2',
      codec: 'snappy',
      producerId: null,
      key: { sizeBytes: 5 },
      value: { form: 'json', text: '{"n"', truncated: true, sizeBytes: 29 },
    })
  })

  test('one in full, with its batch', async () => {
    const record = await page.call('record.get', { cluster, topic, partition: 0, offset: 12n })
    expect(textOf(record.value!.bytes)).toBe('{"n":48,"id":9007199254740993}')
    expect(record).toMatchObject({
      key: null,
      timestampMs: BigInt(startMs + 48),
      batch: { baseOffset: 10n, lastOffset: 19n, recordCount: 10, codec: 'zstd', producer: null },
    })
    expect(record.headers.map(({ key, value }) => [key, textOf(value!.bytes)])).toEqual([
      ['n', '48'],
    ])
    await expect(
      page.call('record.get', { cluster, topic, partition: 0, offset: 999n }),
    ).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' })
  })

  test('a value of twenty megabytes comes in ranges, and its row at once', async () => {
    await create('large', 1, [{ name: 'max.message.bytes', value: '30000000' }])
    const value = Buffer.alloc(20_000_000, 'x')
    value.write('the end', value.length - 7)
    const record = { timestampMs: 1n, key: Buffer.from('k'), value }
    await produce('large', 0, { compression: 'none', records: [record] })

    const read = await readPage({
      ...ofTopic('large'),
      from: { type: 'newest' },
      direction: 'backward',
    })
    expect(read.rows[0]!.value).toEqual({
      decoder: 'text',
      form: 'text',
      text: 'x'.repeat(1_024),
      truncated: true,
      sizeBytes: 20_000_000,
    })
    const tail = await page.call('record.bytes', {
      cluster,
      topic: 'large',
      partition: 0,
      offset: 0n,
      part: { type: 'value' },
      from: 19_999_993,
      length: 4_000_000,
    })
    expect(textOf(tail.bytes)).toBe('the end')
  })

  test('records that were deleted keep their positions, and reading goes on after them', async () => {
    await create('trimmed', 1)
    const records = [1, 2, 3, 4, 5, 6].map(n => ({
      timestampMs: BigInt(n),
      key: null,
      value: Buffer.from(String(n)),
    }))
    await produce('trimmed', 0, { compression: 'none', records })
    const whole = await readPage({
      ...ofTopic('trimmed'),
      from: { type: 'oldest' },
      direction: 'forward',
      limit: 2,
    })
    const partitions = [{ partitionIndex: 0, offset: 4n }]
    const trimmed = await clusters
      .get(cluster)
      .client.request(
        { type: 'leader', topic: 'trimmed', partition: 0 },
        { request: deleteRecordsRequest, response: deleteRecordsResponse },
        { topics: [{ name: 'trimmed', partitions }], timeoutMs: 5_000 },
      )
    expect(trimmed.topics[0]!.partitions[0]!.lowWatermark).toBe(4n)
    const rest = await readPage({
      ...ofTopic('trimmed'),
      base: whole.base,
      from: { type: 'cut', cut: whole.after.cut },
      direction: 'forward',
    })
    expect(rest.before.position).toBe(2n)
    expect(rest.rows.map(({ position, offset }) => [position, offset])).toEqual([
      [4n, 4n],
      [5n, 5n],
    ])
    expect(rest.logStart.position).toBe(4n)
  })

  test('a live tail shows what comes, and counts what waits while one reads', async () => {
    await create('live', 2)
    const rows = collect<LiveUpdate>(onItem =>
      page.stream('record.live', liveInput('rows'), { onItem }),
    )
    const counts = collect<LiveUpdate>(onItem =>
      page.stream('record.live', liveInput('counts'), { onItem }),
    )
    await rows.until(({ at }) => at.position === 0n)
    await counts.until(({ waitingCount }) => waitingCount === 0n)
    for (const partition of [0, 1])
      await produce('live', partition, {
        compression: 'lz4',
        records: [{ timestampMs: 5n, key: null, value: Buffer.from(`to ${partition}`) }],
      })
    const last = await rows.until(({ at }) => at.position === 2n)
    expect([last.readCount, last.skippedCount]).toEqual([2n, 0n])
    const values = rows.items.flatMap(update => update.rows.map(row => row.value.text))
    expect(values).toEqual(expect.arrayContaining(['to 0', 'to 1']))
    await counts.until(({ waitingCount }) => waitingCount === 2n)
    rows.close()
    counts.close()
  })

  test('a live tail that gets more than it may show keeps up, and says what it left out', async () => {
    await create('flood', 1)
    const tail = collect<LiveUpdate>(onItem =>
      page.stream(
        'record.live',
        { ...liveInput('rows'), ...ofTopic('flood'), rowsMax: 5 },
        { onItem },
      ),
    )
    await tail.until(({ at }) => at.position === 0n)
    const value = Buffer.from('drop')
    const records = Array.from({ length: 1_000 }, () => ({ timestampMs: 1n, key: null, value }))
    await produce('flood', 0, { compression: 'snappy', records })
    const { skippedCount, readCount } = await tail.until(({ at }) => at.position === 1_000n)
    expect([skippedCount, readCount]).toEqual([995n, 1_000n])
    expect(tail.items.flatMap(({ rows }) => rows).length).toBe(5)
    tail.close()
  })

  function liveInput(show: 'rows' | 'counts') {
    const from = { type: 'newest' } as const
    return { cluster, ...ofTopic('live'), base: null, from, show }
  }

  function readPage(
    input: Partial<Parameters<typeof page.call<'record.page'>>[1]>,
  ): Promise<RecordPage> {
    const rest = { cluster, ...ofTopic(topic), base: null, limit: 1_000 }
    const from = { type: 'oldest' } as const
    return page.call('record.page', { ...rest, from, direction: 'forward', ...input })
  }
})

describe('groups and brokers', () => {
  test('a group shows its members, what they hold, and its lag as it changes', async () => {
    await create('read', 2)
    const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topics: ['read'], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachMessage: async () => {} })
    const offsets = [
      { topic: 'read', partition: 0, offset: '0' },
      { topic: 'read', partition: 1, offset: '0' },
    ]
    await consumer.commitOffsets(offsets)
    const watched = collect<GroupDescription>(onItem =>
      page.stream('group.watch', { cluster, groupId: 'readers', intervalMs: 250 }, { onItem }),
    )
    const quiet = await watched.until(({ totalLag }) => totalLag === 0n)
    expect(quiet).toMatchObject({ state: 'Stable', protocolType: 'consumer', type: 'classic' })
    expect(quiet.members).toMatchObject([
      {
        clientId: 'test',
        subscribedTopics: ['read'],
        assignment: [{ topic: 'read', partitions: [0, 1] }],
      },
    ])
    const records = [{ timestampMs: 1n, key: null, value: Buffer.from('new') }]
    await produce('read', 1, { compression: 'none', records })
    const behind = await watched.until(({ totalLag }) => totalLag === 1n)
    expect(behind.partitions).toMatchObject([
      { partition: 0, committedOffset: 0n, highWatermark: 0n, lag: 0n },
      { partition: 1, committedOffset: 0n, highWatermark: 1n, lag: 1n },
    ])
    expect(behind.partitions.map(({ memberId }) => memberId)).toEqual([
      quiet.members[0]!.memberId,
      quiet.members[0]!.memberId,
    ])
    watched.close()
    expect(await page.call('group.of-topic', { cluster, topic: 'read' })).toMatchObject([
      { groupId: 'readers', memberCount: 1, totalLag: 1n, topics: ['read'] },
    ])
    await consumer.disconnect()
    expect((await page.call('group.list', { cluster })).find(isReaders)).toMatchObject({
      state: 'Empty',
    })
  })

  test('a group that does not exist says so', async () => {
    await expect(page.call('group.describe', { cluster, groupId: 'nobody' })).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    )
  })

  test('the overview is healthy and counts what is there', async () => {
    const overview = await page.call('cluster.overview', { cluster })
    expect(overview.brokers.map(({ id, state }) => [id, state])).toEqual([
      [1, 'online'],
      [2, 'online'],
    ])
    expect(overview.health).toEqual([])
    expect(overview.clusterId).toBe(brokers.clusterId)
    const leaders = overview.brokers.reduce((total, { leaderCount }) => total + leaderCount, 0)
    expect(leaders).toBe(overview.partitionCount)
    const [first] = overview.brokers
    const described = await page.call('broker.describe', { cluster, brokerId: first!.id })
    expect(described.replicas.length).toBe(first!.replicaCount)
    expect(described.apis.find(({ name }) => name === 'Produce')).toBeDefined()
  })

  function isReaders({ groupId }: { readonly groupId: string }): boolean {
    return groupId === 'readers'
  }
})

describe('sample shop', () => {
  test('writes and reads, is stopped, and is removed without a trace', async () => {
    expect(await page.call('sample.start', {})).toMatchObject({ state: 'running' })
    const [orders] = await page.call('topic.figures', { cluster, topics: ['shop.orders'] })
    expect(orders!.recordCount!.count).toBeGreaterThan(0n)
    expect(orders).toMatchObject({ cleanupPolicy: 'delete' })
    expect((await page.call('sample.stop', {})).state).toBe('stopped')
    expect((await page.call('sample.remove', {})).state).toBe('absent')
    const { topics } = await page.call('topic.list', { cluster })
    expect(topics!.name.filter(name => name.startsWith('shop.'))).toEqual([])
    const groups = await page.call('group.list', { cluster })
    expect(groups.filter(({ groupId }) => groupId.startsWith('shop-'))).toEqual([])
  })
})

describe('a cluster that went away', () => {
  test('is told as such, on open streams too, and is no mistake of ours', async () => {
    await create('left', 1)
    const from = { type: 'newest' } as const
    const input = { cluster, ...ofTopic('left'), base: null, from }
    const tail = collect<LiveUpdate>(onItem =>
      page.stream('record.live', { ...input, show: 'rows' }, { onItem }),
    )
    await tail.until(({ at }) => at.position === 0n)
    await brokers.kill()
    const update = await tail.until(({ problems }) => problems.length > 0)
    const codes = ['UNREACHABLE', 'NETWORK_EXCEPTION']
    expect(codes).toContain(update.problems[0]!.problem.code)
    tail.close()
    const calls = [
      page.call('topic.list', { cluster }),
      page.call('cluster.overview', { cluster }),
      page.call('group.list', { cluster }),
      page.call('record.page', { ...input, direction: 'backward', limit: 10 }),
    ]
    for (const { reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[])
      expect(reason).toMatchObject({
        problem: { code: expect.stringMatching(/UNREACHABLE|NETWORK_EXCEPTION/) as string },
      })
    expect(mistakes).toEqual([])
  })
})

function ofTopic(topic: string) {
  return { sources: [{ topic, partitions: null }] }
}

async function create(
  topic: string,
  partitionCount: number,
  configurations: readonly { readonly name: string; readonly value: string }[] = [],
): Promise<void> {
  const kept = [keepsOldRecords, ...configurations]
  const rest = { replicationFactor: 1, configurations: kept, validateOnly: false }
  await page.call('topic.create', { cluster, topic, partitionCount, ...rest })
}

/** Deletes topics, and gives what came of each. */
async function deleted(topics: readonly string[]): Promise<readonly TopicActResult[]> {
  const { jobId } = await page.call('topic.act', { cluster, topics, act: { type: 'delete' } })
  const results: TopicActResult[] = []
  await new Promise<void>(resolve => {
    page.stream(
      'topic.act-results',
      { jobId, from: 0 },
      {
        onItem: item => results.push(...item.results),
        onEnd: () => resolve(),
      },
    )
  })
  return results
}

async function produce(
  topic: string,
  partition: number,
  batch: Parameters<typeof buildBatch>[0],
): Promise<void> {
  const { client } = clusters.get(cluster)
  await client.metadata([topic])
  const api = { request: produceRequest, response: produceResponse }
  const answer = await client.request(
    { type: 'leader', topic, partition },
    api,
    {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [
        { name: topic, partitionData: [{ index: partition, records: buildBatch(batch) }] },
      ],
    },
    { versionMax: 9 },
  )
  expect(answer.responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
}

function numbersOf({ rows, problems }: RecordPage): number[] {
  expect(problems).toEqual([])
  return rows.map(({ timestampMs }) => Number(timestampMs) - startMs)
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}

/** Gathers a stream's items, and waits for one. */
function collect<T>(open: (onItem: (item: T) => void) => () => void) {
  const items: T[] = []
  const waiting: { readonly wanted: (item: T) => boolean; resolve(item: T): void }[] = []
  const close = open(item => {
    items.push(item)
    for (const each of waiting) if (each.wanted(item)) each.resolve(item)
  })
  return {
    items,
    close,
    until(wanted: (item: T) => boolean): Promise<T> {
      const found = items.find(wanted)
      if (found !== undefined) return Promise.resolve(found)
      return new Promise(resolve => waiting.push({ wanted, resolve }))
    },
  }
}
