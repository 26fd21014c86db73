import { afterEach, expect, test } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'

const createApi = { request: createTopicsRequest, response: createTopicsResponse }
let cluster: Cluster
let client: Client

afterEach(async () => {
  client.close()
  await cluster.stop()
})

test('racks are given out in turn, and no partition has two replicas in one', async () => {
  const ports = [0, 0, 0, 0]
  cluster = await startCluster({ brokers: 4, controllers: 1, ports, racks: ['a', 'b'] })
  client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: cluster.brokers.map(({ address }) => address),
    clientId: 'test',
  })
  const { topics } = await client.request({ type: 'controller' }, createApi, {
    topics: [
      { name: 'spread', numPartitions: 16, replicationFactor: 2, assignments: [], configs: [] },
    ],
    timeoutMs: 10_000,
  })
  expect(topics[0]?.errorCode).toBe(0)
  const described = await client.metadata(['spread'])
  const racks = new Map(described.brokers.map(({ nodeId, rack }) => [nodeId, rack]))
  expect([1, 2, 3, 4].map(id => racks.get(id))).toEqual(['a', 'b', 'a', 'b'])
  const { partitions } = described.topics[0]!
  expect(partitions).toHaveLength(16)
  for (const { replicaNodes } of partitions)
    expect(new Set(replicaNodes.map(id => racks.get(id)))).toEqual(new Set(['a', 'b']))
})
