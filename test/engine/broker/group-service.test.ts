import { describe, expect, test } from 'vitest'
import { GroupService } from '../../../engine/broker/group-service.ts'
import { Partition } from '../../../engine/broker/partition.ts'
import type { GroupResponse } from '../../../engine/group/group-events.ts'
import { errorName, KafkaError } from '../../../engine/protocol/errors.ts'
import type { HeartbeatResponse } from '../../../engine/protocol/messages/heartbeat.ts'
import type { DeleteGroupsResponse } from '../../../engine/protocol/messages/delete-groups.ts'
import type { OffsetFetchResponse } from '../../../engine/protocol/messages/offset-fetch.ts'
import type { SyncGroupResponse } from '../../../engine/protocol/messages/sync-group.ts'
import type { JoinGroupResponse } from '../../../engine/protocol/messages/join-group.ts'
import type { OffsetCommitResponse } from '../../../engine/protocol/messages/offset-commit.ts'
import { PartitionFollower } from '../../../engine/replica/partition-follower.ts'
import { buildBatch } from '../../../engine/protocol/records/batch-builder.ts'
import { PartitionLeader } from '../../../engine/replica/partition-leader.ts'
import { openLog, topicId } from '../log/log-fixture.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'
import { ManualClock } from '../manual-clock.ts'

