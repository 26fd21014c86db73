/**
 * DescribeCluster (key 60), as whoever is asked answers it: a broker of brokers, a controller of
 * controllers (KIP-919). Who they are is for them to say.
 */
import { KafkaError } from '../protocol/errors.ts'
import {
  describeClusterRequest,
  describeClusterResponse,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
} from '../protocol/messages/describe-cluster.ts'
import { clusterOperations, NOT_ASKED_OPERATIONS } from './authorized-operations.ts'
import { servedApi, type ServedApi } from './dispatcher.ts'

export const BROKERS = 1
export const CONTROLLERS = 2

export interface DescribedCluster {
  readonly clusterId: string
  readonly controllerId: number
  readonly brokers: DescribeClusterResponse['brokers']
}

interface Describing {
  readonly endpointType: typeof BROKERS | typeof CONTROLLERS
  /** Says what this node describes, to who asks for the others. */
  readonly mismatch: string
  readonly describe: (request: DescribeClusterRequest) => DescribedCluster
}

export function describingCluster({ endpointType, mismatch, describe }: Describing): ServedApi {
  return servedApi({
    request: describeClusterRequest,
    response: describeClusterResponse,
    handle(request) {
      if (request.endpointType !== endpointType)
        throw new KafkaError('MISMATCHED_ENDPOINT_TYPE', mismatch)
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        errorMessage: null,
        endpointType,
        ...describe(request),
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
