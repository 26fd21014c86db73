/** What the application changes, seen by Kafka's own tools; and the lines it says are equal, run. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { ConfigurationChange } from '../../src-main/contract/model/configuration.ts'
import { alterConfigurations } from '../../src-main/topics/alter-configurations.ts'
import { emptyTopics, previewPurge, purge } from '../../src-main/topics/purge.ts'
import { recreateTopic } from '../../src-main/topics/recreate-topic.ts'
import {
  addPartitions,
  createTopic as create,
  topicSettings,
} from '../../src-main/topics/topic-changes.ts'
import { describeConfigurations } from '../../src-main/topics/topic-configurations.ts'
import {
  addPartitionsLine,
  configsLine,
  createTopicLine,
  deleteRecordsLine,
  deleteTopicLine,
} from '../../src-renderer/ui/configuration/command-line.ts'
import { startClusterUnderTest } from './cluster-under-test.ts'
import { runChecked } from './run-command.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java, javaArguments } from './setup/java.ts'
import { createTopic, javaToolChecked, kcatRun } from './tools.ts'

const found = await java.find()
const { signal } = new AbortController()
let cluster: RunningCluster
let client: Client

describe.skipIf(found === null)('changes made by the application', () => {
  beforeAll(async () => {
    cluster = await startClusterUnderTest()
    client = createClient({
      network: nodeNetwork,
      clock: nodeClock,
      bootstrap: cluster.bootstrap.split(',').map(address => {
        const [host, port] = address.split(':')
        return { host: host!, port: Number(port) }
      }),
      clientId: 'test',
    })
  })
  afterAll(async () => {
    client?.close()
    await cluster?.stop()
  })

  test('configurations that were set, added to and reset are what kafka-configs.sh describes', async () => {
    await createTopic(cluster, 'configured', { configs: { 'segment.ms': '60000' } })
    const [made] = await alter('configured', [
      { name: 'retention.ms', operation: 'set', value: '7200000' },
      { name: 'cleanup.policy', operation: 'append', value: 'compact' },
      { name: 'segment.ms', operation: 'reset', value: null },
    ])
    expect(made?.problem).toBeNull()
    const readBack = made?.readBack?.map(({ name, value }) => `${name}=${value}`)
    expect(readBack).toEqual([
      'cleanup.policy=delete,compact',
      'retention.ms=7200000',
      'segment.ms=604800000',
    ])
    const described = await configs(
      '--describe',
      '--entity-type',
      'topics',
      '--entity-name',
      'configured',
    )
    expect(described).toContain('retention.ms=7200000 ')
    expect(described).toContain('cleanup.policy=delete,compact ')
    expect(described).not.toMatch(/^\s*segment\.ms=/m)
  })

  test('the equal line of kafka-configs.sh does the same', async () => {
    await createTopic(cluster, 'by-line', { configs: { 'segment.ms': '60000' } })
    const resource = { type: 'topic', name: 'by-line' } as const
    const entries = await describeConfigurations(client, resource, false)
    const prepared = new Map([
      ['retention.ms', { operation: 'set' as const, value: '7200000' }],
      ['cleanup.policy', { operation: 'append' as const, value: 'compact' }],
      ['segment.ms', { operation: 'reset' as const, value: null }],
    ])
    await shell(configsLine({ bootstrap: cluster.bootstrap, resource, entries, prepared }))
    const { configurations } = await topicSettings(client, 'by-line')
    expect(configurations).toEqual([
      { name: 'cleanup.policy', value: 'delete,compact' },
      { name: 'retention.ms', value: '7200000' },
    ])
  })

  test('topics that it creates, enlarges and recreates are what kafka-topics.sh describes', async () => {
    const configurations = [{ name: 'max.message.bytes', value: '5000' }]
    const wanted = { topic: 'made', partitionCount: 2, replicationFactor: 1, configurations }
    await create(client, { ...wanted, validateOnly: true })
    expect(await topics('--list')).not.toContain('made')
    await create(client, { ...wanted, validateOnly: false })
    await addPartitions(client, { topic: 'made', count: 5, validateOnly: false })
    expect(await topics('--describe', '--topic', 'made')).toMatch(
      /PartitionCount: 5\tReplicationFactor: 1\tConfigs: .*max\.message\.bytes=5000/,
    )
    const idBefore = topicIdIn(await topics('--describe', '--topic', 'made'))
    await recreateTopic(client, 'made', wait)
    const after = await topics('--describe', '--topic', 'made')
    expect(after).toMatch(
      /PartitionCount: 5\tReplicationFactor: 1\tConfigs: .*max\.message\.bytes=5000/,
    )
    expect(topicIdIn(after)).not.toBe(idBefore)
  })

  test('the equal lines of kafka-topics.sh create, enlarge and delete', async () => {
    const { bootstrap } = cluster
    await shell(
      createTopicLine({
        bootstrap,
        topic: 'lined',
        partitionCount: 2,
        replicationFactor: 1,
        configurations: [{ name: 'cleanup.policy', value: 'compact,delete' }],
      }),
    )
    await shell(addPartitionsLine(bootstrap, 'lined', 3))
    expect(await topicSettings(client, 'lined')).toEqual({
      partitionCount: 3,
      replicationFactor: 1,
      configurations: [{ name: 'cleanup.policy', value: 'compact,delete' }],
    })
    await shell(deleteTopicLine(bootstrap, 'lined'))
    expect(await topics('--list')).not.toContain('lined')
  })

  test('purged records are gone for kcat, and for the equal line of kafka-delete-records.sh', async () => {
    await createTopic(cluster, 'purged')
    const input = Array.from({ length: 10 }, (_, index) => `record ${index}\n`).join('')
    await kcatRun(cluster, ['-P', '-t', 'purged', '-p', '0'], { input })
    const scope = {
      topic: 'purged',
      partitions: null,
      before: { type: 'offset', offset: 4n },
    } as const
    const preview = await previewPurge(client, scope)
    expect(preview).toMatchObject({ refusal: null, recordCount: 4n })
    await purge(client, { topic: 'purged', before: [{ partition: 0, offset: 4n }] })
    const read = async () =>
      (await kcatRun(cluster, ['-C', '-t', 'purged', '-o', 'beginning', '-e', '-q'])).stdout
        .trim()
        .split('\n')
    expect((await read())[0]).toBe('record 4')
    await shell(deleteRecordsLine(cluster.bootstrap, 'purged', [{ partition: 0, offset: 7n }]))
    expect(await read()).toEqual(['record 7', 'record 8', 'record 9'])
    expect(await emptyTopics(client, ['purged'])).toMatchObject([
      { recordCount: 3n, problem: null },
    ])
  })

  test('what is only compacted is refused by the cluster with the code that the preview told', async () => {
    await createTopic(cluster, 'kept', { configs: { 'cleanup.policy': 'compact' } })
    await kcatRun(cluster, ['-P', '-t', 'kept', '-K', ':'], { input: 'a:1\nb:2\n' })
    const preview = await previewPurge(client, {
      topic: 'kept',
      partitions: null,
      before: { type: 'end' },
    })
    const [refused] = await purge(client, { topic: 'kept', before: [{ partition: 0, offset: 1n }] })
    expect(refused?.problem?.code).toBe('POLICY_VIOLATION')
    expect(preview.refusal?.code).toBe(refused?.problem?.code)
  })
})

async function alter(topic: string, changes: readonly ConfigurationChange[]) {
  const resources = [{ type: 'topic', name: topic }] as const
  const alteration = { resources, changes, validateOnly: false }
  return alterConfigurations(client, alteration, { ownEngine: false, wait, signal })
}

async function configs(...args: string[]): Promise<string> {
  const to = ['--bootstrap-server', cluster.bootstrap]
  return (await javaToolChecked('kafka.admin.ConfigCommand', [...to, ...args])).stdout
}

async function topics(...args: string[]): Promise<string> {
  const to = ['--bootstrap-server', cluster.bootstrap]
  return (await javaToolChecked('TopicCommand', [...to, ...args])).stdout
}

function topicIdIn(described: string): string | undefined {
  return /TopicId: (\S+)/.exec(described)?.[1]
}

/** Runs a line as a person would: the scripts' names stand for the tools behind them. */
async function shell(line: string): Promise<void> {
  const flags = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xlog:disable']
  const run = ['java', ...javaArguments(flags)].map(each => `'${each}'`).join(' ')
  const tools = {
    'kafka-configs.sh': 'kafka.admin.ConfigCommand',
    'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
    'kafka-delete-records.sh': 'org.apache.kafka.tools.DeleteRecordsCommand',
  }
  const functions = Object.entries(tools).map(
    ([script, tool]) => `function ${script} { ${run} ${tool} "$@"; }`,
  )
  await runChecked('bash', ['-c', [...functions, line].join('\n')])
}
