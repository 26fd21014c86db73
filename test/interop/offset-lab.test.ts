/**
 * The offset lab beside `kafka-consumer-groups.sh`: the command that the lab names is run as a dry
 * run, and has to come to the lab's own plan. `BROKER=apache` does the same on Apache Kafka.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { OffsetStrategy } from '../../src-main/contract/api/offset.ts'
import type { OffsetPlan } from '../../src-main/contract/model/offset.ts'
import { applyOffsets, deleteGroup } from '../../src-main/offsets/apply-offsets.ts'
import { changeOffsets } from '../../src-main/offsets/change-offsets.ts'
import { makePlan, storedOffsets, type PlanRequest } from '../../src-main/offsets/make-plan.ts'
import { snapshotFiles } from '../../src-main/offsets/snapshots.ts'
import { kindUnderTest, startClusterUnderTest } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { createTopic, javaTool, javaToolStart, kcatRun } from './tools.ts'

const found = await java.find()
const tool = 'consumer.group.ConsumerGroupCommand'
/** A shell has to quote it. */
const group = "o'dd group"
/** Young enough for retention.ms. */
const startMs = Date.now() - 600_000
const folder = mkdtempSync(join(tmpdir(), 'odradek-lab-'))
const snapshots = snapshotFiles(join(folder, 'snapshots'))
const seed = Math.floor(Math.random() * 1_000_000)
let cluster: RunningCluster
let client: Client

/** Values around the edges of logs that hold 5 to 40 and 0 to 20. */
const strategies = [
  fc.record({ type: fc.constant('offset' as const), offset: fc.bigInt(0n, 60n) }),
  fc.record({ type: fc.constant('shift' as const), by: fc.bigInt(-50n, 50n) }),
  fc.record({
    type: fc.constant('timestamp' as const),
    timestampMs: fc.bigInt(BigInt(startMs - 5_000), BigInt(startMs + 60_000)),
  }),
].flatMap(kind => fc.sample<OffsetStrategy>(kind, { numRuns: 2, seed }))

