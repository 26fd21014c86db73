import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { codecs } from '../../engine/protocol/records/compression.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { ClusterRegistry } from '../../src-main/clusters/cluster-registry.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import type { Delivery, RecordDraft, RunInput } from '../../src-main/contract/api/produce.ts'
import { connect } from '../../src-main/contract/connect.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type { ProduceRun } from '../../src-main/contract/model/produce.ts'
import { sendDraft } from '../../src-main/produce/send-draft.ts'
import { fetchRecords } from '../../src-main/produce/run/partition-records.ts'
import { Spread } from '../../src-main/produce/spread.ts'
import {
  createApplicationServer,
  type ApplicationServer,
} from '../../src-main/service/application-server.ts'
import { createSampleShop } from '../../src-main/sample/sample-shop.ts'
import { createTopic } from '../../src-main/topics/topic-changes.ts'
import { memoryPorts } from '../src-main/contract/memory-ports.ts'
import { losingNetwork } from './losing-network.ts'
import { keepsOldRecords } from './old-records.ts'

const cluster = 'local'
let brokers: Cluster
let client: Client
let server: ApplicationServer
let page: ApplicationClient
const mistakes: Problem[] = []
let topicCount = 0

beforeAll(async () => {
  brokers = await startCluster({ brokers: 2, ports: [0, 0], configs: keepsOldRecords })
  client = clientOver(nodeNetwork)
  const clusters = new ClusterRegistry()
  clusters.register(
    { id: cluster, name: cluster, kind: 'local', colour: '#2f7dd1', readOnly: false, client },
    { state: 'running', bootstrap: brokers.bootstrap, problem: null },
  )
  clusters.register(
    {
      id: 'locked',
      name: 'locked',
      kind: 'remote',
      colour: '#2f7dd1',
      readOnly: true,
      client: clientOver(nodeNetwork),
    },
    { state: 'running', bootstrap: brokers.bootstrap, problem: null },
  )
  server = createApplicationServer({
    clusters,
    sample: createSampleShop({ cluster, client, bootstrap: brokers.bootstrap.split(',') }),
    wait,
    nowMs: Date.now,
    onMistake: problem => mistakes.push(problem),
    info: () => Promise.reject(new TypeError('not asked for here')),
  })
  const [near, far] = memoryPorts()
  server.serveFrames(far)
  page = connect<ApplicationApi>({ open: async () => near, wait: async () => {} })
})

afterAll(async () => {
  page?.close()
  await server?.close()
  client?.close()
  await brokers?.stop()
  expect(mistakes).toEqual([])
})

function clientOver(network: Parameters<typeof createClient>[0]['network']): Client {
  const bootstrap = brokers.brokers.map(({ address }) => address)
  return createClient({ network, clock: nodeClock, bootstrap, clientId: 'test' })
}

async function newTopic(partitionCount = 1, configs: Record<string, string> = {}) {
  const topic = `produced-${++topicCount}`
  await createTopic(client, {
    topic,
    partitionCount,
    replicationFactor: 1,
    configurations: Object.entries(configs).map(([name, value]) => ({ name, value })),
    validateOnly: false,
  })
  return topic
}

function draft(overrides: Partial<RecordDraft> = {}): RecordDraft {
  return {
    key: { type: 'null' },
    value: { type: 'text', text: 'v' },
    headers: [],
    partition: null,
    timestamp: { type: 'now' },
    template: null,
    ...overrides,
  }
}

function delivery(overrides: Partial<Delivery> = {}): Delivery {
  return { acks: 'all', idempotent: true, codec: 'none', partitioner: 'java', ...overrides }
}

/** Everything in a partition, as texts. */
async function stored(topic: string, partition = 0) {
  const all = []
  let offset = 0n
  for (;;) {
    const asked = { topic, partition, offset, maxBytes: 8_000_000 }
    const { records, nextOffset } = await fetchRecords(client, asked)
    if (nextOffset === offset) break
    all.push(...records)
    offset = nextOffset
  }
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())
  return all.map(record => ({
    key: text(record.key),
    value: text(record.value),
    headers: record.headers.map(header => [header.key, text(header.value)]),
    timestampMs: record.timestampMs,
  }))
}

