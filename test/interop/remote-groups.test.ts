/**
 * Groups of an Apache Kafka, where nobody tells of rebalances: of the classic protocol, the consumer
 * protocol (KIP-848), the share protocol (KIP-932) and the streams protocol (KIP-1071).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type Client } from '../../engine/client/client.ts'
import { nodeClock } from '../../engine/runtime/node-clock.ts'
import { nodeNetwork } from '../../engine/runtime/node-network.ts'
import { addressesOf } from '../../src-main/clusters/cluster-connection.ts'
import { decodeValue } from '../../src-main/contract/frame.ts'
import type { EncodedValue } from '../../src-main/contract/define.ts'
import { GroupThread } from '../../src-main/groups/thread/group-thread.ts'
import { describeLabGroup } from '../../src-main/offsets/lab-group.ts'
import { startApacheKafka } from './apache-kafka.ts'
import type { RunningCommand } from './run-command.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { joinStreamsGroup } from './streams-member.ts'
import { createTopic, javaToolChecked, javaToolStart } from './tools.ts'

const found = await java.find()
const cluster = 'theirs'

let kafka: RunningCluster
let thread: GroupThread
let client: Client
const members: RunningCommand[] = []

describe.skipIf(found === null)('groups of an Apache Kafka', () => {
  beforeAll(async () => {
    kafka = await startApacheKafka()
    await createTopic(kafka, 'read', { partitions: 3 })
    thread = new GroupThread({ historyPath: null, nowMs: Date.now })
    const bootstrap = addressesOf(kafka.bootstrap)
    client = createClient({ network: nodeNetwork, clock: nodeClock, bootstrap, clientId: 'test' })
    thread.know({ cluster, hasJournal: false, bootstrap, clientId: 'test' })
    await answer(thread.pass('group.list', { cluster }))
  })
  afterAll(async () => {
    for (const member of members) await member.end('SIGKILL')
    client?.close()
    await thread?.close()
    await kafka?.stop()
  })

  test.each(['classic', 'consumer'])(
    'of the %s protocol have members, waits, commit times and rebalances',
    async protocol => {
      const groupId = `by-${protocol}`
      const member = javaToolStart('VerifiableConsumer', [
        '--bootstrap-server',
        kafka.bootstrap,
        '--topic',
        'read',
        '--group-id',
        groupId,
        '--reset-policy',
        'earliest',
        '--group-protocol',
        protocol,
      ])
      members.push(member)
      await member.line(/"name":"partitions_assigned"/, 60_000)
      await javaToolChecked('VerifiableProducer', [
        '--bootstrap-server',
        kafka.bootstrap,
        '--topic',
        'read',
        '--max-messages',
        '60',
        '--acks',
        '-1',
      ])
      await member.line(/"offsets_committed".*"success":true/)

      const summary = (await answer(thread.pass('group.list', { cluster }))).find(
        each => each.groupId === groupId,
      )
      expect(summary).toMatchObject({ type: protocol, state: 'Stable', coordinator: 1 })
      const group = await until(
        () => answer(thread.pass('group.describe', { cluster, groupId })),
        ({ partitions }) => partitions.some(({ commit }) => commit.type === 'recorded'),
      )
      expect(group).toMatchObject({ state: 'Stable', type: protocol, protocolType: 'consumer' })
      expect(group.members).toHaveLength(1)
      expect(group.members[0]!.assignment).toEqual([{ topic: 'read', partitions: [0, 1, 2] }])
      expect(group.members[0]!.subscribedTopics).toEqual(['read'])
      expect(group.generationId).toBeGreaterThan(0)
      expect(group.partitions.map(({ memberId }) => memberId)).toEqual(
        Array.from({ length: 3 }, () => group.members[0]!.memberId),
      )
      const seen = await until(
        () => answer(thread.pass('group.rebalances', { cluster, groupId, limit: 10 })),
        list => list.length > 0,
      )
      expect(seen.at(-1)).toMatchObject({ source: 'polling', members: [{ heldCount: 3 }] })

      await member.end('SIGTERM')
      const gone = await until(
        () => answer(thread.pass('group.rebalances', { cluster, groupId, limit: 10 })),
        ([last]) => last!.outcome === 'empty',
      )
      expect(gone[0]).toMatchObject({ members: [{ change: 'left' }], partitionCount: 0 })
    },
  )

  test('of the share protocol have start offsets, and members that share each partition', async () => {
    const groupId = 'by-share'
    const args = ['--bootstrap-server', kafka.bootstrap, '--topic', 'shared', '--group-id', groupId]
    await createTopic(kafka, 'shared', { partitions: 1 })
    const reset = ['--offset-reset-strategy', 'earliest']
    const two = [1, 2].map(() => javaToolStart('VerifiableShareConsumer', [...args, ...reset]))
    members.push(...two)
    await until(
      // Until its coordinator has loaded, there is none.
      () => answer(thread.pass('group.list', { cluster })).catch(() => []),
      list => list.some(each => each.groupId === groupId && each.state === 'Stable'),
    )
    const both = await until(
      () => answer(thread.pass('group.describe', { cluster, groupId })),
      ({ partitions }) => partitions[0]?.sharedBy.length === 2,
    )
    expect(both).toMatchObject({ type: 'share', protocolType: 'share', state: 'Stable' })
    expect(both.members.map(({ assignment }) => assignment)).toEqual(
      [1, 2].map(() => [{ topic: 'shared', partitions: [0] }]),
    )
    const target = ['--bootstrap-server', kafka.bootstrap, '--topic', 'shared', '--acks', '-1']
    await javaToolChecked('VerifiableProducer', [...target, '--max-messages', '50'])
    const read = await until(
      () => answer(thread.pass('group.describe', { cluster, groupId })),
      ({ partitions: [only] }) => only?.highWatermark === 50n && only.lag === 0n,
    )
    // Where the start is then, the coordinator decides: it is told how many above it are finished.
    expect(read.partitions).toMatchObject([{ topic: 'shared', partition: 0, memberId: null }])
    expect(read.partitions[0]!.committedOffset).not.toBeNull()
    for (const member of two) await member.end('SIGTERM')
    await javaToolChecked('VerifiableProducer', [...target, '--max-messages', '30'])
    const left = await until(
      () => answer(thread.pass('group.describe', { cluster, groupId })),
      ({ state, totalLag }) => state === 'Empty' && totalLag === 30n,
    )
    expect(left.partitions[0]).toMatchObject({ highWatermark: 80n, sharedBy: [] })
    const [figures] = await answer(thread.pass('group.figures', { cluster, groupIds: [groupId] }))
    expect(figures).toMatchObject({ state: 'Empty', totalLag: 30n, topics: ['shared'] })
    expect(await describeLabGroup(client, groupId, 0)).toMatchObject({
      exists: true,
      protocolType: 'share',
      whyNot: { code: 'UNSUPPORTED' },
    })
  })

  test('of the streams protocol have tasks, and the partitions that these read', async () => {
    const groupId = 'by-streams'
    await createTopic(kafka, 'wide', { partitions: 3 })
    await createTopic(kafka, 'narrow', { partitions: 1 })
    const member = await joinStreamsGroup(client, groupId, ['wide', 'narrow'])
    const group = await until(
      async () => {
        expect(await member.beat()).toBeNull()
        await answer(thread.pass('group.list', { cluster }))
        return answer(thread.pass('group.describe', { cluster, groupId }))
      },
      ({ members: [first] }) => first?.tasks?.active.length === 3,
    )
    expect(group).toMatchObject({
      type: 'streams',
      topology: {
        epoch: 0,
        subtopologies: [
          {
            subtopologyId: '0',
            sourceTopics: ['narrow', 'wide'],
            changelogTopics: ['by-streams-store-changelog'],
          },
        ],
      },
    })
    expect(group.members).toMatchObject([
      {
        memberId: member.memberId,
        assignment: [
          { topic: 'narrow', partitions: [0] },
          { topic: 'wide', partitions: [0, 1, 2] },
        ],
        tasks: {
          active: [0, 1, 2].map(partition => ({ subtopologyId: '0', partition })),
          standby: [],
          warmup: [],
        },
      },
    ])
    expect(group.partitions.map(({ topic, partition }) => `${topic}-${partition}`)).toEqual([
      'narrow-0',
      'wide-0',
      'wide-1',
      'wide-2',
    ])
    expect(await describeLabGroup(client, groupId, 0)).toMatchObject({
      exists: true,
      whyNot: { code: 'NON_EMPTY_GROUP' },
    })
  })
})

async function answer<T>(passed: Promise<EncodedValue<T>>): Promise<T> {
  return decodeValue(await passed)
}

async function until<T>(ask: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  const giveUpMs = Date.now() + 45_000
  for (;;) {
    const value = await ask()
    if (fits(value)) return value
    if (Date.now() > giveUpMs) expect.fail('it does not come to that')
    await sleep(200)
  }
}
