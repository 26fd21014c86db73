/** The offset lab against brokers: plans, what is applied and read back, undo, and refusals. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs, { type Admin, type Consumer, type Kafka } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type Client } from '../../engine/client/client.ts'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { OffsetPlan } from '../../src-main/contract/model/offset.ts'
import { applyOffsets, deleteGroup } from '../../src-main/offsets/apply-offsets.ts'
import { changeOffsets } from '../../src-main/offsets/change-offsets.ts'
import { findLandings } from '../../src-main/offsets/landings.ts'
import { makePlan, storedOffsets, type PlanRequest } from '../../src-main/offsets/make-plan.ts'
import { snapshotFiles, type SnapshotStore } from '../../src-main/offsets/snapshots.ts'

const cluster = 'local'
/** Young enough for retention.ms. */
const startMs = Date.now() - 600_000
let brokers: Cluster
let client: Client
let kafka: Kafka
let admin: Admin
let snapshots: SnapshotStore
const folder = mkdtempSync(join(tmpdir(), 'odradek-offsets-'))

beforeAll(async () => {
  brokers = await startCluster({ brokers: 2, ports: [0, 0] })
  client = createClient({
    network: nodeNetwork,
    clock: nodeClock,
    bootstrap: brokers.brokers.map(({ address }) => address),
    clientId: 'lab-test',
  })
  kafka = new kafkajs.Kafka({
    clientId: 'reader',
    brokers: brokers.bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  })
  admin = kafka.admin()
  await admin.connect()
  snapshots = snapshotFiles(folder)
  await admin.createTopics({
    topics: [
      { topic: 'orders', numPartitions: 3 },
      { topic: 'bills', numPartitions: 1 },
      {
        topic: 'states',
        numPartitions: 1,
        configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
      },
    ],
    waitForLeaders: true,
  })
  const producer = kafka.producer()
  await producer.connect()
  // Each partition has a record a second, ten of them, and key and value that tell which it is.
  for (const [topic, partitions] of [
    ['orders', 3],
    ['bills', 1],
    ['states', 1],
  ] as const)
    for (let partition = 0; partition < partitions; partition++)
      await producer.send({
        topic,
        messages: Array.from({ length: 10 }, (_, index) => ({
          partition,
          key: `k${index}`,
          value: JSON.stringify({ at: index }),
          timestamp: String(startMs + index * 1_000),
        })),
      })
  await producer.disconnect()
})

afterAll(async () => {
  await admin.disconnect()
  client.close()
  await brokers.stop()
  rmSync(folder, { recursive: true })
})

