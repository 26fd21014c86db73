import { afterEach, describe, expect, test } from 'vitest'
import { createClient, type Client, type Target } from '../../../engine/client/client.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../../engine/protocol/messages/find-coordinator.ts'
import { heartbeatRequest, heartbeatResponse } from '../../../engine/protocol/messages/heartbeat.ts'
import {
  metadataRequest,
  metadataResponse,
  type MetadataResponse,
} from '../../../engine/protocol/messages/metadata.ts'
import { apiVersions } from '../../../engine/server/api-versions.ts'
import { Dispatcher, servedApi, type ServedApi } from '../../../engine/server/dispatcher.ts'
import { NodeServer } from '../../../engine/server/node-server.ts'
import { InMemoryNetwork, settled } from '../in-memory-network.ts'
import { ManualClock } from '../manual-clock.ts'

const heartbeat = { request: heartbeatRequest, response: heartbeatResponse }
const anyone = { groupId: 'g', generationId: 1, memberId: 'm' }
const UNKNOWN_TOPIC = 3
const COORDINATOR_NOT_AVAILABLE = 15

let toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0)) await close()
})

describe('a client', () => {
  test('takes the first bootstrap address that answers', async () => {
    const { client, servers } = await cluster([1, 2])
    await servers[0]!.close()
    expect(await brokerAt(client, { type: 'any' })).toBe(2)
  })

  test('names every address that does not answer', async () => {
    const { client, servers } = await cluster([1, 2])
    for (const each of servers) await each.close()
    await expect(client.connection({ type: 'any' })).rejects.toThrow(/:9001.*:9002/)
  })

  test.each([
    ['a broker', { type: 'broker', brokerId: 3 }, 3],
    ['the controller', { type: 'controller' }, 2],
    ['a leader', { type: 'leader', topic: 'orders', partition: 1 }, 3],
    ['a coordinator', { type: 'group-coordinator', groupId: 'g2' }, 2],
  ] as const)('finds %s', async (_, target, brokerId) => {
    const { client } = await cluster([1, 2, 3])
    expect(await brokerAt(client, target)).toBe(brokerId)
  })

  test.each([
    ['a broker', { type: 'broker', brokerId: 9 }, /BROKER_NOT_AVAILABLE/],
    ['a topic', { type: 'leader', topic: 'nothing', partition: 0 }, /UNKNOWN_TOPIC_OR_PARTITION/],
    ['a partition', { type: 'leader', topic: 'orders', partition: 7 }, /orders-7 does not exist/],
    ['a leader', { type: 'leader', topic: 'leaderless', partition: 0 }, /LEADER_NOT_AVAILABLE/],
    ['a coordinator', { type: 'group-coordinator', groupId: 'none' }, /COORDINATOR_NOT_AVAILABLE/],
  ] as const)('says so where %s does not exist', async (_, target, error) => {
    const { client } = await cluster([1, 2, 3])
    await expect(client.connection(target)).rejects.toThrow(error)
  })

  test('asks once for what it then remembers, until told to forget', async () => {
    const { client, asked } = await cluster([1, 2])
    const target = { type: 'leader', topic: 'orders', partition: 0 } as const
    for (const _ of [1, 2, 3]) await client.request(target, heartbeat, anyone)
    expect(asked.filter(each => each === 'Metadata')).toHaveLength(1)
    client.forget()
    await client.request(target, heartbeat, anyone)
    expect(asked.filter(each => each === 'Metadata')).toHaveLength(2)
  })

  test('asks again after a moment where nobody led a partition, and not for each that asks', async () => {
    const { client, asked, leaders, clock } = await cluster([1, 2])
    for (const _ of [1, 2, 3])
      await expect(client.leader('leaderless', 0)).rejects.toThrow(/LEADER_NOT_AVAILABLE/)
    expect(asked.filter(each => each === 'Metadata')).toHaveLength(1)
    leaders.set('leaderless', [2])
    clock.advance(101)
    expect(await client.leader('leaderless', 0)).toBe(2)
  })

  test('opens one connection to a broker, however many ask at once', async () => {
    const { client, servers } = await cluster([1])
    await Promise.all(
      Array.from({ length: 20 }, () => client.request({ type: 'any' }, heartbeat, anyone)),
    )
    expect(servers[0]!.connections.size).toBe(1)
  })

  test('follows a leader that moved when its broker went away', async () => {
    const { client, servers, leaders } = await cluster([1, 2, 3])
    const target = { type: 'leader', topic: 'orders', partition: 1 } as const
    expect(await brokerAt(client, target)).toBe(3)
    leaders.set('orders', [1, 2])
    await servers[2]!.close()
    await settled()
    expect(await brokerAt(client, target)).toBe(2)
  })

  test('opens a connection anew after one that broke', async () => {
    const { client, servers } = await cluster([1])
    const first = await client.connection({ type: 'any' })
    for (const each of servers[0]!.connections) each.close()
    await settled()
    expect(first.closed).toBe(true)
    expect(await brokerAt(client, { type: 'any' })).toBe(1)
    expect(await client.connection({ type: 'any' })).not.toBe(first)
  })

  test('asks another as well when the broker that it asked is silent for half a second', async () => {
    const { client, silent, clock, servers } = await cluster([1, 2])
    const target = { type: 'any' } as const
    expect(await brokerAt(client, target)).toBe(1)
    silent.add(1)
    const answered = brokerAt(client, target)
    await settled()
    clock.advance(499)
    await settled()
    expect(servers[1]!.connections.size).toBe(0)
    clock.advance(1)
    expect(await answered).toBe(2)
    // From then on it is not asked first.
    clock.advance(600)
    expect(await brokerAt(client, target)).toBe(2)
    expect(servers[0]!.connections.size).toBe(1)
    clock.advance(30_000)
    expect(await brokerAt(client, target)).toBe(2)
  })

  test('asks another when the broker that it asked goes away before it answers', async () => {
    const { client, silent, servers } = await cluster([1, 2])
    expect(await brokerAt(client, { type: 'any' })).toBe(1)
    silent.add(1)
    const answered = brokerAt(client, { type: 'any' })
    await settled()
    for (const each of servers[0]!.connections) each.close()
    expect(await answered).toBe(2)
  })

  test('waits for the last one that is left, and says that it was silent', async () => {
    const { client, silent, clock } = await cluster([1, 2])
    for (const id of [1, 2]) silent.add(id)
    const refused = expect(brokerAt(client, { type: 'any' })).rejects.toThrow(
      /REQUEST_TIMED_OUT: 127.0.0.1:9001: no answer/,
    )
    for (let second = 0; second < 31; second++) {
      await settled()
      clock.advance(1_000)
    }
    await refused
  })

  test('does not wait for a connection to one that is asked for ApiVersions in vain', async () => {
    const { client, silent, clock } = await cluster([1, 2])
    silent.add(-1)
    const answered = brokerAt(client, { type: 'any' })
    await settled()
    clock.advance(500)
    expect(await answered).toBe(2)
  })

  test('that is closed closes its connections and opens none', async () => {
    const { client, servers, clock } = await cluster([1])
    await client.request({ type: 'any' }, heartbeat, anyone)
    client.close()
    await settled()
    expect(servers[0]!.connections.size).toBe(0)
    await expect(client.metadata([])).rejects.toThrow('the client is closed')
    expect(clock.waiting).toBe(0)
  })

  test('that is closed while it opens a connection leaves none behind', async () => {
    const { client, servers } = await cluster([1])
    const opening = client.connection({ type: 'any' }).catch(() => null)
    client.close()
    await opening
    await settled()
    expect(servers[0]!.connections.size).toBe(0)
  })
})

