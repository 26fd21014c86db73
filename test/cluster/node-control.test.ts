import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  startCluster,
  type Cluster,
  type ClusterEvent,
  type ClusterOptions,
} from '../../engine/cluster/start-cluster.ts'
import type { Address } from '../../engine/ports/network.ts'
import { apiVersionsRequest } from '../../engine/protocol/messages/api-versions.ts'
import { reportCluster, type QuorumReport } from '../../src-main/cli/cluster-report.ts'
import { nodesStatus } from '../../src-main/control/node-acts.ts'
import { produceTexts, readTexts } from './plain-records.ts'
import { RawConnection, requestBytes } from './raw-connection.ts'

/** Long enough for a broker that does answer, which takes a millisecond. */
const PATIENCE_MS = 300

/** Kafka's own `broker.session.timeout.ms`. */
const SESSION_MS = 9_000
/** Elections, and a busy machine. */
const PATIENCE = { timeout: 30_000, interval: 100 }
/** What was killed is registered again once its session has ended, which takes Kafka 9 s. */
const configs = { 'broker.session.timeout.ms': '2500', 'broker.heartbeat.interval.ms': '300' }

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

describe('a broker', () => {
  test('that was killed refuses connections, stays down, and comes back as it was', async () => {
    const events: ClusterEvent[] = []
    const cluster = await start({ brokers: 2, onEvent: event => events.push(event) })
    await produceTexts(cluster, 'kept', ['a', 'b'])
    const before = cluster.bootstrap

    await cluster.broker(2).kill()
    expect(stateOf(cluster, 2)).toBe('killed')
    expect(stateOf(cluster, 1)).toBe('running')
    await expect(RawConnection.open(addressOf(cluster, 2))).rejects.toThrow('ECONNREFUSED')
    expect(readdirSync(folderOf(cluster, 2))).not.toContain('.kafka_cleanshutdown')
    await expect(cluster.ask(2, { type: 'logs' })).rejects.toThrow('broker 2 is killed')

    await cluster.broker(2).start()
    expect(stateOf(cluster, 2)).toBe('running')
    expect(cluster.bootstrap).toBe(before)
    expect(await readTexts(cluster, 'kept')).toEqual(['a', 'b'])
    expect(statesOf(events, 2)).toEqual(['running', 'killed', 'starting', 'running'])
  })

  test('that was stopped leaves the marker of a clean end, and starts again', async () => {
    const cluster = await start({ brokers: 2, configs: {} })
    const first = await cluster.ask(2, { type: 'registration' })
    await cluster.broker(2).stop()
    expect(stateOf(cluster, 2)).toBe('stopped')
    expect(readdirSync(folderOf(cluster, 2))).toContain('.kafka_cleanshutdown')
    const stoppedMs = Date.now()
    await cluster.broker(2).start()
    // Nobody waits for the session of a broker that has said goodbye.
    expect(Date.now() - stoppedMs).toBeLessThan(SESSION_MS / 2)
    const second = await cluster.ask(2, { type: 'registration' })
    expect(second.brokerEpoch).toBeGreaterThan(first.brokerEpoch)
  })

  test('that is paused takes connections and answers nothing until it goes on', async () => {
    const cluster = await start({ brokers: 2 })
    const open = await RawConnection.open(addressOf(cluster, 2))
    toClose.push(() => open.socket.destroy())
    await cluster.broker(2).pause()
    expect(stateOf(cluster, 2)).toBe('paused')

    const late = await RawConnection.open(addressOf(cluster, 2))
    toClose.push(() => late.socket.destroy())
    for (const connection of [open, late]) connection.write(apiVersions())
    expect(await open.outcome(PATIENCE_MS)).toBe('silent')
    expect(await late.outcome(0)).toBe('silent')
    await expect(cluster.ask(2, { type: 'logs' })).rejects.toThrow('broker 2 is paused')
    // Its neighbour does not mind.
    expect((await cluster.ask(1, { type: 'logs' })).length).toBe(0)

    await cluster.broker(2).resume()
    expect(stateOf(cluster, 2)).toBe('running')
    expect(await open.outcome(5_000)).toBe('answered')
    expect(await late.outcome(5_000)).toBe('answered')
  })

  test('that is paused can be killed and started', async () => {
    const cluster = await start({ brokers: 1 })
    await produceTexts(cluster, 'kept', ['a'])
    await cluster.broker(1).pause()
    await cluster.broker(1).kill()
    expect(stateOf(cluster, 1)).toBe('killed')
    await cluster.broker(1).start()
    expect(await readTexts(cluster, 'kept')).toEqual(['a'])
  })

  test('that is paused keeps no cluster from stopping cleanly', async () => {
    const dataDir = newFolder()
    const cluster = await start({ brokers: 2, dataDir })
    await cluster.broker(2).pause()
    for (const { nodeId } of cluster.controllers) await cluster.controller(nodeId).pause()
    await cluster.stop()
    for (const folder of ['broker-1', 'broker-2', 'controller-3000'])
      expect(readdirSync(join(dataDir, folder))).toContain('.kafka_cleanshutdown')
  })

  test('cannot be started while another has its port, which is named, and can be after', async () => {
    const cluster = await start({ brokers: 1 })
    const { port } = addressOf(cluster, 1)
    await cluster.broker(1).kill()
    const thief = await listen(port)
    await expect(cluster.broker(1).start()).rejects.toThrow(`${port}: the port is taken`)
    expect(cluster.brokers[0]).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining(String(port)),
    })
    await new Promise(resolve => thief.close(resolve))
    await cluster.broker(1).start()
    expect(stateOf(cluster, 1)).toBe('running')
  })

  test('refuses in words what its state does not allow', async () => {
    const cluster = await start({ brokers: 1 })
    const broker = cluster.broker(1)
    await expect(broker.start()).rejects.toThrow('broker 1 is already running')
    await expect(broker.resume()).rejects.toThrow('broker 1 is not paused, it is running')
    await broker.pause()
    await expect(broker.pause()).rejects.toThrow('broker 1 is already paused')
    await expect(broker.start()).rejects.toThrow('broker 1 is paused: resume it instead')
    await expect(broker.stop()).rejects.toThrow('resume or kill it')
    await broker.kill()
    await expect(broker.kill()).rejects.toThrow('broker 1 is already killed')
    await expect(broker.stop()).rejects.toThrow('broker 1 is already killed')
    await expect(broker.pause()).rejects.toThrow('broker 1 does not run, it is killed')
    expect(() => cluster.broker(7)).toThrow('no broker is 7: this cluster has 1')
    expect(() => cluster.controller(1)).toThrow('no controller is 1: this cluster has 3000, 3001')
  })

  test('that two start at once has one life', async () => {
    const cluster = await start({ brokers: 1 })
    await cluster.broker(1).kill()
    const both = await Promise.allSettled([cluster.broker(1).start(), cluster.broker(1).start()])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(stateOf(cluster, 1)).toBe('running')
  })
})

