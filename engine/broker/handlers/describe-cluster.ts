/** DescribeCluster (key 60): the brokers of the cluster, fenced ones too where asked (KIP-1073). */
import { KafkaError } from '../../protocol/errors.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
} from '../../protocol/messages/describe-cluster.ts'
import { servedApi, type ServedApi } from '../../server/dispatcher.ts'
import { clusterOperations, NOT_ASKED_OPERATIONS } from '../../server/authorized-operations.ts'
import type { BrokerServices } from '../broker-services.ts'

const BROKERS = 1

export function describeCluster(broker: BrokerServices): ServedApi {
  return servedApi({
    request: describeClusterRequest,
    response: describeClusterResponse,
    handle(request) {
      if (request.endpointType !== BROKERS)
        throw new KafkaError(
          'MISMATCHED_ENDPOINT_TYPE',
          'this is a broker: it describes brokers, not controllers',
        )
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        errorMessage: null,
        endpointType: BROKERS,
        clusterId: broker.clusterId,
        controllerId: broker.cluster.anyBrokerId(broker.brokerId),
        brokers: broker.cluster
          .brokers({ fenced: request.includeFencedBrokers })
          .map(({ brokerId, host, port, rack, fenced }) => ({
            brokerId,
            host,
            port,
            rack,
            isFenced: fenced,
          })),
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
