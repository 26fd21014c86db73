import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import {
  startCluster,
  type Cluster,
  type ClusterOptions,
  type NodePowerCut,
} from '../../engine/cluster/start-cluster.ts'
import { produceTexts, readTexts } from './plain-records.ts'

/** Elections, and a busy machine. */
const PATIENCE = { timeout: 30_000, interval: 100 }
const fast = { 'broker.session.timeout.ms': '2500', 'broker.heartbeat.interval.ms': '300' }
const replicated = { replicationFactor: 3 }

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

test('one broker loses what it did not flush, and gets it back from the others', async () => {
  const cluster = await start({ configs: { 'min.insync.replicas': '2' } })
  const texts = Array.from({ length: 300 }, (_, index) => `record ${index}`)
  await produceTexts(cluster, 'kept', texts, replicated)
  await everyReplicaEndsAt(cluster, 300n)
  const leader = await leaderOf(cluster)
  const logBytes = statSync(logPath(cluster, leader)).size

  const cut = await cluster.broker(leader).powerCut()
  expect(cut).toMatchObject({ node: `broker ${leader}`, id: leader, roles: ['broker'] })
  expect(fileOf(cut, `broker-${leader}/${LOG}`)).toMatchObject({
    keptBytes: 0,
    droppedBytes: logBytes,
  })
  expect(statSync(logPath(cluster, leader)).size).toBe(0)
  expect(cluster.brokers[leader - 1]!.state).toBe('killed')
  await vi.waitFor(() => produceTexts(cluster, 'kept', ['later'], replicated), PATIENCE)

  await cluster.broker(leader).start()
  await everyReplicaEndsAt(cluster, 301n)
  expect(statSync(logPath(cluster, leader)).size).toBeGreaterThan(logBytes)
  expect(await readTexts(cluster, 'kept')).toEqual([...texts, 'later'])
})

test.each([
  { tails: 'nothing is left of', options: {} },
  { tails: 'a part is left of', options: { tornTailSeed: 7 } },
])(
  'with flush.messages=1 all lose their power under load, and nothing acknowledged, where $tails the rest',
  async ({ options }) => {
    const cluster = await start({ configs: { 'log.flush.interval.messages': '1' } })
    await produceTexts(cluster, 'kept', ['first'], replicated)
    const acknowledged = ['first']
    const end = new AbortController()
    const producers = Array.from({ length: 4 }, async (_, producer) => {
      for (let n = 0; !end.signal.aborted; n++) {
        const text = `record ${n} of ${producer}`
        await produceTexts(cluster, 'kept', [text], replicated)
        acknowledged.push(text)
      }
    })
    const ended = Promise.allSettled(producers)
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(100), PATIENCE)
    const cuts = await cluster.powerCut(options)
    end.abort()
    await ended
    for (const { droppedFileCount } of cuts) expect(droppedFileCount).toBeGreaterThan(0)
    expect(cluster.brokers.map(({ state }) => state)).toEqual(['running', 'running', 'running'])
    await vi.waitFor(() => produceTexts(cluster, 'kept', ['later'], replicated), PATIENCE)
    const texts = new Set(await readTexts(cluster, 'kept'))
    expect(acknowledged.filter(text => !texts.has(text))).toEqual([])
    expect(texts).toContain('later')
  },
)

test('without a flush all lose exactly what came after the last one, and go on', async () => {
  const dataDir = newFolder()
  const first = await start({ dataDir })
  await produceTexts(first, 'kept', ['flushed by the stop'], replicated)
  await first.stop()
  const cluster = await start({ dataDir })
  const before = [1, 2, 3].map(id => statSync(logPath(cluster, id)).size)
  await vi.waitFor(() => produceTexts(cluster, 'kept', ['not flushed'], replicated), PATIENCE)
  await everyReplicaEndsAt(cluster, 2n)
  const after = [1, 2, 3].map(id => statSync(logPath(cluster, id)).size)

  const cuts = await cluster.powerCut()
  for (const id of [1, 2, 3]) {
    const cut = cuts.find(each => each.node === `broker ${id}`)!
    expect(fileOf(cut, `broker-${id}/${LOG}`)).toMatchObject({
      keptBytes: before[id - 1]!,
      droppedBytes: after[id - 1]! - before[id - 1]!,
    })
  }
  await vi.waitFor(async () => {
    expect(await readTexts(cluster, 'kept')).toEqual(['flushed by the stop'])
  }, PATIENCE)
  await vi.waitFor(() => produceTexts(cluster, 'kept', ['later'], replicated), PATIENCE)
  await everyReplicaEndsAt(cluster, 2n)
  expect(await readTexts(cluster, 'kept')).toEqual(['flushed by the stop', 'later'])
})