function send(topic: string, of: RecordDraft, how = delivery(), count = 1) {
  return page.call('produce.send', { cluster, topic, draft: of, count, delivery: how })
}

/** Resolves with the run's last report. */
function runToEnd(
  topic: string,
  run: RunInput,
  options: { readonly delivery?: Delivery; readonly continueAfterErrors?: boolean } = {},
  onRun: (run: ProduceRun) => void = () => {},
): Promise<ProduceRun> {
  return new Promise((resolve, reject) => {
    const input = {
      cluster,
      topic,
      run,
      delivery: options.delivery ?? delivery(),
      continueAfterErrors: options.continueAfterErrors ?? true,
    }
    page.call('produce.start', input).then(started => {
      onRun(started)
      let last = started
      page.stream(
        'produce.watch',
        { runId: started.runId },
        {
          onItem: item => (last = item),
          onEnd: problem => (problem === null ? resolve(last) : reject(problem)),
        },
      )
    }, reject)
  })
}

const many = (template: string, overrides: Partial<Extract<RunInput, { type: 'template' }>> = {}) =>
  ({
    type: 'template',
    draft: draft({
      key: { type: 'text', text: 'k{{sequence}}' },
      value: { type: 'text', text: template },
      template: { variables: [], seed: 1 },
    }),
    count: 1_000,
    rate: null,
    durationMs: null,
    ...overrides,
  }) as const

describe('one record', () => {
  test('is stored with null, empty and text told apart, its headers and its timestamp', async () => {
    const topic = await newTopic()
    const headers = [
      { key: 'text', value: { type: 'text', text: 'é' } },
      { key: 'null', value: { type: 'null' } },
      { key: 'empty', value: { type: 'empty' } },
      { key: 'text', value: { type: 'hex', text: '41' } },
    ] as const
    const timestamp = { type: 'at', timestampMs: 1_700_000_000_123n } as const
    const first = await send(topic, draft({ headers, timestamp }))
    await send(topic, draft({ key: { type: 'empty' }, value: { type: 'null' }, timestamp }))
    await send(
      topic,
      draft({ key: { type: 'text', text: 'k' }, value: { type: 'empty' }, timestamp }),
    )

    expect(first.records).toEqual([
      { index: 0, partition: 0, offset: 0n, timestampMs: 1_700_000_000_123n, problem: null },
    ])
    expect(first.producerId).not.toBeNull()
    const timestampMs = 1_700_000_000_123n
    expect(await stored(topic)).toEqual([
      {
        key: null,
        value: 'v',
        headers: [
          ['text', 'é'],
          ['null', null],
          ['empty', ''],
          ['text', 'A'],
        ],
        timestampMs,
      },
      { key: '', value: null, headers: [], timestampMs },
      { key: 'k', value: '', headers: [], timestampMs },
    ])
  })

  test.each(codecs)('travels compressed with %s', async codec => {
    const topic = await newTopic()
    const value = 'x'.repeat(10_000)
    const { records } = await send(
      topic,
      draft({ value: { type: 'text', text: value } }),
      delivery({ codec }),
    )
    expect(records[0]?.problem).toBeNull()
    const { batch } = await page.call('record.get', { cluster, topic, partition: 0, offset: 0n })
    expect(batch.codec).toBe(codec)
    expect((await stored(topic)).map(each => each.value)).toEqual([value])
  })

  test('is told its offset with acks 1 and all, and none with acks 0', async () => {
    const topic = await newTopic()
    const offsets = []
    for (const acks of ['1', 'all', '0'] as const) {
      const answer = await send(topic, draft(), delivery({ acks, idempotent: false }))
      offsets.push(answer.records[0]!.offset)
      expect(answer.producerId).toBeNull()
    }
    expect(offsets).toEqual([0n, 1n, null])
    await expect.poll(async () => (await stored(topic)).length).toBe(3)
  })

  test('takes the broker’s time where the topic says so', async () => {
    const topic = await newTopic(1, { 'message.timestamp.type': 'LogAppendTime' })
    const sent = await send(topic, draft({ timestamp: { type: 'at', timestampMs: 5n } }))
    expect(sent.records[0]!.timestampMs).toBeGreaterThan(1_700_000_000_000n)
    expect((await stored(topic))[0]!.timestampMs).toBe(sent.records[0]!.timestampMs)
  })

  test('goes to its partition, to that of its key, or in turn', async () => {
    const topic = await newTopic(4)
    const partitionOf = async (of: RecordDraft, partitioner: Delivery['partitioner'] = 'java') =>
      (await send(topic, of, delivery({ partitioner }))).records[0]!.partition
    expect(await partitionOf(draft({ partition: 3 }))).toBe(3)
    // Of Apache Kafka's own tests: murmur2("foobar") is -790332482.
    const foobar = draft({ key: { type: 'text', text: 'foobar' } })
    expect(await partitionOf(foobar)).toBe((-790332482 & 0x7fffffff) % 4)
    const turns = []
    for (let turn = 0; turn < 5; turn++) turns.push(await partitionOf(draft(), 'round-robin'))
    expect(turns).toEqual([0, 1, 2, 3, 0])
  })
})

