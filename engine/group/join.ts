/**
 * JoinGroup: how someone becomes a member, and how a member says that it takes part in the next
 * generation. An answer waits until the rebalance that the request starts or joins completes.
 *
 * Versions: 1 adds the rebalance timeout. From 4 on a new dynamic member first gets its id, with
 * MEMBER_ID_REQUIRED, and joins with it (KIP-394). 5 adds static membership (KIP-345), 8 the
 * reason (KIP-800), 9 lets a restarted static leader skip the assignment.
 */
import type { JoinGroupRequest } from '../protocol/messages/join-group.ts'
import { UNKNOWN_MEMBER, awaitGeneration, identityError, joinRefused, joined } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { NEW_MEMBER_JOIN_TIMEOUT_MS } from './group-config.ts'
import type { RequestContext } from './group-events.ts'
import { createdRecord, emptyGroup } from './group-persistence.ts'
import type { GroupTurn } from './group-turn.ts'
import { memberIdFor } from './member-id.ts'
import { NO_ASSIGNMENT, offersSame, type Member, type MemberProtocol } from './member.ts'
import { evictMember, extendSession } from './membership.ts'
import { nameTooLong } from './name-length.ts'
import { rebalanceOrComplete } from './rebalance.ts'
import { replaceStaticMember } from './static-member.ts'

const MEMBER_ID_REQUIRED_SINCE = 4

/** A JoinGroup with what its version leaves out filled in, and its bytes copied. */
export interface Join extends RequestContext {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocolType: string
  readonly protocols: readonly MemberProtocol[]
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly reason: string
}

export function joinGroup(
  turn: GroupTurn,
  context: RequestContext,
  request: JoinGroupRequest,
): void {
  const { token, apiVersion } = context
  const { groupId, memberId, sessionTimeoutMs } = request
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = turn.config
  if (groupId === '' || nameTooLong(groupId)) {
    turn.reply(token, joinRefused(memberId, 'INVALID_GROUP_ID', apiVersion))
    return
  }
  if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
    turn.reply(token, joinRefused(memberId, 'INVALID_SESSION_TIMEOUT', apiVersion))
    return
  }
  if (namesTooLong(context, request)) {
    turn.reply(token, joinRefused(memberId, 'INVALID_REQUEST', apiVersion))
    return
  }
  const known = turn.groups.get(groupId)
  if (known === undefined && memberId !== UNKNOWN_MEMBER) {
    turn.reply(token, joinRefused(memberId, 'UNKNOWN_MEMBER_ID', apiVersion))
    return
  }
  const group = known ?? emptyGroup(groupId, turn.timestampMs)
  if (known === undefined) {
    turn.groups.set(groupId, group)
    // Written even if the member is refused below, as Kafka does; an empty group expires soon.
    turn.write(createdRecord(group, turn.timestampMs))
  }
  enter(turn, group, joinOf(context, request))
}

function namesTooLong(context: RequestContext, request: JoinGroupRequest): boolean {
  const names = [context.clientId, context.clientHost, request.protocolType]
  if (request.groupInstanceId !== null) names.push(request.groupInstanceId)
  for (const { name } of request.protocols) names.push(name)
  return names.some(nameTooLong)
}

function joinOf(context: RequestContext, request: JoinGroupRequest): Join {
  return {
    ...context,
    groupId: request.groupId,
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    protocolType: request.protocolType,
    protocols: protocolsOf(request),
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs:
      context.apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
    reason: request.reason === null || request.reason === '' ? 'not provided' : request.reason,
  }
}

/** The protocols by name; should one be listed twice, its first offer counts. */
function protocolsOf(request: JoinGroupRequest): readonly MemberProtocol[] {
  const byName = new Map<string, MemberProtocol>()
  for (const { name, metadata } of request.protocols)
    if (!byName.has(name)) byName.set(name, { name, metadata: new Uint8Array(metadata) })
  return [...byName.values()]
}

function enter(turn: GroupTurn, group: ClassicGroup, join: Join): void {
  const { token, memberId, apiVersion } = join
  if (!hasRoomFor(turn, group, memberId)) {
    const member = group.member(memberId)
    if (member !== undefined) evictMember(turn, group, member, 'group-full')
    else if (group.removePending(memberId)) turn.timers.cancelSession(group.groupId, memberId)
    turn.reply(token, joinRefused(UNKNOWN_MEMBER, 'GROUP_MAX_SIZE_REACHED', apiVersion))
    return
  }
  if (!group.accepts(join.protocolType, join.protocols)) {
    turn.reply(token, joinRefused(memberId, 'INCONSISTENT_GROUP_PROTOCOL', apiVersion))
    return
  }
  if (memberId === UNKNOWN_MEMBER) joinNew(turn, group, join)
  else if (group.pendingMembers.has(memberId)) joinPending(turn, group, join)
  else rejoin(turn, group, join)
}

