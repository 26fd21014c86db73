/** DescribeGroups (key 15): state and members of groups, each answered alone. */
import {
  describeGroupsRequest,
  describeGroupsResponse,
  type DescribeGroupsResponse,
} from '../../protocol/messages/describe-groups.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import { askerOf } from '../asker.ts'
import { groupOperations, NOT_ASKED_OPERATIONS } from '../../server/authorized-operations.ts'
import type { BrokerServices } from '../broker-services.ts'

type Described = DescribeGroupsResponse['groups'][number]

export function describeGroups(broker: BrokerServices): ServedApi {
  return servedApi({
    request: describeGroupsRequest,
    response: describeGroupsResponse,
    async handle(request, context) {
      const groups = await Promise.all(
        request.groups.map(async groupId => {
          const answer = await broker.groups.request<DescribeGroupsResponse>(groupId, {
            ...askerOf(context),
            type: 'DescribeGroups',
            request: { ...request, groups: [groupId] },
          })
          return answer.groups
        }),
      )
      if (!request.includeAuthorizedOperations) return { groups: groups.flat() }
      return { groups: groups.flat().map(withOperations) }
    },
    failed: ({ code }, request) => ({
      groups: request.groups.map(groupId => failedGroup(groupId, code)),
    }),
  })
}

function withOperations(group: Described): Described {
  return group.errorCode === 0 ? { ...group, authorizedOperations: groupOperations } : group
}

function failedGroup(groupId: string, errorCode: number): Described {
  return {
    errorCode,
    errorMessage: null,
    groupId,
    groupState: '',
    protocolType: '',
    protocolData: '',
    members: [],
    authorizedOperations: NOT_ASKED_OPERATIONS,
  }
}
