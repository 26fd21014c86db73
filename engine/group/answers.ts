/** Answers to JoinGroup and SyncGroup, and the check on a caller's identity that comes first. */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type { JoinGroupResponse } from '../protocol/messages/join-group.ts'
import type { SyncGroupResponse } from '../protocol/messages/sync-group.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { GroupTurn } from './group-turn.ts'
import { NO_ASSIGNMENT, metadataFor, type Member } from './member.ts'

/** The member id of somebody who has none yet. */
export const UNKNOWN_MEMBER = ''

/** Whether someone is the member they say, and still owns their instance id (KIP-345). */
export function identityError(
  group: ClassicGroup,
  identity: { readonly memberId: string; readonly groupInstanceId: string | null },
): ErrorName | null {
  const { memberId, groupInstanceId } = identity
  if (groupInstanceId !== null) {
    const owner = group.staticMemberId(groupInstanceId)
    if (owner === undefined) return 'UNKNOWN_MEMBER_ID'
    if (owner !== memberId) return 'FENCED_INSTANCE_ID'
  }
  return group.member(memberId) === undefined ? 'UNKNOWN_MEMBER_ID' : null
}

/** Only from this version on may the protocol's name be null, and then it is where there is none. */
const NULL_PROTOCOL_SINCE = 7

export function joinRefused(
  memberId: string,
  error: ErrorName,
  apiVersion: number,
): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(error),
    generationId: -1,
    protocolType: null,
    protocolName: apiVersion >= NULL_PROTOCOL_SINCE ? null : '',
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  }
}

export interface JoinAnswerOptions {
  /** Whom the answer names as leader: a restarted leader must not learn it is one before v9. */
  readonly leaderId?: string | null
  readonly listsMembers?: boolean
  readonly skipAssignment?: boolean
}

/** The current generation, as this member may see it: only its leader sees the others. */
export function joined(
  group: ClassicGroup,
  memberId: string,
  options: JoinAnswerOptions = {},
): JoinGroupResponse {
  const { leaderId = group.leaderId, skipAssignment = false } = options
  const { listsMembers = group.isLeader(memberId) } = options
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: leaderId ?? '',
    skipAssignment,
    memberId,
    members: listsMembers ? group.members.map(member => offerOf(group, member)) : [],
  }
}

function offerOf(group: ClassicGroup, member: Member): JoinGroupResponse['members'][number] {
  return {
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: metadataFor(member, group.protocolName!),
  }
}

export function syncRefused(error: ErrorName): SyncGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(error),
    protocolType: null,
    protocolName: null,
    assignment: NO_ASSIGNMENT,
  }
}

export function synced(group: ClassicGroup, member: Member): SyncGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    assignment: member.assignment,
  }
}

/** Ends a member's waiting JoinGroup, if it has one. */
export function refuseJoin(
  turn: GroupTurn,
  group: ClassicGroup,
  member: Member,
  refusal: { readonly memberId: string; readonly error: ErrorName },
): void {
  const token = group.takeJoin(member)
  if (token !== null)
    turn.reply(token, joinRefused(refusal.memberId, refusal.error, member.joinVersion))
}

/** Ends a member's waiting SyncGroup, if it has one. */
export function refuseSync(turn: GroupTurn, member: Member, error: ErrorName): void {
  const token = member.syncToken
  member.syncToken = null
  if (token !== null) turn.reply(token, syncRefused(error))
}

/** Parks the request. One that waited already has lost its client, which is told to try again. */
export function awaitGeneration(
  turn: GroupTurn,
  group: ClassicGroup,
  member: Member,
  join: { readonly token: number; readonly apiVersion: number },
): void {
  const { memberId, joinVersion } = member
  const replaced = group.awaitJoin(member, join)
  if (replaced !== null)
    turn.reply(replaced, joinRefused(memberId, 'REBALANCE_IN_PROGRESS', joinVersion))
}
