/** Whole stories, with several members and the diary of what happened. */
import { describe, expect, test } from 'vitest'
import { errorName } from '../../../engine/protocol/errors.ts'
import { GROUP, GroupWorld, SESSION_MS, named, subscription } from './group-world.ts'

describe('two consumers', () => {
  test('share a group, and the one that stays inherits everything', () => {
    const world = new GroupWorld()
    const first = world.enter({ clientId: 'one' })
    world.tick()
    world.sync({ memberId: first.memberId, assignments: { [first.memberId]: named('0,1') } })

    const second = world.enter({ clientId: 'two' })
    expect(world.heartbeat(first)).toBe('REBALANCE_IN_PROGRESS')
    const rejoin = world.join({ memberId: first.memberId })
    const { members, generationId } = world.joinReply(rejoin)
    expect(members.map(member => member.memberId)).toEqual([first.memberId, second.memberId])
    expect(generationId).toBe(2)

    const waiting = world.sync({ memberId: second.memberId })
    world.sync({
      memberId: first.memberId,
      assignments: { [first.memberId]: named('0'), [second.memberId]: named('1') },
    })
    expect(world.syncReply(waiting).assignment).toEqual(named('1'))
    expect(world.heartbeat(first)).toBe('NONE')
    expect(world.commitErrors({ memberId: second.memberId, generationId: 2 })).toEqual(['NONE'])

    world.leave([{ memberId: first.memberId, reason: 'the consumer is being closed' }])
    expect(world.heartbeat({ memberId: second.memberId, generationId: 2 })).toBe(
      'REBALANCE_IN_PROGRESS',
    )
    const alone = world.joinReply(world.join({ memberId: second.memberId }))
    expect(alone).toMatchObject({ leader: second.memberId, generationId: 3 })
    world.sync({ memberId: second.memberId, assignments: { [second.memberId]: named('0,1') } })
    expect(world.state).toBe('Stable')
  })

  test('move a partition cooperatively in two short rebalances', () => {
    const world = new GroupWorld()
    const cooperative = (...owned: readonly string[]) => ({
      protocols: [
        {
          name: 'cooperative-sticky',
          metadata: Uint8Array.from([...subscription(['orders']), ...named(owned.join())]),
        },
      ],
    })
    const protocolName = 'cooperative-sticky'
    const first = world.enter(cooperative())
    world.tick()
    world.sync({
      memberId: first.memberId,
      protocolName,
      assignments: { [first.memberId]: named('0,1') },
    })

    const second = world.enter(cooperative())
    world.join({ memberId: first.memberId, ...cooperative('0', '1') })
    const empty = world.sync({ memberId: second.memberId, protocolName })
    // The new member has to wait until the old one let go.
    world.sync({
      memberId: first.memberId,
      protocolName,
      assignments: { [first.memberId]: named('0'), [second.memberId]: new Uint8Array(0) },
    })
    expect(world.syncReply(empty).assignment).toEqual(new Uint8Array(0))
    expect(world.state).toBe('Stable')

    const revoked = world.join({ memberId: first.memberId, ...cooperative('0') })
    expect(world.heartbeat({ memberId: second.memberId })).toBe('REBALANCE_IN_PROGRESS')
    world.join({ memberId: second.memberId, ...cooperative() })
    expect(world.joinReply(revoked).generationId).toBe(3)
    const given = world.sync({ memberId: second.memberId, protocolName })
    world.sync({
      memberId: first.memberId,
      protocolName,
      assignments: { [first.memberId]: named('0'), [second.memberId]: named('1') },
    })
    expect(world.syncReply(given).assignment).toEqual(named('1'))
  })

  test('survive a restart of the coordinator without noticing', () => {
    const world = new GroupWorld()
    const [first, second] = world.stable(2)
    world.commit({ memberId: first!, generationId: world.generationId })
    const before = world.shard.summary(GROUP)
    world.wait(SESSION_MS - 1)
    world.restart()
    expect(world.shard.summary(GROUP)).toEqual({
      ...before,
      stateSinceMs: expect.any(Number),
    })
    world.wait(SESSION_MS - 1)
    expect(world.heartbeat({ memberId: first! })).toBe('NONE')
    expect(world.heartbeat({ memberId: second! })).toBe('NONE')
    expect(world.syncReply(world.sync({ memberId: second! })).assignment).toEqual(named(second!))
    expect(world.committed()).toBe(10n)
  })

  test('lose a generation that was not assigned when the coordinator restarts', () => {
    const world = new GroupWorld()
    const [first, second] = world.stable(2)
    const { generationId } = world
    world.join({ memberId: first! })
    world.join({ memberId: second! })
    world.restart()
    expect(world.generationId).toBe(generationId)
    expect(
      errorName(
        world.syncReply(world.sync({ memberId: first!, generationId: generationId + 1 })).errorCode,
      ),
    ).toBe('ILLEGAL_GENERATION')
  })
})

