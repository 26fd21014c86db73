import { describe, expect, test } from 'vitest'
import { errorName } from '../../../engine/protocol/errors.ts'
import type { OffsetFetchResponse } from '../../../engine/protocol/messages/offset-fetch.ts'
import { ZERO_UUID } from '../../../engine/protocol/schema.ts'
import { GROUP, GroupWorld, REBALANCE_MS, SESSION_MS } from './group-world.ts'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const OTHER_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAg'

describe('OffsetCommit', () => {
  test('without a member makes a simple group', () => {
    const world = new GroupWorld()
    expect(world.commit({ offsets: { 0: 7n, 4: 9n } })).toEqual({
      throttleTimeMs: 0,
      topics: [
        {
          name: 'orders',
          topicId: ZERO_UUID,
          partitions: [
            { partitionIndex: 0, errorCode: 0 },
            { partitionIndex: 4, errorCode: 0 },
          ],
        },
      ],
    })
    expect(world.state).toBe('Empty')
    expect(world.committed('orders', 4)).toBe(9n)
  })

  test('for a generation of a group that is not there is refused, by version', () => {
    const world = new GroupWorld()
    const options = { memberId: 'm', generationId: 3 }
    expect(world.commitErrors({ ...options, apiVersion: 9 })).toEqual(['GROUP_ID_NOT_FOUND'])
    expect(world.commitErrors({ ...options, apiVersion: 8 })).toEqual(['ILLEGAL_GENERATION'])
    expect(world.list()).toEqual([])
  })

  test('without a member is refused while there are members', () => {
    const world = new GroupWorld()
    world.stable(1)
    expect(world.commitErrors()).toEqual(['UNKNOWN_MEMBER_ID'])
  })

  test('without a member is accepted once the group is empty, as a reset of offsets is', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    world.leave([{ memberId: memberId! }])
    expect(world.commitErrors()).toEqual(['NONE'])
  })

  test('has the time of a wall clock that was set, which ends no session', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    world.wallSetByMs = 10 * SESSION_MS
    world.tick()
    world.commit({ memberId: memberId!, generationId: world.generationId, offsets: { 0: 7n } })
    expect(world.memberIds).toEqual([memberId])
    const [committed] = world.shard.offsets(GROUP)
    expect(committed?.commitTimestampMs).toBe(BigInt(world.nowMs + 10 * SESSION_MS))
    world.wait(SESSION_MS)
    expect(world.memberIds).toEqual([])
  })

  test('of a member needs its id and generation', () => {
    const world = new GroupWorld()
    const [member] = world.stable(1)
    const memberId = member!
    const { generationId } = world
    expect(world.commitErrors({ memberId, generationId })).toEqual(['NONE'])
    expect(world.commitErrors({ memberId, generationId: generationId - 1 })).toEqual([
      'ILLEGAL_GENERATION',
    ])
    expect(world.commitErrors({ memberId })).toEqual(['ILLEGAL_GENERATION'])
    expect(world.commitErrors({ memberId: 'ghost', generationId })).toEqual(['UNKNOWN_MEMBER_ID'])
    expect(world.commitErrors({ generationId })).toEqual(['UNKNOWN_MEMBER_ID'])
    expect(world.commitErrors({ memberId, generationId, groupInstanceId: 'i' })).toEqual([
      'UNKNOWN_MEMBER_ID',
    ])
  })

  test('of the last generation is accepted while members rejoin, not while the leader assigns', () => {
    const world = new GroupWorld()
    const [leader, follower] = world.stable(2)
    const { generationId } = world
    world.join({ memberId: leader! })
    expect(world.commitErrors({ memberId: follower!, generationId })).toEqual(['NONE'])
    world.join({ memberId: follower! })
    expect(world.commitErrors({ memberId: follower!, generationId: world.generationId })).toEqual([
      'REBALANCE_IN_PROGRESS',
    ])
  })

  test('of a member keeps its session', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    world.wait(SESSION_MS - 1)
    world.commit({ memberId: memberId!, generationId: world.generationId })
    world.wait(SESSION_MS - 1)
    expect(world.memberIds).toEqual([memberId])
  })

  test('with metadata over the limit fails for that partition, and makes no group', () => {
    const world = new GroupWorld()
    expect(world.commitErrors({ metadata: 'x'.repeat(4_097) })).toEqual([
      'OFFSET_METADATA_TOO_LARGE',
    ])
    expect(world.list()).toEqual([])
    expect(world.commitErrors({ metadata: 'é'.repeat(4_096) })).toEqual(['NONE'])
  })

  test('with its own retention is written in the one version that has it', () => {
    const world = new GroupWorld()
    world.commit({ apiVersion: 4, retentionTimeMs: 5_000n })
    expect([...world.log.at(-1)!.value!.subarray(0, 2)]).toEqual([0, 1])
    world.commit()
    expect([...world.log.at(-1)!.value!.subarray(0, 2)]).toEqual([0, 4])
  })

  test('is kept across a restart, leader epoch and metadata with it', () => {
    const world = new GroupWorld()
    world.commit({ offsets: { 3: 2n ** 60n }, metadata: 'grüße', topicId: TOPIC_ID })
    world.restart()
    expect(world.shard.offsets(GROUP)).toEqual([
      {
        topic: 'orders',
        partition: 3,
        offset: 2n ** 60n,
        leaderEpoch: 3,
        metadata: 'grüße',
        commitTimestampMs: BigInt(world.nowMs),
        expireTimestampMs: -1n,
        topicId: TOPIC_ID,
      },
    ])
  })
})