/** Brokers of our own server, with metadata that the test makes up. */
async function cluster(ids: readonly number[]) {
  const network = new InMemoryNetwork()
  const clock = new ManualClock()
  const asked: string[] = []
  const silent = new Set<number>()
  const leaders = new Map([
    ['orders', [1, 3]],
    ['leaderless', [-1]],
  ])
  const addressOf = (id: number) => ({ host: '127.0.0.1', port: 9000 + id })
  const servers: NodeServer[] = []
  for (const id of ids) {
    const apis = apisOf({ id, ids, leaders, addressOf, asked, silent })
    const server = await NodeServer.listen({
      network,
      address: addressOf(id),
      dispatcher: new Dispatcher({ apis, nowMs: () => clock.nowMs() }),
      timestampMs: () => clock.nowMs(),
      requestBytesMax: 1_000_000,
    })
    server.serve()
    servers.push(server)
  }
  const bootstrap = ids.map(addressOf)
  const client = createClient({ network, clock, bootstrap, clientId: 'tester' })
  toClose.push(() => client.close())
  return { client, servers, leaders, asked, clock, silent }
}

interface World {
  readonly id: number
  readonly ids: readonly number[]
  readonly leaders: ReadonlyMap<string, readonly number[]>
  readonly addressOf: (id: number) => { readonly host: string; readonly port: number }
  readonly asked: string[]
  /** Brokers that take heartbeats and never answer; those below zero do not tell their versions. */
  readonly silent: ReadonlySet<number>
}