describe('a plan', () => {
  test('to a timestamp stands at the first record that is as late', async () => {
    await commit('timely', 'orders', [2, 9, 5])
    const made = await plan('timely', { type: 'timestamp', timestampMs: BigInt(startMs + 4_500) })
    expect(short(made)).toEqual(['orders-0 2→5 skipped 3', 'orders-1 9→5 again 4', 'orders-2 5→5'])
    expect(made.command.lines[0]).toBe(
      `kafka-consumer-groups.sh --bootstrap-server ${brokers.bootstrap} --group timely ` +
        `--reset-offsets --all-topics --to-datetime ${new Date(startMs + 4_500).toISOString()} --execute`,
    )
    const late = await plan('timely', { type: 'timestamp', timestampMs: BigInt(startMs * 2) })
    expect(late.rows[0]).toMatchObject({ after: 10n, notes: ['no-later-record'] })
  })

  test('back from now is from the moment it was made', async () => {
    await commit('backward', 'bills', [0])
    const age = BigInt(Date.now() - startMs)
    const made = await plan('backward', { type: 'duration', durationMs: age - 3_000n })
    // The clock has gone on a little since.
    expect(made.timestampMs! - BigInt(startMs)).toBeGreaterThanOrEqual(3_000n)
    expect([4n, 3n]).toContain(made.rows[0]?.after)
  })

  test('takes its partitions from the group, the scope or the source', async () => {
    await commit('scoped', 'orders', [1, 1, 1])
    await commit('scoped', 'bills', [1])
    const all = await plan('scoped', { type: 'latest' })
    expect(all.rows.map(row => row.topic)).toEqual(['bills', 'orders', 'orders', 'orders'])
    const scope = [
      { topic: 'orders', partitions: [2, 7] },
      { topic: 'nowhere', partitions: null },
    ]
    const some = await plan('scoped', { type: 'latest' }, { scope })
    expect(short(some)).toEqual(['orders-2 1→10 skipped 9', 'orders-7 UNKNOWN_TOPIC_OR_PARTITION'])
    expect(some.problems.map(({ code }) => code)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])

    const fresh = await plan('not-there-yet', { type: 'group', groupId: 'scoped' })
    expect(fresh.group.exists).toBe(false)
    expect(fresh.rows).toHaveLength(4)
    expect(fresh.rows[0]).toMatchObject({ now: null, after: 1n, notes: ['no-commit'], moved: null })
    const file = await plan('scoped', { type: 'file', text: 'orders,1,4\nbills,0,99\n' })
    expect(short(file)).toEqual(['bills-0 1→10 skipped 9', 'orders-1 1→4 skipped 3'])
    expect(file.rows[0]?.notes).toEqual(['lowered-to-end'])
  })

  test('marks its counts as estimates where the topic is compacted', async () => {
    await commit('compacted', 'states', [2])
    const { rows } = await plan('compacted', { type: 'latest' })
    expect(rows[0]?.moved).toEqual({ direction: 'skipped', count: 8n, estimate: true })
  })

  test('shows the record that one lands on, from several topics and brokers at once', async () => {
    const places = [
      { topic: 'orders', partition: 0, offset: 4n },
      { topic: 'bills', partition: 0, offset: 0n },
      { topic: 'orders', partition: 1, offset: 10n },
      { topic: 'nowhere', partition: 1, offset: 1n },
    ]
    const found = await findLandings(client, places, new AbortController().signal)
    expect(found.map(({ landing }) => landing)).toMatchObject([
      {
        type: 'record',
        offset: 4n,
        timestampMs: BigInt(startMs + 4_000),
        key: { text: 'k4', form: 'text' },
        value: { text: '{"at":4}', form: 'json' },
      },
      { type: 'record', offset: 0n, value: { text: '{"at":0}' } },
      { type: 'end' },
      { type: 'problem', problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } },
    ])
  })
  test('finds a record in a batch that is larger than the first look, and none past the end', async () => {
    await admin.createTopics({ topics: [{ topic: 'bulky', numPartitions: 2 }] })
    const producer = kafka.producer()
    await producer.connect()
    const value = 'x'.repeat(700_000)
    for (const partition of [0, 1])
      await producer.send({ topic: 'bulky', messages: [{ partition, key: null, value }] })
    await producer.disconnect()
    const places = [0, 1].map(partition => ({ topic: 'bulky', partition, offset: 0n }))
    const found = await findLandings(client, places, new AbortController().signal)
    for (const { landing } of found)
      expect(landing).toMatchObject({
        type: 'record',
        key: { form: 'null' },
        value: { truncated: true, sizeBytes: 700_000 },
      })
  })
})

