/**
 * Groups as the application tells of them, against a running cluster and real consumers: waits,
 * trends, commit times, rebalances as they happened, and what is left after a restart.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs, { type Consumer, type Kafka } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { ClusterRegistry } from '../../src-main/clusters/cluster-registry.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import { connect } from '../../src-main/contract/connect.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import { decodeValue } from '../../src-main/contract/frame.ts'
import type { GroupDescription, Rebalance } from '../../src-main/contract/model/group.ts'
import { GroupThread } from '../../src-main/groups/thread/group-thread.ts'
import {
  createApplicationServer,
  type ApplicationServer,
} from '../../src-main/service/application-server.ts'
import { memoryPorts } from '../src-main/contract/memory-ports.ts'

const cluster = 'local'
/** The same cluster as if it were somebody else's: nobody tells of its rebalances. */
const remote = 'remote'

let folder: string
let brokers: Cluster
let kafka: Kafka
let served: Served
const mistakes: Problem[] = []

interface Served {
  readonly server: ApplicationServer
  readonly page: ApplicationClient
  close(): Promise<void>
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-groups-'))
  brokers = await startCluster({
    brokers: 2,
    ports: [0, 0],
    configs: { 'group.initial.rebalance.delay.ms': '0' },
    onEvent: event => {
      if (event.type === 'group-journal') served?.server.groupJournal(cluster, event.event)
    },
  })
  kafka = new kafkajs.Kafka({
    clientId: 'readers',
    brokers: brokers.bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  })
  served = serve()
})

afterAll(async () => {
  await served.close()
  await brokers.stop()
  rmSync(folder, { recursive: true, force: true })
})

function serve(): Served {
  const clusters = new ClusterRegistry()
  const clients = [cluster, remote].map(id => {
    const client = createClient({
      network: nodeNetwork,
      clock: nodeClock,
      bootstrap: brokers.brokers.map(({ address }) => address),
      clientId: 'test',
    })
    clusters.register(
      {
        id,
        name: id,
        kind: id === cluster ? 'local' : 'remote',
        colour: '#2f7dd1',
        readOnly: false,
        client,
      },
      { state: 'running', bootstrap: brokers.bootstrap, problem: null },
    )
    return client
  })
  const server = createApplicationServer({
    clusters,
    sample: { onChange: () => () => {} } as never,
    info: () => Promise.reject(new TypeError('not asked for here')),
    nowMs: Date.now,
    wait,
    historyPath: join(folder, 'group-history.db'),
    onMistake: problem => mistakes.push(problem),
  })
  const page = connect<ApplicationApi>({
    open: async () => {
      const [here, there] = memoryPorts()
      server.serveFrames(there)
      return here
    },
    wait,
  })
  return {
    server,
    page,
    async close() {
      page.close()
      await server.close()
      for (const client of clients) client.close()
    },
  }
}

async function createTopic(topic: string, numPartitions: number): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions }] })
  await admin.disconnect()
}

async function produce(topic: string, partition: number, timestamps: number[]): Promise<void> {
  const producer = kafka.producer()
  await producer.connect()
  const messages = timestamps.map(timestamp => {
    return { value: 'x', partition, timestamp: String(timestamp) }
  })
  await producer.send({ topic, messages })
  await producer.disconnect()
}

async function commit(groupId: string, topic: string, offset: number): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: String(offset) }] })
  await admin.disconnect()
}

/** A consumer that has its partitions. */
async function consume(groupId: string, topic: string): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 6_000, heartbeatInterval: 500 })
  const joined = new Promise(resolve => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({ autoCommitInterval: 500, eachMessage: async () => {} })
  await joined
  return consumer
}

/** Asks until the answer is as expected. */
async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  const giveUpMs = Date.now() + 30_000
  for (;;) {
    const answer = await ask()
    if (fits(answer)) return answer
    if (Date.now() > giveUpMs) expect.fail(`still ${JSON.stringify(answer, bigints)}`)
    await wait(100)
  }
}

const bigints = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? String(value) : value

function describeGroup(groupId: string, of = cluster): Promise<GroupDescription> {
  return served.page.call('group.describe', { cluster: of, groupId })
}

function rebalances(groupId: string, of = cluster): Promise<readonly Rebalance[]> {
  return served.page.call('group.rebalances', { cluster: of, groupId, limit: 50 })
}

describe('a group without members', () => {
  test('says how long the next record has waited, and when its offset was committed', async () => {
    await createTopic('waits', 1)
    const nowMs = Date.now()
    await produce('waits', 0, [nowMs - 7_200_000, nowMs - 3_600_000, nowMs - 60_000])
    const beforeMs = Date.now()
    await commit('waiting', 'waits', 1)
    const group = await describeGroup('waiting')
    const [partition] = group.partitions
    expect(partition).toMatchObject({ committedOffset: 1n, highWatermark: 3n, lag: 2n })
    // The batch holds an hour before and after it: the middle is what can be known cheaply.
    expect(partition!.lagTime!.source).toBe('batch')
    expect(partition!.lagTime!.ms).toBeGreaterThan(60_000)
    expect(partition!.lagTime!.ms).toBeLessThan(7_200_000 + 60_000)
    expect(partition!.commit.type).toBe('recorded')
    const at = partition!.commit.type === 'recorded' ? Number(partition!.commit.atMs) : NaN
    expect(at).toBeGreaterThanOrEqual(beforeMs)
    expect(at).toBeLessThanOrEqual(Date.now())
    await commit('waiting', 'waits', 0)
    const first = await describeGroup('waiting')
    expect(first.lagTime).toMatchObject({ source: 'record' })
    expect(first.lagTime!.ms).toBeGreaterThanOrEqual(7_200_000)
    expect(first.lagTime!.ms).toBeLessThan(7_200_000 + 60_000)
    expect(first).toMatchObject({ state: 'Empty', offsetsRetentionMs: 7 * 86_400_000 })
  })

  test('has a history from the looks in the background', async () => {
    const history = await until(
      () =>
        served.page.call('group.history', {
          cluster,
          groupId: 'waiting',
          topic: null,
          spanMs: 60_000,
          pointsMax: 100,
        }),
      ({ lags }) => lags.includes(3),
    )
    expect(history.keeping).toMatchObject({ store: 'database', note: null })
    expect(history.lags.at(-1)).toBe(3)
    expect(history.lagTimesMs.at(-1)).toBeGreaterThanOrEqual(7_200_000)
  })
})

