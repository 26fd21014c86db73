/** DescribeCluster (key 60) of a controller: the controllers of the cluster (KIP-919). */
import { KafkaError } from '../protocol/errors.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../protocol/messages/describe-cluster.ts'
import { clusterOperations, NOT_ASKED_OPERATIONS } from '../server/authorized-operations.ts'
import { servedApi, type ServedApi } from '../server/dispatcher.ts'
import type { QuorumServices } from './quorum-apis.ts'
import { CONTROLLER_LISTENER, nodeIdOf } from './quorum-messages.ts'

const CONTROLLERS = 2

export function describeCluster({ clusterId, quorum, image }: QuorumServices): ServedApi {
  return servedApi({
    request: describeClusterRequest,
    response: describeClusterResponse,
    handle(request) {
      if (request.endpointType !== CONTROLLERS)
        throw new KafkaError(
          'MISMATCHED_ENDPOINT_TYPE',
          'this is a controller: it describes controllers, not brokers',
        )
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        errorMessage: null,
        endpointType: CONTROLLERS,
        clusterId,
        controllerId: nodeIdOf(quorum.raft.leaderId),
        brokers: [...image().controllers.values()].flatMap(({ controllerId, endPoints }) => {
          const listener = endPoints.find(({ name }) => name === CONTROLLER_LISTENER)
          if (listener === undefined) return []
          const { host, port } = listener
          return [{ brokerId: controllerId, host, port, rack: null, isFenced: false }]
        }),
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
          ? clusterOperations
          : NOT_ASKED_OPERATIONS,
      }
    },
    failed: ({ code, reason }) => ({
      throttleTimeMs: 0,
      errorCode: code,
      errorMessage: reason,
      clusterId: '',
      brokers: [],
    }),
  })
}
