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
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { openClient } from '../../src-main/clusters/cluster-connection.ts'
import { readTexts } from './plain-records.ts'

const TOPIC = 'orders'
/** What was killed loses its session soon, and what stands still its place in the ISR. */
const configs = {
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
  { acks = -1, timeoutMs = 2_000 }: { readonly acks?: number; readonly timeoutMs?: number } = {},
): Promise<string> {
  const value = Buffer.from(text)
  const records = buildBatch({ records: [{ timestampMs: 1n, key: null, value }] })
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
