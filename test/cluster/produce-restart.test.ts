import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createClient } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import { fetchRecords } from '../../src-main/produce/run/partition-records.ts'
import { Run } from '../../src-main/produce/run/run.ts'
import { templateSource } from '../../src-main/produce/run/template-source.ts'
import { createTopic } from '../../src-main/topics/topic-changes.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'odradek-produce-'))
let brokers: Cluster | null = null

afterEach(async () => {
  await brokers?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

test('a run outlives the end of all brokers, and leaves each record once and in order', async () => {
  brokers = await startCluster({ brokers: 1, ports: [0], dataDir })
  const [{ address }] = brokers.brokers as [Cluster['brokers'][number]]
  const client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: [address],
    clientId: 'test',
  })
  const topic = 'outlives'
  await createTopic(client, {
    topic,
    partitionCount: 1,
    replicationFactor: 1,
    configurations: [],
    validateOnly: false,
  })
  const count = 4_000
  const run = new Run({
    client,
    topic,
    delivery: { acks: 'all', idempotent: true, codec: 'none', partitioner: 'java' },
    limits: null,
    source: templateSource({
      topic,
      count,
      nowMs: Date.now,
      draft: {
        key: { type: 'null' },
        value: { type: 'text', text: '{{sequence}}' },
        headers: [],
        partition: null,
        timestamp: { type: 'now' },
        template: { variables: [], seed: 1 },
      },
    }),
    rate: 2_000,
    durationMs: null,
    continueAfterErrors: false,
    nowMs: Date.now,
    wait,
    random: Math.random,
  })
  const running = run.run()
  await expect.poll(() => run.progress().sentCount).toBeGreaterThan(500n)
  await brokers.kill()
  brokers = await startCluster({ brokers: 1, ports: [address.port], dataDir })
  await running

  expect(run.progress()).toMatchObject({
    state: 'done',
    sentCount: BigInt(count),
    failedCount: 0n,
    problem: null,
  })
  expect(run.progress().retryCount).toBeGreaterThan(0)
  const values: number[] = []
  for (let offset = 0n; ;) {
    const asked = { topic, partition: 0, offset, maxBytes: 1_000_000 }
    const { records, nextOffset } = await fetchRecords(client, asked)
    if (nextOffset === offset) break
    values.push(...records.map(({ value }) => Number(Buffer.from(value!).toString())))
    offset = nextOffset
  }
  expect(values).toEqual(Array.from({ length: count }, (_, n) => n))
  client.close()
})