describe('a refusal', () => {
  test('of a large record names the limit and the configuration behind it', async () => {
    const topic = await newTopic(1, { 'max.message.bytes': '1000' })
    const { records } = await send(
      topic,
      draft({ value: { type: 'text', text: 'x'.repeat(2_000) } }),
    )
    expect(records[0]).toMatchObject({ offset: null })
    expect(records[0]!.problem).toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
      message: `the record takes 2070 bytes as a batch; max.message.bytes of ${topic} allows 1000`,
    })
    expect(records[0]!.problem!.remedy).toContain('Raise max.message.bytes')
  })

  test('of one large record among small ones leaves the others written', async () => {
    const topic = await newTopic(1, { 'max.message.bytes': '2000' })
    const lines = Array.from({ length: 50 }, (_, index) =>
      JSON.stringify({ v: index === 17 ? 'x'.repeat(3_000) : `n${index}` }),
    )
    const run = await fileRun(topic, lines.join('\n'))
    expect(run).toMatchObject({ state: 'done', sentCount: 49n, failedCount: 1n })
    expect(run.errors.map(({ record, problem }) => [record, problem.code])).toEqual([
      [18n, 'MESSAGE_TOO_LARGE'],
    ])
    expect((await stored(topic)).length).toBe(49)
  })

  test('of a null key by a compacted topic says what to do', async () => {
    const topic = await newTopic(1, { 'cleanup.policy': 'compact' })
    const { records } = await send(topic, draft())
    expect(records[0]!.problem).toMatchObject({
      code: 'INVALID_RECORD',
      remedy: 'The topic is compacted: each record needs a key.',
    })
  })

  test('of a partition that is not there, a topic that is not there, a locked cluster', async () => {
    const topic = await newTopic(2)
    const { records } = await send(topic, draft({ partition: 2 }))
    expect(records[0]!.problem).toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      remedy: 'It has 2, from 0 to 1.',
    })
    await expect(send('nowhere', draft())).rejects.toMatchObject({
      problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION' },
    })
    const input = { cluster: 'locked', topic, draft: draft(), count: 1, delivery: delivery() }
    await expect(page.call('produce.send', input)).rejects.toMatchObject({
      problem: { code: 'READ_ONLY' },
    })
  })

  test('of a draft names its part and place', async () => {
    const topic = await newTopic()
    const broken = draft({
      value: { type: 'json', text: '{"a": {{nothing}}}' },
      template: { variables: [], seed: 1 },
    })
    await expect(send(topic, broken)).rejects.toMatchObject({
      problem: { message: 'value: neither a generator nor a variable is nothing' },
    })
    const { problems } = await page.call('produce.preview', {
      cluster,
      topic,
      draft: broken,
      partitioner: 'java',
    })
    expect(problems).toMatchObject([{ place: { part: 'value', index: null, at: 8, length: 7 } }])
  })
})

