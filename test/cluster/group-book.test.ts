/** Which groups there are, asked of brokers that come and go. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import {
  deleteGroupsRequest,
  deleteGroupsResponse,
} from '../../engine/protocol/messages/delete-groups.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import {
  offsetCommitRequest,
  offsetCommitResponse,
} from '../../engine/protocol/messages/offset-commit.ts'
import { addressesOf, openClient } from '../../src-main/clusters/cluster-connection.ts'
import { GroupBook } from '../../src-main/groups/group-book.ts'

const commitApi = { request: offsetCommitRequest, response: offsetCommitResponse }
/** Later ones name topics by their ids. */
const COMMIT_VERSION_MAX = 9
const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const deleteApi = { request: deleteGroupsRequest, response: deleteGroupsResponse }

let cluster: Cluster
let client: Client

beforeAll(async () => {
  cluster = await startCluster({
    brokers: 3,
    ports: [0, 0, 0],
    configs: {
      'broker.session.timeout.ms': '6000',
      'broker.heartbeat.interval.ms': '500',
      'offsets.topic.num.partitions': '1',
    },
  })
  client = openClient({ bootstrap: addressesOf(cluster.bootstrap), clientId: 'test' })
  await client.request({ type: 'controller' }, createApi, {
    topics: [
      { name: 'orders', numPartitions: 1, replicationFactor: 3, assignments: [], configs: [] },
    ],
    timeoutMs: 10_000,
  })
})

afterAll(async () => {
  client.close()
  await cluster.stop()
})

test('a group is there while its coordinator is not, and until it is deleted', async () => {
  const book = new GroupBook(client)
  await vi.waitFor(() => commit('billing'), 20_000)
  const [group] = await book.list()
  expect(group).toMatchObject({ groupId: 'billing', state: 'Empty' })

  await cluster.broker(group!.coordinator!).kill()
  expect(await book.list()).toEqual([{ ...group, state: 'Unknown' }])
  const listed = await vi.waitFor(
    async () => {
      const all = await book.list()
      expect(all.map(({ groupId }) => groupId)).toEqual(['billing'])
      expect(all[0]!.state).toBe('Empty')
      return all
    },
    { timeout: 20_000, interval: 50 },
  )
  expect(listed[0]!.coordinator).not.toBe(group!.coordinator)

  await client.request({ type: 'group-coordinator', groupId: 'billing' }, deleteApi, {
    groupsNames: ['billing'],
  })
  expect(await book.list()).toEqual([])
})

test('nobody is said to have no groups while somebody does not answer', async () => {
  for (const { brokerId, state } of cluster.brokers)
    if (state === 'killed') await cluster.broker(brokerId).start()
  await vi.waitFor(() => commit('unseen'), 20_000)
  const [unseen] = await new GroupBook(client).list()
  await cluster.broker(unseen!.coordinator!).kill()
  await expect(new GroupBook(client).list()).rejects.toThrow(/connect|closed|reset/i)
})

async function commit(groupId: string): Promise<void> {
  client.forget()
  const answer = await client.request(
    { type: 'group-coordinator', groupId },
    commitApi,
    {
      groupId,
      topics: [
        {
          name: 'orders',
          partitions: [{ partitionIndex: 0, committedOffset: 7n, committedMetadata: '' }],
        },
      ],
    },
    { versionMax: COMMIT_VERSION_MAX },
  )
  expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(0)
}
