import { describe, expect, test } from 'vitest'
import { changeOf, recordOf } from '../../../engine/group/group-records.ts'
import {
  decodeCoordinatorRecord,
  encodeCoordinatorRecord,
} from '../../../engine/protocol/coordinator-records/coordinator-record.ts'
import { InvalidFrameError } from '../../../engine/protocol/invalid-frame.ts'
import { GROUP, GroupWorld, named, subscription } from './group-world.ts'

describe('the records of a shard', () => {
  test('are what Apache Kafka writes for a group’s first generation', () => {
    const world = new GroupWorld()
    const { memberId } = world.enter()
    world.wait(5)
    world.sync({ memberId, assignments: { [memberId]: named('0') } })
    const [created, stable, ...others] = world.log.map(({ key, value }) =>
      decodeCoordinatorRecord(key, value),
    )
    expect(others).toEqual([])
    expect(created).toMatchObject({
      type: 'GroupMetadata',
      key: { group: GROUP },
      value: { protocolType: '', generation: 0, protocol: null, leader: null, members: [] },
    })
    expect(stable).toMatchObject({
      type: 'GroupMetadata',
      value: {
        protocolType: 'consumer',
        generation: 1,
        protocol: 'range',
        leader: memberId,
        // Since it is completing the rebalance: the record is written on the way to stable.
        currentStateTimestamp: BigInt(world.nowMs - 5),
        members: [
          { memberId, clientId: 'client', clientHost: '/127.0.0.1', sessionTimeout: 10_000 },
        ],
      },
    })
    expect([...world.log[1]!.value!.subarray(0, 2)]).toEqual([0, 3])
  })

  test('end with tombstones of the offsets and then of the group when it is deleted', () => {
    const world = new GroupWorld()
    world.commit({ offsets: { 0: 1n, 1: 2n } })
    world.deleteGroups(GROUP)
    expect(world.log.slice(2).map(record => changeOf(record))).toEqual([
      { type: 'offset-removed', groupId: GROUP, topic: 'orders', partition: 0 },
      { type: 'offset-removed', groupId: GROUP, topic: 'orders', partition: 1 },
      { type: 'group-removed', groupId: GROUP },
    ])
  })

  test('name no member twice: those that do are refused before a group is made of them', () => {
    const member = {
      memberId: 'm',
      groupInstanceId: 'i',
      clientId: 'c',
      clientHost: 'h',
      rebalanceTimeout: 1,
      sessionTimeout: 1,
      subscription: new Uint8Array(0),
      assignment: new Uint8Array(0),
    }
    const group = { protocolType: 'consumer', generation: 1, protocol: 'range', leader: 'm' }
    const recordWith = (...members: (typeof member)[]) =>
      encodeCoordinatorRecord(
        {
          type: 'GroupMetadata',
          key: { group: GROUP },
          value: { ...group, currentStateTimestamp: 1n, members },
        },
        3,
      )
    expect(changeOf(recordWith(member))).toMatchObject({ type: 'group-written' })
    const twice = recordWith(member, { ...member, groupInstanceId: 'j' })
    expect(() => changeOf(twice)).toThrow(InvalidFrameError)
    const sameInstance = recordWith(member, { ...member, memberId: 'n' })
    expect(() => changeOf(sameInstance)).toThrow(InvalidFrameError)
  })

  test('hold their own copy of what a request brought', () => {
    const world = new GroupWorld()
    const metadata = subscription(['orders'])
    const { memberId } = world.enter({ protocols: [{ name: 'range', metadata }] })
    world.tick()
    const assignment = named('mine')
    world.sync({ memberId, assignments: { [memberId]: assignment } })
    metadata.fill(0xff)
    assignment.fill(0xff)
    expect(world.describe().members[0]).toMatchObject({
      memberMetadata: subscription(['orders']),
      memberAssignment: named('mine'),
    })
  })
})

describe('a log of another Kafka', () => {
  test('gives members of its first version one timeout for both', () => {
    const world = new GroupWorld()
    const member = {
      memberId: 'm',
      clientId: 'c',
      clientHost: '/10.0.0.1',
      sessionTimeout: 30_000,
      subscription: subscription(['orders']),
      assignment: named('0'),
    }
    world.log.push(
      encodeCoordinatorRecord(
        {
          type: 'GroupMetadata',
          key: { group: GROUP },
          value: {
            protocolType: 'consumer',
            generation: 7,
            protocol: 'range',
            leader: 'm',
            members: [member],
          },
        },
        0,
      ),
    )
    world.restart()
    expect(world.shard.summary(GROUP)).toMatchObject({
      state: 'Stable',
      stateSinceMs: null,
      generationId: 7,
      subscribedTopics: ['orders'],
      members: [{ memberId: 'm', sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000 }],
    })
    expect(world.heartbeat({ memberId: 'm', generationId: 7 })).toBe('NONE')
  })

  test('is read past the records of other kinds of groups', () => {
    const world = new GroupWorld()
    world.log.push(
      encodeCoordinatorRecord({
        type: 'ConsumerGroupMetadata',
        key: { groupId: 'modern' },
        value: { epoch: 3 },
      }),
      { key: Uint8Array.of(0, 14, 1, 2, 3), value: null },
    )
    world.commit()
    world.restart()
    expect(world.list().map(group => group.groupId)).toEqual([GROUP])
  })

  test('brings offsets under the oldest key', () => {
    const world = new GroupWorld()
    world.log.push(
      encodeCoordinatorRecord({
        type: 'LegacyOffsetCommit',
        key: { group: GROUP, topic: 'orders', partition: 0 },
        value: { offset: 12n, metadata: '', commitTimestamp: BigInt(world.nowMs) },
      }),
    )
    world.restart()
    expect(world.committed()).toBe(12n)
  })

  test('has nobody’s offsets where the group is gone and they are not', () => {
    const world = new GroupWorld()
    world.commit()
    world.log.push(recordOf({ type: 'group-removed', groupId: GROUP }))
    world.restart()
    expect(world.committed()).toBe(-1n)
    expect(world.fetch({ topics: null }).groups[0]!.topics).toEqual([])
  })

  test('is refused where its bytes are no record', () => {
    const world = new GroupWorld()
    world.log.push({ key: Uint8Array.of(0, 2, 0), value: null })
    expect(() => world.restart()).toThrow(InvalidFrameError)
  })

  test('gives back the tombstones it holds', () => {
    const removed = { type: 'offset-removed', groupId: 'g', topic: 't', partition: 4 } as const
    expect(changeOf(recordOf(removed))).toEqual(removed)
  })
})
