import { expect, test } from 'vitest'
import type {
  GroupDescription,
  GroupMember,
  GroupPartition,
} from '../../../../src-main/contract/model/group.ts'
import { findingsOf } from '../../../../src-renderer/features/groups/group-findings.ts'
import { typeText } from '../../../../src-renderer/features/groups/group-type.ts'

function member(memberId: string, more: Partial<GroupMember> = {}): GroupMember {
  return {
    memberId,
    groupInstanceId: null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    subscribedTopics: ['orders'],
    assignment: [{ topic: 'orders', partitions: [0] }],
    tasks: null,
    assignmentBytes: null,
    joinedMs: null,
    lastMove: null,
    ...more,
  }
}

function partition(more: Partial<GroupPartition>): GroupPartition {
  return {
    topic: 'orders',
    partition: 0,
    committedOffset: 5n,
    committedLeaderEpoch: 0,
    metadata: '',
    logStartOffset: 0n,
    highWatermark: 5n,
    lag: 0n,
    fellOffLog: false,
    memberId: null,
    sharedBy: [],
    heldSinceMs: null,
    lagTime: null,
    trend: null,
    drain: { type: 'drained' },
    commit: { type: 'unknown', reason: '' },
    problem: null,
    ...more,
  }
}

function group(more: Partial<GroupDescription>): GroupDescription {
  return {
    groupId: 'g',
    state: 'Stable',
    type: 'share',
    protocolType: 'share',
    protocol: 'simple',
    coordinator: 1,
    members: [],
    partitions: [],
    totalLag: 0n,
    unknownLagCount: 0,
    lagTime: null,
    trend: null,
    drain: { type: 'drained' },
    commit: { type: 'unknown', reason: '' },
    topology: null,
    generationId: 1,
    stateSinceMs: null,
    offsetsRetentionMs: null,
    rebalanceVersion: 0,
    observedAtMs: 0n,
    ...more,
  }
}

const typesOf = (described: GroupDescription) => findingsOf(described).map(({ type }) => type)

test('a partition that members share is held; one that none has is not', () => {
  const members = [member('a'), member('b')]
  const shared = partition({ sharedBy: ['a', 'b'] })
  expect(typesOf(group({ members, partitions: [shared] }))).toEqual([])
  expect(typesOf(group({ members, partitions: [partition({})] }))).toEqual(['unheld'])
})

test('a member with standby tasks alone is not idle; one without any is', () => {
  const none = { active: [], standby: [], warmup: [] }
  const standby = { ...none, standby: [{ subtopologyId: '0', partition: 0 }] }
  const held = partition({ memberId: 'a' })
  const streams = (tasks: GroupMember['tasks']) =>
    group({
      type: 'streams',
      members: [member('a'), member('b', { assignment: [], tasks })],
      partitions: [held],
    })
  expect(typesOf(streams(standby))).toEqual([])
  expect(typesOf(streams(none))).toEqual(['idle-members'])
})

test('a type that says all is said once', () => {
  expect(typeText({ type: 'share', protocolType: 'share' })).toBe('share')
  expect(typeText({ type: 'classic', protocolType: 'connect' })).toBe('classic · connect')
  expect(typeText({ type: null, protocolType: '' })).toBe('')
})
