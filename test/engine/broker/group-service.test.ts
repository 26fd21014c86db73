import { describe, expect, test } from 'vitest'
import { GroupService } from '../../../engine/broker/group-service.ts'
import { Partition } from '../../../engine/broker/partition.ts'
import type { GroupResponse } from '../../../engine/group/group-events.ts'
import { errorName } from '../../../engine/protocol/errors.ts'
import type { HeartbeatResponse } from '../../../engine/protocol/messages/heartbeat.ts'
import type { JoinGroupResponse } from '../../../engine/protocol/messages/join-group.ts'
import type { OffsetCommitResponse } from '../../../engine/protocol/messages/offset-commit.ts'
import { PartitionLeader } from '../../../engine/replica/partition-leader.ts'
import { openLog, topicId } from '../log/log-fixture.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { ManualClock } from '../manual-clock.ts'

const FOLLOWER = 2
const SESSION_MS = 1_000
const COMMIT_TIMEOUT_MS = 5_000

/** A coordinator whose partition has one follower, which fetches when the test says so. */
function world() {
  const clock = new ManualClock()
  const log = openLog(new MemoryDisk())
  const partition = new Partition({ topic: 'offsets', topicId, index: 0, log, highWatermark: 0n })
  const leading = () =>
    new PartitionLeader({
      localId: 1,
      rules: {
        replicaLagTimeMaxMs: () => 30_000,
        localBrokerEpoch: () => 1n,
        eligibleBrokerEpoch: () => 1n,
      },
      assigned: { replicas: [1, FOLLOWER], isr: [1, FOLLOWER], leaderEpoch: 0, partitionEpoch: 0 },
      logEndOffset: log.logEndOffset,
      highWatermark: partition.highWatermark,
      minInsyncReplicas: 1,
      nowMs: clock.nowMs(),
    })
  partition.beginLeading(leading())
  const service = new GroupService({
    clock,
    random: { integer: () => 0, uuid: () => 'AAECAwQFBgcICQoLDA0ODw' },
    config: {
      minSessionTimeoutMs: 1,
      maxSessionTimeoutMs: 1_000_000,
      initialRebalanceDelayMs: 0,
      maxSize: 10,
      offsetMetadataMaxBytes: 4_096,
      maxMessageBytes: 1_000_000,
      offsetsRetentionMs: 1e9,
      offsetsRetentionCheckIntervalMs: 1e9,
    },
    offsetsPartitionCount: () => 1,
    commitTimeoutMs: () => COMMIT_TIMEOUT_MS,
    append(_, records) {
      const append = { leaderEpoch: 0, nowMs: clock.nowMs(), origin: 'coordinator' as const }
      const { lastOffset } = log.appendAsLeader(records, append)
      partition.leading!.recordsAppended(lastOffset + 1n, clock.nowMs())
      return lastOffset + 1n
    },
    onJournal: () => {},
  })
  service.lead(partition)
  const follow = () => {
    const fetchOffset = log.logEndOffset
    const fetch = { brokerId: FOLLOWER, brokerEpoch: 1n, logStartOffset: 0n, nowMs: clock.nowMs() }
    if (partition.leading!.followerFetched({ ...fetch, fetchOffset })) partition.onCommitted?.()
  }
  return { clock, service, partition, follow }
}

/** The answer, or that there is none yet. */
async function now<R>(answer: Promise<R>): Promise<R | 'waits'> {
  await new Promise(resolve => setImmediate(resolve))
  return Promise.race([answer, Promise.resolve('waits' as const)])
}

function commit(service: GroupService, groupId = 'g'): Promise<OffsetCommitResponse> {
  return service.request<OffsetCommitResponse & GroupResponse>(groupId, {
    type: 'OffsetCommit',
    ...context(9),
    request: {
      groupId,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      retentionTimeMs: -1n,
      topics: [
        {
          name: 'orders',
          topicId,
          partitions: [
            {
              partitionIndex: 0,
              committedOffset: 7n,
              committedLeaderEpoch: -1,
              commitTimestamp: -1n,
              committedMetadata: '',
            },
          ],
        },
      ],
    },
  })
}

function join(service: GroupService, memberId: string): Promise<JoinGroupResponse> {
  return service.request<JoinGroupResponse & GroupResponse>('g', {
    type: 'JoinGroup',
    ...context(5),
    request: {
      groupId: 'g',
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: 60_000,
      memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: new Uint8Array(0) }],
      reason: null,
    },
  })
}

function context(apiVersion: number) {
  return { apiVersion, clientId: 'test', clientHost: 'here' }
}

const codeOf = (answer: OffsetCommitResponse | 'waits') =>
  answer === 'waits' ? answer : errorName(answer.topics[0]!.partitions[0]!.errorCode)

describe('an answer of a group', () => {
  test('waits until what it rests on is committed', async () => {
    const { service, follow } = world()
    const answer = commit(service)
    expect(await now(answer)).toBe('waits')
    follow()
    expect(codeOf(await now(answer))).toBe('NONE')
  })

  test('that wrote nothing waits for what was written before it', async () => {
    const { service, follow } = world()
    void commit(service)
    const read = service.request<HeartbeatResponse & GroupResponse>('g', {
      type: 'Heartbeat',
      ...context(3),
      request: { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null },
    })
    expect(await now(read)).toBe('waits')
    follow()
    expect(await now(read)).not.toBe('waits')
  })

  test('is NOT_COORDINATOR where leadership is lost before that', async () => {
    const { service, partition } = world()
    const answer = commit(service)
    service.resign(partition.index)
    expect(codeOf(await now(answer))).toBe('NOT_COORDINATOR')
  })

  test('is COORDINATOR_NOT_AVAILABLE when the replicas take too long', async () => {
    const { service, clock } = world()
    const answer = commit(service)
    clock.advance(COMMIT_TIMEOUT_MS - 1)
    expect(await now(answer)).toBe('waits')
    clock.advance(1)
    expect(codeOf(await now(answer))).toBe('COORDINATOR_NOT_AVAILABLE')
  })

  test('that came late costs no member its session', async () => {
    const { service, clock, follow } = world()
    const asked = join(service, '')
    follow()
    const first = await asked
    const joined = join(service, first.memberId)
    clock.advance(0)
    follow()
    expect((await joined).generationId).toBe(1)
    void commit(service, 'another')
    clock.advance(SESSION_MS * 3)
    follow()
    clock.advance(1)
    const beats = () =>
      service.request<HeartbeatResponse & GroupResponse>('g', {
        type: 'Heartbeat',
        ...context(3),
        request: { groupId: 'g', generationId: 1, memberId: first.memberId, groupInstanceId: null },
      })
    expect(errorName((await beats()).errorCode)).toBe('NONE')
    clock.advance(SESSION_MS * 3)
    follow()
    expect(errorName((await beats()).errorCode)).toBe('UNKNOWN_MEMBER_ID')
  })
})