describe('a controller', () => {
  test('that was killed is started again on its port, and the brokers find it', async () => {
    const cluster = await start({ brokers: 1, controllers: 1 })
    await produceTexts(cluster, 'before', ['a'])
    const { nodeId, address } = cluster.controllers[0]!
    await cluster.controller(nodeId).kill()
    expect(cluster.controllers[0]).toMatchObject({ state: 'killed' })
    // What needs no controller goes on.
    expect(await readTexts(cluster, 'before')).toEqual(['a'])

    await cluster.controller(nodeId).start()
    expect(cluster.controllers[0]).toMatchObject({ state: 'running', address })
    await vi.waitFor(() => produceTexts(cluster, 'after', ['b']), 10_000)
    expect(await readTexts(cluster, 'after')).toEqual(['b'])
  })

  test('whose port was taken meanwhile listens on another, and the others find it', async () => {
    const cluster = await start({ brokers: 1, controllers: 3 })
    const { nodeId, address } = cluster.controllers[1]!
    await cluster.controller(nodeId).kill()
    const thief = await listen(address.port)
    toClose.push(() => thief.close())
    await cluster.controller(nodeId).start()
    const moved = cluster.controllers[1]!
    expect(moved.state).toBe('running')
    expect(moved.address.port).not.toBe(address.port)
    // With another one gone, nothing is decided without it.
    await cluster.controller(cluster.controllers[2]!.nodeId).kill()
    await vi.waitFor(() => produceTexts(cluster, 'after', ['b']), PATIENCE)
    expect(await readTexts(cluster, 'after')).toEqual(['b'])
  })

  test.each(['kill', 'stop', 'pause'] as const)(
    'that leads is replaced by another after %s, and follows when it is back',
    async action => {
      const cluster = await start({ brokers: 1, controllers: 3 })
      const first = (await quorumOf(cluster))!
      const leader = cluster.controller(first.leaderId)
      await leader[action]()
      await vi.waitFor(() => produceTexts(cluster, 'after', ['b']), PATIENCE)
      const second = (await quorumOf(cluster))!
      expect(second.leaderId).not.toBe(first.leaderId)
      expect(second.leaderEpoch).toBeGreaterThan(first.leaderEpoch)

      await (action === 'pause' ? leader.resume() : leader.start())
      await vi.waitFor(async () => {
        const { leaderId, voters, leaderEpoch } = (await quorumOf(cluster))!
        expect(leaderId).not.toBe(first.leaderId)
        expect(leaderEpoch).toBe(second.leaderEpoch)
        expect(voters).toHaveLength(3)
        expect(voters.find(({ replicaId }) => replicaId === first.leaderId)?.lag).toBe(0n)
      }, PATIENCE)
      expect(await readTexts(cluster, 'after')).toEqual(['b'])
    },
  )

  test('without a majority decides nothing, and records flow on', async () => {
    const cluster = await start({ brokers: 1, controllers: 3 })
    await produceTexts(cluster, 'before', ['a'])
    for (const id of [3001, 3002]) await cluster.controller(id).kill()
    expect(await readTexts(cluster, 'before')).toEqual(['a'])
    const denied = produceTexts(cluster, 'denied', ['b'], { timeoutMs: 3_000 })
    await expect(denied).rejects.toThrow('REQUEST_TIMED_OUT')
    await cluster.controller(3001).start()
    await vi.waitFor(() => produceTexts(cluster, 'after', ['c']), PATIENCE)
  })

  test('that is combined with a broker dies and comes back with it', async () => {
    const dataDir = newFolder()
    const cluster = await start({ brokers: 2, combined: true, controllers: 1, dataDir })
    expect(cluster.controllers).toMatchObject([{ nodeId: 1, state: 'running' }])
    await produceTexts(cluster, 'kept', ['a'])
    await cluster.broker(1).kill()
    expect(cluster.controllers).toMatchObject([{ nodeId: 1, state: 'killed' }])
    await cluster.controller(1).start()
    expect(stateOf(cluster, 1)).toBe('running')
    expect(await readTexts(cluster, 'kept')).toEqual(['a'])
    await cluster.stop()
    for (const folder of ['broker-1', 'broker-2', 'controller-1'])
      expect(readdirSync(join(dataDir, folder))).toContain('.kafka_cleanshutdown')

    // Without a word about it, the folder's own layout is what starts.
    const again = await start({ brokers: 2, dataDir })
    expect(again.controllers).toMatchObject([{ nodeId: 1, state: 'running' }])
    expect(existsSync(join(dataDir, 'controller-3000'))).toBe(false)
  })
})