describe.skipIf(found === null)('the offset lab and the Java tool', () => {
  beforeAll(async () => {
    cluster = await startClusterUnderTest()
    await createTopic(cluster, 'orders', { partitions: 3 })
    await createTopic(cluster, 'bills', { partitions: 1 })
    client = createClient({
      network: nodeNetwork,
      clock: nodeClock,
      bootstrap: cluster.bootstrap.split(',').map(address => {
        const [host, port] = address.split(':')
        return { host: host!, port: Number(port) }
      }),
      clientId: 'lab',
    })
    await fill()
    await commit(group, { 'orders-0': 12, 'orders-1': 2, 'orders-2': 40, 'bills-0': 7 })
  })
  afterAll(async () => {
    client?.close()
    rmSync(folder, { recursive: true })
    await cluster?.stop()
  })

  test.each([
    { type: 'earliest' },
    { type: 'latest' },
    { type: 'current' },
    { type: 'duration', durationMs: 60_000n },
    { type: 'file', text: 'orders,0,3\norders,2,999\nbills,0,11\n' },
    ...strategies,
  ] satisfies OffsetStrategy[])(`${seed}: %o comes to the same`, async strategy => {
    const made = await plan(group, { strategy })
    expect(await dryRun(made)).toEqual(afterwards(made))
  })

  test('of named topics and partitions, committed or not, both come to the same', async () => {
    await commit('partial', { 'orders-1': 9 })
    const scope = [
      { topic: 'orders', partitions: null },
      { topic: 'bills', partitions: [0] },
    ]
    for (const strategy of [{ type: 'current' }, { type: 'offset', offset: 8n }] as const) {
      const made = await plan('partial', { strategy, scope })
      expect(await dryRun(made)).toEqual(afterwards(made))
    }
  })

  test('what the tool executes is what the lab planned, and leaves it nothing to do', async () => {
    await commit('executed', { 'orders-0': 30, 'orders-1': 30 })
    const strategy = { type: 'timestamp', timestampMs: BigInt(startMs + 9_500) } as const
    const made = await plan('executed', { strategy })
    const { stdout } = await runLine(made.command.lines[0]!)
    expect(rowsOf(stdout)).toEqual(afterwards(made))
    expect(await plan('executed', { strategy })).toMatchObject({ commitCount: 0, deleteCount: 0 })
    const removal = await plan('executed', { strategy: { type: 'delete' } })
    await runLine(removal.command.lines[0]!)
    expect(await storedOffsets(client, 'executed')).toEqual(new Map())
  })

  test('kcat and the tool see what the lab has set, and what it has taken back', async () => {
    const strategy = { type: 'offset', offset: 17n } as const
    const scope = [{ topic: 'bills', partitions: null }]
    const applied = await apply('set', await plan('set', { strategy, scope }))
    expect(applied).toMatchObject({ doneCount: 1, failedCount: 0 })
    const read = await kcatRun(cluster, [
      '-G',
      'set',
      '-X',
      'auto.offset.reset=earliest',
      '-e',
      '-q',
      '-f',
      '%o\n',
      'bills',
    ])
    expect(read.stdout.trim().split('\n')[0]).toBe('17')

    await commit('set', { 'bills-0': 20 })
    const again = await apply('set', await plan('set', { strategy: { type: 'shift', by: -6n } }))
    const described = await javaTool(tool, [...to(), '--describe', '--group', 'set'])
    expect(described.stdout).toMatch(/set\s+bills\s+0\s+14\s+20\s+6/)
    const { id } = again.snapshot
    await apply(
      'set',
      await plan('set', { strategy: { type: 'snapshot', snapshotId: id, part: 'changed' } }),
    )
    const restored = await javaTool(tool, [...to(), '--describe', '--group', 'set'])
    expect(restored.stdout).toMatch(/set\s+bills\s+0\s+20\s+20\s+0/)
    await deleteGroup(surroundings(), 'set')
    const list = await javaTool(tool, [...to(), '--list'])
    expect(list.stdout.split('\n')).not.toContain('set')
  })

  // The consumer protocol of KIP-848 is not ours yet.
  const protocols = kindUnderTest === 'apache' ? ['classic', 'consumer'] : ['classic']
  test.each(protocols)(
    'both refuse while a Java %s member is there, and say who',
    async protocol => {
      const group = `busy-${protocol}`
      await commit(group, { 'bills-0': 3 })
      const limits = ['--group-protocol', protocol, '--reset-policy', 'earliest']
      const member = javaToolStart('VerifiableConsumer', [
        ...to(),
        '--topic',
        'bills',
        '--group-id',
        group,
        ...limits,
      ])
      try {
        // It begins where the lab has put the group.
        expect(await member.line(/"name":"records_consumed"/)).toContain('"minOffset":3,')
        const made = await plan(group, { strategy: { type: 'earliest' } })
        expect(made.group.whyNot?.message).toMatch(
          /^group busy-\w+ is Stable, with 1 member: consumer-/,
        )
        await expect(apply(group, made)).rejects.toThrow(/NON_EMPTY_GROUP/)
        const refused = await runLine(
          `${made.command.lines[0]!.replace('--execute', '')} --dry-run`,
        )
        expect(refused.stdout).toContain('is inactive, but the current state is Stable')
        // Past the lab's own look, the coordinator says it too.
        const change = changesOf(made)[0] ?? { ...row('bills', 0, 1n) }
        const problems = await changeOffsets(surroundings(), group, [change])
        expect([...problems.values()].map(({ code }) => code)).toEqual(['UNKNOWN_MEMBER_ID'])
        const removal = await changeOffsets(surroundings(), group, [{ ...change, offset: null }])
        expect([...removal.values()].map(({ code }) => code)).toEqual(['GROUP_SUBSCRIBED_TO_TOPIC'])
        await expect(deleteGroup(surroundings(), group)).rejects.toThrow(/NON_EMPTY_GROUP/)
      } finally {
        await member.end('SIGTERM')
      }
    },
  )
})

