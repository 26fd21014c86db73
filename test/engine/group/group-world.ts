/** One shard with its log, a clock that is told, and requests with everything defaulted. */
import { expect } from 'vitest'
import { defaultGroupConfig, type GroupConfig } from '../../../engine/group/group-config.ts'
import type {
  CoordinatorRecord,
  GroupEvent,
  GroupJournalEvent,
  GroupOutcome,
  GroupResponse,
} from '../../../engine/group/group-events.ts'
import { GroupShard } from '../../../engine/group/group-shard.ts'
import type { Random } from '../../../engine/ports/random.ts'
import { consumerProtocolSubscription } from '../../../engine/protocol/consumer-protocol.ts'
import { errorName, type ErrorName } from '../../../engine/protocol/errors.ts'
import {
  describeGroupsResponse,
  type DescribeGroupsResponse,
} from '../../../engine/protocol/messages/describe-groups.ts'
import {
  joinGroupResponse,
  type JoinGroupResponse,
} from '../../../engine/protocol/messages/join-group.ts'
import {
  leaveGroupResponse,
  type LeaveGroupResponse,
} from '../../../engine/protocol/messages/leave-group.ts'
import {
  listGroupsResponse,
  type ListGroupsResponse,
} from '../../../engine/protocol/messages/list-groups.ts'
import {
  offsetCommitResponse,
  type OffsetCommitResponse,
} from '../../../engine/protocol/messages/offset-commit.ts'
import {
  offsetDeleteResponse,
  type OffsetDeleteResponse,
} from '../../../engine/protocol/messages/offset-delete.ts'
import {
  offsetFetchResponse,
  type OffsetFetchResponse,
} from '../../../engine/protocol/messages/offset-fetch.ts'
import {
  syncGroupResponse,
  type SyncGroupResponse,
} from '../../../engine/protocol/messages/sync-group.ts'
import {
  deleteGroupsResponse,
  type DeleteGroupsResponse,
} from '../../../engine/protocol/messages/delete-groups.ts'
import { heartbeatResponse } from '../../../engine/protocol/messages/heartbeat.ts'
import type { Message } from '../../../engine/protocol/schema.ts'
import { ZERO_UUID } from '../../../engine/protocol/schema.ts'

export const GROUP = 'orders-readers'
export const START_MS = 1_700_000_000_000
export const SESSION_MS = 10_000
export const REBALANCE_MS = 60_000

const responses = {
  JoinGroup: joinGroupResponse,
  SyncGroup: syncGroupResponse,
  Heartbeat: heartbeatResponse,
  LeaveGroup: leaveGroupResponse,
  DescribeGroups: describeGroupsResponse,
  ListGroups: listGroupsResponse,
  DeleteGroups: deleteGroupsResponse,
  OffsetCommit: offsetCommitResponse,
  OffsetFetch: offsetFetchResponse,
  OffsetDelete: offsetDeleteResponse,
}

/** Numbers that only have to differ. */
export function countingRandom(): Random {
  let count = 0
  return {
    integer: below => (count = (count * 31 + 17) % 1_000_003) % below,
    uuid: () => `AAAAAAAAAAAAAAAAAAAA${String(++count).padStart(2, '0')}`,
  }
}

export interface JoinOptions {
  readonly groupId?: string
  readonly memberId?: string
  readonly groupInstanceId?: string | null
  readonly protocolType?: string
  readonly protocols?: readonly { readonly name: string; readonly metadata: Uint8Array }[]
  readonly sessionTimeoutMs?: number
  readonly rebalanceTimeoutMs?: number
  readonly reason?: string | null
  readonly apiVersion?: number
  readonly clientId?: string
}

