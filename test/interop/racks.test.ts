/**
 * Racks, on Apache Kafka and on our own brokers alike: consumers of several kinds are sent to the
 * replica in their own and read there (KIP-392).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../engine/client/client.ts'
import { errorName } from '../../engine/protocol/errors.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
} from '../../engine/protocol/messages/create-topics.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import { readAllRecords } from '../../engine/protocol/records/record-reader.ts'
import { addressesOf, openClient } from '../../src-main/clusters/cluster-connection.ts'
import { startCluster } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { javaToolChecked, kcatRun } from './tools.ts'

const kinds =
  (await java.find()) === null ? ['odradek' as const] : ['apache' as const, 'odradek' as const]
const createApi = { request: createTopicsRequest, response: createTopicsResponse }
const fetchApi = { request: fetchRequest, response: fetchResponse }
const RECORDS = 5_000
/** The last that names topics by name; consumers read from followers from 11 on. */
const BY_NAME = 12
const NOBODY = -1

describe.each(kinds)('racks on %s', kind => {
  let running: RunningCluster
  let client: Client
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'odradek-racks-'))
    const selector = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'
    const configs = { 'replica.selector.class': selector }
    running = await startCluster(kind, { brokers: 3, racks: ['a', 'b', 'c'], configs })
    client = openClient({ bootstrap: addressesOf(running.bootstrap), clientId: 'test' })
    await create('read', [1, 2, 3])
    await create('of-two', [1, 2])
    const lines = Array.from({ length: RECORDS }, (_, n) => `record ${n}`).join('\n')
    for (const topic of ['read', 'of-two'])
      await kcatRun(running, ['-P', '-t', topic, '-X', 'acks=all'], { input: lines })
  }, 180_000)

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    client?.close()
    await running?.stop()
  })

  test('brokers tell theirs', async () => {
    const { brokers } = await client.metadata([])
    const told = brokers.map(({ nodeId, rack }) => `${nodeId} ${rack}`).sort()
    expect(told).toEqual(['1 a', '2 b', '3 c'])
  })

  test.each([
    { rack: 'c', reads: 3 },
    { rack: 'b', reads: 2 },
    { rack: 'a', reads: 1 },
    { rack: 'elsewhere', reads: 1 },
  ])('librdkafka in rack $rack reads everything from broker $reads', async ({ rack, reads }) => {
    const args = ['-C', '-t', 'read', '-e', '-q', '-J', '-X', `client.rack=${rack}`]
    const { stdout } = await kcatRun(running, args)
    const records = stdout.trim().split('\n')
    expect(records).toHaveLength(RECORDS)
    const brokers = records.map(line => (JSON.parse(line) as { broker: number }).broker)
    expect([...new Set(brokers)]).toEqual([reads])
  })

  test.skipIf(kinds.length === 1)('a Java consumer reads in its rack', async () => {
    const file = join(folder, 'rack-b.properties')
    writeFileSync(file, 'client.rack=b\n')
    const { stdout } = await javaToolChecked('ConsumerPerformance', [
      '--bootstrap-server',
      running.bootstrap,
      '--topic',
      'read',
      '--command-config',
      file,
      '--num-records',
      String(RECORDS),
      '--print-metrics',
    ])
    expect(stdout).toContain(`, ${RECORDS}, `)
    const bytesFrom = (id: number) => {
      const metric = new RegExp(`incoming-byte-total:\\{.*node-id=node-${id}\\} *: ([\\d.]+)`)
      return Number(metric.exec(stdout)?.[1] ?? 0)
    }
    // Not the records, but that they are elsewhere, is all that the others said.
    expect(bytesFrom(2)).toBeGreaterThan(RECORDS * 'record 1'.length)
    for (const id of [1, 3]) expect(bytesFrom(id)).toBeLessThan(5_000)
  })

  test('the leader names the replica in the consumer’s rack, and sends no records', async () => {
    expect(await fetchFrom(1, { rackId: 'c' })).toEqual({
      error: 'NONE',
      preferredReadReplica: 3,
      records: 0,
    })
    for (const rackId of ['', 'a', 'elsewhere']) {
      const here = await fetchFrom(1, { rackId })
      expect(here).toMatchObject({ error: 'NONE', preferredReadReplica: NOBODY })
      expect(here.records).toBeGreaterThan(0)
    }
  })

  test('a rack that holds no replica is nobody’s', async () => {
    const here = await fetchFrom(1, { rackId: 'c', topic: 'of-two' })
    expect(here).toMatchObject({ error: 'NONE', preferredReadReplica: NOBODY })
    expect(here.records).toBeGreaterThan(0)
  })

  test('a follower gives what it has, and says what it has not', async () => {
    const first = await fetchFrom(3, { rackId: 'c' })
    expect(first).toMatchObject({ error: 'NONE', preferredReadReplica: NOBODY })
    expect(first.records).toBeGreaterThan(0)
    const atTheEnd = await fetchFrom(3, { rackId: 'c', offset: BigInt(RECORDS) })
    expect(atTheEnd).toEqual({ error: 'NONE', preferredReadReplica: NOBODY, records: 0 })
    const behind = await fetchFrom(3, { rackId: 'c', offset: BigInt(RECORDS) + 1n })
    expect(behind).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE', records: 0 })
  })

  test('a follower is closed to consumers of before, and another broker to all', async () => {
    const old = await fetchFrom(3, { versionMax: 10 })
    expect(old).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', records: 0 })
    const elsewhere = await fetchFrom(3, { rackId: 'c', topic: 'of-two' })
    expect(elsewhere).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', records: 0 })
  })

  async function create(topic: string, brokerIds: readonly number[]): Promise<void> {
    const assignments = [{ partitionIndex: 0, brokerIds }]
    const { topics } = await client.request({ type: 'controller' }, createApi, {
      topics: [{ name: topic, numPartitions: -1, replicationFactor: -1, assignments, configs: [] }],
      timeoutMs: 10_000,
    })
    expect(topics.map(({ errorCode }) => errorCode)).toEqual([0])
  }

  async function fetchFrom(
    brokerId: number,
    how: {
      readonly rackId?: string
      readonly topic?: string
      readonly offset?: bigint
      readonly versionMax?: number
    },
  ) {
    const { rackId = '', topic = 'read', offset = 0n, versionMax = BY_NAME } = how
    const partitions = [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 100_000 }]
    const limits = { maxWaitMs: 200, minBytes: 1, isolationLevel: 0 }
    const { responses } = await client.request(
      { type: 'broker', brokerId },
      fetchApi,
      { ...limits, rackId, topics: [{ topic, partitions }] },
      { versionMax },
    )
    const answer = responses[0]!.partitions[0]!
    return {
      error: errorName(answer.errorCode),
      preferredReadReplica: answer.preferredReadReplica,
      records: [...readAllRecords(answer.records ?? new Uint8Array(0))].length,
    }
  }
})
