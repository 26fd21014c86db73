/** Coordinators, members and committed offsets: good, odd and bad. Each version has its own group. */
import * as deleteGroups from '../../../engine/protocol/messages/delete-groups.ts'
import * as describeGroups from '../../../engine/protocol/messages/describe-groups.ts'
import * as findCoordinator from '../../../engine/protocol/messages/find-coordinator.ts'
import * as heartbeat from '../../../engine/protocol/messages/heartbeat.ts'
import * as joinGroup from '../../../engine/protocol/messages/join-group.ts'
import * as leaveGroup from '../../../engine/protocol/messages/leave-group.ts'
import * as listGroups from '../../../engine/protocol/messages/list-groups.ts'
import * as offsetCommit from '../../../engine/protocol/messages/offset-commit.ts'
import * as offsetDelete from '../../../engine/protocol/messages/offset-delete.ts'
import * as offsetFetch from '../../../engine/protocol/messages/offset-fetch.ts'
import * as syncGroup from '../../../engine/protocol/messages/sync-group.ts'
import { requestCase, type Case } from './cases.ts'

/** A topic of the topic cases that is still there. */
const TOPIC = 'assigned-7'
const OTHER = 'assigned-6'
const group = (version: number) => `group-${version}`

const find = (name: string, key: string, keyType = 0): Case =>
  requestCase(`FindCoordinator: ${name}`, {
    request: findCoordinator.findCoordinatorRequest,
    response: findCoordinator.findCoordinatorResponse,
    body: version => ({
      ...(version >= 4 ? { coordinatorKeys: [key] } : { key }),
      ...(version >= 1 ? { keyType } : {}),
    }),
  })

const joining = { request: joinGroup.joinGroupRequest, response: joinGroup.joinGroupResponse }
const join = (name: string, options: object = {}, keep = false): Case =>
  requestCase(`JoinGroup: ${name}`, {
    ...joining,
    body: (version, context) => ({
      groupId: group(version),
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      memberId: context.kept(`member-${version}`),
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from([0, 0]) }],
      ...options,
    }),
    after: (answer, context) => {
      if (keep) context.keep('last-member', answer.memberId)
    },
  })

/** Joins twice where the version asks for a member id first, and keeps it under the version. */
const joined: Case[] = Array.from({ length: 10 }, (_, version) =>
  [1, 2].map(round => {
    const each = requestCase(`JoinGroup: ${round === 1 ? 'new member' : 'member with its id'}`, {
      ...joining,
      from: version,
      to: version,
      body: (_version, context) => ({
        groupId: group(version),
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 30_000,
        memberId: context.kept(`member-${version}`),
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: Buffer.from([0, 0]) }],
      }),
      after: (answer, context) => context.keep(`member-${version}`, answer.memberId),
    })
    return each
  }),
).flat()

const sync = (name: string, options: object = {}): Case =>
  requestCase(`SyncGroup: ${name}`, {
    request: syncGroup.syncGroupRequest,
    response: syncGroup.syncGroupResponse,
    body: (version, context) => ({
      groupId: group(version),
      // The second join of a member that leads starts a generation of its own below version 4.
      generationId: version >= 4 ? 1 : 2,
      memberId: context.kept(`member-${version}`),
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [
        { memberId: context.kept(`member-${version}`), assignment: Buffer.from([1, 2, 3]) },
      ],
      ...options,
    }),
  })

const beat = (name: string, options: object = {}): Case =>
  requestCase(`Heartbeat: ${name}`, {
    request: heartbeat.heartbeatRequest,
    response: heartbeat.heartbeatResponse,
    body: (version, context) => ({
      groupId: group(version),
      generationId: version >= 4 ? 1 : 2,
      memberId: context.kept(`member-${version}`),
      ...options,
    }),
  })

const commit = (name: string, options: object = {}, partition: object = {}): Case =>
  requestCase(`OffsetCommit: ${name}`, {
    request: offsetCommit.offsetCommitRequest,
    response: offsetCommit.offsetCommitResponse,
    from: 2,
    to: 9,
    body: version => ({
      groupId: `plain-${version}`,
      ...options,
      topics: [
        {
          name: TOPIC,
          partitions: [
            { partitionIndex: 0, committedOffset: 12n, committedMetadata: 'm', ...partition },
          ],
        },
      ],
    }),
  })

const fetched = (
  name: string,
  groupId: (version: number) => string,
  topics: object[] | null,
): Case =>
  requestCase(`OffsetFetch: ${name}`, {
    request: offsetFetch.offsetFetchRequest,
    response: offsetFetch.offsetFetchResponse,
    from: topics === null ? 2 : 1,
    to: 9,
    body: version =>
      version >= 8
        ? { groups: [{ groupId: groupId(version), topics: topics as never }] }
        : { groupId: groupId(version), topics: topics as never },
  })

