/**
 * Rebalances of real clients, told by the coordinator as they happened: a librdkafka member comes,
 * a Java member comes, the first is killed without a word, the second says goodbye. What the diary
 * makes of it is compared with what was done.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster, type Cluster } from '../../engine/cluster/start-cluster.ts'
import { RebalanceDiary, type RebalanceDraft } from '../../src-main/groups/rebalance-diary.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { kcat } from './setup/kcat.ts'
import { createTopic, javaToolStart, kcatStart } from './tools.ts'

const found = (await kcat.find()) !== null && (await java.find()) !== null
const SESSION_MS = 6_000

let cluster: Cluster
const diary = new RebalanceDiary()
/** By generation; what is told again replaces what was told before. */
const entries = new Map<number | null, RebalanceDraft>()

describe.skipIf(!found)('rebalances of real clients', () => {
  beforeAll(async () => {
    cluster = await startCluster({
      brokers: 1,
      ports: [0],
      configs: { 'group.initial.rebalance.delay.ms': '0' },
      onEvent(event) {
        if (event.type !== 'group-journal' || event.event.groupId !== 'team') return
        const draft = diary.take(event.event)
        if (draft !== null) entries.set(draft.generationId, draft)
      },
    })
  })
  afterAll(async () => {
    await cluster?.stop()
  })

  test('are told with who came, who went, why, and what moved', async () => {
    const named = { bootstrap: cluster.bootstrap } as RunningCluster
    await createTopic(named, 'work', { partitions: 4 })

    const first = kcatStart(named, [
      '-G',
      'team',
      'work',
      '-q',
      '-X',
      `session.timeout.ms=${SESSION_MS}`,
      '-X',
      'client.id=librdkafka',
      '-X',
      'heartbeat.interval.ms=500',
    ])
    const alone = await entry(({ members }) => members.length === 1)
    expect(alone).toMatchObject({
      outcome: 'stable',
      generationId: 1,
      protocol: 'range',
      movedCount: 4,
      partitionCount: 4,
      members: [{ clientId: 'librdkafka', change: 'joined', heldCount: 4 }],
    })

    const second = javaToolStart('consumer.ConsoleConsumer', [
      '--bootstrap-server',
      cluster.bootstrap,
      '--topic',
      'work',
      '--group',
      'team',
      '--command-property',
      'client.id=java',
    ])
    const both = await entry(({ members }) => members.length === 2)
    expect(both).toMatchObject({ outcome: 'stable', movedCount: 2, partitionCount: 4 })
    expect(memberOf(both, 'java')).toMatchObject({ change: 'joined', heldCount: 2 })
    expect(memberOf(both, 'librdkafka')).toMatchObject({ change: 'rejoined', heldCount: 2 })
    expect(memberOf(both, 'java').gained).toEqual(memberOf(both, 'librdkafka').lost)

    await sleep(1_000)
    const killedMs = Date.now()
    await first.end('SIGKILL')
    const without = await entry(
      ({ generationId, outcome }) => outcome === 'stable' && generationId! > both.generationId!,
    )
    expect(memberOf(without, 'librdkafka')).toMatchObject({
      change: 'removed',
      reason: 'session-timeout',
      heldCount: 0,
    })
    expect(memberOf(without, 'java')).toMatchObject({ change: 'rejoined', heldCount: 4 })
    expect(without).toMatchObject({ movedCount: 2, leaderId: memberOf(without, 'java').memberId })
    // Its last heartbeat was half a second before it died, at most.
    const silentMs = Number(without.startedMs) - killedMs
    expect(silentMs).toBeGreaterThan(SESSION_MS - 1_500)
    expect(silentMs).toBeLessThan(SESSION_MS + 5_000)

    await second.end('SIGTERM')
    const nobody = await entry(({ outcome }) => outcome === 'empty')
    expect(nobody).toMatchObject({
      movedCount: 4,
      partitionCount: 0,
      members: [{ clientId: 'java', change: 'left' }],
    })
    expect(nobody.members[0]!.reason).toContain('closed')
  })
})

async function entry(fits: (draft: RebalanceDraft) => boolean): Promise<RebalanceDraft> {
  const giveUpMs = Date.now() + 60_000
  for (;;) {
    const last = [...entries.values()].at(-1)
    if (last !== undefined && fits(last)) return last
    if (Date.now() > giveUpMs)
      expect.fail(`no such rebalance among generations ${[...entries.keys()].join(', ')}`)
    await sleep(50)
  }
}

function memberOf({ members }: RebalanceDraft, clientId: string) {
  const member = members.find(each => each.clientId === clientId)
  expect(member, clientId).toBeDefined()
  return member!
}
