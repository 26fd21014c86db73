/** DeleteGroups (key 42): forgets groups and their offsets, each answered alone. */
import {
  deleteGroupsRequest,
  deleteGroupsResponse,
  type DeleteGroupsResponse,
} from '../../protocol/messages/delete-groups.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import { askerOf } from '../asker.ts'
import type { BrokerServices } from '../broker-services.ts'

export function deleteGroups(broker: BrokerServices): ServedApi {
  return servedApi({
    request: deleteGroupsRequest,
    response: deleteGroupsResponse,
    async handle(request, context) {
      const results = await Promise.all(
        [...new Set(request.groupsNames)].map(async groupId => {
          const answer = await broker.groups.request<DeleteGroupsResponse>(groupId, {
            ...askerOf(context),
            type: 'DeleteGroups',
            request: { ...request, groupsNames: [groupId] },
          })
          return answer.results
        }),
      )
      return { throttleTimeMs: 0, results: results.flat() }
    },
    failed: ({ code, reason }, request) => ({
      throttleTimeMs: 0,
      results: request.groupsNames.map(groupId => ({
        groupId,
        errorCode: code,
        errorMessage: reason,
      })),
    }),
  })
}
