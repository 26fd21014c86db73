import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { errorName } from '../../engine/protocol/errors.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../engine/protocol/messages/delete-records.ts'
import {
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '../../engine/protocol/messages/delete-topics.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../engine/protocol/messages/incremental-alter-configs.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../engine/protocol/messages/list-offsets.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { openClient } from '../../src-main/clusters/cluster-connection.ts'
import { keepsOldRecords } from './old-records.ts'
import { readTexts } from './plain-records.ts'

const TOPIC = 'orders'
const TOPIC_TYPE = 2
const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const BROKER = 4
/** What was killed loses its session soon, and what stands still its place in the ISR. */
const configs = {
  ...keepsOldRecords,
  'broker.session.timeout.ms': '2500',
  'broker.heartbeat.interval.ms': '300',
  'replica.lag.time.max.ms': '4000',
}
/** An election, a restart, and a busy machine. */
const PATIENCE = { timeout: 30_000, interval: 100 }
/** The newest versions that name topics by name. */
const versionMax = 12

const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const produceApi = { request: produceRequest, response: produceResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }
const offsetsApi = { request: listOffsetsRequest, response: listOffsetsResponse }
const configApi = {
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
}
const deleteTopicsApi = { request: deleteTopicsRequest, response: deleteTopicsResponse }
const deleteApi = { request: deleteRecordsRequest, response: deleteRecordsResponse }

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

describe('a topic with three replicas and min.insync.replicas 2', () => {
  test('takes acks=all while any one broker is gone, and heals when it is back', async () => {
    const cluster = await start()
    const texts: string[] = []
    for (const { brokerId } of cluster.brokers) {
      await cluster.broker(brokerId).kill()
      const client = clientOf(cluster)
      const text = `without ${brokerId}`
      await vi.waitFor(async () => expect(await produce(client, text)).toBe('NONE'), PATIENCE)
      texts.push(text)
      await cluster.broker(brokerId).start()
      await vi.waitFor(async () => expect(await isr(client)).toEqual([1, 2, 3]), PATIENCE)
    }
    const read = await vi.waitFor(() => readTexts(cluster, TOPIC), PATIENCE)
    // A try that timed out may have been appended all the same; none that was acknowledged is lost.
    expect([...new Set(read)]).toEqual(texts)
    await vi.waitFor(async () => {
      const ends = await Promise.all(replicasOf(cluster))
      expect(new Set(ends.map(each => each.logEndOffset)).size).toBe(1)
    }, PATIENCE)
  })

  test('refuses acks=all with one broker left, and keeps acks=1 from consumers', async () => {
    const cluster = await start()
    const leader = await leaderOf(clientOf(cluster))
    const client = clientOf(cluster, leader)
    expect(await produce(client, 'by all')).toBe('NONE')
    for (const { brokerId } of cluster.brokers)
      if (brokerId !== leader) await cluster.broker(brokerId).kill()
    await vi.waitFor(async () => {
      expect(await produce(client, 'refused', { timeoutMs: 300 })).toBe('NOT_ENOUGH_REPLICAS')
    }, PATIENCE)
    expect(await produce(client, 'by one', { acks: 1 })).toBe('NONE')
    const [report] = await cluster.ask(leader, { type: 'replicas', topic: TOPIC })
    expect(report!.logEndOffset).toBeGreaterThan(report!.highWatermark)
    expect(await readTexts(cluster, TOPIC)).not.toContain('by one')
    // Neither is it where the largest timestamp is, to those who may not read it.
    expect(await produce(client, 'the latest', { acks: 1, timestampMs: 2n })).toBe('NONE')
    expect(await maxTimestampOffset(client)).toBe(-1n)
  })

  test('tells replicas that are throttled, or none, where they may not fetch', async () => {
    const cluster = await start()
    const leader = await leaderOf(clientOf(cluster))
    const client = clientOf(cluster, leader)
    const away = cluster.brokers.find(({ brokerId }) => brokerId !== leader)!.brokerId
    expect(await fetchAs(client, 4711, { currentLeaderEpoch: 0 })).toBe('UNKNOWN_LEADER_EPOCH')
    expect(await fetchAs(client, 4711, {})).toBe('NOT_LEADER_OR_FOLLOWER')
    await cluster.broker(away).kill()
    await vi.waitFor(async () => expect(await isr(client)).not.toContain(away), PATIENCE)
    await setConfig(client, BROKER, String(leader), 'leader.replication.throttled.rate', '0')
    await setConfig(client, TOPIC_TYPE, TOPIC, 'leader.replication.throttled.replicas', '*')
    await vi.waitFor(async () => {
      expect(await fetchAs(client, away, { fetchOffset: 999n })).toBe('OFFSET_OUT_OF_RANGE')
    }, PATIENCE)
    expect(await produce(client, 'still there')).toBe('NONE')
  })

  test('tells acks=all that time is up while a replica stands still, and commits later', async () => {
    const cluster = await start()
    const leader = await leaderOf(clientOf(cluster))
    const still = cluster.brokers.find(({ brokerId }) => brokerId !== leader)!.brokerId
    const client = clientOf(cluster, leader)
    expect(await produce(client, 'first')).toBe('NONE')
    await cluster.broker(still).pause()
    const told = await produce(client, 'second', { timeoutMs: 300 })
    await cluster.broker(still).resume()
    expect(told).toBe('REQUEST_TIMED_OUT')
    await vi.waitFor(async () => {
      expect(await readTexts(cluster, TOPIC)).toEqual(['first', 'second'])
    }, PATIENCE)
  })

  test('tells acks=all that it was deleted while a replica stood still', async () => {
    const cluster = await start()
    const leader = await leaderOf(clientOf(cluster))
    const still = cluster.brokers.find(({ brokerId }) => brokerId !== leader)!.brokerId
    const client = clientOf(cluster, leader)
    expect(await produce(client, 'first')).toBe('NONE')
    await cluster.broker(still).pause()
    const told = produce(client, 'second', { timeoutMs: 30_000 })
    const other = clientOf(cluster, leader)
    const { responses } = await other.request({ type: 'any' }, deleteTopicsApi, {
      topics: [{ name: TOPIC, topicId: NO_ID }],
      timeoutMs: 10_000,
    })
    expect(errorName(responses[0]!.errorCode)).toBe('NONE')
    expect(await told).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    await cluster.broker(still).resume()
  })

  test('has deleted records everywhere when DeleteRecords is answered', async () => {
    const cluster = await start()
    const client = clientOf(cluster)
    for (const text of ['a', 'b', 'c']) expect(await produce(client, text)).toBe('NONE')
    const { topics } = await client.request(
      { type: 'leader', topic: TOPIC, partition: 0 },
      deleteApi,
      {
        topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, offset: 2n }] }],
        timeoutMs: 10_000,
      },
    )
    expect(topics[0]!.partitions[0]).toEqual({ partitionIndex: 0, lowWatermark: 2n, errorCode: 0 })
    const reports = await Promise.all(replicasOf(cluster))
    expect(reports.map(each => each.logStartOffset)).toEqual([2n, 2n, 2n])
  })
})

