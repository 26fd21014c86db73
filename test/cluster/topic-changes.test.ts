/** Changes to topics as the application makes them, and what the engine does from then on. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import { metadataRequest, metadataResponse } from '../../engine/protocol/messages/metadata.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch, type BatchInput } from '../../engine/protocol/records/batch-builder.ts'
import { compressionIdOf } from '../../engine/protocol/records/record-batch.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import { ContractError } from '../../src-main/contract/define.ts'
import type { ConfigurationChange } from '../../src-main/contract/model/configuration.ts'
import { activeProducers } from '../../src-main/topics/active-producers.ts'
import { alterConfigurations } from '../../src-main/topics/alter-configurations.ts'
import { keyMoves } from '../../src-main/topics/key-moves.ts'
import { javaPartition } from '../../src-main/partitioners/partitioners.ts'
import { emptyTopics, previewPurge, purge } from '../../src-main/topics/purge.ts'
import { recreateTopic } from '../../src-main/topics/recreate-topic.ts'
import { addPartitions, createTopic, topicSettings } from '../../src-main/topics/topic-changes.ts'
import { describeConfigurations } from '../../src-main/topics/topic-configurations.ts'
import { describeTopic } from '../../src-main/topics/topic-figures.ts'

const produceApi = { request: produceRequest, response: produceResponse }
const metadataApi = { request: metadataRequest, response: metadataResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }
/** Young enough for retention.ms. */
const baseMs = BigInt(Date.now() - 6 * 3_600_000)
const { signal } = new AbortController()