const described = (name: string, groupId: (version: number) => string): Case =>
  requestCase(`DescribeGroups: ${name}`, {
    request: describeGroups.describeGroupsRequest,
    response: describeGroups.describeGroupsResponse,
    body: version => ({ groups: [groupId(version)] }),
  })

/** ConsumerProtocolSubscription version 0 of one topic, without user data. */
function subscriptionTo(topic: string): Buffer {
  const name = Buffer.from(topic)
  const head = Buffer.alloc(8)
  head.writeInt32BE(1, 2)
  head.writeInt16BE(name.length, 6)
  return Buffer.concat([head, name, Buffer.from([0xff, 0xff, 0xff, 0xff])])
}

const committedZero = {
  name: TOPIC,
  partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }],
}

function offsetsDeleted(name: string, groupId: string, topics: readonly string[]): Case {
  return requestCase(`OffsetDelete: ${name}`, {
    request: offsetDelete.offsetDeleteRequest,
    response: offsetDelete.offsetDeleteResponse,
    body: () => ({
      groupId,
      topics: topics.map(topic => ({
        name: topic,
        partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }],
      })),
    }),
  })
}

/** A group whose one member reads TOPIC; joined with a version that needs no second join. */
const READERS = 'readers'
const readers: Case[] = [
  requestCase('JoinGroup: a reader', {
    ...joining,
    from: 3,
    to: 3,
    body: () => ({
      groupId: READERS,
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: subscriptionTo(TOPIC) }],
    }),
    after: (answer, context) => context.keep('reader', answer.memberId),
  }),
  requestCase('SyncGroup: a reader', {
    request: syncGroup.syncGroupRequest,
    response: syncGroup.syncGroupResponse,
    from: 3,
    to: 3,
    body: (_version, context) => ({
      groupId: READERS,
      generationId: 1,
      memberId: context.kept('reader'),
      assignments: [{ memberId: context.kept('reader'), assignment: Buffer.alloc(0) }],
    }),
  }),
  requestCase('OffsetCommit: a reader, with leader epoch and text', {
    request: offsetCommit.offsetCommitRequest,
    response: offsetCommit.offsetCommitResponse,
    from: 8,
    to: 8,
    body: (_version, context) => ({
      groupId: READERS,
      generationIdOrMemberEpoch: 1,
      memberId: context.kept('reader'),
      topics: [
        {
          name: TOPIC,
          partitions: [
            {
              partitionIndex: 0,
              committedOffset: 4n,
              committedLeaderEpoch: 0,
              committedMetadata: 'kept',
            },
          ],
        },
      ],
    }),
  }),
  offsetsDeleted('subscribed, unknown and not subscribed', READERS, [TOPIC, 'nowhere', OTHER]),
  offsetsDeleted('of a member whose subscription is foreign', group(5), [TOPIC]),
  offsetsDeleted('empty group id', '', [TOPIC]),
  requestCase('OffsetCommit: from outside into a group with members', {
    request: offsetCommit.offsetCommitRequest,
    response: offsetCommit.offsetCommitResponse,
    from: 2,
    to: 9,
    body: () => ({ groupId: READERS, topics: [committedZero] }),
  }),
  requestCase('DeleteGroups: with members', {
    request: deleteGroups.deleteGroupsRequest,
    response: deleteGroups.deleteGroupsResponse,
    to: 2,
    body: () => ({ groupsNames: [READERS, READERS] }),
  }),
  requestCase('LeaveGroup: the reader', {
    request: leaveGroup.leaveGroupRequest,
    response: leaveGroup.leaveGroupResponse,
    from: 2,
    to: 2,
    body: (_version, context) => ({ groupId: READERS, memberId: context.kept('reader') }),
  }),
  fetched('of a group whose member left', () => READERS, [
    { name: TOPIC, partitionIndexes: [0, 1] },
  ]),
  requestCase('OffsetCommit: from outside once the members have left', {
    request: offsetCommit.offsetCommitRequest,
    response: offsetCommit.offsetCommitResponse,
    from: 2,
    to: 9,
    body: () => ({ groupId: READERS, topics: [committedZero] }),
  }),
  fetched('what was committed from outside', () => READERS, null),
  offsetsDeleted('once the members have left', READERS, [TOPIC]),
  offsetsDeleted('what is deleted already', READERS, [TOPIC]),
  fetched('of a group without offsets', () => READERS, null),
  described('a group without offsets', () => READERS),
  requestCase('DeleteGroups: without offsets, then unknown', {
    request: deleteGroups.deleteGroupsRequest,
    response: deleteGroups.deleteGroupsResponse,
    to: 2,
    body: () => ({ groupsNames: [READERS] }),
  }),
  described('a deleted group', () => READERS),
  fetched('of a deleted group', () => READERS, null),
]

