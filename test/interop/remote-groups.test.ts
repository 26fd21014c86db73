/**
 * Groups of an Apache Kafka, where nobody tells of rebalances: one of the classic protocol, one of
 * the consumer protocol (KIP-848), each with a Java member that reads on.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { addressesOf } from '../../src-main/clusters/cluster-connection.ts'
import { decodeValue } from '../../src-main/contract/frame.ts'
import type { EncodedValue } from '../../src-main/contract/define.ts'
import { GroupThread } from '../../src-main/groups/thread/group-thread.ts'
import { startApacheKafka } from './apache-kafka.ts'
import type { RunningCommand } from './run-command.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { createTopic, javaToolChecked, javaToolStart } from './tools.ts'

const found = await java.find()
const cluster = 'theirs'

let kafka: RunningCluster
let thread: GroupThread
const members: RunningCommand[] = []

describe.skipIf(found === null)('groups of an Apache Kafka', () => {
  beforeAll(async () => {
    kafka = await startApacheKafka()
    await createTopic(kafka, 'read', { partitions: 3 })
    thread = new GroupThread({ historyPath: null, nowMs: Date.now })
    const bootstrap = addressesOf(kafka.bootstrap)
    thread.know({ cluster, hasJournal: false, bootstrap, clientId: 'test' })
    await answer(thread.pass('group.list', { cluster }))
  })
  afterAll(async () => {
    for (const member of members) await member.end('SIGKILL')
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
