import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterUnderTest } from './cluster-under-test.ts'
import { partitionFolder, type RunningCluster } from './running-cluster.ts'
import { batchHeaders } from './segment-file.ts'
import { go } from './setup/go.ts'
import { createTopic, goRun } from './tools.ts'

const found = await go.find()
let cluster: RunningCluster

describe.skipIf(found === null)('Go clients', () => {
  beforeAll(async () => {
    cluster = await startClusterUnderTest()
  })
  afterAll(async () => {
    await cluster?.stop()
  })

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'franz-go writes with codec %s and reads the same records back',
    async codec => {
      const topic = `kgo-${codec}`
      await createTopic(cluster, topic, { partitions: 3 })
      const written = await goRun(['kgo-produce', cluster.bootstrap, topic, '500', codec])
      const read = await goRun(['kgo-consume', cluster.bootstrap, topic, '500', 'start'])

      expect(written).toHaveLength(500)
      expect(sorted(read)).toEqual(sorted(written))
      const partition = written[0].partition as number
      const batches = batchHeaders(partitionFolder(cluster, `${topic}-${partition}`))
      expect(new Set(batches.map(batch => batch.codec))).toEqual(new Set([codec]))
    },
  )

  test('franz-go reads from an offset and from a time', async () => {
    await createTopic(cluster, 'kgo-seek')
    const written = await goRun(['kgo-produce', cluster.bootstrap, 'kgo-seek', '100', 'none'])
    const from = ['kgo-consume', cluster.bootstrap, 'kgo-seek']
    const [byOffset] = await goRun([...from, '1', '42'])
    expect(byOffset).toEqual(written[42])

    const later = await goRun(['kgo-produce', cluster.bootstrap, 'kgo-seek', '10', 'gzip'])
    const byTime = await goRun([...from, '10', `@${later[0].timestampMs}`])
    expect(byTime.map(record => record.offset)).toEqual(later.map(record => record.offset))
  })

  test('two franz-go members share a topic and commit what they read', async () => {
    await createTopic(cluster, 'kgo-shared', { partitions: 4 })
    await goRun(['kgo-produce', cluster.bootstrap, 'kgo-shared', '100', 'lz4'])
    const steps = await goRun(['kgo-group', cluster.bootstrap, 'kgo-shared', 'kgo-group', '100'])

    const given = steps.filter(step => step.assigned?.length > 0)
    expect(given[0]).toEqual({ member: 1, assigned: [0, 1, 2, 3], revoked: null })
    expect(given.at(-1)).toMatchObject({
      member: 2,
      assigned: [expect.any(Number), expect.any(Number)],
    })
    expect(steps.at(-1).records).toBe(100)
  })

  test('franz-go administers topics, configurations, offsets and groups', async () => {
    expect(await goRun(['kgo-admin', cluster.bootstrap, 'kgo-admin', 'kgo-admin-group'])).toEqual([
      { step: 'create', partitions: 3, replicationFactor: 1 },
      { step: 'create again', error: expect.stringMatching(/^TOPIC_ALREADY_EXISTS/) },
      {
        step: 'replication factor 9',
        error: expect.stringMatching(/^INVALID_REPLICATION_FACTOR/),
      },
      { step: 'config', value: '60000', source: 'DYNAMIC_TOPIC_CONFIG' },
      { step: 'partitions', count: 5 },
      { step: 'end offsets', count: 5 },
      { step: 'committed', offset: 0, found: true },
      { step: 'group', state: 'Empty' },
      { step: 'delete', error: '<nil>' },
    ])
  })

  test('sarama writes idempotently, reads, and works in a group', async () => {
    await createTopic(cluster, 'sarama', { partitions: 2 })
    const read = await goRun(['sarama-round', cluster.bootstrap, 'sarama', '50'])
    const values = read.map(record => record.value)
    expect(values).toHaveLength(50)
    expect(new Set(values)).toEqual(new Set(values.map((_, n) => `sarama-${n}`)))
    const group = ['sarama-group', cluster.bootstrap, 'sarama', 'sarama-group', '50']
    expect(await goRun(group)).toEqual([{ records: 50 }])
  })
})

function sorted(records: any[]): any[] {
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}
