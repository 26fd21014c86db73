/**
 * What the pages of replication ask and do, on Apache Kafka and on our own brokers alike: ends of
 * followers, the quorum, a move of replicas under a throttle, and an election.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../engine/client/client.ts'
import { addressesOf, openClient } from '../../src-main/clusters/cluster-connection.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { PlannedMove } from '../../src-main/contract/model/replication.ts'
import { Jobs } from '../../src-main/jobs/jobs.ts'
import { electLeaders, previewElection } from '../../src-main/replication/elect-leaders.ts'
import { makePlan } from '../../src-main/replication/make-plan.ts'
import { observeCluster } from '../../src-main/replication/observe-cluster.ts'
import { observeTopic } from '../../src-main/replication/observe-topic.ts'
import { ReplicationMemory } from '../../src-main/replication/replication-memory.ts'
import { startReassignment } from '../../src-main/replication/run-reassignment.ts'
import { readThrottles } from '../../src-main/replication/throttle.ts'
import { createTopic } from '../../src-main/topics/topic-changes.ts'
import { startCluster } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { kcatRun } from './tools.ts'

const kinds =
  (await java.find()) === null ? ['odradek' as const] : ['apache' as const, 'odradek' as const]
const brokers = [1, 2, 3]
const topic = 'moving'

describe.each(kinds)('replication on %s', kind => {
  let running: RunningCluster
  let client: Client
  const memory = new ReplicationMemory()
  const observed = { memory, nowMs: Date.now, local: null, ownEngine: false }
  const observe = () => observeTopic(client, topic, observed)
  const replicasOf = async () =>
    (await observe()).partitions.map(({ replicas }) => replicas.map(({ broker }) => broker))

  beforeAll(async () => {
    running = await startCluster(kind, { brokers: brokers.length })
    client = openClient({ bootstrap: addressesOf(running.bootstrap), clientId: 'test' })
    const configurations = [{ name: 'min.insync.replicas', value: '2' }]
    const shape = { partitionCount: 3, replicationFactor: 2, configurations }
    await createTopic(client, { topic, ...shape, validateOnly: false })
    // With keys, or a producer may give one partition nearly everything.
    const lines = Array.from({ length: 4_000 }, (_, n) => `${n}:${'x'.repeat(200)}`).join('\n')
    await kcatRun(running, ['-P', '-t', topic, '-K:', '-X', 'acks=all', '-X', 'linger.ms=5'], {
      input: lines,
    })
  }, 180_000)

  afterAll(async () => {
    client?.close()
    await running?.stop()
  })

  test('every replica’s end is told, and equals the high watermark', async () => {
    await expect
      .poll(async () => (await observe()).partitions.map(({ findings }) => findings), {
        timeout: 20_000,
      })
      .toEqual([[], [], []])
    const { partitions, minInSyncReplicas } = await observe()
    expect(minInSyncReplicas).toBe(2)
    const committed = partitions.reduce((sum, { highWatermark }) => sum + highWatermark!, 0n)
    expect(committed).toBe(4_000n)
    for (const { highWatermark, replicas, leader } of partitions) {
      expect(replicas.map(({ logEndOffset }) => logEndOffset)).toEqual([
        highWatermark,
        highWatermark,
      ])
      expect(replicas.filter(({ isLeader }) => isLeader).map(({ broker }) => broker)).toEqual([
        leader,
      ])
      expect(replicas.every(({ inSync, lag, lagMs }) => inSync && lag === 0n && lagMs === 0)).toBe(
        true,
      )
    }
  })

  test('the quorum has a leader that leads with an epoch, and voters that follow', async () => {
    const { quorum, nodes, leadership } = await observeCluster({
      client,
      nodes: null,
      memory,
      nowMs: Date.now,
      wait,
    })
    expect(quorum!.leaderEpoch).toBeGreaterThan(0)
    const voters = quorum!.members.filter(({ voter }) => voter)
    expect(voters.filter(({ role }) => role === 'leader').map(({ id }) => id)).toEqual([
      quorum!.leaderId,
    ])
    expect(voters.every(({ logEndOffset }) => logEndOffset !== null)).toBe(true)
    expect(nodes.filter(({ kind: each }) => each !== 'controller').map(({ id }) => id)).toEqual(
      brokers,
    )
    expect(leadership.leaderlessCount).toBe(0)
  })

  test('a broker is vacated under a throttle, which is gone in the end', async () => {
    const plan = await makePlan(client, [topic], { type: 'vacate', brokers: [3] })
    expect(plan.refusals).toEqual([])
    expect(plan.moves.length).toBeGreaterThan(0)
    expect(plan.copyBytes).toBeGreaterThan(100_000)
    const jobs = new Jobs(Date.now)
    const started = await start(jobs, plan.moves, 50_000_000)
    expect(started.results.map(({ problem }) => problem)).toEqual(plan.moves.map(() => null))
    await expect.poll(() => jobs.get(started.jobId!).state, { timeout: 60_000 }).toBe('done')
    expect((await replicasOf()).flat()).not.toContain(3)
    const throttles = await readThrottles(client, brokers)
    expect(throttles.map(({ isSet }) => isSet)).toEqual([false, false, false])
    const { partitions } = await observe()
    for (const { highWatermark, replicas } of partitions)
      expect(replicas.map(({ logEndOffset }) => logEndOffset)).toEqual([
        highWatermark,
        highWatermark,
      ])
  })

  test('another order of the same replicas moves leaders by an election alone', async () => {
    const now = await replicasOf()
    const assignments = now.map((replicas, partition) => ({
      topic,
      partition,
      replicas: [...replicas].reverse(),
    }))
    const plan = await makePlan(client, null, { type: 'explicit', assignments })
    expect(plan.copyBytes).toBe(0)
    const jobs = new Jobs(Date.now)
    const { jobId } = await start(jobs, plan.moves, null)
    await expect.poll(() => jobs.get(jobId!).state, { timeout: 30_000 }).toBe('done')
    await expect
      .poll(async () => (await previewElection(client, [topic])).moves.length, { timeout: 10_000 })
      .toBe(3)
    const { moves } = await previewElection(client, [topic])
    const elected = await electLeaders(client, 'preferred', moves)
    expect(elected.map(({ problem }) => problem)).toEqual([null, null, null])
    await expect
      .poll(async () => (await previewElection(client, [topic])).moves, { timeout: 10_000 })
      .toEqual([])
    const { partitions } = await observe()
    expect(partitions.map(({ leader }) => leader)).toEqual(now.map(replicas => replicas[1]))
  })

  function start(jobs: Jobs, moves: readonly PlannedMove[], throttleBytesPerSecond: number | null) {
    const assignments = moves.map(({ after, ...place }) => ({ ...place, replicas: after }))
    return startReassignment({
      client,
      jobs,
      wait,
      cluster: 'test',
      assignments: assignments.map(({ topic: name, partition, replicas }) => ({
        topic: name,
        partition,
        replicas,
      })),
      throttleBytesPerSecond,
      throttledMeanwhile: () => false,
      onChanged: () => {},
    })
  }
})