test('controllers lose nothing that they decided, in a temporary folder too', async () => {
  const cluster = await start({ controllers: 3 })
  for (const name of ['a', 'b', 'c']) await produceTexts(cluster, name, ['x'], replicated)
  const cuts = await cluster.powerCut()
  const controllers = cuts.filter(({ roles }) => roles.includes('controller'))
  expect(controllers).toHaveLength(3)
  for (const { files } of controllers) expect(files.filter(isMetadataLog)).toEqual([])
  for (const name of ['a', 'b', 'c'])
    await vi.waitFor(async () => expect(await readTexts(cluster, name)).toEqual([]), PATIENCE)
})

test('nodes that are both lose what their broker did not flush, and nothing decided', async () => {
  const cluster = await start({ combined: true, controllers: 3 })
  await produceTexts(cluster, 'kept', ['a'], replicated)
  const cuts = await cluster.powerCut()
  expect(cuts.map(({ node, roles }) => `${node} ${roles.join()}`)).toEqual([
    'node 1 broker,controller',
    'node 2 broker,controller',
    'node 3 broker,controller',
  ])
  for (const [index, { files }] of cuts.entries()) {
    expect(files.filter(isMetadataLog)).toEqual([])
    expect(files).toContainEqual(
      expect.objectContaining({ path: `broker-${index + 1}/${LOG}`, keptBytes: 0 }),
    )
  }
  await vi.waitFor(() => produceTexts(cluster, 'kept', ['b'], replicated), PATIENCE)
  expect(await readTexts(cluster, 'kept')).toEqual(['b'])
})

test('a kill leaves what was not flushed to the system, and a power cut takes it from there', async () => {
  const cluster = await start({ brokers: 1 })
  await produceTexts(cluster, 'kept', ['a'])
  await cluster.broker(1).kill()
  expect(statSync(logPath(cluster, 1)).size).toBeGreaterThan(0)
  await cluster.broker(1).start()
  await cluster.broker(1).kill()
  const cut = await cluster.broker(1).powerCut()
  expect(fileOf(cut, `broker-1/${LOG}`)).toMatchObject({ keptBytes: 0 })
  expect(statSync(logPath(cluster, 1)).size).toBe(0)
})

test.each(['temporary', 'own'] as const)(
  'a clean stop leaves nothing to a power cut, in a %s folder',
  async folder => {
    const dataDir = folder === 'own' ? newFolder() : undefined
    const cluster = await start({ brokers: 1, ...(dataDir && { dataDir }) })
    await produceTexts(cluster, 'kept', ['a'])
    await cluster.broker(1).stop()
    const cut = await cluster.broker(1).powerCut()
    expect(cut.files.filter(isTopicLog)).toEqual([])
    expect(cluster.brokers[0]!.state).toBe('stopped')
    await cluster.broker(1).start()
    expect(await readTexts(cluster, 'kept')).toEqual(['a'])
  },
)

const LOG = 'kept-0/00000000000000000000.log'
const isTopicLog = ({ path }: { readonly path: string }) => path.endsWith(LOG)
const isMetadataLog = ({ path }: { readonly path: string }) =>
  /__cluster_metadata-0\/.*\.log$|quorum-state$/.test(path)

async function start(options: ClusterOptions): Promise<Cluster> {
  const ports = Array<number>(options.brokers ?? 3).fill(0)
  const configs = { ...fast, ...options.configs }
  const cluster = await startCluster({ ports, controllers: 1, ...options, configs })
  toClose.push(() => cluster.stop())
  return cluster
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-test-'))
  toClose.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function fileOf({ files }: NodePowerCut, path: string) {
  return files.find(file => file.path === path)
}

function logPath(cluster: Cluster, brokerId: number): string {
  return join(cluster.dataDir, `broker-${brokerId}`, LOG)
}

async function leaderOf(cluster: Cluster): Promise<number> {
  for (const { brokerId } of cluster.brokers) {
    const [replica] = await cluster.ask(brokerId, { type: 'replicas', topic: 'kept' })
    if (replica?.role === 'leader') return brokerId
  }
  throw new Error('nobody leads')
}

async function everyReplicaEndsAt(cluster: Cluster, logEndOffset: bigint): Promise<void> {
  await vi.waitFor(async () => {
    for (const { brokerId } of cluster.brokers) {
      const [replica] = await cluster.ask(brokerId, { type: 'replicas', topic: 'kept' })
      expect(replica?.logEndOffset).toBe(logEndOffset)
    }
  }, PATIENCE)
}