describe('what is applied', () => {
  test('is read back, and undone with text and missing commits as they were', async () => {
    await commit('undone', 'orders', [7], 'kept by a client')
    const scope = [{ topic: 'orders', partitions: null }]
    const made = await plan('undone', { type: 'offset', offset: 3n }, { scope })
    expect(made.commitCount).toBe(3)
    const applied = await apply('undone', made)
    expect(applied).toMatchObject({ doneCount: 3, failedCount: 0 })
    expect(applied.rows.map(({ before, asked, readBack }) => [before, asked, readBack])).toEqual([
      [7n, 3n, 3n],
      [null, 3n, 3n],
      [null, 3n, 3n],
    ])
    expect(await offsetsOf('undone')).toEqual(['orders-0 3', 'orders-1 3', 'orders-2 3'])

    const { id } = applied.snapshot
    const undo = await plan('undone', { type: 'snapshot', snapshotId: id, part: 'changed' })
    expect(undo.rows.map(({ action, after, metadata }) => [action, after, metadata])).toEqual([
      ['commit', 7n, 'kept by a client'],
      ['delete', null, ''],
      ['delete', null, ''],
    ])
    expect(await apply('undone', undo)).toMatchObject({ doneCount: 3, failedCount: 0 })
    expect(await offsetsOf('undone')).toEqual(['orders-0 7 kept by a client'])

    // The undo has its own snapshot, so that it can be undone.
    const history = await snapshots.list({ cluster, groupId: 'undone' })
    expect(history.map(({ reason, changedCount }) => [reason.type, changedCount])).toEqual([
      ['reset', 3],
      ['reset', 3],
    ])
    const redo = { type: 'snapshot', snapshotId: history[0]!.id, part: 'all' } as const
    await apply('undone', await plan('undone', redo))
    expect(await offsetsOf('undone')).toEqual(['orders-0 3', 'orders-1 3', 'orders-2 3'])
  })

  test('creates a group that is not there, from which consumers then start', async () => {
    const scope = [{ topic: 'bills', partitions: null }]
    await apply('created', await plan('created', { type: 'offset', offset: 6n }, { scope }))
    const consumer = await reading('created', 'bills')
    expect(await consumer.first).toEqual(['6'])
    await consumer.stop()
  })

  test('is refused while the group has members, and says who they are', async () => {
    await commit('busy', 'bills', [2])
    const consumer = await reading('busy', 'bills')
    await consumer.first
    const made = await plan('busy', { type: 'earliest' })
    expect(made.group).toMatchObject({ state: 'Stable', memberCount: 1 })
    expect(made.group.whyNot?.message).toMatch(
      /^group busy is Stable, with 1 member: reader on (::ffff:)?127\.0\.0\.1$/,
    )
    await expect(apply('busy', made)).rejects.toThrow(/NON_EMPTY_GROUP: group busy is Stable/)
    await expect(deleteGroup(surroundings(), 'busy')).rejects.toThrow(/NON_EMPTY_GROUP/)
    expect(await snapshots.list({ cluster, groupId: 'busy' })).toEqual([])

    const removal = await plan('busy', { type: 'delete' })
    expect(removal.rows[0]).toMatchObject({ action: 'none', notes: ['subscribed'] })
    await consumer.stop()
    const later = await plan('busy', { type: 'delete' })
    expect(later.group.whyNot).toBeNull()
    expect(await apply('busy', later)).toMatchObject({ doneCount: 1, failedCount: 0 })
    expect(await offsetsOf('busy')).toEqual([])
  })

  test('is refused where the group has committed since the plan was made', async () => {
    await commit('moving', 'bills', [2])
    const made = await plan('moving', { type: 'shift', by: 3n })
    await commit('moving', 'bills', [4])
    await expect(apply('moving', made)).rejects.toThrow(/OFFSETS_CHANGED: .*bills-0 at 4/)
    expect(await offsetsOf('moving')).toEqual(['bills-0 4'])
  })

  test('tells of each partition that could not be changed', async () => {
    await commit('partly', 'bills', [2])
    const made = await plan('partly', { type: 'latest' })
    const gone = { ...made.rows[0]!, topic: 'nowhere', now: null }
    const applied = await apply('partly', { ...made, rows: [...made.rows, gone] })
    expect(applied).toMatchObject({ doneCount: 1, failedCount: 1 })
    expect(applied.rows[1]).toMatchObject({
      readBack: null,
      done: false,
      problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION' },
    })
  })

  test('a deleted group comes back from its snapshot', async () => {
    await commit('doomed', 'orders', [1, 2, 3])
    const { id } = await deleteGroup(surroundings(), 'doomed')
    expect((await plan('doomed', { type: 'latest' })).group.exists).toBe(false)
    await expect(deleteGroup(surroundings(), 'doomed')).rejects.toThrow(/GROUP_ID_NOT_FOUND/)
    await apply('doomed', await plan('doomed', { type: 'snapshot', snapshotId: id, part: 'all' }))
    expect(await offsetsOf('doomed')).toEqual(['orders-0 1', 'orders-1 2', 'orders-2 3'])
  })

  test('is of ten thousand partitions as of one', { timeout: 120_000 }, async () => {
    await admin.createTopics({ topics: [{ topic: 'wide', numPartitions: 10_000 }] })
    const scope = [{ topic: 'wide', partitions: null }]
    const startedMs = performance.now()
    const made = await plan('wide', { type: 'offset', offset: 5n }, { scope })
    const plannedMs = performance.now()
    expect(made).toMatchObject({ commitCount: 10_000 })
    const applied = await apply('wide', made)
    expect(applied).toMatchObject({ doneCount: 10_000, failedCount: 0 })
    console.log(
      `10,000 partitions: planned in ${Math.round(plannedMs - startedMs)} ms, ` +
        `applied and read back in ${Math.round(performance.now() - plannedMs)} ms`,
    )
  })
})

