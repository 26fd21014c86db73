/**
 * LeaveGroup (key 13): members leave, or static members are removed by an administrator.
 */
import {
  leaveGroupRequest,
  leaveGroupResponse,
  type LeaveGroupResponse,
} from '../../protocol/messages/leave-group.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import { askerOf } from '../asker.ts'

export function leaveGroup(broker: BrokerServices): ServedApi {
  return servedApi({
    request: leaveGroupRequest,
    response: leaveGroupResponse,
    handle: (request, context) =>
      broker.groups.request<LeaveGroupResponse>(request.groupId, {
        ...askerOf(context),
        type: 'LeaveGroup',
        request,
      }),
    failed: ({ code }) => ({ errorCode: code }),
  })
}