export const groupCases: readonly Case[] = [
  find('a group', 'group-1'),
  find('an empty group id', ''),
  find('an unknown kind', 'x', 9),
  join('empty group id', { groupId: '' }),
  join('session too short', { sessionTimeoutMs: 1 }),
  join('session too long', { sessionTimeoutMs: 99_999_999 }),
  join('an unknown member id', { memberId: 'nobody' }),
  join('no protocols', { protocols: [] }),
  join('no protocol type', { protocolType: '' }),
  ...joined,
  join('another protocol type', { protocolType: 'connect' }),
  join('no protocol in common', { protocols: [{ name: 'other', metadata: Buffer.alloc(0) }] }),
  sync('the leader', {}),
  sync('an old generation', { generationId: 0 }),
  sync('an unknown member', { memberId: 'nobody' }),
  sync('an unknown group', { groupId: 'nobodys' }),
  beat('a member', {}),
  beat('an old generation', { generationId: 0 }),
  beat('an unknown member', { memberId: 'nobody' }),
  beat('an unknown group', { groupId: 'nobodys' }),
  described('with a member', group),
  described('unknown', () => 'nobodys'),
  described('empty id', () => ''),
  commit('without members', {}),
  commit('as an unknown member', { memberId: 'nobody', generationIdOrMemberEpoch: 3 }),
  commit('into a group with members', { groupId: 'group-5' }),
  commit('empty group id', { groupId: '' }),
  commit('unknown partition', {}, { partitionIndex: 99 }),
  commit('negative offset', {}, { committedOffset: -5n }),
  commit('null metadata', {}, { committedMetadata: null }),
  commit('metadata too long', {}, { committedMetadata: 'm'.repeat(5_000) }),
  requestCase('OffsetCommit: unknown topic', {
    request: offsetCommit.offsetCommitRequest,
    response: offsetCommit.offsetCommitResponse,
    from: 2,
    to: 9,
    body: version => ({
      groupId: `plain-${version}`,
      topics: [
        {
          name: 'nowhere',
          partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }],
        },
      ],
    }),
  }),
  fetched('committed', version => `plain-${Math.max(version, 2)}`, [
    { name: TOPIC, partitionIndexes: [0, 7] },
  ]),
  fetched('all of a group', version => `plain-${version}`, null),
  fetched('unknown group', () => 'nobodys', [{ name: TOPIC, partitionIndexes: [0] }]),
  fetched('empty group id', () => '', [{ name: TOPIC, partitionIndexes: [0] }]),
  described('without members', version => `plain-${Math.max(version, 2)}`),
  requestCase('ListGroups: all', {
    request: listGroups.listGroupsRequest,
    response: listGroups.listGroupsResponse,
    body: () => ({}),
  }),
  requestCase('ListGroups: by state', {
    request: listGroups.listGroupsRequest,
    response: listGroups.listGroupsResponse,
    from: 4,
    body: () => ({ statesFilter: ['Stable', 'nonsense'] }),
  }),
  requestCase('OffsetDelete', {
    request: offsetDelete.offsetDeleteRequest,
    response: offsetDelete.offsetDeleteResponse,
    body: () => ({
      groupId: 'plain-9',
      topics: [
        { name: TOPIC, partitions: [{ partitionIndex: 0 }, { partitionIndex: 9 }] },
        { name: 'nowhere', partitions: [{ partitionIndex: 0 }] },
      ],
    }),
  }),
  ...readers,
  requestCase('OffsetDelete: unknown group', {
    request: offsetDelete.offsetDeleteRequest,
    response: offsetDelete.offsetDeleteResponse,
    body: () => ({ groupId: 'nobodys', topics: [] }),
  }),
  requestCase('DeleteGroups', {
    request: deleteGroups.deleteGroupsRequest,
    response: deleteGroups.deleteGroupsResponse,
    to: 2,
    body: version => ({ groupsNames: [`plain-${version + 2}`, 'nobodys', group(version), ''] }),
  }),
  requestCase('LeaveGroup', {
    request: leaveGroup.leaveGroupRequest,
    response: leaveGroup.leaveGroupResponse,
    body: (version, context) => {
      const memberId = context.kept(`member-${version}`)
      const groupId = group(version)
      const members = [memberId, 'nobody'].map(each => ({ memberId: each, groupInstanceId: null }))
      return version >= 3 ? { groupId, members } : { groupId, memberId }
    },
  }),
  requestCase('LeaveGroup: unknown group', {
    request: leaveGroup.leaveGroupRequest,
    response: leaveGroup.leaveGroupResponse,
    body: version => ({
      groupId: 'nobodys',
      ...(version >= 3
        ? { members: [{ memberId: 'nobody', groupInstanceId: null }] }
        : { memberId: 'nobody' }),
    }),
  }),
]
