import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../engine/client/client.ts'
import { codecs } from '../../engine/protocol/records/compression.ts'
import { addressesOf, openClient } from '../../src-main/clusters/cluster-connection.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { Delivery, RecordDraft } from '../../src-main/contract/api/produce.ts'
import { partitionOf, type Partitioner } from '../../src-main/partitioners/partitioners.ts'
import { readLimits } from '../../src-main/produce/produce-target.ts'
import { Run } from '../../src-main/produce/run/run.ts'
import { templateSource } from '../../src-main/produce/run/template-source.ts'
import { sendDraft } from '../../src-main/produce/send-draft.ts'
import { Spread } from '../../src-main/produce/spread.ts'
import { startClusterUnderTest } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { kcat } from './setup/kcat.ts'
import { python } from './setup/python.ts'
import { createTopic, javaToolChecked, jsonLines, kcatRun, pythonRun } from './tools.ts'
import { keepsOldRecords } from '../cluster/old-records.ts'

const foundKcat = await kcat.find()
const foundJava = await java.find()
const foundPython = await python.find()
const timestampMs = 1_700_000_000_123n
let cluster: RunningCluster
let client: Client

beforeAll(async () => {
  cluster = await startClusterUnderTest({ configs: keepsOldRecords })
  client = openClient({ bootstrap: addressesOf(cluster.bootstrap), clientId: 'interop' })
})

afterAll(async () => {
  client?.close()
  await cluster?.stop()
})

const surroundings = { nowMs: Date.now, wait, random: Math.random }

function draft(overrides: Partial<RecordDraft>): RecordDraft {
  return {
    key: { type: 'null' },
    value: { type: 'null' },
    headers: [],
    partition: null,
    timestamp: { type: 'at', timestampMs },
    template: null,
    ...overrides,
  }
}

async function send(topic: string, of: RecordDraft, how: Partial<Delivery> = {}): Promise<void> {
  const delivery: Delivery = {
    acks: 'all',
    idempotent: true,
    codec: 'none',
    partitioner: 'java',
    ...how,
  }
  const { records } = await sendDraft({
    client,
    topic,
    draft: of,
    count: 1,
    delivery,
    limits: await readLimits(client, topic),
    spread: new Spread(delivery.partitioner, Math.random),
    signal: new AbortController().signal,
    ...surroundings,
  })
  expect(records.map(({ problem }) => problem)).toEqual([null])
}

const drafts: readonly RecordDraft[] = [
  draft({ key: { type: 'text', text: 'k1' }, value: { type: 'text', text: 'é€😀' } }),
  draft({ key: { type: 'text', text: 'k2' } }),
  draft({ key: { type: 'empty' }, value: { type: 'empty' } }),
  draft({
    value: { type: 'json', text: '{"id": 9007199254740993}' },
    headers: [
      { key: 'a', value: { type: 'text', text: '1' } },
      { key: 'a', value: { type: 'text', text: '2' } },
      { key: 'nothing', value: { type: 'null' } },
      { key: 'empty', value: { type: 'empty' } },
    ],
  }),
]

describe.skipIf(foundKcat === null)('kcat reads what was sent', () => {
  test.each(codecs)('with codec %s: null, empty, text, headers and timestamps', async codec => {
    const topic = `sent-${codec}`
    await createTopic(cluster, topic)
    for (const each of drafts) await send(topic, each, { codec })
    const { stdout } = await kcatRun(cluster, ['-C', '-e', '-q', '-J', '-t', topic])
    const seen = jsonLines(stdout).map(({ key, payload, headers, ts, offset }) => ({
      key,
      payload,
      headers,
      ts,
      offset,
    }))
    const ts = Number(timestampMs)
    expect(seen).toEqual([
      { offset: 0, ts, key: 'k1', payload: 'é€😀' },
      { offset: 1, ts, key: 'k2', payload: null },
      { offset: 2, ts, key: '', payload: '' },
      {
        offset: 3,
        ts,
        key: null,
        payload: '{"id": 9007199254740993}',
        headers: ['a', '1', 'a', '2', 'nothing', null, 'empty', ''],
      },
    ])
  })

  test('twenty thousand of a run, each once', async () => {
    await createTopic(cluster, 'run', { partitions: 3 })
    const delivery: Delivery = {
      acks: 'all',
      idempotent: true,
      codec: 'zstd',
      partitioner: 'java',
    }
    const run = new Run({
      client,
      topic: 'run',
      delivery,
      limits: null,
      source: templateSource({
        draft: draft({
          key: { type: 'text', text: 'k{{sequence}}' },
          value: { type: 'text', text: '{{sequence}}' },
          template: { variables: [], seed: 1 },
        }),
        topic: 'run',
        count: 20_000,
        nowMs: Date.now,
      }),
      rate: null,
      durationMs: null,
      continueAfterErrors: false,
      ...surroundings,
    })
    await run.run()
    expect(run.progress()).toMatchObject({ state: 'done', sentCount: 20_000n, failedCount: 0n })
    const { stdout } = await kcatRun(cluster, ['-C', '-e', '-q', '-t', 'run', '-f', '%s %k %p\n'])
    const lines = stdout.trim().split('\n')
    const numbers = lines.map(line => Number(line.split(' ')[0])).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, n) => n))
    for (const line of lines.slice(0, 200)) {
      const [, key = '', partition] = line.split(' ')
      expect(partitionOf('java', Buffer.from(key), 3)).toBe(Number(partition))
    }
  })
})

