/**
 * The inspect workers on Apache Kafka, which has what the local cluster has not yet: transactions
 * that are open, aborted and committed. What they read is compared with what was written.
 */
import { Kafka, logLevel, type Transaction } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressesOf } from '../../src-main/clusters/cluster-connection.ts'
import type { InputOf } from '../../src-main/contract/define.ts'
import { InspectWorkers } from '../../src-main/workers/inspect-workers.ts'
import type { WorkerApi } from '../../src-main/workers/worker-api.ts'
import { startCluster } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { createTopic } from './tools.ts'

const found = await java.find()
const cluster = 'apache'
/** Young enough for retention.ms. */
const startMs = Date.now() - 600_000
let apache: RunningCluster
let workers: InspectWorkers

describe.skipIf(found === null)('reading Apache Kafka', () => {
  beforeAll(async () => {
    apache = await startCluster('apache')
    workers = new InspectWorkers({
      size: 1,
      connectionOf: () => ({ bootstrap: addressesOf(apache.bootstrap), clientId: 'test' }),
    })
    await createTopic(apache, 'transactions')
    await createTopic(apache, 'plain', { partitions: 3 })
    await writeTransactions()
    await writePlain()
  }, 180_000)

  afterAll(async () => {
    await workers?.close()
    await apache?.stop()
  })

  test('uncommitted, everything but the markers is there', async () => {
    const page = await readPage({})
    expect(page.rows.map(({ value }) => value.text)).toEqual([
      'plain 1',
      'committed',
      'aborted',
      'plain 2',
      'aborted beside',
      'committed beside',
      'open',
      'plain 3',
    ])
    expect(page.problems).toEqual([])
  })

  test.each(['forward', 'backward'] as const)(
    'committed, what was aborted is left out, and reading ends where one is open, %s',
    async direction => {
      const from = { type: direction === 'forward' ? 'oldest' : 'newest' } as const
      const page = await readPage({ isolation: 'read_committed', direction, from })
      expect(page.rows.map(({ value }) => value.text)).toEqual([
        'plain 1',
        'committed',
        'plain 2',
        'committed beside',
      ])
      const all = await readPage({})
      expect(page.end.position).toBeLessThan(all.end.position)
    },
  )

  test('the transactions’ producers are named in the rows and in the record', async () => {
    const { rows } = await readPage({})
    const [plain, committed] = rows
    expect(plain!.producerId).toBeNull()
    expect(committed!.producerId).toBeGreaterThanOrEqual(0n)
    const { offset } = committed!
    const place = { cluster, topic: 'transactions', partition: 0, offset }
    const record = await workers.call('record.get', place)
    expect(record.batch).toMatchObject({
      transactional: true,
      control: false,
      producer: { producerId: committed!.producerId },
    })
  })

  test('timestamps, counts over time and keys are found as on the local cluster', async () => {
    const sources = [{ topic: 'plain', partitions: null }]
    const timestampMs = BigInt(startMs + 150)
    const page = await readPage({ sources, from: { type: 'timestamp', timestampMs }, limit: 20 })
    expect(page.rows.map(row => Number(row.timestampMs) - startMs)).toEqual(
      Array.from({ length: 20 }, (_, n) => 150 + n),
    )
    const { counts, estimate } = await workers.call('record.histogram', {
      cluster,
      sources,
      base: null,
      fromMs: null,
      toMs: null,
      bucketCount: 40,
    })
    expect(counts.reduce((sum, each) => sum + each, 0n)).toBe(300n)
    expect(estimate).toEqual([])
    const [first] = page.rows
    const { topic, partition, offset } = first!
    const search = await workers.call('record.by-key', {
      cluster,
      topic,
      partition,
      offset,
      key: Buffer.from(first!.key.text),
      direction: 'forward',
      from: null,
    })
    expect(search.found).toEqual({ topic, partition, offset: offset + 7n })
  })
})

function readPage(input: Partial<InputOf<WorkerApi, 'record.page'>>) {
  return workers.call('record.page', {
    cluster,
    sources: [{ topic: 'transactions', partitions: null }],
    base: null,
    from: { type: 'oldest' },
    direction: 'forward',
    limit: 100,
    ...input,
  })
}

function kafka(): Kafka {
  return new Kafka({
    clientId: 'writer',
    brokers: apache.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
  })
}

/** Plain records, and transactions of two producers that overlap; the last one stays open. */
async function writeTransactions(): Promise<void> {
  const writer = kafka()
  const plain = writer.producer()
  const [one, two] = ['one', 'two'].map(transactionalId =>
    writer.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 }),
  )
  await Promise.all([plain, one!, two!].map(each => each.connect()))
  const send = (producer: typeof plain | Transaction, value: string) =>
    producer.send({ topic: 'transactions', messages: [{ value }] })

  await send(plain, 'plain 1')
  const committed = await one!.transaction()
  await send(committed, 'committed')
  await committed.commit()
  const aborted = await one!.transaction()
  await send(aborted, 'aborted')
  await send(plain, 'plain 2')
  await aborted.abort()
  const besides = await Promise.all([one!.transaction(), two!.transaction()])
  await send(besides[0], 'aborted beside')
  await send(besides[1], 'committed beside')
  await besides[0].abort()
  await besides[1].commit()
  const open = await one!.transaction()
  await send(open, 'open')
  await send(plain, 'plain 3')
  await Promise.all([plain.disconnect(), two!.disconnect()])
}

/** Record n has the time n, the partition n mod 3, and in it every seventh has the same key. */
async function writePlain(): Promise<void> {
  const producer = kafka().producer()
  await producer.connect()
  const messages = Array.from({ length: 300 }, (_, n) => ({
    partition: n % 3,
    timestamp: String(startMs + n),
    key: `key ${Math.floor(n / 3) % 7}`,
    value: `record ${n}`,
  }))
  await producer.send({ topic: 'plain', messages })
  await producer.disconnect()
}