describe('OffsetFetch', () => {
  test('answers for a group that never was with -1 and empty metadata, without an error', () => {
    const world = new GroupWorld()
    expect(world.fetch({ topics: { orders: [0] } }).groups).toEqual([
      {
        groupId: GROUP,
        errorCode: 0,
        topics: [
          {
            name: 'orders',
            topicId: ZERO_UUID,
            partitions: [
              {
                partitionIndex: 0,
                committedOffset: -1n,
                committedLeaderEpoch: -1,
                metadata: '',
                errorCode: 0,
              },
            ],
          },
        ],
      },
    ])
    expect(world.fetch({ topics: null }).groups[0]!.topics).toEqual([])
    expect(world.list()).toEqual([])
  })

  test('gives back null metadata as empty', () => {
    const world = new GroupWorld()
    world.commit({ metadata: null })
    expect(world.fetch().groups[0]!.topics[0]!.partitions[0]!.metadata).toBe('')
  })

  test('has one group without a list before version 8', () => {
    const world = new GroupWorld()
    world.commit({ offsets: { 1: 5n } })
    expect(world.fetch({ apiVersion: 7, topics: { orders: [1] } })).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      groups: [],
      topics: [
        {
          name: 'orders',
          partitions: [
            {
              partitionIndex: 1,
              committedOffset: 5n,
              committedLeaderEpoch: 3,
              metadata: 'note',
              errorCode: 0,
            },
          ],
        },
      ],
    })
  })

  test.each([2, 7, 9])('gives all topics for null in version %d', apiVersion => {
    const world = new GroupWorld()
    world.commit({ topic: 'orders', offsets: { 0: 1n, 1: 2n } })
    world.commit({ topic: 'refunds', offsets: { 0: 3n } })
    const { topics, groups } = world.fetch({ apiVersion, topics: null })
    const fetched = [...topics, ...groups.flatMap(group => group.topics)]
    expect(
      fetched.map(topic => [topic.name, topic.partitions.map(each => each.committedOffset)]),
    ).toEqual([
      ['orders', [1n, 2n]],
      ['refunds', [3n]],
    ])
  })

  test('answers many groups at once', () => {
    const world = new GroupWorld()
    world.commit({ groupId: 'a', offsets: { 0: 1n } })
    world.commit({ groupId: 'b', offsets: { 0: 2n } })
    const wanted = (groupId: string) => ({
      groupId,
      memberId: null,
      memberEpoch: -1,
      topics: [{ name: 'orders', topicId: ZERO_UUID, partitionIndexes: [0] }],
    })
    const token = world.send({
      type: 'OffsetFetch',
      apiVersion: 8,
      request: {
        groupId: '',
        topics: [],
        groups: [wanted('b'), wanted('a'), wanted('c')],
        requireStable: false,
      },
    })
    expect(
      (world.reply(token) as OffsetFetchResponse).groups.map(group => [
        group.groupId,
        group.topics[0]!.partitions[0]!.committedOffset,
      ]),
    ).toEqual([
      ['b', 2n],
      ['a', 1n],
      ['c', -1n],
    ])
  })

  test('does not give the offset of an earlier topic of the same name', () => {
    const world = new GroupWorld()
    world.commit({ topicId: TOPIC_ID })
    const offsetFor = (topicId: string) =>
      world.fetch({ apiVersion: 10, topicId }).groups[0]!.topics[0]!.partitions[0]!.committedOffset
    expect(offsetFor(TOPIC_ID)).toBe(10n)
    expect(offsetFor(OTHER_TOPIC_ID)).toBe(-1n)
    expect(offsetFor(ZERO_UUID)).toBe(10n)
  })
})

