/** The APIs of the controller's listener about replicas, their leaders, and features. */
import { electionFailure } from '../controller/elect-leaders.ts'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../protocol/messages/alter-partition-reassignments.ts'
import {
  alterPartitionRequest,
  alterPartitionResponse,
} from '../protocol/messages/alter-partition.ts'
import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '../protocol/messages/assign-replicas-to-dirs.ts'
import { electLeadersRequest, electLeadersResponse } from '../protocol/messages/elect-leaders.ts'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../protocol/messages/list-partition-reassignments.ts'
import {
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '../protocol/messages/update-features.ts'
import { servedApi, type ServedApi } from '../server/dispatcher.ts'
import type { ControllerServices } from './controller-apis.ts'

export function replicationApis({
  controller,
  handle,
}: Pick<ControllerServices, 'controller' | 'handle'>): ServedApi[] {
  return [
    servedApi({
      request: alterPartitionRequest,
      response: alterPartitionResponse,
      handle: (request, from) =>
        handle(from, context => controller.handleAlterPartition(request, context)),
      failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, topics: [] }),
    }),
    servedApi({
      request: electLeadersRequest,
      response: electLeadersResponse,
      handle: (request, from) =>
        handle(from, context => controller.handleElectLeaders(request, context)),
      failed: electionFailure,
    }),
    servedApi({
      request: alterPartitionReassignmentsRequest,
      response: alterPartitionReassignmentsResponse,
      handle: (request, from) =>
        handle(from, () => controller.handleAlterPartitionReassignments(request)),
      failed: ({ code, reason }) => ({
        throttleTimeMs: 0,
        errorCode: code,
        errorMessage: reason,
        responses: [],
      }),
    }),
    servedApi({
      request: listPartitionReassignmentsRequest,
      response: listPartitionReassignmentsResponse,
      handle: (request, from) =>
        handle(from, () => controller.handleListPartitionReassignments(request)),
      failed: ({ code, reason }) => ({
        throttleTimeMs: 0,
        errorCode: code,
        errorMessage: reason,
        topics: [],
      }),
    }),
    servedApi({
      request: updateFeaturesRequest,
      response: updateFeaturesResponse,
      handle: (request, from) =>
        handle(from, context => controller.handleUpdateFeatures(request, context)),
      failed: ({ code, reason }) => ({
        throttleTimeMs: 0,
        errorCode: code,
        errorMessage: reason,
        results: [],
      }),
    }),
    servedApi({
      request: assignReplicasToDirsRequest,
      response: assignReplicasToDirsResponse,
      handle: (request, from) => handle(from, () => controller.handleAssignReplicasToDirs(request)),
      failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code, directories: [] }),
    }),
  ]
}