type Identity = {
  readonly memberId: string
  readonly generationId?: number
  readonly groupInstanceId?: string | null
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type Sent = DistributiveOmit<GroupEvent, 'token' | 'clientId' | 'clientHost'> & {
  readonly clientId?: string
}

export class GroupWorld {
  readonly config: GroupConfig
  nowMs = START_MS
  /** By how much the wall clock was set since. */
  wallSetByMs = 0
  shard: GroupShard
  readonly log: CoordinatorRecord[] = []
  readonly replies = new Map<number, GroupResponse>()
  events: GroupJournalEvent[] = []
  #token = 0
  readonly #asked = new Map<number, { readonly type: GroupEvent['type']; apiVersion: number }>()
  readonly #random = countingRandom()

  constructor(config: Partial<GroupConfig> = {}) {
    this.config = { ...defaultGroupConfig, ...config }
    this.shard = this.#load()
  }

  /** The coordinator's broker went down; another one, or the same, loads the log. */
  restart(): void {
    this.shard = this.#load()
  }

  #load(): GroupShard {
    const shard = new GroupShard({
      config: this.config,
      random: this.#random,
      timestampOf: nowMs => nowMs + this.wallSetByMs,
    })
    for (const record of this.log) shard.replay(record)
    this.#absorb(shard.loaded(this.nowMs))
    return shard
  }

  send(sent: Sent): number {
    const token = ++this.#token
    this.#asked.set(token, { type: sent.type, apiVersion: sent.apiVersion })
    const event = { clientId: 'client', clientHost: '/127.0.0.1', ...sent, token } as GroupEvent
    this.#absorb(this.shard.handle(event, this.nowMs))
    return token
  }

  tick(): void {
    this.#absorb(this.shard.tick(this.nowMs))
  }

  /** Lets time pass, deadline by deadline. */
  wait(ms: number): void {
    const untilMs = this.nowMs + ms
    for (;;) {
      const nextMs = this.shard.nextDeadlineMs()
      if (nextMs === null || nextMs > untilMs) break
      this.nowMs = Math.max(this.nowMs, nextMs)
      this.tick()
    }
    this.nowMs = untilMs
  }

  #absorb(outcome: GroupOutcome): void {
    this.log.push(...outcome.records)
    this.events.push(...outcome.events)
    for (const { token, response } of outcome.replies) {
      if (this.replies.has(token)) expect.fail(`token ${token} is answered twice`)
      this.replies.set(token, response)
      const { type, apiVersion } = this.#asked.get(token)!
      // Throws unless the answer fits the version it was asked in.
      const declared = responses[type] as Message
      declared.encode(response, apiVersion)
    }
  }

  /** The reply to a token, or null while it waits. */
  reply(token: number): GroupResponse | null {
    return this.replies.get(token) ?? null
  }

  errorOf(token: number): ErrorName | 'waiting' {
    const reply = this.reply(token) as JoinGroupResponse | null
    return reply === null ? 'waiting' : errorName(reply.errorCode)
  }

  join(options: JoinOptions = {}): number {
    return this.send({
      type: 'JoinGroup',
      apiVersion: options.apiVersion ?? 9,
      ...(options.clientId === undefined ? {} : { clientId: options.clientId }),
      request: {
        groupId: options.groupId ?? GROUP,
        sessionTimeoutMs: options.sessionTimeoutMs ?? SESSION_MS,
        rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? REBALANCE_MS,
        memberId: options.memberId ?? '',
        groupInstanceId: options.groupInstanceId ?? null,
        protocolType: options.protocolType ?? 'consumer',
        protocols: options.protocols ?? [{ name: 'range', metadata: subscription(['orders']) }],
        reason: options.reason ?? null,
      },
    })
  }

  joinReply(token: number): JoinGroupResponse {
    const reply = this.reply(token) as JoinGroupResponse | null
    expect(reply, `join ${token} is answered`).not.toBeNull()
    return reply!
  }

  /** A dynamic member's two requests; returns its id and the second one's token. */
  enter(options: JoinOptions = {}): { readonly memberId: string; readonly token: number } {
    const required = this.joinReply(this.join(options))
    expect(errorName(required.errorCode)).toBe('MEMBER_ID_REQUIRED')
    const { memberId } = required
    return { memberId, token: this.join({ ...options, memberId }) }
  }

  sync(
    identity: Identity & {
      readonly assignments?: Readonly<Record<string, Uint8Array>>
      readonly protocolName?: string | null
      readonly protocolType?: string | null
      readonly apiVersion?: number
    },
  ): number {
    return this.send({
      type: 'SyncGroup',
      apiVersion: identity.apiVersion ?? 5,
      request: {
        groupId: GROUP,
        generationId: identity.generationId ?? this.generationId,
        memberId: identity.memberId,
        groupInstanceId: identity.groupInstanceId ?? null,
        protocolType: identity.protocolType === undefined ? 'consumer' : identity.protocolType,
        protocolName: identity.protocolName === undefined ? 'range' : identity.protocolName,
        assignments: Object.entries(identity.assignments ?? {}).map(([memberId, assignment]) => ({
          memberId,
          assignment,
        })),
      },
    })
  }

  syncReply(token: number): SyncGroupResponse {
    const reply = this.reply(token) as SyncGroupResponse | null
    expect(reply, `sync ${token} is answered`).not.toBeNull()
    return reply!
  }

  heartbeat(identity: Identity & { readonly groupId?: string }): ErrorName | 'waiting' {
    return this.errorOf(
      this.send({
        type: 'Heartbeat',
        apiVersion: 4,
        request: {
          groupId: identity.groupId ?? GROUP,
          generationId: identity.generationId ?? this.generationId,
          memberId: identity.memberId,
          groupInstanceId: identity.groupInstanceId ?? null,
        },
      }),
    )
  }

  leave(
    members: readonly {
      readonly memberId?: string
      readonly groupInstanceId?: string | null
      readonly reason?: string
    }[],
    groupId = GROUP,
  ): LeaveGroupResponse {
    const token = this.send({
      type: 'LeaveGroup',
      apiVersion: 5,
      request: {
        groupId,
        memberId: '',
        members: members.map(({ memberId = '', groupInstanceId = null, reason = null }) => ({
          memberId,
          groupInstanceId,
          reason,
        })),
      },
    })
    return this.reply(token) as LeaveGroupResponse
  }

  commit(
    options: Partial<Identity> & {
      readonly groupId?: string
      readonly offsets?: Readonly<Record<number, bigint>>
      readonly topic?: string
      readonly topicId?: string
      readonly metadata?: string | null
      readonly retentionTimeMs?: bigint
      readonly apiVersion?: number
    } = {},
  ): OffsetCommitResponse {
    const token = this.send({
      type: 'OffsetCommit',
      apiVersion: options.apiVersion ?? 9,
      request: {
        groupId: options.groupId ?? GROUP,
        generationIdOrMemberEpoch: options.generationId ?? -1,
        memberId: options.memberId ?? '',
        groupInstanceId: options.groupInstanceId ?? null,
        retentionTimeMs: options.retentionTimeMs ?? -1n,
        topics: [
          {
            name: options.topic ?? 'orders',
            topicId: options.topicId ?? ZERO_UUID,
            partitions: Object.entries(options.offsets ?? { 0: 10n }).map(([index, offset]) => ({
              partitionIndex: Number(index),
              committedOffset: offset,
              committedLeaderEpoch: 3,
              commitTimestamp: -1n,
              committedMetadata: options.metadata === undefined ? 'note' : options.metadata,
            })),
          },
        ],
      },
    })
    return this.reply(token) as OffsetCommitResponse
  }

  /** The errors of a commit, one for each partition. */
  commitErrors(options: Parameters<GroupWorld['commit']>[0] = {}): readonly ErrorName[] {
    return this.commit(options).topics.flatMap(topic =>
      topic.partitions.map(partition => errorName(partition.errorCode)),
    )
  }

  fetch(
    options: {
      readonly groupId?: string
      readonly topics?: Readonly<Record<string, readonly number[]>> | null
      readonly topicId?: string
      readonly apiVersion?: number
    } = {},
  ): OffsetFetchResponse {
    const { apiVersion = 9, groupId = GROUP, topicId = ZERO_UUID } = options
    const topics =
      options.topics === null
        ? null
        : Object.entries(options.topics ?? { orders: [0] }).map(([name, partitionIndexes]) => ({
            name,
            topicId,
            partitionIndexes,
          }))
    const grouped = apiVersion >= 8
    const token = this.send({
      type: 'OffsetFetch',
      apiVersion,
      request: {
        groupId: grouped ? '' : groupId,
        topics: grouped ? [] : topics,
        groups: grouped ? [{ groupId, memberId: null, memberEpoch: -1, topics }] : [],
        requireStable: true,
      },
    })
    return this.reply(token) as OffsetFetchResponse
  }

  committed(topic = 'orders', partition = 0): bigint {
    const [group] = this.fetch({ topics: { [topic]: [partition] } }).groups
    return group!.topics[0]!.partitions[0]!.committedOffset
  }

  deleteOffsets(topics: Readonly<Record<string, readonly number[]>>): OffsetDeleteResponse {
    const token = this.send({
      type: 'OffsetDelete',
      apiVersion: 0,
      request: {
        groupId: GROUP,
        topics: Object.entries(topics).map(([name, partitions]) => ({
          name,
          partitions: partitions.map(partitionIndex => ({ partitionIndex })),
        })),
      },
    })
    return this.reply(token) as OffsetDeleteResponse
  }

  deleteGroups(...groupsNames: readonly string[]): readonly ErrorName[] {
    const token = this.send({ type: 'DeleteGroups', apiVersion: 2, request: { groupsNames } })
    return (this.reply(token) as DeleteGroupsResponse).results.map(each =>
      errorName(each.errorCode),
    )
  }

  describe(groupId = GROUP, apiVersion = 6): DescribeGroupsResponse['groups'][number] {
    const token = this.send({
      type: 'DescribeGroups',
      apiVersion,
      request: { groups: [groupId], includeAuthorizedOperations: false },
    })
    return (this.reply(token) as DescribeGroupsResponse).groups[0]!
  }

  list(
    filters: { readonly states?: readonly string[]; readonly types?: readonly string[] } = {},
  ): ListGroupsResponse['groups'] {
    const { states: statesFilter = [], types: typesFilter = [] } = filters
    const token = this.send({
      type: 'ListGroups',
      apiVersion: 5,
      request: { statesFilter, typesFilter },
    })
    return (this.reply(token) as ListGroupsResponse).groups
  }

  get state(): string {
    return this.shard.summary(GROUP)?.state ?? 'absent'
  }

  get generationId(): number {
    return this.shard.summary(GROUP)?.generationId ?? -1
  }

  get memberIds(): readonly string[] {
    return this.shard.summary(GROUP)?.members.map(member => member.memberId) ?? []
  }

  /** A stable group of as many dynamic members, the first its leader. */
  stable(count: number, options: JoinOptions = {}): readonly string[] {
    const entered = Array.from({ length: count }, () => this.enter(options))
    const memberIds = entered.map(each => each.memberId)
    this.tick()
    // Who was there first hears of the others, and rejoins.
    this.completeRebalance(options)
    return memberIds
  }

  /** Lets every member rejoin as it was, and the leader assign each its own name. */
  completeRebalance(options: JoinOptions = {}): void {
    for (let round = 0; this.state === 'PreparingRebalance' && round < 3; round++) {
      for (const { memberId, awaits, groupInstanceId } of this.shard.summary(GROUP)!.members)
        if (awaits === null) this.join({ ...options, memberId, groupInstanceId })
      this.tick()
    }
    this.assignAll()
  }

  assignAll(): void {
    const { members, leaderId } = this.shard.summary(GROUP)!
    const assignments = Object.fromEntries(
      members.map(({ memberId }) => [memberId, named(memberId)]),
    )
    for (const { memberId, groupInstanceId } of members)
      this.sync({
        memberId,
        groupInstanceId,
        protocolName: null,
        protocolType: null,
        apiVersion: 4,
        ...(memberId === leaderId ? { assignments } : {}),
      })
    expect(this.state).toBe('Stable')
  }
}

/** Bytes that name something. */
export function named(name: string): Uint8Array {
  return new TextEncoder().encode(name)
}

/** What a consumer puts into JoinGroup. */
export function subscription(topics: readonly string[]): Uint8Array {
  const body = consumerProtocolSubscription.encode(
    { topics, userData: null, ownedPartitions: [], generationId: -1, rackId: null },
    1,
  )
  return Uint8Array.from([0, 1, ...body])
}
