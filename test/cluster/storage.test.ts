import { randomBytes } from 'node:crypto'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { createClient } from '../../engine/client/client.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { ClusterRegistry } from '../../src-main/clusters/cluster-registry.ts'
import { localClusterOf } from '../../src-main/clusters/local-cluster.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import { connect } from '../../src-main/contract/connect.ts'
import type { InputOf } from '../../src-main/contract/define.ts'
import type { StorageBatches } from '../../src-main/contract/model/storage.ts'
import {
  createApplicationServer,
  type ApplicationServer,
} from '../../src-main/service/application-server.ts'
import { memoryPorts } from '../src-main/contract/memory-ports.ts'

/** The smallest that Kafka allows. */
const SEGMENT_BYTES = 1_048_576
const MESSAGES = 400

let brokers: Cluster
let server: ApplicationServer
let page: ApplicationClient
const place = { cluster: 'local', topic: 'stored', partition: 0 }

beforeAll(async () => {
  brokers = await startCluster({ brokers: 2, ports: [0, 0] })
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: brokers.brokers.map(({ address }) => address),
    clientId: 'storage-test',
  })
  const clusters = new ClusterRegistry()
  const common = { colour: '#2f7dd1', readOnly: false, client } as const
  const status = { state: 'running', bootstrap: brokers.bootstrap, problem: null } as const
  const { local } = localClusterOf(brokers)
  clusters.register({ ...common, id: 'local', name: 'local', kind: 'local', local }, status)
  clusters.register({ ...common, id: 'far', name: 'far', kind: 'remote' }, status)
  const never = () => Promise.reject(new TypeError('not asked for here'))
  server = createApplicationServer({
    clusters,
    sample: {
      status: () => {
        throw new TypeError('not asked for here')
      },
      start: never,
      stop: never,
      remove: never,
      onChange: () => () => {},
    },
    wait,
    nowMs: Date.now,
    info: never,
  })
  page = connect<ApplicationApi>({
    open: async () => {
      const [here, there] = memoryPorts()
      server.serveFrames(there)
      return here
    },
    wait,
  })
  await fill()
})

afterAll(async () => {
  page.close()
  await server.close()
  await brokers.stop()
})

async function fill(): Promise<void> {
  const kafka = new kafkajs.Kafka({
    clientId: 'filler',
    brokers: brokers.bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  })
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [
    { name: 'segment.bytes', value: String(SEGMENT_BYTES) },
    { name: 'retention.ms', value: '3600000' },
  ]
  await admin.createTopics({ topics: [{ topic: place.topic, numPartitions: 1, configEntries }] })
  await admin.disconnect()
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (let sent = 0; sent < MESSAGES; sent += 10)
    await producer.send({
      topic: place.topic,
      acks: -1,
      compression: kafkajs.CompressionTypes.GZIP,
      messages: Array.from({ length: 10 }, (_, index) => ({
        key: `key-${sent + index}`,
        value: index === 9 ? null : randomBytes(8_000).toString('hex'),
      })),
    })
  await producer.disconnect()
}

test('segments are told as files with sizes, offsets, times and what retention does', async () => {
  const storage = await page.call('storage.partition', { ...place, brokerId: null })
  expect(storage).toMatchObject({ logStartOffset: 0n, logEndOffset: 400n, highWatermark: 400n })
  const { segments } = storage
  expect(segments.length).toBeGreaterThan(1)
  expect(segments.at(-1)).toMatchObject({ active: true, nextOffset: 400n })
  segments.slice(1).forEach((segment, index) => {
    expect(segments[index]!.nextOffset).toBe(segment.baseOffset)
    expect(segments[index]!.logFileBytes).toBe(segments[index]!.sizeBytes)
  })
  for (const { sizeBytes, forecast, maxTimestampMs } of segments) {
    expect(sizeBytes).toBeLessThanOrEqual(SEGMENT_BYTES)
    expect(forecast).toEqual({
      type: 'at',
      reason: 'retention.ms',
      timestampMs: maxTimestampMs + 3_600_001n,
    })
  }
  expect(storage.producers).toHaveLength(1)
  expect(storage.epochs).toEqual([{ leaderEpoch: 0, startOffset: 0n }])
  expect(storage.files.map(({ name }) => name)).toContain('00000000000000000000.log')
})