describe.skipIf(foundJava === null)('Apache Kafka’s consumer reads what was sent', () => {
  test('null, empty, headers and timestamps', async () => {
    await createTopic(cluster, 'to-java')
    for (const each of drafts) await send('to-java', each, { codec: 'lz4' })
    const properties = ['print.key', 'print.headers', 'print.timestamp', 'print.offset']
    const { stdout } = await javaToolChecked('consumer.ConsoleConsumer', [
      '--bootstrap-server',
      cluster.bootstrap,
      '--topic',
      'to-java',
      '--from-beginning',
      '--timeout-ms',
      '20000',
      '--max-messages',
      '4',
      ...properties.flatMap(name => ['--formatter-property', `${name}=true`]),
      '--formatter-property',
      'null.literal=NULL',
    ])
    expect(stdout.trimEnd().split('\n')).toEqual([
      `CreateTime:${timestampMs}\tOffset:0\tNO_HEADERS\tk1\té€😀`,
      `CreateTime:${timestampMs}\tOffset:1\tNO_HEADERS\tk2\tNULL`,
      `CreateTime:${timestampMs}\tOffset:2\tNO_HEADERS\t\t`,
      `CreateTime:${timestampMs}\tOffset:3\ta:1,a:2,nothing:NULL,empty:\tNULL\t{"id": 9007199254740993}`,
    ])
  })

  test('and its producer puts keys where ours does', async () => {
    await createTopic(cluster, 'java-keys', { partitions: 13 })
    const keys = Array.from({ length: 300 }, (_, n) => `${'schlüssel'.repeat(n % 4)}-${n}`)
    await javaToolChecked(
      'ConsoleProducer',
      [
        '--bootstrap-server',
        cluster.bootstrap,
        '--topic',
        'java-keys',
        '--reader-property',
        'parse.key=true',
        '--reader-property',
        'key.separator=|',
      ],
      { input: `${keys.map(key => `${key}|v`).join('\n')}\n` },
    )
    const { stdout } = await kcatRun(cluster, [
      '-C',
      '-e',
      '-q',
      '-t',
      'java-keys',
      '-f',
      '%k|%p\n',
    ])
    const seen = stdout.trim().split('\n')
    const expected = keys.map(key => `${key}|${partitionOf('java', Buffer.from(key), 13)}`)
    expect(seen.sort()).toEqual(expected.sort())
  })
})

describe.skipIf(foundPython === null)('librdkafka', () => {
  const names: readonly (readonly [ours: Partitioner, theirs: string])[] = [
    ['librdkafka', 'consistent_random'],
    ['consistent', 'consistent'],
    ['murmur2', 'murmur2'],
    ['java', 'murmur2_random'],
    ['fnv1a', 'fnv1a'],
    ['fnv1a-random', 'fnv1a_random'],
  ]
  const keys = [
    null,
    Buffer.alloc(0),
    ...Array.from({ length: 120 }, (_, n) =>
      Buffer.from(Array.from({ length: n % 23 }, (_each, at) => (n * 37 + at * 101) & 0xff)),
    ),
  ]

  test.each(names)('%s puts keys where its %s does', async (ours, theirs) => {
    const topic = `keys-${ours}`
    await createTopic(cluster, topic, { partitions: 7 })
    const args = keys.map(key => (key === null ? '-' : key.toString('hex')))
    const seen = await pythonRun('partitioners.py', [cluster.bootstrap, topic, theirs, ...args])
    // What the key does not decide, chance does: there is nothing to compare.
    const expected = keys.map((key, index) => ({
      partition: partitionOf(ours, key, 7) ?? (seen[index] as { partition: number }).partition,
    }))
    expect(seen).toEqual(expected)
    const undecided = keys.filter(key => partitionOf(ours, key, 7) === null)
    expect(undecided.length).toBeLessThan(10)
  })
})
