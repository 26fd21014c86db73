/**
 * The APIs that only the controller can carry out: the broker passes the request on and the answer
 * back. One function, since all of them do exactly this.
 */
import { electionFailure } from '../../controller/elect-leaders.ts'
import {
  alterConfigsFailure,
  createPartitionsFailure,
  createTopicsFailure,
  deleteTopicsFailure,
} from '../../controller/request-failures.ts'
import {
  addRaftVoterRequest,
  addRaftVoterResponse,
} from '../../protocol/messages/add-raft-voter.ts'
import { alterConfigsRequest, alterConfigsResponse } from '../../protocol/messages/alter-configs.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../protocol/messages/alter-partition-reassignments.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../protocol/messages/create-partitions.ts'
import { createTopicsRequest, createTopicsResponse } from '../../protocol/messages/create-topics.ts'
import { deleteTopicsRequest, deleteTopicsResponse } from '../../protocol/messages/delete-topics.ts'
import {
  describeQuorumRequest,
  describeQuorumResponse,
} from '../../protocol/messages/describe-quorum.ts'
import { electLeadersRequest, electLeadersResponse } from '../../protocol/messages/elect-leaders.ts'
import type { KafkaError } from '../../protocol/errors.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../protocol/messages/incremental-alter-configs.ts'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../protocol/messages/list-partition-reassignments.ts'
import {
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '../../protocol/messages/remove-raft-voter.ts'
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../../protocol/messages/unregister-broker.ts'
import {
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '../../protocol/messages/update-features.ts'
import type { Fields, InputOf, Message, ValueOf } from '../../protocol/schema.ts'
import { servedApi, type ServedApi, type VersionRange } from '../../server/dispatcher.ts'
import type { BrokerServices } from '../broker-services.ts'

export function forwardedApis(broker: BrokerServices): ServedApi[] {
  return [
    forwarded(broker, {
      request: createTopicsRequest,
      response: createTopicsResponse,
      accepts: [2, 7],
      failed: createTopicsFailure,
    }),
    forwarded(broker, {
      request: deleteTopicsRequest,
      response: deleteTopicsResponse,
      accepts: [1, 6],
      failed: deleteTopicsFailure,
    }),
    forwarded(broker, {
      request: createPartitionsRequest,
      response: createPartitionsResponse,
      accepts: [0, 3],
      failed: createPartitionsFailure,
    }),
    forwarded(broker, {
      request: alterConfigsRequest,
      response: alterConfigsResponse,
      accepts: [0, 2],
      failed: alterConfigsFailure,
    }),
    forwarded(broker, {
      request: incrementalAlterConfigsRequest,
      response: incrementalAlterConfigsResponse,
      accepts: [0, 1],
      failed: alterConfigsFailure,
    }),
    ...forwardedClusterApis(broker),
  ]
}

/** Those that concern replicas, leaders, brokers and features. */
function forwardedClusterApis(broker: BrokerServices): ServedApi[] {
  return [
    forwarded(broker, {
      request: addRaftVoterRequest,
      response: addRaftVoterResponse,
      accepts: [0, 1],
      failed: ({ code, reason }) => ({ throttleTimeMs: 0, errorCode: code, errorMessage: reason }),
    }),
    forwarded(broker, {
      request: removeRaftVoterRequest,
      response: removeRaftVoterResponse,
      accepts: [0, 0],
      failed: ({ code, reason }) => ({ throttleTimeMs: 0, errorCode: code, errorMessage: reason }),
    }),
    forwarded(broker, {
      request: describeQuorumRequest,
      response: describeQuorumResponse,
      accepts: [0, 2],
      failed: ({ code, reason }) => ({
        errorCode: code,
        errorMessage: reason,
        topics: [],
        nodes: [],
      }),
    }),
    forwarded(broker, {
      request: electLeadersRequest,
      response: electLeadersResponse,
      accepts: [0, 2],
      failed: electionFailure,
    }),
    forwarded(broker, {
      request: alterPartitionReassignmentsRequest,
      response: alterPartitionReassignmentsResponse,
      accepts: [0, 1],
      failed: ({ code, reason }) => ({
        throttleTimeMs: 0,
        errorCode: code,
        errorMessage: reason,
        responses: [],
      }),
    }),
    forwarded(broker, {
      request: listPartitionReassignmentsRequest,
      response: listPartitionReassignmentsResponse,
      accepts: [0, 0],
      failed: ({ code, reason }) => ({
        throttleTimeMs: 0,
        errorCode: code,
        errorMessage: reason,
        topics: [],
      }),
    }),
    forwarded(broker, {
      request: updateFeaturesRequest,
      response: updateFeaturesResponse,
      accepts: [0, 2],
      failed: ({ code, reason }) => ({
        throttleTimeMs: 0,
        errorCode: code,
        errorMessage: reason,
        results: [],
      }),
    }),
    forwarded(broker, {
      request: unregisterBrokerRequest,
      response: unregisterBrokerResponse,
      accepts: [0, 0],
      failed: ({ code, reason }) => ({ throttleTimeMs: 0, errorCode: code, errorMessage: reason }),
    }),
  ]
}

function forwarded<Q extends Fields, S extends Fields>(
  broker: BrokerServices,
  api: {
    readonly request: Message<Q>
    readonly response: Message<S>
    readonly accepts: VersionRange
    readonly failed: (error: KafkaError, request: ValueOf<Q>) => InputOf<S>
  },
): ServedApi {
  return servedApi({
    ...api,
    async handle(request, { apiVersion }) {
      // The value goes on in the version it came in, so that no field is lost on the way.
      const answer = await broker.controller.request(api, request as unknown as InputOf<Q>, {
        versionMax: apiVersion,
      })
      await broker.catchUpWithController()
      return answer as unknown as InputOf<S>
    },
  })
}