function apisOf(world: World): ServedApi[] {
  const { id, ids, addressOf, asked, silent } = world
  const apis = [
    servedApi({
      request: metadataRequest,
      response: metadataResponse,
      handle({ topics }) {
        asked.push('Metadata')
        return {
          brokers: ids.map(nodeId => ({ nodeId, ...addressOf(nodeId), rack: null })),
          clusterId: 'test',
          controllerId: 2,
          topics: (topics ?? []).map(({ name }) => topicAnswer(world, name ?? '')),
        }
      },
      failed: ({ code }) => ({ brokers: [], topics: [], errorCode: code }),
    }),
    servedApi({
      request: findCoordinatorRequest,
      response: findCoordinatorResponse,
      handle({ coordinatorKeys }) {
        return {
          coordinators: coordinatorKeys.map(key => {
            const nodeId = key === 'none' ? -1 : Number(key.slice(1))
            const errorCode = key === 'none' ? COORDINATOR_NOT_AVAILABLE : 0
            return { key, nodeId, ...addressOf(nodeId), errorCode, errorMessage: '' }
          }),
        }
      },
      failed: () => ({ coordinators: [] }),
    }),
    // Answers with the id of the broker that it reached.
    servedApi({
      request: heartbeatRequest,
      response: heartbeatResponse,
      handle: () =>
        silent.has(id) ? new Promise<never>(() => {}) : { throttleTimeMs: id, errorCode: 0 },
      failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code }),
    }),
  ]
  const features = () => ({ supported: [], finalized: [], finalizedEpoch: -1n })
  const versions = apiVersions({ apis: () => apis, features })
  apis.push({
    ...versions,
    serve: (...request) => {
      if (!silent.has(-id)) versions.serve(...request)
    },
  })
  return apis
}

function topicAnswer({ leaders }: World, name: string): MetadataResponse['topics'][number] {
  const known = leaders.get(name)
  return {
    errorCode: known === undefined ? UNKNOWN_TOPIC : 0,
    name,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    isInternal: false,
    topicAuthorizedOperations: 0,
    partitions: (known ?? []).map((leaderId, partitionIndex) => ({
      errorCode: 0,
      partitionIndex,
      leaderId,
      leaderEpoch: 0,
      replicaNodes: [leaderId],
      isrNodes: [leaderId],
      offlineReplicas: [],
    })),
  }
}

async function brokerAt(client: Client, target: Target): Promise<number> {
  const { throttleTimeMs } = await client.request(target, heartbeat, anyone)
  return throttleTimeMs
}
