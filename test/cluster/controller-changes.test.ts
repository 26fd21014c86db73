import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import {
  startCluster,
  type Cluster,
  type ClusterOptions,
} from '../../engine/cluster/start-cluster.ts'
import { reportCluster } from '../../src-main/cli/cluster-report.ts'
import { nodesStatus } from '../../src-main/control/node-acts.ts'
import { produceTexts, readTexts } from './plain-records.ts'

const PATIENCE = { timeout: 30_000, interval: 100 }

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

test('controllers that are added vote, lead when it comes to it, and are there at the next start', async () => {
  const dataDir = newFolder()
  const cluster = await start({ brokers: 1, controllers: 1, dataDir })
  await produceTexts(cluster, 'kept', ['a'])
  expect(await cluster.addController()).toBe(3001)
  expect(await cluster.addController()).toBe(3002)
  expect((await quorumOf(cluster)).voters).toEqual([3000, 3001, 3002])
  await cluster.controller(3000).kill()
  await vi.waitFor(async () => expect((await quorumOf(cluster)).leaderId).not.toBe(3000), PATIENCE)
  await produceTexts(cluster, 'without-the-first', ['b'])
  await cluster.stop()

  const again = await start({ brokers: 1, dataDir })
  expect(again.controllers.map(({ nodeId }) => nodeId)).toEqual([3000, 3001, 3002])
  expect((await quorumOf(again)).voters).toEqual([3000, 3001, 3002])
  expect(await readTexts(again, 'without-the-first')).toEqual(['b'])
})

test('controllers that are removed lose vote and folder: the leader, and one that is down', async () => {
  const dataDir = newFolder()
  const cluster = await start({ brokers: 1, controllers: 3, dataDir })
  const { leaderId } = await quorumOf(cluster)
  await cluster.removeController(leaderId)
  const rest = [3000, 3001, 3002].filter(id => id !== leaderId)
  expect((await quorumOf(cluster)).voters).toEqual(rest)
  expect(existsSync(join(dataDir, `controller-${leaderId}`))).toBe(false)
  await produceTexts(cluster, 'kept', ['a'])

  await cluster.addController()
  const [down = 0, ...others] = rest
  await cluster.controller(down).kill()
  await cluster.removeController(down)
  await cluster.removeController(others[0]!)
  expect((await quorumOf(cluster)).voters).toEqual([3003])
  await expect(cluster.removeController(3003)).rejects.toThrow('controller 3003 is the last one')
  await cluster.stop()
  const left = readdirSync(dataDir).filter(name => name.startsWith('controller-'))
  expect(left).toEqual(['controller-3003'])

  const again = await start({ brokers: 1, dataDir })
  expect((await quorumOf(again)).voters).toEqual([3003])
  expect(await readTexts(again, 'kept')).toEqual(['a'])
})

test('a controller that gets no vote leaves nothing behind', async () => {
  const dataDir = newFolder()
  const cluster = await start({ brokers: 1, controllers: 2, dataDir })
  await cluster.controller(3001).pause()
  const stopped = expect(cluster.addController()).rejects.toThrow('the cluster is stopping')
  await vi.waitFor(
    () => expect(cluster.controllers[2]).toMatchObject({ state: 'running' }),
    PATIENCE,
  )
  await expect(cluster.removeController(3001)).rejects.toThrow('another change')
  await cluster.kill()
  await stopped
  // It never voted, and does not take itself for a voter.
  const again = await start({ brokers: 1, dataDir })
  await vi.waitFor(async () => {
    const { voters, observers } = await quorumOf(again)
    expect([voters, observers]).toEqual([
      [3000, 3001],
      [1, 3002],
    ])
  }, PATIENCE)
  await again.removeController(3002)
  expect(again.controllers).toHaveLength(2)
})

test('combined nodes keep their controllers', async () => {
  const cluster = await start({ brokers: 1, combined: true })
  await expect(cluster.addController()).rejects.toThrow('share their brokers')
  await expect(cluster.removeController(1)).rejects.toThrow('share their brokers')
})

async function start(options: ClusterOptions): Promise<Cluster> {
  const ports = Array<number>(options.brokers ?? 3).fill(0)
  const cluster = await startCluster({ ports, ...options })
  toClose.push(() => cluster.stop())
  return cluster
}

/** As its leader tells it, asked until there is one. */
async function quorumOf(cluster: Cluster) {
  const { quorum } = await vi.waitFor(async () => {
    const found = await reportCluster(await nodesStatus(cluster, ''))
    expect(found.quorum?.leaderId).toBeGreaterThan(0)
    return found
  }, PATIENCE)
  const ids = (replicas: readonly { readonly replicaId: number }[]) =>
    replicas.map(({ replicaId }) => replicaId).sort((a, b) => a - b)
  const { leaderId, voters, observers } = quorum!
  return { leaderId, voters: ids(voters), observers: ids(observers) }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-test-'))
  toClose.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