const FOLLOWER = 2
const OTHER_LEADER = { leaderId: FOLLOWER, leaderEpoch: 1, highWatermark: 0n }
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
  const tooFew = { inSync: false }
  const errors: string[] = []
  const service = new GroupService({
    clock,
    logger: { info() {}, warn() {}, error: message => errors.push(message) },
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
      if (tooFew.inSync) throw new KafkaError('NOT_ENOUGH_REPLICAS', 'offsets-0: 1 of 2 in sync')
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
  return { clock, service, partition, follow, tooFew, errors, leading }
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

/** The one member of the group, in a first generation that has no assignment yet. */
async function formGroup({ service, clock, follow }: ReturnType<typeof world>): Promise<string> {
  const asked = join(service, '')
  follow()
  const { memberId } = await asked
  const joined = join(service, memberId)
  clock.advance(0)
  follow()
  expect((await joined).generationId).toBe(1)
  return memberId
}

function sync(
  service: GroupService,
  memberId: string,
  generationId: number,
): Promise<SyncGroupResponse> {
  return service.request<SyncGroupResponse & GroupResponse>('g', {
    type: 'SyncGroup',
    ...context(3),
    request: {
      groupId: 'g',
      generationId,
      memberId,
      groupInstanceId: null,
      protocolType: null,
      protocolName: null,
      assignments: [{ memberId, assignment: Uint8Array.of(7) }],
    },
  })
}

async function heartbeat(
  service: GroupService,
  memberId: string,
  generationId: number,
): Promise<string> {
  const { errorCode } = await service.request<HeartbeatResponse & GroupResponse>('g', {
    type: 'Heartbeat',
    ...context(3),
    request: { groupId: 'g', generationId, memberId, groupInstanceId: null },
  })
  return errorName(errorCode)
}

/** The offset that `commit` commits; -1 for none. */
async function committed(service: GroupService): Promise<bigint> {
  const answer = await service.request<OffsetFetchResponse & GroupResponse>('g', {
    type: 'OffsetFetch',
    ...context(5),
    request: {
      groupId: 'g',
      topics: [{ name: 'orders', partitionIndexes: [0] }],
      groups: [],
      requireStable: false,
    },
  })
  return answer.topics[0]!.partitions[0]!.committedOffset
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

  test('is NOT_COORDINATOR where another leader commits its own records in their place', async () => {
    const { service, partition } = world()
    const answer = commit(service)
    // The change of roles is known, and what it means to coordinators is not carried out yet.
    partition.beginFollowing(new PartitionFollower(OTHER_LEADER))
    partition.following!.leaderSaid(partition.log.logEndOffset, partition.log.logEndOffset)
    partition.onCommitted?.()
    expect(codeOf(await now(answer))).toBe('NOT_COORDINATOR')
    expect(await heartbeat(service, 'm', 1)).toBe('NOT_COORDINATOR')
  })

  test('is not read from a shard whose partition another broker leads', async () => {
    const { service, partition, follow } = world()
    const taken = commit(service)
    follow()
    expect(codeOf(await now(taken))).toBe('NONE')
    partition.beginFollowing(new PartitionFollower(OTHER_LEADER))
    expect(await heartbeat(service, 'm', 1)).toBe('NOT_COORDINATOR')
    expect(service.hosts(partition)).toBe(false)
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

describe('where too few replicas are in sync', () => {
  test('a commit is refused and not seen, and the next one is taken', async () => {
    const { service, follow, tooFew } = world()
    tooFew.inSync = true
    expect(codeOf(await now(commit(service)))).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await committed(service)).toBe(-1n)
    tooFew.inSync = false
    const taken = commit(service)
    follow()
    expect(codeOf(await now(taken))).toBe('NONE')
    expect(await committed(service)).toBe(7n)
  })

  test('members go on, and what waits for its replicas is still answered', async () => {
    const all = world()
    const { service, follow, tooFew } = all
    const memberId = await formGroup(all)
    const synced = sync(service, memberId, 1)
    tooFew.inSync = true
    expect(codeOf(await now(commit(service, 'another')))).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await now(synced)).toBe('waits')
    follow()
    expect(await now(synced)).toMatchObject({ errorCode: 0, assignment: Uint8Array.of(7) })
    expect(await heartbeat(service, memberId, 1)).toBe('NONE')
  })

  test('an assignment is not given out: its members rejoin', async () => {
    const all = world()
    const { service, clock, follow, tooFew } = all
    const memberId = await formGroup(all)
    tooFew.inSync = true
    const refused = await now(sync(service, memberId, 1))
    expect(errorName((refused as SyncGroupResponse).errorCode)).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await heartbeat(service, memberId, 1)).toBe('REBALANCE_IN_PROGRESS')
    const joined = join(service, memberId)
    clock.advance(0)
    expect(await now(joined)).toMatchObject({ errorCode: 0, generationId: 2 })
    tooFew.inSync = false
    const synced = sync(service, memberId, 2)
    follow()
    expect(await now(synced)).toMatchObject({ errorCode: 0, assignment: Uint8Array.of(7) })
  })

  test('a group that cannot be written does not begin, and one that is deleted is still there', async () => {
    const { service, follow, tooFew } = world()
    tooFew.inSync = true
    const refused = (await now(join(service, ''))) as JoinGroupResponse
    expect(errorName(refused.errorCode)).toBe('COORDINATOR_NOT_AVAILABLE')
    tooFew.inSync = false
    const taken = commit(service)
    follow()
    expect(codeOf(await now(taken))).toBe('NONE')
    tooFew.inSync = true
    const deleted = await service.request<DeleteGroupsResponse & GroupResponse>('g', {
      type: 'DeleteGroups',
      ...context(2),
      request: { groupsNames: ['g'] },
    })
    expect(errorName(deleted.results[0]!.errorCode)).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await committed(service)).toBe(7n)
    tooFew.inSync = false
    const again = commit(service)
    follow()
    expect(codeOf(await now(again))).toBe('NONE')
  })
})

test('records that are no coordinator’s leave their groups without one, and nothing else', async () => {
  const { service, partition, clock, errors, leading } = world()
  const key = Uint8Array.of(0)
  const garbage = buildBatch({ records: [{ key, value: key, timestampMs: 1n }] })
  const append = { leaderEpoch: 0, nowMs: clock.nowMs(), origin: 'coordinator' as const }
  partition.log.appendAsLeader(garbage, append)
  partition.beginLeading(leading())
  service.lead(partition)
  expect(errors).toEqual([expect.stringContaining('offsets-0: its groups are not loaded')])
  expect(await heartbeat(service, 'm', 1)).toBe('NOT_COORDINATOR')
  expect(service.hosts(partition)).toBe(true)
})
