import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { kindUnderTest } from '../cluster-under-test.ts'
import type { RunningCluster } from '../running-cluster.ts'
import { java } from '../setup/java.ts'
import { createTopic, kcatRun } from '../tools.ts'
import { startApacheQuorum } from './apache-quorum.ts'
import type { ChangingQuorum } from './changing-quorum.ts'
import { startOdradekQuorum } from './odradek-quorum.ts'
import { quorumAt, type QuorumSeen } from './quorum-eye.ts'

const FIRST = 3000
const PATIENCE = { timeout: 30_000, interval: 200 }
const isThere = kindUnderTest === 'odradek' || (await java.find()) !== null
let quorum: ChangingQuorum

/** `BROKER=apache` judges the test by Apache Kafka. */
describe.skipIf(!isThere)('a quorum', () => {
  beforeAll(async () => {
    const options = { voterIds: [FIRST] }
    quorum = await (kindUnderTest === 'apache'
      ? startApacheQuorum(options)
      : startOdradekQuorum(options))
  }, 120_000)
  afterAll(() => quorum?.stop())

  test('goes from one voter to three and back while topics are created, and loses none', async () => {
    const load = createTopics()
    const [second, third] = [await quorum.add(), await quorum.add()]
    const all = [FIRST, second, third]
    await votersAre(all)
    const { leaderId } = await leaderOf(all)
    await quorum.fail(leaderId, 'kill')
    await leaderOf(all.filter(id => id !== leaderId))
    await quorum.recover(leaderId, 'kill')
    await votersAre(all)
    // The one that leads goes, and then the next.
    await quorum.remove((await leaderOf(all)).leaderId)
    const { voters } = await leaderOf(all)
    expect(voters).toHaveLength(2)
    await quorum.remove((await leaderOf(voters)).leaderId)
    await vi.waitFor(async () => expect((await leaderOf(voters)).voters).toHaveLength(1), PATIENCE)
    const created = await load()
    expect(created.length).toBeGreaterThan(2)
    const { stdout } = await kcatRun(clusterOf(quorum), ['-L', '-J'])
    const names = (JSON.parse(stdout) as { topics: { topic: string }[] }).topics
    expect(names.map(({ topic }) => topic)).toEqual(expect.arrayContaining([...created]))
  }, 240_000)
})

/** One after another until it is told to stop; then those that were acknowledged. */
function createTopics(): () => Promise<readonly string[]> {
  const created: string[] = []
  const stop = new AbortController()
  const creating = (async () => {
    for (let n = 0; !stop.signal.aborted; n++) {
      // Refused while nobody leads: the next one is asked for.
      const isCreated = await createTopic(clusterOf(quorum), `made-${n}`).then(
        () => true,
        () => false,
      )
      if (isCreated) created.push(`made-${n}`)
    }
  })()
  return async () => {
    stop.abort()
    await creating
    return created
  }
}

function clusterOf({ bootstrap }: ChangingQuorum): RunningCluster {
  return { bootstrap } as RunningCluster
}

async function votersAre(ids: readonly number[]): Promise<void> {
  await vi.waitFor(async () => expect((await leaderOf(ids)).voters).toEqual(ids), PATIENCE)
}

/** What one of these says that leads. */
function leaderOf(ids: readonly number[]): Promise<QuorumSeen> {
  return vi.waitFor(async () => {
    for (const id of ids) {
      const seen = await quorumAt(addressOf(id))
      if (seen?.error === 'NONE') return seen
    }
    throw new Error('nobody leads')
  }, PATIENCE)
}

function addressOf(id: number): string {
  try {
    return quorum.controllerAddress(id)
  } catch {
    // It was removed: nobody listens there.
    return '127.0.0.1:1'
  }
}
