/**
 * Heartbeat (key 12): a member is alive, and hears whether it must rejoin.
 */
import {
  heartbeatRequest,
  heartbeatResponse,
  type HeartbeatResponse,
} from '../../protocol/messages/heartbeat.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'
import { askerOf } from '../asker.ts'

export function heartbeat(broker: BrokerServices): ServedApi {
  return servedApi({
    request: heartbeatRequest,
    response: heartbeatResponse,
    handle: (request, context) =>
      broker.groups.request<HeartbeatResponse>(request.groupId, {
        ...askerOf(context),
        type: 'Heartbeat',
        request,
      }),
    failed: ({ code }) => ({ errorCode: code }),
  })
}
