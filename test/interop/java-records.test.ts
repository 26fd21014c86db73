import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterUnderTest } from './cluster-under-test.ts'
import { partitionFolder, type RunningCluster } from './running-cluster.ts'
import { batchHeaders } from './segment-file.ts'
import { java } from './setup/java.ts'
import { createTopic, javaTool, javaToolChecked, jsonLines } from './tools.ts'

const found = await java.find()
let cluster: RunningCluster

describe.skipIf(found === null)('Java clients', () => {
  beforeAll(async () => {
    cluster = await startClusterUnderTest()
  })
  afterAll(async () => {
    await cluster?.stop()
  })

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'console producer and consumer carry keys, headers and values with codec %s',
    async codec => {
      const topic = `console-${codec}`
      const lines = Array.from({ length: 200 }, (_, n) => `n:${n},c:${codec}\tk${n}\tvalue ${n}`)
      const properties = ['parse.key=true', 'parse.headers=true']
      const reader = properties.flatMap(property => ['--reader-property', property])
      const produce = [...to(), '--topic', topic, '--compression-codec', codec, ...reader]
      await javaToolChecked('ConsoleProducer', produce, { input: lines.join('\n') + '\n' })

      const print = ['print.key=true', 'print.headers=true', 'print.offset=true']
      const { stdout } = await consume(topic, 200, print)
      const expected = lines.map((line, n) => {
        const [headers, rest] = [line.split('\t')[0], line.split('\t').slice(1).join('\t')]
        return `Offset:${n}\t${headers}\t${rest}`
      })
      expect(stdout.trimEnd().split('\n')).toEqual(expected)
      const batches = batchHeaders(partitionFolder(cluster, `${topic}-0`))
      expect(new Set(batches.map(batch => batch.codec))).toEqual(new Set([codec]))
      const ids = batches.map(batch => batch.producerId)
      expect(
        ids.every(id => id >= 0n),
        'idempotent, as Java is by default',
      ).toBe(true)
    },
  )

  test('console consumer reads from an offset of one partition', async () => {
    const input = Array.from({ length: 60 }, (_, n) => `${n}\n`).join('')
    await javaToolChecked('ConsoleProducer', [...to(), '--topic', 'from-offset'], { input })
    const where = ['--topic', 'from-offset', '--partition', '0', '--offset', '5']
    const print = ['--formatter-property', 'print.offset=true', '--max-messages', '2']
    const args = [...to(), ...where, ...print, '--timeout-ms', '20000']
    const { stdout } = await javaToolChecked('consumer.ConsoleConsumer', args)
    expect(stdout.match(/Offset:(\d+)/g)).toEqual(['Offset:5', 'Offset:6'])
  })

  test('ProducerPerformance and ConsumerPerformance move 20,000 records', async () => {
    await createTopic(cluster, 'perf', { partitions: 3 })
    const load = ['--topic', 'perf', '--num-records', '20000', '--record-size', '200']
    const produced = await javaToolChecked('ProducerPerformance', [
      ...load,
      '--throughput',
      '-1',
      ...to(),
      '--command-property',
      'acks=all',
      '--command-property',
      'compression.type=lz4',
    ])
    expect(produced.stdout).toMatch(/^20000 records sent/m)

    const read = ['--topic', 'perf', '--num-records', '20000', '--group', 'perf', ...to()]
    const consumed = await javaToolChecked('ConsumerPerformance', read)
    const row = consumed.stdout.trim().split('\n').at(-1)!.split(', ')
    expect(Number(row[4])).toBe(20_000)
  })

  test('VerifiableProducer has every record acknowledged, VerifiableConsumer reads them', async () => {
    await createTopic(cluster, 'verifiable', { partitions: 2 })
    const produce = ['--topic', 'verifiable', '--max-messages', '500', '--acks', '-1']
    const produced = jsonLines(
      (await javaToolChecked('VerifiableProducer', [...to(), ...produce])).stdout,
    )
    expect(produced.filter(line => line.name === 'producer_send_success')).toHaveLength(500)
    expect(produced.at(-1)).toMatchObject({ name: 'tool_data', sent: 500, acked: 500 })

    const group = ['--group-id', 'verifiable', '--group-protocol', 'classic']
    const limits = ['--max-messages', '500', '--reset-policy', 'earliest']
    const args = [...to(), '--topic', 'verifiable', ...group, ...limits]
    const consumed = jsonLines((await javaToolChecked('VerifiableConsumer', args)).stdout)
    const counts = consumed.filter(line => line.name === 'records_consumed').map(line => line.count)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500)
    const commits = consumed.filter(line => line.name === 'offsets_committed')
    expect(commits.every(commit => commit.success)).toBe(true)
    expect(consumed[1]).toMatchObject({ name: 'partitions_assigned' })
  })

  test('EndToEndLatency gets each record back before it sends the next', async () => {
    await createTopic(cluster, 'latency')
    const args = [...to(), '--topic', 'latency', '--num-records', '200', '--producer-acks', 'all']
    const { stdout } = await javaToolChecked('EndToEndLatency', [...args, '--record-size', '100'])
    expect(stdout).toMatch(/Percentiles: 50th = \d+, 99th = \d+/)
  })

  test('console producer says why a record is refused', async () => {
    await createTopic(cluster, 'small', { configs: { 'max.message.bytes': '200' } })
    const produce = [...to(), '--topic', 'small', '--sync', '--command-property', 'retries=0']
    const refused = await javaTool('ConsoleProducer', produce, { input: 'x'.repeat(500) + '\n' })
    expect(refused.stderr + refused.stdout).toContain('RecordTooLargeException')

    await createTopic(cluster, 'keyed', { configs: { 'cleanup.policy': 'compact' } })
    const unkeyed = [...to(), '--topic', 'keyed', '--sync', '--command-property', 'retries=0']
    const noKey = await javaTool('ConsoleProducer', unkeyed, { input: 'no key\n' })
    expect(noKey.stderr + noKey.stdout).toContain('InvalidRecordException')
  })
})

function to(): string[] {
  return ['--bootstrap-server', cluster.bootstrap]
}

async function consume(topic: string, count: number, print: string[]) {
  const args = [...to(), '--topic', topic, '--from-beginning', '--timeout-ms', '20000']
  const properties = print.flatMap(property => ['--formatter-property', property])
  const max = ['--max-messages', String(count)]
  return await javaToolChecked('consumer.ConsoleConsumer', [...args, ...max, ...properties])
}
