/** Acts on several topics, asked by one page and looked at by another, on a cluster that runs. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createClient } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { produceRequest, produceResponse } from '../../engine/protocol/messages/produce.ts'
import { buildBatch } from '../../engine/protocol/records/batch-builder.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { ClusterRegistry } from '../../src-main/clusters/cluster-registry.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import type { TopicAct } from '../../src-main/contract/api/topic-act.ts'
import { connect } from '../../src-main/contract/connect.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import type { TopicActProgress, TopicActResult } from '../../src-main/contract/model/topic-act.ts'
import { createSampleShop } from '../../src-main/sample/sample-shop.ts'
import {
  createApplicationServer,
  type ApplicationServer,
} from '../../src-main/service/application-server.ts'
import { memoryPorts } from '../src-main/contract/memory-ports.ts'
import { keepsOldRecords } from './old-records.ts'

const cluster = 'local'
let brokers: Cluster
let clusters: ClusterRegistry
let server: ApplicationServer
let page: ApplicationClient

beforeAll(async () => {
  brokers = await startCluster({ brokers: 1, ports: [0], configs: keepsOldRecords })
  const bootstrap = brokers.brokers.map(({ address }) => address)
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap,
    clientId: 'test',
  })
  clusters = new ClusterRegistry()
  const status = { state: 'running' as const, bootstrap: brokers.bootstrap, problem: null }
  const common = { colour: '#2f7dd1', kind: 'local' as const, client }
  clusters.register({ ...common, id: cluster, name: cluster, readOnly: false }, status)
  clusters.register({ ...common, id: 'locked', name: 'locked', readOnly: true }, status)
  server = createApplicationServer({
    clusters,
    sample: createSampleShop({ cluster, client, bootstrap: brokers.bootstrap.split(',') }),
    wait,
    nowMs: Date.now,
    info: () => Promise.reject(new TypeError('not asked for here')),
  })
})
afterAll(async () => {
  await server?.close()
  clusters?.get(cluster).client.close()
  await brokers?.stop()
})
beforeEach(() => {
  page?.close()
  page = open()
})

test('each topic is answered for, and one that refuses does not keep the others', async () => {
  await create(['first', 'second'])
  const heard: string[] = []
  page.on('topics.changed', changed => heard.push(changed.cluster))
  const { jobId } = await start(['first', 'absent', 'second', 'first'], { type: 'delete' })
  const { results, last } = await followed(jobId)
  expect(last).toMatchObject({ act: 'delete', state: 'done', askedCount: 3, problem: null })
  expect(results.map(({ name, problem }) => [name, problem?.code ?? null])).toEqual([
    ['first', null],
    ['absent', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['second', null],
  ])
  expect(heard).toEqual([cluster])
  expect(await namesOfTopics()).not.toContain('first')
  expect(await jobOf(jobId)).toMatchObject({
    kind: 'delete',
    subject: 'first, absent, second',
    state: 'done',
    progress: { unit: 'topics', done: 3n, total: 3n, errorCount: 1n },
  })
})

test('it goes on when its page is gone, and another page has all of its results', async () => {
  const names = numbered('left', 230)
  await create(names)
  const { jobId } = await start(names, { type: 'delete' })
  page.close()
  page = open()
  const { results } = await followed(jobId)
  expect(results.map(({ name }) => name)).toEqual(names)
  expect(results.every(({ problem }) => problem === null)).toBe(true)
  const tail = await followed(jobId, 228)
  expect(tail.results.map(({ name }) => name)).toEqual(names.slice(228))
})

test('stopped, it ends between two topics, and the rest is as it was', async () => {
  const names = numbered('stopped', 900)
  await create(names)
  const { jobId } = await start(names, { type: 'delete' })
  await page.call('job.stop', { jobId })
  const { results, last } = await followed(jobId)
  expect(last.state).toBe('stopped')
  expect(results.length).toBeLessThan(names.length)
  const left = (await namesOfTopics()).filter(name => name.startsWith('stopped-'))
  expect(left.sort()).toEqual(names.slice(results.length))
})

test('a purge says how much went; an internal topic keeps its records', async () => {
  await create(['purged'])
  await produce('purged', 7)
  const { jobId } = await start(['purged', '__consumer_offsets'], { type: 'purge' })
  const { results } = await followed(jobId)
  expect(results[0]).toEqual({ name: 'purged', problem: null, recordCount: 7n, readBack: null })
  expect(results[1]!.problem).not.toBeNull()
})

test('a configuration is read back from each topic', async () => {
  await create(['configured', 'other'])
  const set = { name: 'retention.ms', operation: 'set' as const, value: '60000' }
  const begun = await start(['configured', 'other'], { type: 'configure', change: set })
  const { results } = await followed(begun.jobId)
  const readBack = { value: '60000', unit: 'ms', type: 'long' }
  expect(results).toEqual([
    { name: 'configured', problem: null, recordCount: null, readBack },
    { name: 'other', problem: null, recordCount: null, readBack },
  ])
  const wrong = { ...set, value: 'for ever' }
  const refused = await start(['configured'], { type: 'configure', change: wrong })
  const { results: refusals } = await followed(refused.jobId)
  expect(refusals).toMatchObject([{ problem: { code: 'INVALID_CONFIG' }, readBack: null }])
})

test('a read-only cluster refuses it at once, and nothing is listed', async () => {
  const before = (await jobs()).length
  await expect(
    page.call('topic.act', { cluster: 'locked', topics: ['any'], act: { type: 'delete' } }),
  ).rejects.toMatchObject({ code: 'READ_ONLY' })
  expect((await jobs()).length).toBe(before)
})

test('results are gone with their job', async () => {
  await expect(followed('job-999')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const { jobId } = await start(['nowhere'], { type: 'delete' })
  await followed(jobId)
  await page.call('job.dismiss', { jobId })
  await expect(followed(jobId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

function open(): ApplicationClient {
  return connect<ApplicationApi>({
    open: async () => {
      const [here, there] = memoryPorts()
      server.serveFrames(there)
      return here
    },
    wait,
  })
}

function start(topics: readonly string[], act: TopicAct) {
  return page.call('topic.act', { cluster, topics, act })
}

/** All results from there on, once the job has ended. */
async function followed(
  jobId: string,
  from = 0,
): Promise<{ results: readonly TopicActResult[]; last: TopicActProgress }> {
  const results: TopicActResult[] = []
  let last: TopicActProgress | null = null
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  page.stream(
    'topic.act-results',
    { jobId, from },
    {
      onItem: item => {
        expect(item.from).toBe(from + results.length)
        results.push(...item.results)
        last = item
      },
      onEnd: (problem: Problem | null) => (problem === null ? resolve() : reject(problem)),
    },
  )
  await promise
  return { results, last: last! }
}