/**
 * Members that are in stay in; while a rebalance collects them, those who joined first do, which
 * lets a group shrink to a maximum that was lowered.
 */
function hasRoomFor(turn: GroupTurn, group: ClassicGroup, memberId: string): boolean {
  const { maxSize } = turn.config
  const member = group.member(memberId)
  switch (group.state) {
    case 'Empty':
      return true
    case 'PreparingRebalance':
      return (
        (member !== undefined && member.joinToken !== null) || group.awaitingJoinCount < maxSize
      )
    case 'CompletingRebalance':
    case 'Stable':
      return member !== undefined || group.memberCount < maxSize
  }
}

function joinNew(turn: GroupTurn, group: ClassicGroup, join: Join): void {
  const { token, groupInstanceId, apiVersion } = join
  const memberId = memberIdFor(groupInstanceId ?? join.clientId, turn.random)
  if (groupInstanceId !== null) {
    const oldMemberId = group.staticMemberId(groupInstanceId)
    if (oldMemberId === undefined) addMember(turn, group, join, memberId)
    else replaceStaticMember(turn, group, join, { oldMemberId, memberId })
  } else if (apiVersion < MEMBER_ID_REQUIRED_SINCE) {
    addMember(turn, group, join, memberId)
  } else {
    const { groupId } = group
    group.addPending(memberId)
    turn.timers.set({ type: 'session', groupId, memberId }, turn.nowMs, join.sessionTimeoutMs)
    turn.reply(token, joinRefused(memberId, 'MEMBER_ID_REQUIRED', apiVersion))
  }
}

function joinPending(turn: GroupTurn, group: ClassicGroup, join: Join): void {
  // Only dynamic members are given an id to come back with.
  if (join.groupInstanceId === null) addMember(turn, group, join, join.memberId)
  else turn.reply(join.token, joinRefused(join.memberId, 'UNKNOWN_SERVER_ERROR', join.apiVersion))
}

function addMember(turn: GroupTurn, group: ClassicGroup, join: Join, memberId: string): void {
  const { groupInstanceId, clientId, clientHost, reason } = join
  const member: Member = {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    protocolType: join.protocolType,
    rebalanceTimeoutMs: join.rebalanceTimeoutMs,
    sessionTimeoutMs: join.sessionTimeoutMs,
    protocols: join.protocols,
    assignment: NO_ASSIGNMENT,
    isNew: true,
    joinToken: join.token,
    joinVersion: join.apiVersion,
    syncToken: null,
  }
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty')
    group.newMemberArrived = true
  group.add(member)
  // A new member cannot heartbeat while its request waits, and a client that gave up and came
  // back would leave its first self behind: so the wait itself is limited.
  extendSession(turn, group, member, NEW_MEMBER_JOIN_TIMEOUT_MS)
  turn.note(group.groupId, {
    type: 'member-joined',
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    reason,
  })
  rebalanceOrComplete(turn, group, `member ${memberId} joins; client reason: ${reason}`)
}

function rejoin(turn: GroupTurn, group: ClassicGroup, join: Join): void {
  const { token, memberId, reason, apiVersion } = join
  const error = identityError(group, join)
  if (error !== null) {
    turn.reply(token, joinRefused(memberId, error, apiVersion))
    return
  }
  const member = group.member(memberId)!
  switch (group.state) {
    case 'PreparingRebalance':
      takePart(turn, group, join, `member ${memberId} rejoins; client reason: ${reason}`)
      return
    case 'CompletingRebalance':
      // With the same offer it may have missed the answer, and gets it again.
      if (offersSame(member, join.protocols)) turn.reply(token, joined(group, memberId))
      else takePart(turn, group, join, `member ${memberId} offers anew; client reason: ${reason}`)
      return
    case 'Stable':
      // What the leader sees and the broker does not, such as new partitions, is a reason too.
      if (group.isLeader(memberId))
        takePart(turn, group, join, `leader ${memberId} rejoins; client reason: ${reason}`)
      else if (offersSame(member, join.protocols)) turn.reply(token, joined(group, memberId))
      else takePart(turn, group, join, `member ${memberId} offers anew; client reason: ${reason}`)
      return
    case 'Empty':
      turn.reply(token, joinRefused(memberId, 'UNKNOWN_MEMBER_ID', apiVersion))
  }
}

function takePart(turn: GroupTurn, group: ClassicGroup, join: Join, reason: string): void {
  const member = group.member(join.memberId)!
  group.update(member, join)
  awaitGeneration(turn, group, member, join)
  const { memberId } = member
  turn.note(group.groupId, { type: 'member-rejoined', memberId, reason: join.reason })
  rebalanceOrComplete(turn, group, reason)
}
