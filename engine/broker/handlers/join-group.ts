/**
 * JoinGroup (key 11): a member asks into its group; answered when the rebalance has all members.
 */
import {
  joinGroupRequest,
  joinGroupResponse,
  type JoinGroupResponse,
} from '../../protocol/messages/join-group.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import { askerOf } from '../asker.ts'

export function joinGroup(broker: BrokerServices): ServedApi {
  return servedApi({
    request: joinGroupRequest,
    response: joinGroupResponse,
    handle: (request, context) =>
      broker.groups.request<JoinGroupResponse>(request.groupId, {
        ...askerOf(context),
        type: 'JoinGroup',
        request,
      }),
    failed: ({ code }, { memberId }) => ({
      errorCode: code,
      protocolName: '',
      leader: '',
      memberId,
      members: [],
    }),
  })
}
