import { describe, expect, test } from 'vitest'
import { errorName } from '../../../engine/protocol/errors.ts'
import { GROUP, GroupWorld, SESSION_MS, named, subscription } from './group-world.ts'

const sticky = { name: 'sticky', metadata: subscription(['orders']) }
const range = { name: 'range', metadata: subscription(['orders']) }

describe('JoinGroup', () => {
  test('refuses an empty group id', () => {
    const world = new GroupWorld()
    expect(world.errorOf(world.join({ groupId: '' }))).toBe('INVALID_GROUP_ID')
  })

  test.each([5_999, 1_800_001])('refuses a session timeout of %d ms', sessionTimeoutMs => {
    const world = new GroupWorld()
    expect(world.errorOf(world.join({ sessionTimeoutMs }))).toBe('INVALID_SESSION_TIMEOUT')
    expect(world.list()).toEqual([])
  })

  test.each([6_000, 1_800_000])('accepts a session timeout of %d ms', sessionTimeoutMs => {
    const world = new GroupWorld()
    expect(world.errorOf(world.join({ sessionTimeoutMs }))).toBe('MEMBER_ID_REQUIRED')
  })

  test('does not know a member of a group that is not there', () => {
    const world = new GroupWorld()
    expect(world.joinReply(world.join({ memberId: 'ghost' }))).toMatchObject({
      errorCode: 25,
      memberId: 'ghost',
      generationId: -1,
    })
  })

  test('does not know a stranger, nor the member of an empty group', () => {
    const world = new GroupWorld()
    const [member] = world.stable(1)
    expect(world.errorOf(world.join({ memberId: 'ghost' }))).toBe('UNKNOWN_MEMBER_ID')
    world.leave([{ memberId: member! }])
    expect(world.errorOf(world.join({ memberId: member! }))).toBe('UNKNOWN_MEMBER_ID')
  })

  test.each([
    ['another protocol type', { protocolType: 'connect' }],
    ['no common protocol', { protocols: [sticky] }],
    ['no protocols at all', { protocols: [] }],
  ])('refuses %s beside other members', (_, options) => {
    const world = new GroupWorld()
    world.stable(1)
    expect(world.errorOf(world.join(options))).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  test.each([{ protocols: [] }, { protocolType: '' }])('refuses %j in a new group', options => {
    const world = new GroupWorld()
    expect(world.errorOf(world.join(options))).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  test('chooses the protocol that most members prefer among those all offer', () => {
    const world = new GroupWorld()
    const other = { name: 'other', metadata: subscription(['orders']) }
    world.join({ apiVersion: 3, protocols: [other, range, sticky] })
    world.join({ apiVersion: 3, protocols: [sticky, range] })
    const third = world.join({ apiVersion: 3, protocols: [sticky, range] })
    world.tick()
    expect(world.joinReply(third).protocolName).toBe('sticky')
  })

  test('counts a protocol that is listed twice once', () => {
    const world = new GroupWorld()
    world.join({ apiVersion: 3, protocols: [range, range] })
    const second = world.join({ apiVersion: 3, protocols: [range] })
    world.tick()
    expect(world.joinReply(second).protocolName).toBe('range')
  })

  test('of a follower with the same offer is answered with the running generation', () => {
    const world = new GroupWorld()
    const [leader, follower] = world.stable(2)
    expect(world.joinReply(world.join({ memberId: follower! }))).toMatchObject({
      errorCode: 0,
      generationId: world.generationId,
      leader,
      members: [],
    })
    expect(world.state).toBe('Stable')
  })

  test('of a follower with another subscription starts a rebalance', () => {
    const world = new GroupWorld()
    const [, follower] = world.stable(2)
    const metadata = subscription(['orders', 'refunds'])
    world.join({ memberId: follower!, protocols: [{ name: 'range', metadata }] })
    expect(world.state).toBe('PreparingRebalance')
  })

  test('of the leader starts a rebalance, even with the same offer', () => {
    const world = new GroupWorld()
    const [leader] = world.stable(2)
    world.join({ memberId: leader! })
    expect(world.state).toBe('PreparingRebalance')
  })

  test('again while the leader assigns gets the same answer again', () => {
    const world = new GroupWorld()
    const [leader, follower] = world.stable(2)
    const first = world.join({ memberId: leader! })
    world.join({ memberId: follower! })
    expect(world.joinReply(world.join({ memberId: leader! }))).toEqual(world.joinReply(first))
    expect(world.joinReply(world.join({ memberId: follower! })).members).toEqual([])
    expect(world.state).toBe('CompletingRebalance')
  })

  test('that waits already is told to try again when its member sends another', () => {
    const world = new GroupWorld()
    const [leader] = world.stable(2)
    const lost = world.join({ memberId: leader! })
    const renewed = world.join({ memberId: leader! })
    expect(world.errorOf(lost)).toBe('REBALANCE_IN_PROGRESS')
    expect(world.errorOf(renewed)).toBe('waiting')
  })

  test('is refused when the group is full, while members may rejoin', () => {
    const world = new GroupWorld({ maxSize: 2 })
    const [leader] = world.stable(2)
    expect(world.joinReply(world.join())).toMatchObject({ errorCode: 81, memberId: '' })
    expect(world.errorOf(world.join({ memberId: leader! }))).toBe('waiting')
  })

  test('gives the places of a group over its new maximum to who rejoins first', () => {
    const before = new GroupWorld()
    const [first, second, third] = before.stable(3)
    const world = new GroupWorld({ maxSize: 2 })
    world.log.push(...before.log)
    world.restart()
    expect(world.state).toBe('PreparingRebalance')
    world.join({ memberId: third! })
    world.join({ memberId: first! })
    expect(world.errorOf(world.join({ memberId: second! }))).toBe('GROUP_MAX_SIZE_REACHED')
    expect(world.memberIds).toEqual([first, third])
  })

  test('refuses names that no record could hold', () => {
    const world = new GroupWorld()
    const long = 'é'.repeat(16_351)
    expect(world.errorOf(world.join({ groupId: long }))).toBe('INVALID_GROUP_ID')
    expect(world.errorOf(world.join({ groupInstanceId: long }))).toBe('INVALID_REQUEST')
    expect(world.commitErrors({ groupId: long })).toEqual(['INVALID_GROUP_ID'])
    expect(world.commitErrors({ topic: long })).toEqual(['INVALID_TOPIC_EXCEPTION'])
  })
})

describe('a refused JoinGroup', () => {
  test.each([
    [6, ''],
    [7, null],
  ])('of version %d names the protocol %j', (apiVersion, protocolName) => {
    const world = new GroupWorld()
    const token = world.join({ apiVersion, memberId: 'ghost' })
    expect(world.joinReply(token).protocolName).toBe(protocolName)
  })

  test('is answered in its own version, however long it waited', () => {
    const world = new GroupWorld()
    const [leader] = world.stable(2)
    const old = world.join({ memberId: leader!, apiVersion: 5 })
    const renewed = world.join({ memberId: leader!, apiVersion: 9 })
    world.leave([{ memberId: leader! }])
    expect(world.joinReply(old).protocolName).toBe('')
    expect(world.joinReply(renewed).protocolName).toBeNull()
  })
})

describe('SyncGroup', () => {
  test('knows no member of an absent or empty group', () => {
    const world = new GroupWorld()
    expect(world.errorOf(world.sync({ memberId: 'ghost' }))).toBe('UNKNOWN_MEMBER_ID')
    world.commit()
    expect(world.errorOf(world.sync({ memberId: 'ghost' }))).toBe('UNKNOWN_MEMBER_ID')
  })

  test('refuses a stranger, an old generation and another protocol', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    const member = { memberId: memberId! }
    expect(world.errorOf(world.sync({ memberId: 'ghost' }))).toBe('UNKNOWN_MEMBER_ID')
    expect(world.errorOf(world.sync({ ...member, generationId: 0 }))).toBe('ILLEGAL_GENERATION')
    expect(world.errorOf(world.sync({ ...member, protocolName: 'sticky' }))).toBe(
      'INCONSISTENT_GROUP_PROTOCOL',
    )
    expect(world.errorOf(world.sync({ ...member, protocolType: 'connect' }))).toBe(
      'INCONSISTENT_GROUP_PROTOCOL',
    )
    expect(world.errorOf(world.sync({ ...member, protocolName: null }))).toBe(
      'INCONSISTENT_GROUP_PROTOCOL',
    )
    expect(world.errorOf(world.sync({ ...member, protocolName: null, apiVersion: 4 }))).toBe('NONE')
  })

  test('is told of a rebalance', () => {
    const world = new GroupWorld()
    const [leader, follower] = world.stable(2)
    world.join({ memberId: leader! })
    expect(world.errorOf(world.sync({ memberId: follower! }))).toBe('REBALANCE_IN_PROGRESS')
  })

  test('in a stable group gives the assignment again', () => {
    const world = new GroupWorld()
    const [, follower] = world.stable(2)
    expect(world.syncReply(world.sync({ memberId: follower! })).assignment).toEqual(
      named(follower!),
    )
  })

  test('that waits ends with UNKNOWN_MEMBER_ID when its member leaves', () => {
    const world = new GroupWorld()
    const [leader, follower] = world.stable(2)
    world.join({ memberId: leader! })
    world.join({ memberId: follower! })
    const waiting = world.sync({ memberId: follower! })
    world.leave([{ memberId: follower! }])
    expect(world.errorOf(waiting)).toBe('UNKNOWN_MEMBER_ID')
  })

  test('of a leader whose assignment no record can hold fails, and the group rebalances', () => {
    const world = new GroupWorld({ maxMessageBytes: 4_096 })
    const [leader, follower] = world.stable(2)
    world.join({ memberId: leader! })
    world.join({ memberId: follower! })
    const waiting = world.sync({ memberId: follower! })
    const assignments = { [leader!]: new Uint8Array(5_000) }
    const own = world.sync({ memberId: leader!, assignments })
    expect(world.errorOf(own)).toBe('UNKNOWN_SERVER_ERROR')
    expect(world.errorOf(waiting)).toBe('UNKNOWN_SERVER_ERROR')
    expect(world.state).toBe('PreparingRebalance')
  })
})

describe('Heartbeat', () => {
  test('refuses an empty group id, an absent group, a stranger and an old generation', () => {
    const world = new GroupWorld()
    expect(world.heartbeat({ memberId: 'x', groupId: '' })).toBe('INVALID_GROUP_ID')
    expect(world.heartbeat({ memberId: 'x' })).toBe('UNKNOWN_MEMBER_ID')
    const [memberId] = world.stable(1)
    expect(world.heartbeat({ memberId: 'x' })).toBe('UNKNOWN_MEMBER_ID')
    expect(world.heartbeat({ memberId: memberId!, generationId: 7 })).toBe('ILLEGAL_GENERATION')
  })

  test('is welcome while the leader assigns', () => {
    const world = new GroupWorld()
    const { memberId } = world.enter()
    world.tick()
    expect(world.state).toBe('CompletingRebalance')
    expect(world.heartbeat({ memberId })).toBe('NONE')
  })

  test('keeps a member for another session', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    world.wait(SESSION_MS - 1)
    world.heartbeat({ memberId: memberId! })
    world.wait(SESSION_MS - 1)
    expect(world.memberIds).toEqual([memberId])
    world.wait(1)
    expect(world.state).toBe('Empty')
  })
})

describe('LeaveGroup', () => {
  test('empties the group when its last member goes, at once', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    expect(world.leave([{ memberId: memberId! }]).members[0]!.errorCode).toBe(0)
    expect(world.state).toBe('Empty')
    expect(world.generationId).toBe(2)
  })

  test('answers each member of a list for itself', () => {
    const world = new GroupWorld()
    const [first, second] = world.stable(2)
    const pending = world.joinReply(world.join()).memberId
    const { members } = world.leave([
      { memberId: first! },
      { memberId: 'ghost' },
      { memberId: pending },
      { memberId: first! },
    ])
    expect(members.map(member => errorName(member.errorCode))).toEqual([
      'NONE',
      'UNKNOWN_MEMBER_ID',
      'NONE',
      'UNKNOWN_MEMBER_ID',
    ])
    expect(world.memberIds).toEqual([second])
  })

  test('of an absent group answers each member as unknown', () => {
    const world = new GroupWorld()
    expect(world.leave([{ memberId: 'a' }])).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      members: [{ memberId: 'a', groupInstanceId: null, errorCode: 25 }],
    })
  })

  test('has one member and one error before version 3', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    const leave = (memberId: string) =>
      world.reply(
        world.send({
          type: 'LeaveGroup',
          apiVersion: 2,
          request: { groupId: GROUP, memberId, members: [] },
        }),
      )
    expect(leave('ghost')).toEqual({ throttleTimeMs: 0, errorCode: 25, members: [] })
    expect(leave(memberId!)).toEqual({ throttleTimeMs: 0, errorCode: 0, members: [] })
  })

  test('completes a rebalance that waited for the one that goes', () => {
    const world = new GroupWorld()
    const [leader, follower] = world.stable(2)
    const rejoin = world.join({ memberId: leader! })
    world.leave([{ memberId: follower! }])
    expect(world.joinReply(rejoin).members).toHaveLength(1)
  })
})