test('snapshots are bounded, newest first, and survive a restart', async () => {
  const store = snapshotFiles(join(folder, 'bounded'))
  const groupId = 'a/strange:grüp\n..'
  const reason = { type: 'reset', strategy: 'to-earliest' } as const
  for (let at = 0; at < 55; at++)
    await store.keep({
      cluster,
      groupId,
      takenAtMs: BigInt(startMs + at),
      reason,
      offsets: [{ topic: 't', partition: 0, offset: 2n ** 60n, metadata: 'é', leaderEpoch: null }],
      changed: [],
    })
  const again = snapshotFiles(join(folder, 'bounded'))
  const listed = await again.list({ cluster, groupId })
  expect(listed).toHaveLength(50)
  expect(listed[0]).toMatchObject({ groupId, takenAtMs: BigInt(startMs + 54) })
  const newest = await again.read({ cluster, groupId, id: listed[0]!.id })
  expect(newest.offsets[0]?.offset).toBe(2n ** 60n)
  expect(readdirSync(join(folder, 'bounded', 'local'))).toHaveLength(1)
  await expect(again.read({ cluster, groupId, id: '../../x' })).rejects.toThrow(/NOT_FOUND/)
})

test('snapshots of all groups together keep to their bounds, the latest always', async () => {
  const bounds = { perGroup: 50, count: 100, bytes: 4_500 }
  const store = snapshotFiles(join(folder, 'small'), bounds)
  const offsets = Array.from({ length: 10 }, (_, partition) => ({
    topic: 'some-topic',
    partition,
    offset: 1n,
    metadata: '',
    leaderEpoch: null,
  }))
  const reason = { type: 'reset', strategy: 'to-earliest' } as const
  for (const [at, groupId] of ['a', 'b', 'c', 'd'].entries())
    await store.keep({
      cluster,
      groupId,
      takenAtMs: BigInt(startMs + at),
      reason,
      offsets,
      changed: [],
    })
  const left = async (groupId: string) => (await store.list({ cluster, groupId })).length
  // One takes about 1.8 KB, so that two fit.
  expect(await Promise.all(['a', 'b', 'c', 'd'].map(left))).toEqual([0, 0, 1, 1])

  const tight = snapshotFiles(join(folder, 'tight'), { ...bounds, bytes: 10 })
  await tight.keep({ cluster, groupId: 'a', takenAtMs: 1n, reason, offsets, changed: [] })
  expect(await tight.list({ cluster, groupId: 'a' })).toHaveLength(1)
})

function plan(
  groupId: string,
  strategy: PlanRequest['strategy'],
  options: Partial<PlanRequest> = {},
): Promise<OffsetPlan> {
  return makePlan(
    { client, bootstrap: brokers.bootstrap, snapshots, nowMs: Date.now() },
    { cluster, groupId, scope: null, strategy, edits: [], ...options },
  )
}

function surroundings() {
  const { signal } = new AbortController()
  return { client, cluster, snapshots, nowMs: Date.now, wait, signal }
}

function apply(groupId: string, { rows }: Pick<OffsetPlan, 'rows'>) {
  const changes = rows
    .filter(({ action }) => action !== 'none')
    .map(({ topic, partition, now, after, metadata, leaderEpoch }) => ({
      topic,
      partition,
      before: now,
      offset: after,
      metadata,
      leaderEpoch,
    }))
  return applyOffsets(surroundings(), groupId, changes, { type: 'reset', strategy: 'a test' })
}

async function commit(
  groupId: string,
  topic: string,
  offsets: readonly number[],
  metadata = '',
): Promise<void> {
  const changes = offsets.map((offset, partition) => ({
    topic,
    partition,
    before: null,
    offset: BigInt(offset),
    metadata,
    leaderEpoch: null,
  }))
  expect(await changeOffsets(surroundings(), groupId, changes)).toEqual(new Map())
}

async function offsetsOf(groupId: string): Promise<string[]> {
  const stored = await storedOffsets(client, groupId)
  return [...stored]
    .map(([key, { offset, metadata }]) => `${key} ${offset} ${metadata}`.trim())
    .sort()
}

function short({ rows }: OffsetPlan): string[] {
  return rows.map(({ topic, partition, now, after, moved, problem }) => {
    const where = `${topic}-${partition}`
    if (problem !== null) return `${where} ${problem.code}`
    return `${where} ${now}→${after}${moved === null ? '' : ` ${moved.direction} ${moved.count}`}`
  })
}

/** A consumer that reads, and the first offset that it got. */
async function reading(groupId: string, topic: string) {
  const consumer: Consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic })
  const { promise, resolve } = Promise.withResolvers<string[]>()
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => resolve([message.offset]),
  })
  return { first: promise, stop: () => consumer.disconnect() }
}