test('the batches of all segments are the whole log, and each opens down to its bytes', async () => {
  const { segments, brokerId } = await page.call('storage.partition', { ...place, brokerId: null })
  let nextOffset = 0n
  for (const { baseOffset, sizeBytes } of segments) {
    let from: number | null = 0
    let position = 0
    while (from !== null) {
      const input: InputOf<ApplicationApi, 'storage.batches'> = {
        ...place,
        brokerId,
        baseOffset,
        from,
        limit: 3,
      }
      const answer: StorageBatches = await page.call('storage.batches', input)
      expect(answer.problem).toBeNull()
      for (const batch of answer.batches) {
        expect(batch).toMatchObject({ position, baseOffset: nextOffset, codec: 'gzip' })
        expect(batch.recordCount).toBe(10)
        nextOffset = batch.lastOffset + 1n
        position += batch.sizeBytes
      }
      from = answer.next
    }
    expect(position).toBe(sizeBytes)
  }
  expect(nextOffset).toBe(400n)

  const opened = await page.call('storage.batch', {
    ...place,
    brokerId,
    baseOffset: segments[0]!.baseOffset,
    position: 0,
  })
  expect(opened).toMatchObject({ crcIsRight: true, problem: null, leftOut: 0 })
  expect(opened.records).toHaveLength(10)
  expect(opened.records[9]).toMatchObject({ offset: 9n, keyBytes: 5, valueBytes: null })
  expect(opened.uncompressedBytes).toBeGreaterThan(opened.storedBytes)
  expect(opened.bytes.sizeBytes).toBe(opened.batch.sizeBytes)
  expect(Buffer.from(opened.bytes.bytes).readBigInt64BE(0)).toBe(0n)
})

test('index entries point at batches, and the snapshot has the producer', async () => {
  const { segments, brokerId } = await page.call('storage.partition', { ...place, brokerId: null })
  const [first, second] = segments
  const at = { ...place, brokerId, baseOffset: first!.baseOffset }
  const index = await page.call('storage.index', { ...at, kind: 'offset', from: 0, limit: 100 })
  expect(index.entryCount).toBe(first!.offsetIndexEntries)
  expect(index.entryCount).toBeGreaterThan(0)
  const { batches } = await page.call('storage.batches', { ...at, from: 0, limit: 1_000 })
  for (const { offset, position } of index.entries)
    expect(batches).toContainEqual(
      expect.objectContaining({ position, lastOffset: offset, indexed: true }),
    )
  const times = await page.call('storage.index', { ...at, kind: 'time', from: 0, limit: 100 })
  expect(times.entryCount).toBe(first!.timeIndexEntries)
  expect(times.entries.at(-1)?.timestampMs).toBe(first!.maxTimestampMs)

  const snapshot = await page.call('storage.snapshot', { ...at, baseOffset: second!.baseOffset })
  expect(snapshot).toHaveLength(1)
  expect(snapshot[0]!.lastOffset).toBe(second!.baseOffset - 1n)
})

test('a ratio is told from batches that were opened', async () => {
  const { segments, brokerId } = await page.call('storage.partition', { ...place, brokerId: null })
  const { baseOffset } = segments[0]!
  const ratio = await page.call('storage.compression', { ...place, brokerId, baseOffset })
  expect(ratio).toMatchObject({ complete: true, codecs: ['gzip'] })
  expect(ratio.uncompressedBytes).toBeGreaterThan(1.5 * ratio.storedBytes)
})

test('what is not there is said by name', async () => {
  const { brokerId } = await page.call('storage.partition', { ...place, brokerId: null })
  const at = { ...place, brokerId, baseOffset: 7n }
  await expect(page.call('storage.batches', { ...at, from: 0, limit: 1 })).rejects.toThrow(
    /NOT_FOUND: stored-0 has no segment at 7/,
  )
  const other = brokers.brokers.find(broker => broker.brokerId !== brokerId)!.brokerId
  await expect(page.call('storage.partition', { ...place, brokerId: other })).rejects.toThrow(
    /NOT_FOUND: broker \d has no replica of stored-0/,
  )
  await expect(
    page.call('storage.partition', { ...place, cluster: 'far', brokerId: null }),
  ).rejects.toThrow(/UNSUPPORTED: far is a remote cluster/)
})

test('brokers say how many segments they keep', async () => {
  const storage = await page.call('storage.brokers', { cluster: 'local' })
  expect(storage.map(each => each.brokerId)).toEqual([1, 2])
  const { segments, brokerId } = await page.call('storage.partition', { ...place, brokerId: null })
  const leader = storage.find(each => each.brokerId === brokerId)!
  expect(leader.segmentCount).toBeGreaterThanOrEqual(segments.length)
  expect(leader.logCount).toBeGreaterThanOrEqual(1)
})
