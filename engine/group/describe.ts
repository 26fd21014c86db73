/**
 * DescribeGroups and ListGroups: groups as tools see them.
 *
 * Versions of DescribeGroups: 3 adds authorized operations, which the caller fills in, 4 the
 * instance id; from 6 on a group that is not there is GROUP_ID_NOT_FOUND (KIP-1043), before it was
 * described as dead. Of ListGroups: 4 adds states (KIP-518), 5 types (KIP-848).
 */
import { errorCode } from '../protocol/errors.ts'
import type {
  DescribeGroupsRequest,
  DescribeGroupsResponse,
} from '../protocol/messages/describe-groups.ts'
import type { ListGroupsRequest } from '../protocol/messages/list-groups.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { RequestContext } from './group-events.ts'
import type { GroupTurn } from './group-turn.ts'
import { NO_ASSIGNMENT, metadataFor } from './member.ts'

const KNOWS_GROUP_ID_NOT_FOUND_SINCE = 6
/** Kafka's sign for operations that were not asked for. */
const OPERATIONS_UNKNOWN = -2_147_483_648
const GROUP_TYPE = 'classic'

type DescribedGroup = DescribeGroupsResponse['groups'][number]

export function describeGroups(
  turn: GroupTurn,
  context: RequestContext,
  request: DescribeGroupsRequest,
): void {
  turn.reply(context.token, {
    throttleTimeMs: 0,
    groups: request.groups.map(groupId => {
      const group = turn.groups.get(groupId)
      return group === undefined ? absent(groupId, context.apiVersion) : described(group)
    }),
  })
}

function described(group: ClassicGroup): DescribedGroup {
  const stable = group.state === 'Stable'
  return {
    errorCode: 0,
    errorMessage: null,
    groupId: group.groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: stable ? group.protocolName! : '',
    members: group.members.map(member => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: stable ? metadataFor(member, group.protocolName!) : NO_ASSIGNMENT,
      memberAssignment: member.assignment,
    })),
    authorizedOperations: OPERATIONS_UNKNOWN,
  }
}

function absent(groupId: string, apiVersion: number): DescribedGroup {
  if (apiVersion < KNOWS_GROUP_ID_NOT_FOUND_SINCE) return absentGroup(groupId)
  return {
    ...absentGroup(groupId),
    errorCode: errorCode('GROUP_ID_NOT_FOUND'),
    errorMessage: `Group ${groupId} not found.`,
  }
}

/** A group that is not here, as every version can say it. */
export function absentGroup(groupId: string): DescribedGroup {
  return {
    errorCode: 0,
    errorMessage: null,
    groupId,
    groupState: 'Dead',
    protocolType: '',
    protocolData: '',
    members: [],
    authorizedOperations: OPERATIONS_UNKNOWN,
  }
}

export function listGroups(
  turn: GroupTurn,
  context: RequestContext,
  request: ListGroupsRequest,
): void {
  const states = new Set(request.statesFilter.map(state => state.toLowerCase().trim()))
  const types = new Set(request.typesFilter.map(type => type.toLowerCase()))
  const listed = [...turn.groups.values()].filter(
    group =>
      (states.size === 0 || states.has(group.state.toLowerCase())) &&
      (types.size === 0 || types.has(GROUP_TYPE)),
  )
  turn.reply(context.token, {
    throttleTimeMs: 0,
    errorCode: 0,
    groups: listed.map(group => ({
      groupId: group.groupId,
      protocolType: group.protocolType ?? '',
      groupState: group.state,
      groupType: GROUP_TYPE,
    })),
  })
}