describe('DescribeGroups', () => {
  test('shows protocol and metadata of a stable group', () => {
    const world = new GroupWorld()
    const [memberId] = world.stable(1)
    expect(world.describe()).toEqual({
      errorCode: 0,
      errorMessage: null,
      groupId: GROUP,
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
      members: [
        {
          memberId,
          groupInstanceId: null,
          clientId: 'client',
          clientHost: '/127.0.0.1',
          memberMetadata: subscription(['orders']),
          memberAssignment: named(memberId!),
        },
      ],
      authorizedOperations: -2_147_483_648,
    })
  })

  test('leaves protocol and metadata out while the group rebalances', () => {
    const world = new GroupWorld()
    const [leader] = world.stable(2)
    world.join({ memberId: leader! })
    const described = world.describe()
    expect(described).toMatchObject({ groupState: 'PreparingRebalance', protocolData: '' })
    expect(described.members[0]!.memberMetadata).toEqual(new Uint8Array(0))
  })

  test('calls an absent group dead, and an error from version 6 on', () => {
    const world = new GroupWorld()
    expect(world.describe('nope', 5)).toMatchObject({ errorCode: 0, groupState: 'Dead' })
    expect(world.describe('nope', 6)).toMatchObject({
      errorCode: 69,
      errorMessage: 'Group nope not found.',
      groupState: 'Dead',
    })
  })
})

