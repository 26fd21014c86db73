import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterUnderTest } from './cluster-under-test.ts'
import { runCommand, type RunningCommand } from './run-command.ts'
import { partitionFolder, type RunningCluster } from './running-cluster.ts'
import { batchHeaders } from './segment-file.ts'
import { kcat } from './setup/kcat.ts'
import { createTopic, jsonLines, kcatRun, kcatStart } from './tools.ts'

const found = await kcat.find()
let cluster: RunningCluster

describe.skipIf(found === null)('kcat', () => {
  beforeAll(async () => {
    cluster = await startClusterUnderTest()
  })
  afterAll(async () => {
    await cluster?.stop()
  })

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'writes and reads back 1,000 records with codec %s, and the log holds that codec',
    async codec => {
      const topic = `codec-${codec}`
      const lines = Array.from(
        { length: 1_000 },
        (_, n) => `k${n}:value ${n} ${'y'.repeat(n % 90)}`,
      )
      const produce = ['-P', '-t', topic, '-K:', '-H', 'codec=' + codec, '-z', codec]
      await kcatRun(cluster, [...produce, '-X', 'linger.ms=50'], { input: lines.join('\n') })

      const read = await consume(topic, ['-f', '%k:%s %o %h\n'])
      expect(read).toEqual(lines.map((line, n) => `${line} ${n} codec=${codec}`))
      const folder = partitionFolder(cluster, `${topic}-0`)
      // librdkafka leaves a batch alone that compression would make longer: the first, of one line.
      const large = batchHeaders(folder).filter(batch => batch.lastOffsetDelta > 20)
      expect(new Set(large.map(batch => batch.codec))).toEqual(new Set([codec]))
    },
  )

  test('lists brokers, topics and leaders, as text and as JSON', async () => {
    await createTopic(cluster, 'listed', { partitions: 6 })

    const { stdout } = await kcatRun(cluster, ['-L', '-J'])
    const metadata = JSON.parse(stdout)
    const names = metadata.brokers.map((broker: { name: string }) => broker.name).sort()
    expect(names).toEqual(cluster.bootstrap.split(',').sort())
    const ids = metadata.brokers.map((broker: { id: number }) => broker.id)
    const topic = metadata.topics.find((each: { topic: string }) => each.topic === 'listed')
    expect(topic.partitions).toHaveLength(6)
    for (const partition of topic.partitions) {
      expect(ids).toContain(partition.leader)
      expect(partition.replicas).toEqual([{ id: partition.leader }])
      expect(partition.isrs).toEqual([{ id: partition.leader }])
    }
    const leaders = new Set(topic.partitions.map((each: { leader: number }) => each.leader))
    expect(leaders.size, 'every broker leads some').toBe(ids.length)
    expect((await kcatRun(cluster, ['-L', '-t', 'listed'])).stdout).toContain(
      'topic "listed" with 6 partitions',
    )
  })

  test('seeks to an offset, to the last records and to the end', async () => {
    await write('seek', numbered('s', 1_000))

    expect(await consume('seek', ['-o', '500', '-c', '3'])).toEqual(['s500', 's501', 's502'])
    expect(await consume('seek', ['-o', '-2'])).toEqual(['s998', 's999'])
    expect(await consume('seek', ['-o', 'end'])).toEqual([])
    expect(await consume('seek', ['-o', 'beginning', '-c', '1'])).toEqual(['s0'])
  })

  test('seeks to a time, and answers a query for the offset of a time', async () => {
    await write('times', numbered('early', 200))
    await write('times', numbered('late', 200))
    const stamps = (await consume('times', ['-f', '%s %T\n'])).map(line => line.split(' '))
    const firstLateMs = stamps.find(([value]) => value === 'late0')![1]!

    const later = await consume('times', ['-o', `s@${firstLateMs}`])
    expect(later).toEqual(numbered('late', 200))
    const between = await consume('times', ['-o', 's@1', '-o', `e@${firstLateMs}`])
    expect(between).toEqual(numbered('early', 200))
    const { stdout } = await kcatRun(cluster, ['-Q', '-t', `times:0:${firstLateMs}`])
    expect(stdout.trim()).toBe('times [0] offset 200')
  })

  test('keeps null values, empty values, keys and repeated headers apart', async () => {
    const nulls = ['-P', '-t', 'nulls', '-K:', '-Z', '-H', 'a=1', '-H', 'a=2', '-H', 'b=']
    await kcatRun(cluster, nulls, { input: 'k1:\nk2:v2\n' })

    const records = jsonLines((await kcatRun(cluster, consumer('nulls', ['-J']))).stdout)
    expect(records.map(({ key, payload }) => [key, payload])).toEqual([
      ['k1', null],
      ['k2', 'v2'],
    ])
    expect(records[0].headers).toEqual(['a', '1', 'a', '2', 'b', ''])
    expect(records[0].tstype).toBe('create')
  })

  test('carries a text of 50,000 lines through unchanged', async () => {
    const text = numbered('2026-11-21T13:00:00Z INFO a line of a log file, number ', 50_000)
    await createTopic(cluster, 'file')
    await write('file', text)
    expect(digest(await consume('file', []))).toBe(digest(text))
  })

  test('stores a record of 900 kB and is refused one of 2 MB', async () => {
    const value = randomBytes(450_000).toString('hex')
    await kcatRun(cluster, ['-P', '-t', 'large'], { input: value })
    expect(await consume('large', [])).toEqual([value])

    const args = ['-b', cluster.bootstrap, '-P', '-t', 'large', '-X', 'message.max.bytes=4000000']
    const refused = await runCommand('kcat', args, { input: randomBytes(1e6).toString('hex') })
    expect(refused.stderr).toContain('Broker: Message size too large')
    expect(refused.status).not.toBe(0)
  })

  test.each(['0', '1', 'all'])('produces with acks=%s', async acks => {
    const topic = `acks-${acks}`
    await createTopic(cluster, topic)
    const produce = ['-P', '-t', topic, '-X', `acks=${acks}`]
    await kcatRun(cluster, produce, { input: 'one\ntwo\n' })
    expect(await consume(topic, ['-o', 'beginning', '-c', '2'])).toEqual(['one', 'two'])
  })

  test('produces idempotently, with its producer id in the log', async () => {
    const produce = ['-P', '-t', 'idempotent', '-X', 'enable.idempotence=true']
    await kcatRun(cluster, produce, { input: numbered('i', 500).join('\n') })

    expect(await consume('idempotent', [])).toEqual(numbered('i', 500))
    const batches = batchHeaders(partitionFolder(cluster, 'idempotent-0'))
    expect(batches.every(batch => batch.producerId >= 0n)).toBe(true)
  })

  test('is refused a topic name that Kafka does not allow', async () => {
    const args = [
      '-b',
      cluster.bootstrap,
      '-P',
      '-t',
      'not a topic',
      '-X',
      'message.timeout.ms=5000',
    ]
    const refused = await runCommand('kcat', args, { input: 'x\n' })
    expect(refused.status).not.toBe(0)
    expect(refused.stderr).toMatch(/Invalid topic|Unknown topic/)
  })

  test('two members of a group share four partitions, and one takes over from the other', async () => {
    await createTopic(cluster, 'shared', { partitions: 4 })
    const first = member('balance', 'shared')
    await first.line(/assigned: (shared \[\d\](, )?){4}/)
    const second = member('balance', 'shared')
    await second.line(/assigned: (shared \[\d\](, )?){2}$/)
    await first.line(/assigned: (shared \[\d\](, )?){2}$/)

    await write('shared', numbered('a', 400), ['-X', 'sticky.partitioning.linger.ms=0'])
    await untilSeen([first, second], numbered('a', 400))
    expect(valuesOf(first).length).toBeGreaterThan(0)
    expect(valuesOf(second).length).toBeGreaterThan(0)

    await first.end('SIGTERM')
    await second.line(/assigned: (shared \[\d\](, )?){4}/)
    await write('shared', numbered('b', 200), ['-X', 'sticky.partitioning.linger.ms=0'])
    await untilSeen([second], numbered('b', 200))
    const all = [...valuesOf(first), ...valuesOf(second)]
    expect(all.length, 'every record once, as the first committed when it left').toBe(600)
    await second.end('SIGTERM')
  })
})

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}${n}`)
}

async function write(topic: string, lines: string[], extra: string[] = []): Promise<void> {
  await kcatRun(cluster, ['-P', '-t', topic, ...extra], { input: lines.join('\n') })
}

function consumer(topic: string, extra: readonly string[]): string[] {
  return ['-C', '-t', topic, '-e', '-q', ...extra]
}

async function consume(topic: string, extra: readonly string[]): Promise<string[]> {
  const { stdout } = await kcatRun(cluster, consumer(topic, extra))
  return stdout.split('\n').slice(0, -1)
}

function member(group: string, topic: string): RunningCommand {
  const fast = ['-X', 'heartbeat.interval.ms=300', '-X', 'auto.offset.reset=earliest']
  return kcatStart(cluster, ['-u', ...fast, '-G', group, topic])
}

function valuesOf(command: RunningCommand): string[] {
  return command.output().split('\n').slice(0, -1)
}

async function untilSeen(members: RunningCommand[], values: string[]): Promise<void> {
  const last = new Set(values)
  const deadline = Date.now() + 20_000
  const missing = () => {
    const seen = new Set(members.flatMap(valuesOf))
    return [...last].filter(value => !seen.has(value))
  }
  while (missing().length > 0) {
    if (Date.now() > deadline) throw new Error(`never read: ${missing().slice(0, 10).join(', ')}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function digest(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
