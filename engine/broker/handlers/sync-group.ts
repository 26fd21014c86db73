/**
 * SyncGroup (key 14): the leader hands in the assignments, and every member gets its own.
 */
import {
  syncGroupRequest,
  syncGroupResponse,
  type SyncGroupResponse,
} from '../../protocol/messages/sync-group.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import { askerOf } from '../asker.ts'

export function syncGroup(broker: BrokerServices): ServedApi {
  return servedApi({
    request: syncGroupRequest,
    response: syncGroupResponse,
    handle: (request, context) =>
      broker.groups.request<SyncGroupResponse>(request.groupId, {
        ...askerOf(context),
        type: 'SyncGroup',
        request,
      }),
    failed: ({ code }) => ({ errorCode: code, assignment: new Uint8Array(0) }),
  })
}
