import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterUnderTest } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { createTopic, javaTool, javaToolChecked } from './tools.ts'

const found = await java.find()
let cluster: RunningCluster
let folder: string

describe.skipIf(found === null)('Java command-line tools', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'odradek-java-'))
    cluster = await startClusterUnderTest()
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await cluster?.stop()
  })

  test('TopicCommand creates, describes, lists, alters and deletes', async () => {
    const config = ['--config', 'retention.ms=60000', '--config', 'cleanup.policy=compact,delete']
    const created = await topics('--create', '--topic', 'made', '--partitions', '3', ...config)
    expect(created).toContain('Created topic made.')
    const again = await javaTool('TopicCommand', [...to(), '--create', '--topic', 'made'])
    expect(again.status).toBe(1)
    expect(again.stdout + again.stderr).toContain('TopicExistsException')

    const described = await topics('--describe', '--topic', 'made')
    expect(described).toMatch(/PartitionCount: 3\tReplicationFactor: 1\tConfigs: /)
    const configs = /Configs: (.*)/.exec(described)![1]!.split(',retention').join(' retention')
    expect(configs).toContain('cleanup.policy=compact,delete')
    expect(configs).toContain('retention.ms=60000')
    const rows = [
      ...described.matchAll(/Partition: (\d+)\tLeader: (\d+)\tReplicas: (\d+)\tIsr: (\d+)/g),
    ]
    expect(rows.map(row => row[1])).toEqual(['0', '1', '2'])
    for (const [, , leader, replicas, isr] of rows)
      expect([replicas, isr]).toEqual([leader, leader])

    await topics('--alter', '--topic', 'made', '--partitions', '5')
    expect(await topics('--describe', '--topic', 'made')).toContain('PartitionCount: 5')
    const fewer = ['--alter', '--topic', 'made', '--partitions', '2']
    const refused = await javaTool('TopicCommand', [...to(), ...fewer])
    expect(refused.stdout + refused.stderr).toContain('InvalidPartitionsException')

    expect((await topics('--list')).split('\n')).toContain('made')
    await topics('--delete', '--topic', 'made')
    expect((await topics('--list')).split('\n')).not.toContain('made')
    const gone = await javaTool('TopicCommand', [...to(), '--describe', '--topic', 'made'])
    expect(gone.stdout + gone.stderr).toContain("Topic 'made' does not exist as expected")
  })

  test('TopicCommand is refused what Kafka refuses', async () => {
    const refuse = async (...args: string[]) => {
      const result = await javaTool('TopicCommand', [...to(), '--create', '--topic', ...args])
      expect(result.status).toBe(1)
      return result.stdout + result.stderr
    }
    expect(await refuse('wide', '--replication-factor', '9')).toContain('InvalidReplicationFactor')
    // An assignment to a broker that is not there.
    expect(await refuse('placed', '--replica-assignment', '4711')).toContain('InvalidReplicaAssign')
  })

  test('ConfigCommand describes, alters and deletes the configurations of a topic', async () => {
    await createTopic(cluster, 'configured')
    const topic = ['--entity-type', 'topics', '--entity-name', 'configured']
    const describe = async () => await configs('--describe', ...topic)
    expect(await describe()).not.toContain('retention.ms')

    const added = ['--alter', '--add-config', 'retention.ms=1234567,max.message.bytes=4096']
    expect(await configs(...added, ...topic)).toContain('Completed updating config')
    expect(await describe()).toContain(
      'retention.ms=1234567 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=1234567',
    )
    await configs('--alter', '--delete-config', 'retention.ms', ...topic)
    expect(await describe()).not.toContain('retention.ms')
    expect(await describe()).toContain('max.message.bytes=4096')

    const bad = ['--alter', '--add-config', 'retention.ms=soon', ...topic]
    const refused = await javaTool('kafka.admin.ConfigCommand', [...to(), ...bad])
    expect(refused.status).toBe(1)
    expect(refused.stdout + refused.stderr).toContain('InvalidConfigurationException')

    const all = await configs('--describe', '--all', ...topic)
    const names = [...all.matchAll(/^ {2}([\w.]+)=/gm)].map(match => match[1]!)
    expect(names).toEqual([...names].sort())
    expect(names).toEqual(
      expect.arrayContaining(['cleanup.policy', 'segment.bytes', 'retention.ms']),
    )
    expect(all).toMatch(/retention\.ms=604800000 sensitive=false synonyms=\{/)
  })

  test('ConfigCommand describes a broker', async () => {
    const broker = ['--entity-type', 'brokers', '--entity-name', await firstBrokerId()]
    const all = await configs('--describe', '--all', ...broker)
    expect(all).toMatch(/^ {2}num\.partitions=1 /m)
    expect(all).toMatch(/^ {2}auto\.create\.topics\.enable=true /m)
    expect(all).toMatch(/^ {2}log\.retention\.hours=168 /m)
    expect(await configs('--describe', ...broker)).toContain('Dynamic configs for broker')
  })

  test('GetOffsetShell answers latest, earliest, max timestamp and a time', async () => {
    await createTopic(cluster, 'offsets', { partitions: 2 })
    const input = Array.from({ length: 40 }, (_, n) => `k${n}\tv${n}\n`).join('')
    const keyed = ['--topic', 'offsets', '--reader-property', 'parse.key=true']
    await javaToolChecked('ConsoleProducer', [...to(), ...keyed], { input })

    const sum = (text: string) =>
      text
        .trim()
        .split('\n')
        .reduce((total, line) => total + Number(line.split(':')[2]), 0)
    expect(sum(await offsets('--topic', 'offsets', '--time', '-1'))).toBe(40)
    expect(sum(await offsets('--topic', 'offsets', '--time', 'latest'))).toBe(40)
    expect(await offsets('--topic', 'offsets', '--time', '-2')).toBe('offsets:0:0\noffsets:1:0\n')
    const newest = await offsets('--topic', 'offsets', '--time', '-3')
    expect(newest).toMatch(/^offsets:0:\d+\noffsets:1:\d+\n$/)
    expect(await offsets('--topic', 'offsets', '--time', '1')).toBe('offsets:0:0\noffsets:1:0\n')
    const internal = await offsets('--topic-partitions', 'offsets:1', '--time', 'earliest')
    expect(internal).toBe('offsets:1:0\n')
  })

  test('LogDirsCommand says how large each partition is', async () => {
    await createTopic(cluster, 'sized', { partitions: 3 })
    await javaToolChecked('ConsoleProducer', [...to(), '--topic', 'sized'], { input: 'one\n' })
    const result = await javaToolChecked('LogDirsCommand', [
      ...to(),
      '--describe',
      '--topic-list',
      'sized',
    ])
    const answer = JSON.parse(result.stdout.split('\n').find(line => line.startsWith('{'))!)
    const partitions = answer.brokers.flatMap((broker: any) =>
      broker.logDirs.flatMap((dir: any) => {
        expect(dir.error).toBeNull()
        return dir.partitions
      }),
    )
    const names = partitions.map((each: any) => each.partition).sort()
    expect(names).toEqual(['sized-0', 'sized-1', 'sized-2'])
    const sizes = partitions.map((each: any) => each.size).sort()
    expect(sizes.filter((size: number) => size > 0)).toHaveLength(1)
    expect(partitions.every((each: any) => each.offsetLag === 0 && !each.isFuture)).toBe(true)
  })

  test('DeleteRecordsCommand moves the log start offset', async () => {
    const input = Array.from({ length: 30 }, (_, n) => `${n}\n`).join('')
    await javaToolChecked('ConsoleProducer', [...to(), '--topic', 'cut'], { input })
    const file = join(folder, 'delete-records.json')
    const remove = async (offset: number) => {
      const partitions = [{ topic: 'cut', partition: 0, offset }]
      writeFileSync(file, JSON.stringify({ partitions, version: 1 }))
      const args = [...to(), '--offset-json-file', file]
      return (await javaToolChecked('DeleteRecordsCommand', args)).stdout
    }
    expect(await remove(12)).toContain('partition: cut-0\tlow_watermark: 12')
    expect(await offsets('--topic', 'cut', '--time', '-2')).toBe('cut:0:12\n')
    expect(await remove(5), 'below the start nothing changes').toContain('low_watermark: 12')
    expect(await remove(99)).toContain('OffsetOutOfRangeException')
    expect(await remove(-1), '-1 is the high watermark').toContain('low_watermark: 30')
  })

  test('broker API versions are what the Java client understands', async () => {
    const { stdout } = await javaToolChecked('BrokerApiVersionsCommand', to())
    const brokers = cluster.bootstrap.split(',').length
    expect(stdout.match(/\(id: \d+ rack: \S+ isFenced: false\) -> \(/g)).toHaveLength(brokers)
    expect(stdout).toMatch(/Produce\(0\): 0 to \d+ \[usable: \d+\]/)
    expect(stdout).toMatch(/ApiVersions\(18\): 0 to 4 \[usable: 4\]/)
    expect(stdout).not.toMatch(/UNKNOWN\(/)
  })
})

function to(): string[] {
  return ['--bootstrap-server', cluster.bootstrap]
}

async function topics(...args: string[]): Promise<string> {
  return (await javaToolChecked('TopicCommand', [...to(), ...args])).stdout
}

async function configs(...args: string[]): Promise<string> {
  return (await javaToolChecked('kafka.admin.ConfigCommand', [...to(), ...args])).stdout
}

async function offsets(...args: string[]): Promise<string> {
  return (await javaToolChecked('GetOffsetShell', [...to(), ...args])).stdout
}

async function firstBrokerId(): Promise<string> {
  const described = await topics('--describe', '--topic', 'configured')
  return /Leader: (\d+)/.exec(described)![1]!
}
