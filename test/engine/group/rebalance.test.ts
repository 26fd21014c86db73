import { describe, expect, test } from 'vitest'
import { errorName } from '../../../engine/protocol/errors.ts'
import { GROUP, GroupWorld, REBALANCE_MS, SESSION_MS, named, subscription } from './group-world.ts'

describe('a first member', () => {
  test('forms generation 1 alone, as its leader, on the tick after it joined', () => {
    const world = new GroupWorld()
    const { memberId, token } = world.enter()
    expect(world.errorOf(token)).toBe('waiting')
    expect(world.shard.nextDeadlineMs()).toBe(world.nowMs)

    world.tick()

    expect(world.joinReply(token)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      generationId: 1,
      protocolType: 'consumer',
      protocolName: 'range',
      leader: memberId,
      skipAssignment: false,
      memberId,
      members: [{ memberId, groupInstanceId: null, metadata: subscription(['orders']) }],
    })
    expect(world.state).toBe('CompletingRebalance')
  })

  test('makes the group stable with its own assignment', () => {
    const world = new GroupWorld()
    const { memberId } = world.enter()
    world.tick()
    const token = world.sync({ memberId, assignments: { [memberId]: named('all') } })
    expect(world.syncReply(token)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      protocolType: 'consumer',
      protocolName: 'range',
      assignment: named('all'),
    })
    expect(world.state).toBe('Stable')
  })

  test('has an id made of its client id and a UUID', () => {
    const world = new GroupWorld()
    const { memberId } = world.enter({ clientId: 'billing' })
    expect(memberId).toMatch(
      /^billing-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  test('needs no second request before version 4', () => {
    const world = new GroupWorld()
    const token = world.join({ apiVersion: 3 })
    world.tick()
    expect(errorName(world.joinReply(token).errorCode)).toBe('NONE')
  })

  test('has its session timeout as rebalance timeout in version 0', () => {
    const world = new GroupWorld()
    world.join({ apiVersion: 0, rebalanceTimeoutMs: -1, sessionTimeoutMs: 7_000 })
    expect(world.shard.summary(GROUP)!.members[0]!.rebalanceTimeoutMs).toBe(7_000)
  })
})

describe('the initial delay', () => {
  test('gathers members into one generation', () => {
    const world = new GroupWorld({ initialRebalanceDelayMs: 3_000 })
    const first = world.enter()
    world.wait(1_000)
    const second = world.enter()
    world.wait(1_999)
    expect(world.errorOf(first.token)).toBe('waiting')
    world.wait(3_001)
    expect(world.joinReply(first.token).generationId).toBe(1)
    expect(world.joinReply(second.token).generationId).toBe(1)
  })

  test('is extended while members arrive, up to the rebalance timeout', () => {
    const world = new GroupWorld({ initialRebalanceDelayMs: 3_000 })
    const options = { rebalanceTimeoutMs: 7_000 }
    const first = world.enter(options)
    for (const waitMs of [2_000, 2_000, 2_000]) {
      world.wait(waitMs)
      world.enter(options)
    }
    world.wait(999)
    expect(world.errorOf(first.token)).toBe('waiting')
    world.wait(1)
    expect(world.errorOf(first.token)).toBe('NONE')
    expect(world.memberIds).toHaveLength(4)
  })

  test('is not extended when nobody arrived', () => {
    const world = new GroupWorld({ initialRebalanceDelayMs: 3_000 })
    const { token } = world.enter()
    world.wait(2_999)
    expect(world.errorOf(token)).toBe('waiting')
    world.wait(1)
    expect(world.errorOf(token)).toBe('NONE')
  })

  test('ends in an empty group when its member leaves meanwhile', () => {
    const world = new GroupWorld({ initialRebalanceDelayMs: 3_000 })
    const { memberId, token } = world.enter()
    world.leave([{ memberId }])
    expect(world.errorOf(token)).toBe('UNKNOWN_MEMBER_ID')
    expect(world.state).toBe('PreparingRebalance')
    world.wait(3_000)
    expect(world.state).toBe('Empty')
    expect(world.generationId).toBe(1)
  })
})

describe('a second member', () => {
  test('starts a rebalance, of which the first hears at its heartbeat', () => {
    const world = new GroupWorld()
    const [leader] = world.stable(1)
    const second = world.enter()
    expect(world.heartbeat({ memberId: leader! })).toBe('REBALANCE_IN_PROGRESS')

    const rejoin = world.join({ memberId: leader! })
    expect(world.joinReply(rejoin).generationId).toBe(2)
    expect(world.joinReply(second.token)).toMatchObject({ leader, generationId: 2, members: [] })
  })

  test('waits with SyncGroup for the assignment by the leader', () => {
    const world = new GroupWorld()
    const [leader] = world.stable(1)
    const second = world.enter()
    world.join({ memberId: leader! })
    const waiting = world.sync({ memberId: second.memberId })
    expect(world.errorOf(waiting)).toBe('waiting')

    world.sync({
      memberId: leader!,
      assignments: { [leader!]: named('a'), [second.memberId]: named('b') },
    })
    expect(world.syncReply(waiting).assignment).toEqual(named('b'))
  })

  test('gets an empty assignment when the leader forgets it', () => {
    const world = new GroupWorld()
    const [leader] = world.stable(1)
    const second = world.enter()
    world.join({ memberId: leader! })
    const waiting = world.sync({ memberId: second.memberId })
    world.sync({ memberId: leader!, assignments: { stranger: named('x') } })
    expect(world.syncReply(waiting)).toMatchObject({ errorCode: 0, assignment: new Uint8Array(0) })
  })

  test('keeps pending members from being left out of a running rebalance', () => {
    const world = new GroupWorld()
    const [leader] = world.stable(1)
    world.enter()
    const pending = world.joinReply(world.join()).memberId
    const rejoin = world.join({ memberId: leader! })
    expect(world.errorOf(rejoin)).toBe('waiting')
    world.join({ memberId: pending })
    expect(world.errorOf(rejoin)).toBe('NONE')
    expect(world.memberIds).toHaveLength(3)
  })
})

describe('time', () => {
  test('takes out a silent member, and the others rebalance', () => {
    const world = new GroupWorld()
    const [first, second] = world.stable(2)
    world.wait(SESSION_MS - 1)
    expect(world.heartbeat({ memberId: first! })).toBe('NONE')
    world.wait(1)
    expect(world.memberIds).toEqual([first])
    expect(world.state).toBe('PreparingRebalance')
    expect(world.heartbeat({ memberId: second! })).toBe('UNKNOWN_MEMBER_ID')
    expect(world.events).toContainEqual({
      type: 'member-removed',
      groupId: GROUP,
      atMs: world.nowMs,
      memberId: second,
      groupInstanceId: null,
      reason: 'session-timeout',
    })
  })

  test('takes out who does not rejoin within the rebalance timeout', () => {
    const world = new GroupWorld()
    const options = { sessionTimeoutMs: 120_000 }
    const [first, second] = world.stable(2, options)
    const rejoin = world.join({ ...options, memberId: first! })
    world.wait(REBALANCE_MS - 1)
    expect(world.errorOf(rejoin)).toBe('waiting')
    world.wait(1)
    expect(world.joinReply(rejoin)).toMatchObject({ errorCode: 0, generationId: 2 })
    expect(world.memberIds).toEqual([first])
    expect(world.heartbeat({ memberId: second! })).toBe('UNKNOWN_MEMBER_ID')
  })

  test('gives leadership to who rejoined when the leader did not', () => {
    const world = new GroupWorld()
    const options = { sessionTimeoutMs: 120_000 }
    const [first, second] = world.stable(2, options)
    world.enter(options)
    const rejoin = world.join({ ...options, memberId: second! })
    world.wait(REBALANCE_MS)
    expect(world.joinReply(rejoin).leader).toBe(second)
    expect(world.joinReply(rejoin).members).toHaveLength(2)
    expect(world.memberIds).not.toContain(first)
  })

  test('takes out members that never ask for their assignment', () => {
    const world = new GroupWorld()
    const options = { sessionTimeoutMs: 120_000 }
    const [first, second] = world.stable(2, options)
    world.join({ ...options, memberId: first! })
    world.join({ ...options, memberId: second! })
    world.sync({ memberId: first!, assignments: {} })
    expect(world.state).toBe('Stable')
    world.wait(REBALANCE_MS)
    expect(world.memberIds).toEqual([first])
    expect(world.state).toBe('PreparingRebalance')
  })

  test('elects another leader when the leader dies before it assigns', () => {
    const world = new GroupWorld()
    const [first, second] = world.stable(2)
    world.join({ memberId: first! })
    world.join({ memberId: second! })
    const waiting = world.sync({ memberId: second! })
    world.wait(SESSION_MS)
    expect(world.errorOf(waiting)).toBe('REBALANCE_IN_PROGRESS')
    expect(world.memberIds).toEqual([second])
    const rejoin = world.join({ memberId: second! })
    expect(world.joinReply(rejoin)).toMatchObject({ errorCode: 0, leader: second })
  })

  test('does not count against a member that waits for the group', () => {
    const world = new GroupWorld()
    const options = { sessionTimeoutMs: 6_000 }
    const [first, second] = world.stable(2, options)
    const rejoin = world.join({ ...options, memberId: first! })
    world.wait(3_000)
    expect(world.heartbeat({ memberId: second! })).toBe('REBALANCE_IN_PROGRESS')
    world.wait(5_999)
    expect(world.errorOf(rejoin)).toBe('waiting')
    expect(world.memberIds).toEqual([first, second])
  })

  test('counts anew from the assignment for a member that waited past its session', () => {
    const world = new GroupWorld()
    const [leader, follower] = world.stable(2)
    world.join({ memberId: leader! })
    world.join({ memberId: follower! })
    world.sync({ memberId: follower! })
    for (let beats = 0; beats < 3; beats++) {
      world.wait(9_000)
      expect(world.heartbeat({ memberId: leader! })).toBe('NONE')
    }
    world.sync({ memberId: leader!, assignments: {} })
    world.wait(SESSION_MS - 1)
    expect(world.heartbeat({ memberId: leader! })).toBe('NONE')
    expect(world.memberIds).toEqual([leader, follower])
    world.wait(1)
    expect(world.memberIds).toEqual([leader])
  })

  test('takes out a new member whose first join waits five minutes', () => {
    const world = new GroupWorld()
    const patient = { rebalanceTimeoutMs: 900_000, sessionTimeoutMs: 900_000 }
    world.stable(1, patient)
    const { token } = world.enter(patient)
    world.wait(299_999)
    expect(world.errorOf(token)).toBe('waiting')
    world.wait(1)
    expect(world.joinReply(token)).toMatchObject({ errorCode: 25, memberId: '' })
  })

  test('stops a rebalance from waiting for a pending member that does not come back', () => {
    const world = new GroupWorld()
    const patient = { sessionTimeoutMs: 120_000 }
    const [leader] = world.stable(1, patient)
    world.join()
    const rejoin = world.join({ ...patient, memberId: leader! })
    world.wait(SESSION_MS - 1)
    expect(world.errorOf(rejoin)).toBe('waiting')
    world.wait(1)
    expect(world.joinReply(rejoin).members).toHaveLength(1)
  })

  test('forgets a pending member that does not come back', () => {
    const world = new GroupWorld()
    world.stable(1, { sessionTimeoutMs: 120_000 })
    const pending = world.joinReply(world.join()).memberId
    world.wait(SESSION_MS)
    expect(world.shard.summary(GROUP)!.pendingMemberCount).toBe(0)
    expect(world.errorOf(world.join({ memberId: pending }))).toBe('UNKNOWN_MEMBER_ID')
  })

  test('lets static members that all stay away keep the group until their sessions end', () => {
    const world = new GroupWorld()
    const quick = { rebalanceTimeoutMs: 1_000, sessionTimeoutMs: 30_000, groupInstanceId: 'i1' }
    const { memberId } = world.joinReply(joinStatic(world, quick))
    world.assignAll()
    const dynamic = world.enter({ rebalanceTimeoutMs: 1_000, sessionTimeoutMs: 6_000 })
    world.leave([{ memberId: dynamic.memberId }])
    world.wait(20_000)
    expect(world.state).toBe('PreparingRebalance')
    expect(world.memberIds).toEqual([memberId])
    world.wait(10_000)
    expect(world.state).toBe('Empty')
  })
})

function joinStatic(world: GroupWorld, options: Parameters<GroupWorld['join']>[0]): number {
  const token = world.join(options)
  world.tick()
  return token
}