let cluster: Cluster
let client: Client
let dataDir: string

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'odradek-topics-'))
  cluster = await startCluster({ brokers: 2, ports: [0, 0], dataDir })
  client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: cluster.brokers.map(({ address }) => address),
    clientId: 'test',
  })
})
afterAll(async () => {
  client.close()
  await cluster.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

describe('a changed configuration counts at once', () => {
  test('max.message.bytes refuses the next batch that is larger', async () => {
    await make('sized')
    const large = { records: records(1, { size: 2_000 }) }
    expect(await produce('sized', large)).toBe('NONE')
    await alter('sized', [set('max.message.bytes', '1000')])
    expect(await produce('sized', large)).toBe('MESSAGE_TOO_LARGE')
    await alter('sized', [reset('max.message.bytes')])
    expect(await produce('sized', large)).toBe('NONE')
  })

  test('message.timestamp.type stamps, and its bounds refuse', async () => {
    await make('stamped')
    expect(await appendTime('stamped')).toBe(-1n)
    await alter('stamped', [set('message.timestamp.type', 'LogAppendTime')])
    expect(await appendTime('stamped')).toBeGreaterThan(baseMs)
    await alter('stamped', [
      reset('message.timestamp.type'),
      set('message.timestamp.before.max.ms', '60000'),
    ])
    expect(await produce('stamped', { records: records(1) })).toBe('INVALID_TIMESTAMP')
  })

  test('compression.type recompresses what comes in another codec', async () => {
    await make('packed')
    await produce('packed', { records: records(20) })
    await alter('packed', [set('compression.type', 'gzip')])
    await produce('packed', { records: records(20) })
    expect(await codecs('packed')).toEqual([0, 1])
  })

  test('cleanup.policy=compact refuses records without a key', async () => {
    await make('keyed')
    const keyless = { records: records(1, { keyless: true }) }
    expect(await produce('keyed', keyless)).toBe('NONE')
    await alter('keyed', [{ name: 'cleanup.policy', operation: 'append', value: 'compact' }])
    expect(await produce('keyed', keyless)).toBe('INVALID_RECORD')
    await alter('keyed', [{ name: 'cleanup.policy', operation: 'subtract', value: 'compact' }])
    expect(await produce('keyed', keyless)).toBe('NONE')
  })

  test('segment.bytes closes the segment that is full by now', async () => {
    await make('cut')
    const large = { records: records(1, { size: 900_000 }) }
    for (let count = 0; count < 3; count++) expect(await produce('cut', large)).toBe('NONE')
    expect(segmentsOf('cut')).toHaveLength(1)
    await alter('cut', [set('segment.bytes', '1048576')])
    expect(await produce('cut', large)).toBe('NONE')
    expect(segmentsOf('cut')).toHaveLength(2)
  })

  test('a default of all brokers counts for topics that set nothing, and not for the others', async () => {
    await make('follows')
    await make('insists', { configurations: [{ name: 'max.message.bytes', value: '5000' }] })
    const large = { records: records(1, { size: 2_000 }) }
    await alterBrokers([set('message.max.bytes', '1000')])
    expect(await produce('follows', large)).toBe('MESSAGE_TOO_LARGE')
    expect(await produce('insists', large)).toBe('NONE')
    const entries = await describeConfigurations(client, { type: 'topic', name: 'follows' }, true)
    expect(entries.find(({ name }) => name === 'max.message.bytes')).toMatchObject({
      value: '1000',
      source: 'dynamic-default-broker',
    })
    await alterBrokers([reset('message.max.bytes')])
    expect(await produce('follows', large)).toBe('NONE')
  })
})

describe('a change of configurations', () => {
  test('is read back with its source, and a reset with what it falls back to', async () => {
    await make('read')
    const [made] = await alter('read', [
      set('retention.ms', ' 60000 '),
      set('cleanup.policy', 'compact,compact'),
    ])
    expect(made?.problem).toBeNull()
    const values = (made?.readBack ?? []).map(({ name, value, source }) => [name, value, source])
    expect(values).toEqual([
      ['cleanup.policy', 'compact', 'dynamic-topic'],
      ['retention.ms', '60000', 'dynamic-topic'],
    ])
    const [undone] = await alter('read', [reset('retention.ms')])
    expect(undone?.readBack).toMatchObject([{ value: '604800000', source: 'default' }])
  })

  test('is refused as a whole, naming the one that it is about', async () => {
    await make('whole')
    const [answer] = await alter('whole', [set('segment.ms', '1000'), set('retention.ms', 'soon')])
    expect(answer).toMatchObject({
      problem: { code: 'INVALID_CONFIG' },
      problemName: 'retention.ms',
      readBack: null,
    })
    expect((await topicSettings(client, 'whole')).configurations).toEqual([])
  })

  test('of several topics is answered for each, and only judged with validateOnly', async () => {
    await make('one')
    const resources = ['one', 'absent'].map(name => ({ type: 'topic' as const, name }))
    const options = { ownEngine: true, wait, signal }
    const changes = [set('retention.ms', '5')]
    const judged = await alterConfigurations(
      client,
      { resources, changes, validateOnly: true },
      options,
    )
    expect(judged.map(({ problem }) => problem?.code ?? null)).toEqual([
      null,
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
    expect((await topicSettings(client, 'one')).configurations).toEqual([])
  })

  test('of a single broker is made there, and told apart from the default of all', async () => {
    const resource = { type: 'broker', brokerId: 1 } as const
    const options = { ownEngine: true, wait, signal }
    const changes = [set('log.retention.ms', '123456')]
    const [made] = await alterConfigurations(
      client,
      { resources: [resource], changes, validateOnly: false },
      options,
    )
    expect(made).toMatchObject({
      problem: null,
      readBack: [{ name: 'log.retention.ms', value: '123456', source: 'dynamic-broker' }],
    })
    const all = await describeConfigurations(client, { type: 'brokers' }, true)
    expect(all.find(({ name }) => name === 'log.retention.ms')).toMatchObject({
      value: null,
      source: 'default',
    })
    expect(all.some(({ readOnly }) => readOnly)).toBe(false)
    const [fixed] = await alterConfigurations(
      client,
      { resources: [resource], changes: [set('node.id', '7')], validateOnly: true },
      options,
    )
    expect(fixed?.problem?.code).toBe('INVALID_REQUEST')
    await alterConfigurations(
      client,
      { resources: [resource], changes: [reset('log.retention.ms')], validateOnly: false },
      options,
    )
  })
})

describe('a purge', () => {
  test('takes what its preview said, by offset, by time and to the end', async () => {
    await make('purged', { partitionCount: 2 })
    for (const partition of [0, 1])
      for (let minute = 0; minute < 10; minute++)
        await produce(
          'purged',
          { records: records(1, { atMs: baseMs + BigInt(minute) * 60_000n }) },
          partition,
        )

    const byOffset = await previewPurge(client, {
      topic: 'purged',
      partitions: [0],
      before: { type: 'offset', offset: 3n },
    })
    expect(byOffset).toMatchObject({ refusal: null, recordCount: 3n })
    expect(
      byOffset.partitions.map(({ partition, beforeOffset }) => [partition, beforeOffset]),
    ).toEqual([[0, 3n]])
    expect(
      await purge(client, { topic: 'purged', before: [{ partition: 0, offset: 3n }] }),
    ).toEqual([{ partition: 0, logStartOffset: 3n, recordCount: 3n, problem: null }])

    const byTime = await previewPurge(client, {
      topic: 'purged',
      partitions: null,
      before: { type: 'timestamp', timestampMs: baseMs + 5n * 60_000n },
    })
    expect(
      byTime.partitions.map(({ beforeOffset, recordCount }) => [beforeOffset, recordCount]),
    ).toEqual([
      [5n, 2n],
      [5n, 5n],
    ])
    expect(byTime.sizeBytes).toBeGreaterThan(0)
    const late = await previewPurge(client, {
      topic: 'purged',
      partitions: null,
      before: { type: 'timestamp', timestampMs: baseMs + 3_600_000n },
    })
    expect(late.recordCount).toBe(17n)

    expect(await emptyTopics(client, ['purged', 'absent'])).toMatchObject([
      { name: 'purged', recordCount: 17n, problem: null },
      { name: 'absent', recordCount: 0n, problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } },
    ])
    const { partitions } = await describeTopic(client, 'purged')
    expect(partitions.map(({ logStartOffset }) => logStartOffset)).toEqual([10n, 10n])
  })

  test('of what is only compacted is refused with the reason, before and by the cluster', async () => {
    await make('kept', { configurations: [{ name: 'cleanup.policy', value: 'compact' }] })
    await produce('kept', { records: records(2) })
    const scope = { topic: 'kept', partitions: null, before: { type: 'end' } } as const
    const preview = await previewPurge(client, scope)
    expect(preview.refusal).toMatchObject({ code: 'POLICY_VIOLATION' })
    const [answer] = await purge(client, { topic: 'kept', before: [{ partition: 0, offset: 1n }] })
    expect(answer).toMatchObject({ recordCount: 0n, problem: { code: 'POLICY_VIOLATION' } })
    expect(await emptyTopics(client, ['kept'])).toMatchObject([
      { recordCount: 0n, problem: { code: 'POLICY_VIOLATION' } },
    ])
  })

  test('of a topic with an empty policy is allowed, as Apache Kafka allows it', async () => {
    await make('endless', { configurations: [{ name: 'cleanup.policy', value: '' }] })
    await produce('endless', { records: records(4) })
    expect(
      await purge(client, { topic: 'endless', before: [{ partition: 0, offset: 2n }] }),
    ).toMatchObject([{ logStartOffset: 2n, problem: null }])
  })
})

describe('a topic', () => {
  test('is made anew with its partitions and configurations, and nothing else', async () => {
    const configurations = [
      { name: 'cleanup.policy', value: 'compact,delete' },
      { name: 'retention.ms', value: '7200000' },
    ]
    await make('again', { partitionCount: 3, configurations })
    await produce('again', { records: records(5) }, 1)
    const before = await describeTopic(client, 'again')
    const recreated = await recreateTopic(client, 'again', wait)
    expect(recreated).toMatchObject({
      oldId: before.id,
      settings: { partitionCount: 3, replicationFactor: 1, configurations },
    })
    expect(recreated.id).not.toBe(before.id)
    const after = await until(
      () => describeTopic(client, 'again'),
      topic => topic.id === recreated.id && topic.figures.recordCount !== null,
    )
    expect(after.figures.recordCount?.count).toBe(0n)
    expect(await topicSettings(client, 'again')).toEqual({
      partitionCount: 3,
      replicationFactor: 1,
      configurations,
    })
  })

  test('gets more partitions and never fewer; what moves is what murmur2 says', async () => {
    await make('grown', { partitionCount: 2 })
    const keys = Array.from({ length: 40 }, (_, index) => Buffer.from(`key ${index}`))
    for (const key of keys) {
      const record = { timestampMs: baseMs, key, value: Buffer.from('v') }
      await produce('grown', { records: [record] }, javaPartition(key, 2))
    }
    const moves = await keyMoves(client, { topic: 'grown', count: 3 })
    const moved = keys.filter(key => javaPartition(key, 2) !== javaPartition(key, 3)).length
    expect(moves.share).toBeCloseTo(2 / 3)
    expect(moves.sample).toMatchObject({
      keyCount: 40,
      movedCount: moved,
      elsewhereCount: 0,
      withoutKeyCount: 0,
    })
    await addPartitions(client, { topic: 'grown', count: 3, validateOnly: true })
    expect((await topicSettings(client, 'grown')).partitionCount).toBe(2)
    await addPartitions(client, { topic: 'grown', count: 3, validateOnly: false })
    expect((await topicSettings(client, 'grown')).partitionCount).toBe(3)
    await expect(
      addPartitions(client, { topic: 'grown', count: 3, validateOnly: false }),
    ).rejects.toMatchObject({ problem: { code: 'INVALID_PARTITIONS' } })
  })

  test('tells its idempotent producers, the one that wrote last first', async () => {
    await make('written')
    const producer = { producerId: 4_711n, producerEpoch: 2, baseSequence: 0 }
    await produce('written', { records: records(3), ...producer })
    const { producers, problems } = await activeProducers(client, 'written')
    expect(problems).toEqual([])
    expect(producers).toEqual([
      {
        partition: 0,
        producerId: 4_711n,
        producerEpoch: 2,
        lastSequence: 2,
        lastTimestampMs: expect.any(BigInt),
        transactionStartOffset: null,
      },
    ])
  })
})

interface Made {
  readonly partitionCount?: number
  readonly configurations?: readonly { readonly name: string; readonly value: string }[]
}

async function make(topic: string, { partitionCount = 1, configurations = [] }: Made = {}) {
  await createTopic(client, {
    topic,
    partitionCount,
    replicationFactor: 1,
    configurations,
    validateOnly: false,
  })
  await until(
    () => client.metadata([topic]),
    ({ topics }) =>
      topics[0]?.errorCode === 0 && topics[0].partitions.every(({ leaderId }) => leaderId >= 0),
  )
}

/** A broker that has not heard of a change yet answers from before it. */
async function until<T>(read: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read().catch((error: unknown) => {
      if (error instanceof ContractError || error instanceof KafkaError) return null
      throw error
    })
    if (value !== null && fits(value)) return value
    await wait(10)
  }
}

function set(name: string, value: string): ConfigurationChange {
  return { name, operation: 'set', value }
}

function reset(name: string): ConfigurationChange {
  return { name, operation: 'reset', value: null }
}

/** Made, read back, and known to the topic's leader. */
async function alter(topic: string, changes: readonly ConfigurationChange[]) {
  const resources = [{ type: 'topic', name: topic }] as const
  const altered = await alterConfigurations(
    client,
    { resources, changes, validateOnly: false },
    { ownEngine: true, wait, signal },
  )
  await everyBrokerKnows()
  return altered
}

async function alterBrokers(changes: readonly ConfigurationChange[]) {
  const resources = [{ type: 'brokers' }] as const
  const options = { ownEngine: true, wait, signal }
  await alterConfigurations(client, { resources, changes, validateOnly: false }, options)
  await everyBrokerKnows()
}

/** A topic that each broker tells of is younger than the change before it. */
async function everyBrokerKnows(): Promise<void> {
  marks += 1
  const topic = `mark-${marks}`
  await createTopic(client, {
    topic,
    partitionCount: 1,
    replicationFactor: 1,
    configurations: [],
    validateOnly: false,
  })
  const { brokers } = await client.metadata([])
  for (const { nodeId } of brokers)
    await until(
      () => describeFrom(nodeId, topic),
      known => known,
    )
}

let marks = 0

async function describeFrom(brokerId: number, topic: string): Promise<boolean> {
  const connection = await client.connection({ type: 'broker', brokerId })
  const answer = await connection.request(metadataApi, {
    topics: [{ name: topic }],
    allowAutoTopicCreation: false,
  })
  return answer.topics[0]?.errorCode === 0
}

function records(
  count: number,
  options: { size?: number; keyless?: boolean; atMs?: bigint } = {},
): BatchInput['records'] {
  const { size = 10, keyless = false, atMs = baseMs } = options
  return Array.from({ length: count }, (_, index) => ({
    timestampMs: atMs,
    key: keyless ? null : Buffer.from(`key ${index}`),
    value: Buffer.alloc(size, 'v'),
  }))
}

async function produced(topic: string, input: BatchInput, partition = 0) {
  const { responses } = await client.request(
    { type: 'leader', topic, partition },
    produceApi,
    {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [
        { name: topic, partitionData: [{ index: partition, records: buildBatch(input) }] },
      ],
    },
    { versionMax: 12 },
  )
  return responses[0]!.partitionResponses[0]!
}

async function produce(topic: string, input: BatchInput, partition = 0): Promise<string> {
  return errorName((await produced(topic, input, partition)).errorCode)
}

async function appendTime(topic: string): Promise<bigint> {
  return (await produced(topic, { records: records(1) })).logAppendTimeMs
}

async function codecs(topic: string): Promise<number[]> {
  const found: number[] = []
  for (const offset of [0n, 20n]) {
    const { responses } = await client.request(
      { type: 'leader', topic, partition: 0 },
      fetchApi,
      {
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: 1_000_000,
        isolationLevel: 0,
        topics: [
          { topic, partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1 }] },
        ],
      },
      { versionMax: 12 },
    )
    found.push(compressionIdOf(responses[0]!.partitions[0]!.records!, 0))
  }
  return found
}

function segmentsOf(topic: string): readonly string[] {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter(
    path => path.endsWith('.log') && path.includes(join(`${topic}-0`)),
  )
}
