/** ListGroups (key 16): the groups that this broker coordinates; clients ask every broker. */
import {
  listGroupsRequest,
  listGroupsResponse,
  type ListGroupsResponse,
} from '../../protocol/messages/list-groups.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import { askerOf } from '../asker.ts'
import type { BrokerServices } from '../broker-services.ts'

export function listGroups(broker: BrokerServices): ServedApi {
  return servedApi({
    request: listGroupsRequest,
    response: listGroupsResponse,
    async handle(request, context) {
      const answers = await broker.groups.requestAll<ListGroupsResponse>({
        ...askerOf(context),
        type: 'ListGroups',
        request,
      })
      return {
        errorCode: answers.find(answer => answer.errorCode !== 0)?.errorCode ?? 0,
        groups: answers.flatMap(answer => answer.groups),
      }
    },
    failed: ({ code }) => ({ errorCode: code, groups: [] }),
  })
}