describe('an answer that gets lost', () => {
  test('leaves one record with idempotence, and two without', async () => {
    const counts = []
    for (const idempotent of [true, false]) {
      const topic = await newTopic()
      const network = losingNetwork(nodeNetwork)
      const losing = clientOver(network)
      await losing.metadata([topic])
      network.loseNextProduceAnswer()
      const answer = await sendDraft({
        client: losing,
        topic,
        draft: draft(),
        count: 3,
        delivery: delivery({ idempotent, acks: idempotent ? 'all' : '1' }),
        limits: null,
        spread: new Spread('java', Math.random),
        nowMs: Date.now,
        wait,
        random: Math.random,
        signal: new AbortController().signal,
      })
      losing.close()
      expect(answer.retryCount).toBe(1)
      expect(answer.records.map(({ problem }) => problem)).toEqual([null, null, null])
      expect(network.lostCount).toBe(1)
      counts.push((await stored(topic)).length)
    }
    expect(counts).toEqual([3, 6])
  })
})

describe('a run', () => {
  test('writes as many records as it shall, each once and with its number', async () => {
    const topic = await newTopic(3)
    const run = await runToEnd(topic, many('{"n":{{sequence}}}', { count: 25_000 }), {
      delivery: delivery({ codec: 'lz4' }),
    })
    expect(run).toMatchObject({
      state: 'done',
      total: 25_000n,
      sentCount: 25_000n,
      failedCount: 0n,
      problem: null,
    })
    const all = (await Promise.all([0, 1, 2].map(partition => stored(topic, partition)))).flat()
    const numbers = all.map(({ value }) => (JSON.parse(value!) as { n: number }).n)
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 25_000 }, (_, n) => n))
    expect(all.every(({ key, value }) => value === `{"n":${key!.slice(1)}}`)).toBe(true)
  })

  test('keeps a rate, and ends when its time is over', async () => {
    const topic = await newTopic()
    const run = await runToEnd(topic, many('v', { count: null, rate: 500, durationMs: 1_000 }))
    expect(run.state).toBe('done')
    expect(Number(run.sentCount)).toBeGreaterThan(400)
    expect(Number(run.sentCount)).toBeLessThanOrEqual(501)
  })

  test('stops within 100 ms, and everything it counts is in the topic', async () => {
    const topic = await newTopic()
    let stoppedAt = 0
    const run = await runToEnd(topic, many('v'.repeat(100), { count: null }), {}, started => {
      setTimeout(() => {
        stoppedAt = Date.now()
        void page.call('produce.stop', { runId: started.runId })
      }, 300)
    })
    const tookMs = Number(run.endedAtMs) - stoppedAt
    expect(run.state).toBe('stopped')
    expect(run.sentCount).toBeGreaterThan(1_000n)
    expect(tookMs).toBeLessThan(150)
    const { figures } = await page.call('topic.describe', { cluster, topic })
    const inTopic = figures.recordCount!.count
    expect(inTopic).toBeGreaterThanOrEqual(run.sentCount)
    expect(inTopic).toBeLessThanOrEqual(run.sentCount + run.failedCount)
  })

  test('ends at its first error unless it shall go on', async () => {
    const topic = await newTopic()
    const text = '{"a":1}\nno\n{"a":2}\n'
    expect(await fileRun(topic, text, { continueAfterErrors: true })).toMatchObject({
      state: 'done',
      sentCount: 2n,
      failedCount: 1n,
    })
    const ended = await fileRun(topic, text, { continueAfterErrors: false })
    expect(ended).toMatchObject({ state: 'failed', sentCount: 1n, failedCount: 1n })
    expect(ended.problem?.message).toContain('line 2: no JSON')
  })

  test('keeps its errors for later, up to a bound', async () => {
    const topic = await newTopic()
    const run = await fileRun(topic, 'no\n'.repeat(12_000))
    expect(run.failedCount).toBe(12_000n)
    const errors = await page.call('produce.errors', { runId: run.runId, from: 9_990, limit: 100 })
    expect(errors.map(({ record }) => record)).toEqual(
      Array.from({ length: 10 }, (_, index) => BigInt(9_991 + index)),
    )
  })

  test('is a job and is listed with its topic', async () => {
    const topic = await newTopic()
    const run = await runToEnd(topic, many('v', { count: 10 }))
    expect(await page.call('produce.runs', { cluster, topic })).toEqual([run])
    expect(await page.call('job.dismiss', { jobId: run.jobId })).toBeNull()
  })
})