describe('OffsetDelete', () => {
  test('forgets offsets, and is content with those that are not there', () => {
    const world = new GroupWorld()
    world.commit({ offsets: { 0: 1n, 1: 2n } })
    expect(world.deleteOffsets({ orders: [0, 9] })).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      topics: [
        {
          name: 'orders',
          partitions: [
            { partitionIndex: 0, errorCode: 0 },
            { partitionIndex: 9, errorCode: 0 },
          ],
        },
      ],
    })
    world.restart()
    expect(world.committed('orders', 0)).toBe(-1n)
    expect(world.committed('orders', 1)).toBe(2n)
  })

  test('does not know an absent group', () => {
    const world = new GroupWorld()
    expect(world.deleteOffsets({ orders: [0] })).toEqual({
      throttleTimeMs: 0,
      errorCode: 69,
      topics: [],
    })
  })

  test('spares the topics that members subscribe to', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    const member = { memberId: memberId!, generationId: world.generationId }
    world.commit({ ...member, topic: 'orders' })
    world.commit({ ...member, topic: 'refunds' })
    const { topics } = world.deleteOffsets({ orders: [0], refunds: [0] })
    expect(topics.map(topic => errorName(topic.partitions[0]!.errorCode))).toEqual([
      'GROUP_SUBSCRIBED_TO_TOPIC',
      'NONE',
    ])
    expect(world.committed('refunds')).toBe(-1n)
    expect(world.committed('orders')).toBe(10n)
  })

  test('needs a group of another protocol type to be empty', () => {
    const world = new GroupWorld()
    const { memberId } = world.enter({ protocolType: 'connect' })
    world.tick()
    world.assignAll()
    expect(errorName(world.deleteOffsets({ orders: [0] }).errorCode)).toBe('NON_EMPTY_GROUP')
    world.leave([{ memberId }])
    expect(world.deleteOffsets({ orders: [0] }).errorCode).toBe(0)
  })

  test('spares every topic of consumers whose subscriptions cannot be read', () => {
    const world = new GroupWorld()
    world.stable(1, { protocols: [{ name: 'range', metadata: Uint8Array.of(9) }] })
    const { topics } = world.deleteOffsets({ orders: [0] })
    expect(errorName(topics[0]!.partitions[0]!.errorCode)).toBe('GROUP_SUBSCRIBED_TO_TOPIC')
  })
})

describe('a deleted topic', () => {
  test('takes its offsets along, but not those of another topic of its name', () => {
    const world = new GroupWorld()
    world.commit({ groupId: 'a', topicId: TOPIC_ID, offsets: { 0: 1n, 1: 2n } })
    world.commit({ groupId: 'b', offsets: { 0: 3n } })
    world.commit({ groupId: 'c', topicId: OTHER_TOPIC_ID })
    world.commit({ groupId: 'a', topic: 'refunds' })
    const { records, replies } = world.shard.topicsDeleted(
      [{ name: 'orders', topicId: TOPIC_ID }],
      world.nowMs,
    )
    expect(records.map(record => record.value)).toEqual([null, null, null])
    expect(replies).toEqual([])
    const left = ['a', 'b', 'c'].map(groupId => world.shard.offsets(groupId).map(o => o.topic))
    expect(left).toEqual([['refunds'], [], ['orders']])
  })
})