describe('rebalances on top of each other', () => {
  test('end in one generation that has everybody', () => {
    const world = new GroupWorld()
    const [first, second] = world.stable(2)
    world.join({ memberId: first! })
    world.join({ memberId: second! })
    const outdated = world.sync({ memberId: second! })
    const third = world.enter()
    expect(world.errorOf(outdated)).toBe('REBALANCE_IN_PROGRESS')
    const late = world.sync({
      memberId: first!,
      assignments: { [first!]: named('all') },
    })
    expect(world.errorOf(late)).toBe('REBALANCE_IN_PROGRESS')
    const rejoins = [first!, second!].map(memberId => world.join({ memberId }))
    const generations = [...rejoins, third.token].map(token => world.joinReply(token).generationId)
    expect(new Set(generations).size).toBe(1)
  })
})

describe('the diary', () => {
  test('tells a group’s life with reasons', () => {
    const world = new GroupWorld()
    const { memberId } = world.enter({ clientId: 'one', reason: 'first poll' })
    world.tick()
    world.sync({ memberId, assignments: { [memberId]: named('0') } })
    world.leave([{ memberId, reason: 'closed' }])
    const at = { groupId: GROUP, atMs: world.nowMs }
    expect(world.events).toEqual([
      {
        ...at,
        type: 'member-joined',
        memberId,
        groupInstanceId: null,
        clientId: 'one',
        clientHost: '/127.0.0.1',
        reason: 'first poll',
      },
      {
        ...at,
        type: 'rebalance-started',
        generationId: 0,
        reason: `member ${memberId} joins; client reason: first poll`,
      },
      {
        ...at,
        type: 'generation-formed',
        generationId: 1,
        leaderId: memberId,
        protocolName: 'range',
        memberIds: [memberId],
      },
      { ...at, type: 'member-synced', memberId, generationId: 1 },
      {
        ...at,
        type: 'assignment-received',
        generationId: 1,
        leaderId: memberId,
        assignments: [{ memberId, assignment: named('0') }],
      },
      { ...at, type: 'member-left', memberId, groupInstanceId: null, reason: 'closed' },
      { ...at, type: 'rebalance-started', generationId: 1, reason: `left: ${memberId}` },
      { ...at, type: 'group-emptied', generationId: 2 },
    ])
  })
})

describe('the diary of a rebalance', () => {
  test('says who rejoined and who asked for the assignment', () => {
    const world = new GroupWorld()
    const { memberId } = world.enter()
    world.tick()
    world.sync({ memberId, assignments: { [memberId]: named('0') } })
    const second = world.enter()
    const before = world.events.length
    world.join({ memberId, reason: 'told to' })
    world.sync({ memberId: second.memberId, assignments: {} })
    expect(world.events.slice(before)).toMatchObject([
      { type: 'member-rejoined', memberId, reason: 'told to' },
      { type: 'generation-formed', generationId: 2 },
      { type: 'member-synced', memberId: second.memberId, generationId: 2 },
    ])
  })
})

describe('the summary', () => {
  test('shows who has which partitions and who waits for what', () => {
    const world = new GroupWorld()
    const { memberId } = world.enter()
    const second = world.enter()
    world.tick()
    world.join({ memberId })
    // oxfmt-ignore
    const assignment = Uint8Array.from([
      0, 1, 0, 0, 0, 1, 0, 6, ...named('orders'),
      0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255, 255,
    ])
    world.sync({ memberId, assignments: { [memberId]: assignment } })
    const rejoin = world.join({ memberId })
    expect(world.errorOf(rejoin)).toBe('waiting')
    const { members, ...group } = world.shard.summary(GROUP)!
    expect(group).toMatchObject({
      state: 'PreparingRebalance',
      protocolType: 'consumer',
      leaderId: memberId,
      subscribedTopics: ['orders'],
      pendingMemberCount: 0,
    })
    expect(members[0]).toMatchObject({
      memberId,
      awaits: 'join',
      sessionTimeoutMs: SESSION_MS,
      assigned: [{ topic: 'orders', partitions: [0, 3] }],
    })
    expect(members[1]).toMatchObject({ memberId: second.memberId, awaits: null, assigned: [] })
    expect(world.shard.pendingTokens()).toEqual([rejoin])
  })
})

describe('fifteen thousand groups', () => {
  test('end their sessions in one tick', () => {
    const world = new GroupWorld()
    const groups = 15_000
    for (let index = 0; index < groups; index++) world.join({ groupId: `g${index}`, apiVersion: 3 })
    world.tick()
    expect(world.shard.groupIds()).toHaveLength(groups)
    expect(world.shard.nextDeadlineMs()).toBe(world.nowMs + SESSION_MS)
    world.wait(SESSION_MS)
    expect(world.shard.summary('g7')!.state).toBe('Empty')
  })
})