async function start(): Promise<Cluster> {
  const cluster = await startCluster({ brokers: 3, ports: [0, 0, 0], configs })
  toClose.push(() => cluster.stop())
  const minIsr = { name: 'min.insync.replicas', value: '2' }
  const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 3, assignments: [] }
  const { topics } = await clientOf(cluster).request({ type: 'any' }, createApi, {
    topics: [{ ...topic, configs: [minIsr] }],
    timeoutMs: 5_000,
  })
  expect(topics[0]?.errorCode).toBe(0)
  return cluster
}

/** Knows one broker alone where that is given, and all that run otherwise. */
function clientOf(cluster: Cluster, brokerId?: number): Client {
  const bootstrap = cluster.brokers
    .filter(each => each.state === 'running' && (brokerId ?? each.brokerId) === each.brokerId)
    .map(({ address }) => address)
  const client = openClient({ bootstrap, clientId: 'test' })
  toClose.push(() => client.close())
  return client
}

/** The error of the partition; NONE where there is none. */
async function produce(
  client: Client,
  text: string,
  {
    acks = -1,
    timeoutMs = 2_000,
    timestampMs = 1n,
  }: { readonly acks?: number; readonly timeoutMs?: number; readonly timestampMs?: bigint } = {},
): Promise<string> {
  const value = Buffer.from(text)
  const records = buildBatch({ records: [{ timestampMs, key: null, value }] })
  const { responses } = await client.request(
    { type: 'leader', topic: TOPIC, partition: 0 },
    produceApi,
    {
      transactionalId: null,
      acks,
      timeoutMs,
      topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
    },
    { versionMax },
  )
  return errorName(responses[0]!.partitionResponses[0]!.errorCode)
}

/** The error of a Fetch in the name of a broker. */
async function fetchAs(
  client: Client,
  replicaId: number,
  at: { readonly fetchOffset?: bigint; readonly currentLeaderEpoch?: number },
): Promise<string> {
  const { topics } = await client.metadata([TOPIC])
  const position = { partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000, ...at }
  const { responses } = await client.request(
    { type: 'leader', topic: TOPIC, partition: 0 },
    fetchApi,
    {
      replicaState: { replicaId, replicaEpoch: -1n },
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1_000,
      isolationLevel: 0,
      topics: [{ topicId: topics[0]!.topicId, partitions: [position] }],
    },
  )
  return errorName(responses[0]!.partitions[0]!.errorCode)
}

async function maxTimestampOffset(client: Client): Promise<bigint> {
  const partitions = [{ partitionIndex: 0, timestamp: -3n }]
  const { topics } = await client.request(
    { type: 'leader', topic: TOPIC, partition: 0 },
    offsetsApi,
    { replicaId: -1, isolationLevel: 0, topics: [{ name: TOPIC, partitions }] },
  )
  return topics[0]!.partitions[0]!.offset
}

async function setConfig(
  client: Client,
  resourceType: number,
  resourceName: string,
  name: string,
  value: string,
): Promise<void> {
  const configs = [{ name, configOperation: 0, value }]
  const { responses } = await client.request({ type: 'any' }, configApi, {
    resources: [{ resourceType, resourceName, configs }],
    validateOnly: false,
  })
  expect(responses[0]!.errorCode).toBe(0)
}

async function isr(client: Client): Promise<readonly number[]> {
  const { topics } = await client.metadata([TOPIC])
  return topics[0]!.partitions[0]!.isrNodes.toSorted((a, b) => a - b)
}

async function leaderOf(client: Client): Promise<number> {
  const { topics } = await client.metadata([TOPIC])
  return topics[0]!.partitions[0]!.leaderId
}

function replicasOf(cluster: Cluster) {
  return cluster.brokers.map(async ({ brokerId }) => {
    const [report] = await cluster.ask(brokerId, { type: 'replicas', topic: TOPIC })
    return report!
  })
}