async function jobs() {
  const { promise, resolve } = Promise.withResolvers<readonly { jobId: string }[]>()
  const close = page.stream('job.watch', {}, { onItem: resolve })
  const listed = await promise
  close()
  return listed
}

async function jobOf(jobId: string) {
  return (await jobs()).find(job => job.jobId === jobId)
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${String(n).padStart(4, '0')}`)
}

async function namesOfTopics(): Promise<string[]> {
  const { topics } = await page.call('topic.list', { cluster })
  return [...topics!.name]
}

async function create(names: readonly string[]): Promise<void> {
  const api = { request: createTopicsRequest, response: createTopicsResponse }
  const { topics } = await clusters.get(cluster).client.request({ type: 'controller' }, api, {
    topics: names.map(name => ({
      name,
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    })),
    timeoutMs: 30_000,
    validateOnly: false,
  })
  expect(topics.filter(({ errorCode }) => errorCode !== 0)).toEqual([])
}

async function produce(name: string, count: number): Promise<void> {
  const { client } = clusters.get(cluster)
  await client.metadata([name])
  const records = Array.from({ length: count }, (_, n) => ({
    timestampMs: BigInt(n),
    key: null,
    value: Buffer.from(String(n)),
  }))
  const { responses } = await client.request(
    { type: 'leader', topic: name, partition: 0 },
    { request: produceRequest, response: produceResponse },
    {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name, partitionData: [{ index: 0, records: buildBatch({ records }) }] }],
    },
    { versionMax: 9 },
  )
  expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
}