describe('ListGroups', () => {
  test('filters by state and type, whatever their case', () => {
    const world = new GroupWorld()
    world.stable(1)
    world.commit({ groupId: 'simple' })
    const stable = {
      groupId: GROUP,
      protocolType: 'consumer',
      groupState: 'Stable',
      groupType: 'classic',
    }
    const simple = {
      groupId: 'simple',
      protocolType: '',
      groupState: 'Empty',
      groupType: 'classic',
    }
    expect(world.list()).toEqual([stable, simple])
    expect(world.list({ states: [' STABLE '] })).toEqual([stable])
    expect(world.list({ states: ['empty', 'dead'] })).toEqual([simple])
    expect(world.list({ types: ['Classic'], states: ['Empty'] })).toEqual([simple])
    expect(world.list({ types: ['consumer'] })).toEqual([])
  })
})

describe('DeleteGroups', () => {
  test('refuses groups that have members or are not there, and deletes the others', () => {
    const world = new GroupWorld()
    world.stable(1)
    world.commit({ groupId: 'simple' })
    expect(world.deleteGroups(GROUP, 'simple', 'nope', 'simple')).toEqual([
      'NON_EMPTY_GROUP',
      'NONE',
      'GROUP_ID_NOT_FOUND',
    ])
    expect(world.list().map(group => group.groupId)).toEqual([GROUP])
    world.restart()
    expect(world.list().map(group => group.groupId)).toEqual([GROUP])
  })

  test('forgets members that were to come back', () => {
    const world = new GroupWorld()
    const pending = world.joinReply(world.join()).memberId
    expect(world.deleteGroups(GROUP)).toEqual(['NONE'])
    expect(world.shard.nextDeadlineMs()).toBe(
      world.nowMs + world.config.offsetsRetentionCheckIntervalMs,
    )
    expect(world.errorOf(world.join({ memberId: pending }))).toBe('UNKNOWN_MEMBER_ID')
  })
})