describe('a group of consumers', () => {
  test('tells of each rebalance as it happened, and who holds what since', async () => {
    await createTopic('shared', 4)
    const one = await consume('team', 'shared')
    const two = await consume('team', 'shared')
    const both = await until(
      () => rebalances('team'),
      ([last]) => last?.outcome === 'stable' && last.members.length === 2,
    )
    const [second] = both
    const first = both.find(({ members }) => members.length === 1)!
    expect(first).toMatchObject({
      source: 'coordinator',
      outcome: 'stable',
      movedCount: 4,
      partitionCount: 4,
      members: [{ change: 'joined', clientId: 'readers', heldCount: 4 }],
    })
    expect(second).toMatchObject({ movedCount: 2, partitionCount: 4 })
    expect(second!.generationId).toBeGreaterThan(first.generationId!)
    expect(second!.members.map(({ change }) => change).toSorted()).toEqual(['joined', 'rejoined'])
    for (const { joinedMs } of second!.members) {
      expect(joinedMs).toBeGreaterThanOrEqual(second!.startedMs)
      expect(joinedMs).toBeLessThanOrEqual(second!.formedMs!)
    }
    const group = await describeGroup('team')
    expect(group).toMatchObject({ state: 'Stable', generationId: second!.generationId })
    for (const { memberId, heldSinceMs } of group.partitions) {
      expect(memberId).not.toBeNull()
      expect(heldSinceMs).not.toBeNull()
    }
    expect(group.members.map(({ joinedMs }) => joinedMs).every(Boolean)).toBe(true)

    await two.disconnect()
    const after = await until(
      () => rebalances('team'),
      ([last]) => last!.outcome === 'stable' && last!.id !== second!.id,
    )
    expect(after[0]!.members.map(({ change }) => change).toSorted()).toEqual(['left', 'rejoined'])
    expect(after[0]).toMatchObject({ movedCount: 2 })

    await one.disconnect()
    const last = await until(
      () => rebalances('team'),
      ([entry]) => entry!.outcome === 'empty',
    )
    expect(last[0]).toMatchObject({
      movedCount: 4,
      partitionCount: 0,
      members: [{ change: 'left' }],
    })
  })

  test('of a cluster that does not tell is watched instead', async () => {
    await createTopic('polled', 2)
    await until(
      () => served.page.call('group.list', { cluster: remote }),
      groups => groups.length > 0,
    )
    const consumer = await consume('watched', 'polled')
    const seen = await until(
      () => rebalances('watched', remote),
      list => list.length > 0,
    )
    expect(seen[0]).toMatchObject({
      source: 'polling',
      outcome: 'stable',
      movedCount: 2,
      members: [{ change: 'joined', clientId: 'readers', heldCount: 2 }],
    })
    await consumer.disconnect()
    const gone = await until(
      () => rebalances('watched', remote),
      ([last]) => last!.outcome === 'empty',
    )
    expect(gone[0]).toMatchObject({ source: 'polling', members: [{ change: 'left' }] })
  })
})

describe('what is kept', () => {
  test('is there after the application was started again', async () => {
    const before = await rebalances('team')
    await served.close()
    served = serve()
    expect(await rebalances('team')).toEqual(before)
    const history = await served.page.call('group.history', {
      cluster,
      groupId: 'waiting',
      topic: null,
      spanMs: 3_600_000,
      pointsMax: 1_000,
    })
    expect(history.lags).toContain(3)
  })
})

describe("the groups' thread", () => {
  test('is started again when it has crashed, and knows its clusters', async () => {
    const ended: Problem[] = []
    const thread = new GroupThread({
      historyPath: null,
      nowMs: Date.now,
      onEnded: problem => ended.push(problem),
    })
    const bootstrap = brokers.brokers.map(({ address }) => address)
    thread.know({ cluster, hasJournal: true, bootstrap, clientId: 'test' })
    const list = async () => decodeValue(await thread.pass('group.list', { cluster }))
    const before = await list()
    expect(before.map(({ groupId }) => groupId)).toContain('waiting')
    const cut = thread.pass('group.describe', { cluster, groupId: 'waiting' })
    await thread.kill()
    await expect(cut).rejects.toMatchObject({ code: 'WORKER_ENDED' })
    expect(ended.map(({ code }) => code)).toEqual(['WORKER_ENDED'])
    const names = (groups: typeof before) => groups.map(({ groupId }) => groupId).toSorted()
    expect(names(await list())).toEqual(names(before))
    await thread.close()
  })
})