async function start(options: ClusterOptions): Promise<Cluster> {
  const ports = Array<number>(options.brokers ?? 3).fill(0)
  const cluster = await startCluster({ ports, configs, ...options })
  toClose.push(() => cluster.stop())
  return cluster
}

async function quorumOf(cluster: Cluster): Promise<QuorumReport | null> {
  return (await reportCluster(await nodesStatus(cluster, ''))).quorum
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-test-'))
  toClose.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function listen(port: number): Promise<Server> {
  const server = createServer()
  return new Promise(resolve => server.listen(port, '127.0.0.1', () => resolve(server)))
}

function brokerOf(cluster: Cluster, id: number) {
  return cluster.brokers.find(({ brokerId }) => brokerId === id)!
}

const stateOf = (cluster: Cluster, id: number) => brokerOf(cluster, id).state
const addressOf = (cluster: Cluster, id: number): Address => brokerOf(cluster, id).address
const folderOf = (cluster: Cluster, id: number) => brokerOf(cluster, id).folder

function statesOf(events: readonly ClusterEvent[], id: number): string[] {
  return events.flatMap(event =>
    event.type === 'broker-state-changed' && event.brokerId === id ? [event.state] : [],
  )
}

function apiVersions(): Uint8Array {
  return requestBytes(
    apiVersionsRequest,
    { clientSoftwareName: 'test', clientSoftwareVersion: '1' },
    { version: 3 },
  )
}