describe('expiry', () => {
  const RETENTION_MS = 3_600_000
  const quick = { offsetsRetentionMs: RETENTION_MS, offsetsRetentionCheckIntervalMs: 60_000 }

  test('takes an offset of a simple group its retention after the commit, and then the group', () => {
    const world = new GroupWorld(quick)
    world.wait(30_000)
    world.commit({ offsets: { 0: 1n } })
    world.wait(1_800_000)
    world.commit({ offsets: { 1: 2n } })
    world.wait(RETENTION_MS - 1_800_000 + 30_000 - 1)
    expect(world.committed('orders', 0)).toBe(1n)
    world.wait(60_000)
    expect(world.committed('orders', 0)).toBe(-1n)
    expect(world.committed('orders', 1)).toBe(2n)
    expect(world.state).toBe('Empty')
    world.wait(1_800_000)
    expect(world.state).toBe('absent')
    expect([...world.shard.image.groupsWithOffsets]).toEqual([])
    world.restart()
    expect(world.list()).toEqual([])
  })

  test('of a group that had members counts from when it became empty', () => {
    const world = new GroupWorld(quick)
    const [memberId] = world.stable(1)
    world.commit({ memberId: memberId!, generationId: world.generationId })
    for (let passed = 0; passed < 2 * RETENTION_MS; passed += 9_000) {
      world.wait(9_000)
      world.heartbeat({ memberId: memberId! })
    }
    world.leave([{ memberId: memberId! }])
    world.wait(RETENTION_MS - 60_000)
    expect(world.committed()).toBe(10n)
    world.restart()
    world.wait(59_999)
    expect(world.committed()).toBe(10n)
    world.wait(60_001)
    expect(world.committed()).toBe(-1n)
    expect(world.state).toBe('absent')
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'offsets-expired', groupId: GROUP, partitionCount: 1 }),
    )
  })

  test('in a stable group takes only topics it does not subscribe to', () => {
    const world = new GroupWorld(quick)
    const [memberId] = world.stable(1)
    const member = { memberId: memberId!, generationId: world.generationId }
    world.commit({ ...member, topic: 'orders' })
    world.commit({ ...member, topic: 'refunds' })
    for (let passed = 0; passed < RETENTION_MS + 60_000; passed += 9_000) {
      world.wait(9_000)
      world.heartbeat(member)
    }
    expect(world.committed('refunds')).toBe(-1n)
    expect(world.committed('orders')).toBe(10n)
    expect(world.state).toBe('Stable')
  })

  test('takes nothing from a group that rebalances', () => {
    const world = new GroupWorld({ ...quick, offsetsRetentionMs: 1_000 })
    const slow = { sessionTimeoutMs: 1_000_000, rebalanceTimeoutMs: 1_000_000 }
    const [leader] = world.stable(2, slow)
    world.commit({ memberId: leader!, generationId: world.generationId, topic: 'refunds' })
    world.join({ ...slow, memberId: leader! })
    world.wait(300_000)
    expect(world.state).toBe('PreparingRebalance')
    expect(world.committed('refunds')).toBe(10n)
  })

  test('takes nothing from a stable group of another protocol type', () => {
    const world = new GroupWorld({ ...quick, offsetsRetentionMs: 1_000 })
    const slow = { sessionTimeoutMs: 1_000_000, protocolType: 'connect' }
    const [memberId] = world.stable(1, slow)
    world.commit({ memberId: memberId!, generationId: world.generationId })
    world.wait(300_000)
    expect(world.committed()).toBe(10n)
  })

  test('goes by the commit’s own retention where it has one', () => {
    const world = new GroupWorld(quick)
    world.commit({ apiVersion: 4, retentionTimeMs: 90_000n })
    world.wait(119_999)
    expect(world.committed()).toBe(10n)
    world.wait(1)
    expect(world.committed()).toBe(-1n)
  })

  test('leaves consumers of a cluster that was down an interval to come back in', () => {
    const world = new GroupWorld(quick)
    const [memberId] = world.stable(1, { sessionTimeoutMs: REBALANCE_MS })
    world.commit({ memberId: memberId!, generationId: world.generationId })
    world.nowMs += 2 * RETENTION_MS
    world.restart()
    expect(world.committed()).toBe(10n)
    world.wait(30_000)
    expect(world.heartbeat({ memberId: memberId! })).toBe('NONE')
    world.wait(40_000)
    expect(world.committed()).toBe(10n)
  })

  test('removes a group that nobody ever joined in the end', () => {
    const world = new GroupWorld(quick)
    world.join()
    expect(world.state).toBe('Empty')
    world.wait(60_000)
    expect(world.state).toBe('absent')
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'group-deleted', reason: 'expired' }),
    )
  })
})
