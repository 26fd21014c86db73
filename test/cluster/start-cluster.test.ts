import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { readAllRecords } from '../../engine/protocol/records/record-reader.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'

const produceApi = { request: produceRequest, response: produceResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }
const createApi = { request: createTopicsRequest, response: createTopicsResponse }

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

describe('startCluster', () => {
  test('three brokers take and give records, and stop without a trace', async () => {
    const cluster = await start({ brokers: 3 })
    const client = clientOf(cluster)
    await createTopic(client, 'orders', 3)
    for (const partition of [0, 1, 2]) await produce(client, 'orders', partition, `p${partition}`)
    expect(await values(client, 'orders', 2)).toEqual(['p2'])
    client.close()

    const { dataDir } = cluster
    const [{ address }] = cluster.brokers as [Cluster['brokers'][number]]
    await cluster.stop()
    expect(existsSync(dataDir)).toBe(false)
    await expect(connects(address.port)).resolves.toBe(false)
  })

  test('a folder is found again: same cluster, same records', async () => {
    const dataDir = newFolder()
    const first = await start({ brokers: 2, dataDir })
    const client = clientOf(first)
    await createTopic(client, 'orders', 2)
    await produce(client, 'orders', 0, 'kept')
    client.close()
    await first.stop()

    const second = await start({ brokers: 2, dataDir })
    expect(second.clusterId).toBe(first.clusterId)
    expect(await values(clientOf(second), 'orders', 0)).toEqual(['kept'])
  })

  test('what was acknowledged before a kill is there after the next start', async () => {
    const dataDir = newFolder()
    const first = await start({ brokers: 2, dataDir })
    const client = clientOf(first)
    await createTopic(client, 'orders', 1)
    for (const value of ['a', 'b', 'c']) await produce(client, 'orders', 0, value)
    client.close()
    await first.kill()
    // What a killed process leaves: no marker of a clean end.
    for (const broker of ['broker-1', 'broker-2'])
      expect(readdirSync(join(dataDir, broker))).not.toContain('.kafka_cleanshutdown')

    const second = await start({ brokers: 2, dataDir })
    expect(await values(clientOf(second), 'orders', 0)).toEqual(['a', 'b', 'c'])
  })

  test('a taken port is replaced, and bootstrap says the true one', async () => {
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen({ host: '127.0.0.1', port: 0 }, resolve))
    toClose.push(() => new Promise(resolve => taken.close(resolve)))
    const { port } = taken.address() as { port: number }

    const cluster = await start({ brokers: 1, ports: [port] })
    expect(cluster.bootstrap).not.toBe(`127.0.0.1:${port}`)
    await expect(clientOf(cluster).metadata([])).resolves.toMatchObject({
      brokers: [{ nodeId: 1, port: Number(cluster.bootstrap.split(':')[1]) }],
    })
  })

  test('a folder in use is refused by name, and nothing is left running', async () => {
    const dataDir = newFolder()
    await start({ brokers: 1, dataDir })
    await expect(startCluster({ brokers: 1, ports: [0], dataDir })).rejects.toThrow(dataDir)
  })

  test.each([0, 33, 1.5])('%s brokers are no cluster', async brokers => {
    await expect(startCluster({ brokers })).rejects.toThrow('a cluster has 1 to 32')
  })
})

async function start(options: Parameters<typeof startCluster>[0]): Promise<Cluster> {
  const cluster = await startCluster({ ports: Array(options?.brokers ?? 3).fill(0), ...options })
  toClose.push(() => cluster.stop())
  return cluster
}

function clientOf(cluster: Cluster): Client {
  const bootstrap = cluster.bootstrap.split(',').map(each => {
    const [host, port] = each.split(':')
    return { host: host!, port: Number(port) }
  })
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap,
    clientId: 'test',
  })
  toClose.push(() => client.close())
  return client
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-test-'))
  toClose.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function createTopic(client: Client, name: string, numPartitions: number): Promise<void> {
  const { topics } = await client.request({ type: 'any' }, createApi, {
    topics: [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 5_000,
  })
  expect(topics[0]?.errorCode).toBe(0)
}

async function produce(client: Client, topic: string, index: number, value: string): Promise<void> {
  const records = buildBatch({
    records: [{ timestampMs: BigInt(Date.now()), key: null, value: Buffer.from(value) }],
  })
  const answer = await client.request(
    { type: 'leader', topic, partition: index },
    produceApi,
    {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: topic, partitionData: [{ index, records }] }],
    },
    { versionMax: 12 },
  )
  expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(0)
}

async function values(client: Client, topic: string, partition: number): Promise<string[]> {
  const answer = await client.request(
    { type: 'leader', topic, partition },
    fetchApi,
    {
      maxWaitMs: 100,
      minBytes: 1,
      isolationLevel: 0,
      topics: [
        { topic, partitions: [{ partition, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] },
      ],
    },
    { versionMax: 12 },
  )
  const records = answer.responses[0]?.partitions[0]?.records ?? new Uint8Array(0)
  return [...readAllRecords(records)].map(({ value }) => Buffer.from(value ?? []).toString())
}

function connects(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
