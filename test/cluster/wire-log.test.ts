import kafkajs from 'kafkajs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  startCluster,
  type Cluster,
  type ClusterEvent,
} from '../../engine/cluster/start-cluster.ts'
import { localClusterOf } from '../../src-main/clusters/local-cluster.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { WireRequest } from '../../src-main/contract/model/wire.ts'
import { wireExchange } from '../../src-main/wire-log/wire-exchange.ts'
import { WireLog } from '../../src-main/wire-log/wire-log.ts'

let cluster: Cluster
let log: WireLog
const seen: WireRequest[] = []

beforeAll(async () => {
  let tell = (_event: ClusterEvent) => {}
  cluster = await startCluster({ brokers: 2, ports: [0, 0], onEvent: event => tell(event) })
  const { local, onEvent } = localClusterOf(cluster)
  tell = onEvent
  log = new WireLog(local, wait)
  log.watch(({ requests }) => seen.push(...requests))
})

afterAll(() => cluster.stop())

const { Kafka, logLevel } = kafkajs

async function produce(topic: string): Promise<void> {
  const kafka = new Kafka({
    clientId: 'wire-test',
    brokers: cluster.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
  })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: [{ key: 'a', value: 'hello on the wire' }] })
  await producer.disconnect()
}

test('what a client asks is told with its times, and opens field by field', async () => {
  await produce('wired')
  const produced = await vi.waitUntil(() => seen.find(({ api }) => api === 'Produce'), 5_000)
  expect(produced).toMatchObject({ clientId: 'wire-test', origin: 'client', errors: [] })
  expect(produced.workMs).toBeGreaterThan(0)
  expect(log.requests).toContainEqual(produced)

  const { brokerId, sequence } = produced
  const frames = await cluster.ask(brokerId, { type: 'wire-frames', sequence })
  const { request, response } = wireExchange(frames!)
  expect(request.problem).toBeNull()
  expect(response!.problem).toBeNull()
  const field = (name: string) => request.fields.find(each => each.name === name)
  expect(field('clientId')?.text).toBe('wire-test')
  expect(field('requestApiKey')).toMatchObject({ text: '0', meaning: 'Produce' })
  expect(field('recordCount')?.text).toBe('1')
  const { start, end } = field('records')!
  expect(Buffer.from(request.bytes.bytes.subarray(start, end!)).toString('latin1')).toContain(
    'hello on the wire',
  )
  expect(response!.fields.find(({ name }) => name === 'errorCode')?.meaning).toBe('NONE')
  // Every byte of both frames belongs to a field.
  for (const frame of [request, response!])
    expect(Math.max(...frame.fields.map(each => each.end ?? 0))).toBe(frame.bytes.sizeBytes)
})

test('a request that failed says with which error', async () => {
  const kafka = new Kafka({
    clientId: 'wire-failing',
    brokers: cluster.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  })
  const admin = kafka.admin()
  await admin.connect()
  await expect(admin.deleteTopics({ topics: ['no-such-topic'] })).rejects.toThrow()
  await admin.disconnect()
  const failed = await vi.waitUntil(() => seen.find(({ api }) => api === 'DeleteTopics'), 5_000)
  expect(failed.errors).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
})

test('connections are described with who is behind them', async () => {
  const kafka = new Kafka({
    clientId: 'wire-connected',
    brokers: cluster.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
  })
  const admin = kafka.admin()
  await admin.connect()
  await admin.listTopics()
  const described = await Promise.all(
    cluster.brokers.map(({ brokerId }) => cluster.ask(brokerId, { type: 'connections' })),
  )
  const mine = described.flat().filter(({ clientId }) => clientId === 'wire-connected')
  expect(mine.length).toBeGreaterThan(0)
  for (const { requests, bytesIn, bytesOut } of mine) {
    expect(requests).toBeGreaterThan(0)
    expect(bytesIn).toBeGreaterThan(0)
    expect(bytesOut).toBeGreaterThan(0)
  }
  await admin.disconnect()
})

test('a broker that is not there cannot be asked', async () => {
  await expect(cluster.ask(99, { type: 'connections' })).rejects.toThrow(/no broker is 99/)
})
