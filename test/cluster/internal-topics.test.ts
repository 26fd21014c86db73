import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../engine/protocol/messages/find-coordinator.ts'
import { metadataRequest, metadataResponse } from '../../engine/protocol/messages/metadata.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../engine/protocol/messages/offset-commit.ts'
import {
  offsetFetchRequest,
  offsetFetchResponse,
} from '../../engine/protocol/messages/offset-fetch.ts'
import { openClient } from '../../src-main/clusters/cluster-connection.ts'

const OFFSETS_TOPIC = '__consumer_offsets'
const GROUP = 'group-1'
/** What was killed loses its session soon, instead of after 9 s. */
const configs = { 'broker.session.timeout.ms': '2500', 'broker.heartbeat.interval.ms': '300' }
/** An election, the loading of a partition, and a busy machine. */
const PATIENCE = { timeout: 30_000, interval: 200 }

const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const coordinatorApi = { request: findCoordinatorRequest, response: findCoordinatorResponse }
const metadataApi = { request: metadataRequest, response: metadataResponse }
const commitApi = { request: offsetCommitRequest, response: offsetCommitResponse }
const fetchApi = { request: offsetFetchRequest, response: offsetFetchResponse }

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

describe('the offsets topic', () => {
  test.each([1, 2, 4])('of %i brokers has as many replicas, and at most three', async count => {
    const cluster = await start(count)
    const client = clientOf(cluster)
    await vi.waitFor(() => commit(client, 7n), PATIENCE)
    const { topics } = await client.metadata([OFFSETS_TOPIC])
    expect(topics[0]?.partitions).toHaveLength(50)
    for (const { replicaNodes, isrNodes } of topics[0]!.partitions) {
      expect(replicaNodes).toHaveLength(Math.min(3, count))
      expect(new Set(isrNodes)).toEqual(new Set(replicaNodes))
    }
  })

  test('that cannot be created has no coordinator yet, nor is why a topic cannot told', async () => {
    const factor = '3'
    const cluster = await startCluster({
      brokers: 1,
      ports: [0],
      configs: {
        'offsets.topic.replication.factor': factor,
        'default.replication.factor': factor,
      },
    })
    toClose.push(() => cluster.stop())
    const client = clientOf(cluster)
    const { coordinators } = await client.request({ type: 'any' }, coordinatorApi, {
      coordinatorKeys: [GROUP],
    })
    expect(coordinators.map(({ errorCode }) => errorName(errorCode))).toEqual([
      'COORDINATOR_NOT_AVAILABLE',
    ])
    const { topics } = await client.request({ type: 'any' }, metadataApi, {
      topics: [{ name: 'of-three' }],
      allowAutoTopicCreation: true,
    })
    expect(topics.map(({ errorCode }) => errorName(errorCode))).toEqual([
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
  })

  test('keeps what was committed when the coordinator is killed, and takes more', async () => {
    const cluster = await start(3)
    const before = clientOf(cluster)
    await vi.waitFor(() => commit(before, 7n), PATIENCE)
    const { address } = await before.connection({ type: 'group-coordinator', groupId: GROUP })
    const coordinator = cluster.brokers.find(each => each.address.port === address.port)!
    await cluster.broker(coordinator.brokerId).kill()

    const after = clientOf(cluster)
    await vi.waitFor(async () => expect(await committed(after)).toBe(7n), PATIENCE)
    await vi.waitFor(() => commit(after, 8n), PATIENCE)
    expect(await committed(after)).toBe(8n)

    await cluster.broker(coordinator.brokerId).start()
    const inSync = async () => {
      const { topics } = await after.metadata([OFFSETS_TOPIC])
      return topics[0]!.partitions.every(({ isrNodes }) => isrNodes.length === 3)
    }
    await vi.waitFor(async () => expect(await inSync()).toBe(true), PATIENCE)
  })
})

async function start(brokers: number): Promise<Cluster> {
  const ports = Array<number>(brokers).fill(0)
  const cluster = await startCluster({ brokers, ports, configs })
  toClose.push(() => cluster.stop())
  const { topics } = await clientOf(cluster).request({ type: 'any' }, createApi, {
    topics: [
      { name: 'orders', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] },
    ],
    timeoutMs: 5_000,
  })
  expect(topics[0]?.errorCode).toBe(0)
  return cluster
}

function clientOf(cluster: Cluster): Client {
  const running = cluster.brokers.filter(({ state }) => state === 'running')
  const bootstrap = running.map(({ address }) => address)
  const client = openClient({ bootstrap, clientId: 'test' })
  toClose.push(() => client.close())
  return client
}

async function commit(client: Client, committedOffset: bigint): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: null }]
  const { topics } = await client.request(
    { type: 'group-coordinator', groupId: GROUP },
    commitApi,
    { groupId: GROUP, topics: [{ name: 'orders', partitions }] },
    { versionMax: 9 },
  )
  demandNone(client, topics[0]?.partitions[0]?.errorCode)
}

async function committed(client: Client): Promise<bigint | undefined> {
  const { groups } = await client.request(
    { type: 'group-coordinator', groupId: GROUP },
    fetchApi,
    {
      groups: [
        { groupId: GROUP, memberId: null, topics: [{ name: 'orders', partitionIndexes: [0] }] },
      ],
      requireStable: false,
    },
    { versionMax: 9 },
  )
  demandNone(client, groups[0]?.errorCode)
  return groups[0]?.topics[0]?.partitions[0]?.committedOffset
}

function demandNone(client: Client, errorCode: number | undefined): void {
  if (errorCode === 0) return
  // The coordinator may have moved: who tries again must look for it.
  client.forget()
  throw new KafkaError(errorName(errorCode ?? -1), GROUP)
}