/** A record a second in each partition; of `orders` the first five are deleted. */
async function fill(): Promise<void> {
  const kafka = new kafkajs.Kafka({
    brokers: cluster.bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  })
  const producer = kafka.producer()
  await producer.connect()
  for (const [topic, partitions, count] of [
    ['orders', 3, 40],
    ['bills', 1, 20],
  ] as const)
    for (let partition = 0; partition < partitions; partition++)
      await producer.send({
        topic,
        messages: Array.from({ length: count }, (_, index) => ({
          partition,
          value: `${index}`,
          timestamp: String(startMs + index * 1_000),
        })),
      })
  await producer.disconnect()
  const admin = kafka.admin()
  await admin.connect()
  const partitions = [0, 1, 2].map(partition => ({ partition, offset: '5' }))
  // kafkajs knows no leaders of a topic that it was not asked about before.
  await admin.fetchTopicOffsets('orders')
  await admin.deleteTopicRecords({ topic: 'orders', partitions })
  await admin.disconnect()
}

function plan(groupId: string, options: Partial<PlanRequest>): Promise<OffsetPlan> {
  return makePlan(
    { client, bootstrap: cluster.bootstrap, snapshots, nowMs: Date.now() },
    {
      cluster: 'c',
      groupId,
      scope: null,
      strategy: { type: 'none' },
      edits: [],
      ...options,
    },
  )
}

function surroundings() {
  const { signal } = new AbortController()
  return { client, cluster: 'c', snapshots, nowMs: Date.now, wait, signal }
}

function apply(groupId: string, made: OffsetPlan) {
  const reason = { type: 'reset', strategy: 'a test' } as const
  return applyOffsets(surroundings(), groupId, changesOf(made), reason)
}

function changesOf({ rows }: OffsetPlan) {
  return rows
    .filter(({ action }) => action !== 'none')
    .map(({ topic, partition, now, after, metadata, leaderEpoch }) => ({
      topic,
      partition,
      before: now,
      offset: after,
      metadata,
      leaderEpoch,
    }))
}

function row(topic: string, partition: number, offset: bigint) {
  return { topic, partition, before: null, offset, metadata: '', leaderEpoch: null }
}

async function commit(groupId: string, offsets: Readonly<Record<string, number>>): Promise<void> {
  const changes = Object.entries(offsets).map(([key, offset]) => {
    const [topic, partition] = key.split('-')
    return row(topic!, Number(partition), BigInt(offset))
  })
  expect(await changeOffsets(surroundings(), groupId, changes)).toEqual(new Map())
}

/** By partition, as the tool would print it. */
function afterwards({ rows }: OffsetPlan): Record<string, string> {
  return Object.fromEntries(
    rows
      .filter(({ problem, after }) => problem === null && after !== null)
      .map(({ topic, partition, after }) => [`${topic}-${partition}`, String(after)]),
  )
}

async function dryRun({ command }: OffsetPlan): Promise<Record<string, string>> {
  const { lines, file } = command
  expect(lines).toHaveLength(1)
  let line = lines[0]!.replace(/ --execute$/, ' --dry-run')
  if (file !== null) {
    const path = join(folder, file.name)
    writeFileSync(path, file.content)
    line = line.replace(file.name, path)
  }
  const { stdout, stderr } = await runLine(line)
  expect(stdout, stderr).toContain('NEW-OFFSET')
  return rowsOf(stdout)
}

/** A shell takes the line apart, so that its quoting is judged too. */
async function runLine(line: string) {
  const script = `kafka-consumer-groups.sh() { printf '%s\\0' "$@"; }; ${line}`
  const args = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
  return javaTool(tool, args)
}

function rowsOf(stdout: string): Record<string, string> {
  const lines = stdout.matchAll(/\s(orders|bills)\s+(\d+)\s+(\d+)\s*$/gm)
  return Object.fromEntries([...lines].map(([, topic, at, offset]) => [`${topic}-${at}`, offset!]))
}

function to(): string[] {
  return ['--bootstrap-server', cluster.bootstrap]
}
