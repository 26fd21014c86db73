import { describe, expect, test } from 'vitest'
import { errorName } from '../../../engine/protocol/errors.ts'
import { GROUP, GroupWorld, SESSION_MS, named, subscription } from './group-world.ts'

/** A stable group of static members `i1` (leader) and `i2`. */
function staticPair(): { world: GroupWorld; first: string; second: string } {
  const world = new GroupWorld()
  world.join({ groupInstanceId: 'i1' })
  world.join({ groupInstanceId: 'i2' })
  world.tick()
  world.assignAll()
  const [first, second] = world.memberIds
  return { world, first: first!, second: second! }
}

describe('a static member', () => {
  test('is a member at its first request, under its instance name', () => {
    const { first, world } = staticPair()
    expect(first).toMatch(/^i1-/)
    expect(world.generationId).toBe(1)
  })

  test('that restarts gets a new id and its old assignment without a rebalance', () => {
    const { world, first, second } = staticPair()
    const answer = world.joinReply(world.join({ groupInstanceId: 'i2' }))
    expect(answer).toMatchObject({ errorCode: 0, generationId: 1, leader: first, members: [] })
    expect(answer.memberId).not.toBe(second)
    expect(world.state).toBe('Stable')
    const sync = world.sync({ memberId: answer.memberId, groupInstanceId: 'i2' })
    expect(world.syncReply(sync).assignment).toEqual(named(second))
  })

  test('fences its old self, in every request', () => {
    const { world, second } = staticPair()
    world.join({ groupInstanceId: 'i2' })
    const old = { memberId: second, groupInstanceId: 'i2' }
    expect(world.heartbeat(old)).toBe('FENCED_INSTANCE_ID')
    expect(world.errorOf(world.sync(old))).toBe('FENCED_INSTANCE_ID')
    expect(world.errorOf(world.join(old))).toBe('FENCED_INSTANCE_ID')
    expect(world.commitErrors({ ...old, generationId: 1 })).toEqual(['FENCED_INSTANCE_ID'])
    expect(errorName(world.leave([old]).members[0]!.errorCode)).toBe('FENCED_INSTANCE_ID')
  })

  test('that leads and restarts is told to skip the assignment from version 9 on', () => {
    const { world, second } = staticPair()
    const answer = world.joinReply(world.join({ groupInstanceId: 'i1', apiVersion: 9 }))
    expect(answer.skipAssignment).toBe(true)
    expect(answer.leader).toBe(answer.memberId)
    expect(answer.members.map(member => member.memberId).sort()).toEqual(
      [answer.memberId, second].sort(),
    )
  })

  test('that leads and restarts is answered as a follower before version 9', () => {
    const { world, first } = staticPair()
    const answer = world.joinReply(world.join({ groupInstanceId: 'i1', apiVersion: 8 }))
    expect(answer).toMatchObject({ leader: first, members: [], skipAssignment: false })
    expect(world.shard.summary(GROUP)!.leaderId).toBe(answer.memberId)
  })

  test('that restarts with protocols that change the vote starts a rebalance', () => {
    const world = new GroupWorld()
    const both = [
      { name: 'range', metadata: subscription(['orders']) },
      { name: 'sticky', metadata: subscription(['orders']) },
    ]
    world.join({ groupInstanceId: 'i1', protocols: both })
    world.join({ groupInstanceId: 'i2', protocols: both })
    world.tick()
    world.assignAll()
    const token = world.join({ groupInstanceId: 'i2', protocols: [both[1]!] })
    expect(world.errorOf(token)).toBe('waiting')
    expect(world.state).toBe('PreparingRebalance')
  })

  test('that restarts while the leader assigns starts a rebalance', () => {
    const { world, first, second } = staticPair()
    world.join({ memberId: first, groupInstanceId: 'i1' })
    world.join({ memberId: second, groupInstanceId: 'i2' })
    expect(world.state).toBe('CompletingRebalance')
    const waiting = world.sync({ memberId: second, groupInstanceId: 'i2' })
    world.join({ groupInstanceId: 'i2' })
    expect(world.errorOf(waiting)).toBe('FENCED_INSTANCE_ID')
    expect(world.state).toBe('PreparingRebalance')
  })

  test('whose old self waits with a join answers that one as fenced', () => {
    const { world, first } = staticPair()
    const waiting = world.join({ memberId: first, groupInstanceId: 'i1' })
    const again = world.join({ groupInstanceId: 'i1' })
    expect(world.errorOf(waiting)).toBe('FENCED_INSTANCE_ID')
    expect(world.errorOf(again)).toBe('waiting')
  })

  test('stays in the group when it does not rejoin in time, and is out when its session ends', () => {
    const world = new GroupWorld()
    const patient = { sessionTimeoutMs: 120_000 }
    world.join({ ...patient, groupInstanceId: 'i1' })
    world.join({ ...patient, groupInstanceId: 'i2' })
    world.tick()
    world.assignAll()
    const [first, second] = world.memberIds
    const rejoin = world.join({ ...patient, memberId: first!, groupInstanceId: 'i1' })
    world.wait(60_000)
    expect(world.joinReply(rejoin).members.map(member => member.memberId)).toEqual([first, second])
  })

  test('is removed by an administrator who knows its instance id alone', () => {
    const { world, first } = staticPair()
    const answer = world.leave([{ groupInstanceId: 'i2', reason: 'scaled down' }])
    expect(answer).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      members: [{ memberId: '', groupInstanceId: 'i2', errorCode: 0 }],
    })
    expect(world.memberIds).toEqual([first])
    expect(world.state).toBe('PreparingRebalance')
  })

  test('is unknown under an instance id that nobody has', () => {
    const { world, first } = staticPair()
    const stranger = { memberId: first, groupInstanceId: 'i9' }
    expect(world.heartbeat(stranger)).toBe('UNKNOWN_MEMBER_ID')
    expect(errorName(world.leave([{ groupInstanceId: 'i9' }]).members[0]!.errorCode)).toBe(
      'UNKNOWN_MEMBER_ID',
    )
  })

  test('survives a restart of the coordinator with its id and assignment', () => {
    const { world, second } = staticPair()
    const renewed = world.joinReply(world.join({ groupInstanceId: 'i2' })).memberId
    world.restart()
    expect(world.heartbeat({ memberId: renewed, groupInstanceId: 'i2' })).toBe('NONE')
    expect(world.heartbeat({ memberId: second, groupInstanceId: 'i2' })).toBe('FENCED_INSTANCE_ID')
    world.wait(SESSION_MS)
    expect(world.state).toBe('Empty')
  })

  test('that restarts before it asked for its assignment may ask under its new id', () => {
    const world = new GroupWorld()
    const patient = { sessionTimeoutMs: 120_000 }
    world.join({ ...patient, groupInstanceId: 'i1' })
    world.join({ ...patient, groupInstanceId: 'i2' })
    world.tick()
    const [first] = world.memberIds
    world.sync({ memberId: first!, groupInstanceId: 'i1', assignments: {} })
    expect(world.state).toBe('Stable')
    const { memberId } = world.joinReply(world.join({ ...patient, groupInstanceId: 'i2' }))
    world.sync({ memberId, groupInstanceId: 'i2' })
    world.wait(100_000)
    expect(world.state).toBe('Stable')
    expect(world.memberIds).toEqual([first, memberId])
  })
})