describe('a file', () => {
  test('arrives whole, whatever its pieces', async () => {
    const topic = await newTopic()
    const lines = Array.from({ length: 5_000 }, (_, n) => `{"n":${n},"v":"${'é'.repeat(n % 7)}"}`)
    const run = await fileRun(topic, lines.join('\n'), { pieceBytes: 777 })
    expect(run).toMatchObject({ state: 'done', sentCount: 5_000n })
    expect(run.readBytes).toBe(BigInt(Buffer.byteLength(lines.join('\n'))))
    expect((await stored(topic)).map(({ value }) => value)).toEqual(lines)
  })
})

describe('a replay', () => {
  test('of named records repeats them byte for byte, in their order', async () => {
    const [from, to] = [await newTopic(2), await newTopic(2)]
    const headers = [{ key: 'h', value: { type: 'null' } }] as const
    for (let n = 0; n < 4; n++)
      await send(
        from,
        draft({
          partition: n % 2,
          key: n === 0 ? { type: 'empty' } : { type: 'text', text: `k${n}` },
          value: n === 1 ? { type: 'null' } : { type: 'text', text: `v${n}` },
          timestamp: { type: 'at', timestampMs: BigInt(1_600_000_000_000 + n) },
          headers,
        }),
      )
    const run = await runToEnd(to, {
      type: 'replay',
      from: { cluster, topic: from },
      records: {
        type: 'list',
        places: [
          { partition: 1, offset: 1n },
          { partition: 1, offset: 0n },
          { partition: 0, offset: 0n },
          { partition: 0, offset: 7n },
        ],
      },
      keepTimestamp: true,
      keepPartition: true,
      rate: null,
    })
    expect(run).toMatchObject({ state: 'done', sentCount: 3n, failedCount: 1n, total: 4n })
    expect(run.errors[0]!.problem.message).toContain('no record at offset 7')
    const expected = (n: number, key: string, value: string | null) => ({
      key,
      value,
      headers: [['h', null]],
      timestampMs: BigInt(1_600_000_000_000 + n),
    })
    expect(await stored(to, 0)).toEqual([expected(0, '', 'v0')])
    expect(await stored(to, 1)).toEqual([expected(3, 'k3', 'v3'), expected(1, 'k1', null)])
  })

  test('of a range takes all of it, and no more', async () => {
    const [from, to] = [await newTopic(3), await newTopic(1)]
    await runToEnd(from, many('{{sequence}}', { count: 3_000 }))
    const run = await runToEnd(to, {
      type: 'replay',
      from: { cluster, topic: from },
      records: {
        type: 'range',
        partitions: [0, 2],
        begin: { type: 'offset', offset: 10n },
        end: { type: 'now' },
      },
      keepTimestamp: false,
      keepPartition: false,
      rate: null,
    })
    const source = [(await stored(from, 0)).slice(10), (await stored(from, 2)).slice(10)].flat()
    expect(run).toMatchObject({ state: 'done', sentCount: BigInt(source.length) })
    const valuesOf = (all: typeof source) => all.map(({ value }) => Number(value)).sort(byNumber)
    expect(valuesOf(await stored(to))).toEqual(valuesOf(source))
  })
})

const byNumber = (a: number, b: number) => a - b

async function fileRun(
  topic: string,
  text: string,
  options: { readonly continueAfterErrors?: boolean; readonly pieceBytes?: number } = {},
): Promise<ProduceRun> {
  const { pieceBytes = 1_000_000, continueAfterErrors = true } = options
  const bytes = Buffer.from(text)
  const run: RunInput = {
    type: 'file',
    format: { type: 'ndjson' },
    mapping: {
      key: { type: 'none' },
      value: { type: 'whole' },
      headers: [],
      headersField: null,
      partitionField: null,
      timestampField: null,
      emptyAs: 'null',
    },
    sizeBytes: bytes.length,
    rate: null,
  }
  const feed = async (runId: string) => {
    for (let at = 0; ; at += pieceBytes) {
      const last = at + pieceBytes >= bytes.length
      const piece = bytes.subarray(at, at + pieceBytes)
      await page.call('produce.feed', { runId, bytes: piece, last })
      if (last) return
    }
  }
  return runToEnd(topic, run, { continueAfterErrors }, started => {
    // A run that has ended takes no more of the file.
    feed(started.runId).catch(() => {})
  })
}
