/** The APIs of the controller's listener: decisions, which brokers ask for, and the quorum's own. */
import { advertisedFeatures } from '../controller/bootstrap.ts'
import type { Controller } from '../controller/controller.ts'
import type { Handled, RequestContext as CoreContext } from '../controller/handled.ts'
import {
  alterConfigsFailure,
  createPartitionsFailure,
  createTopicsFailure,
  deleteTopicsFailure,
} from '../controller/request-failures.ts'
import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '../protocol/messages/allocate-producer-ids.ts'
import { alterConfigsRequest, alterConfigsResponse } from '../protocol/messages/alter-configs.ts'
import {
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
} from '../protocol/messages/broker-heartbeat.ts'
import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '../protocol/messages/broker-registration.ts'
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../protocol/messages/create-partitions.ts'
import { createTopicsRequest, createTopicsResponse } from '../protocol/messages/create-topics.ts'
import { deleteTopicsRequest, deleteTopicsResponse } from '../protocol/messages/delete-topics.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../protocol/messages/incremental-alter-configs.ts'
import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
} from '../protocol/messages/unregister-broker.ts'
import { apiVersions } from '../server/api-versions.ts'
import { servedApi, type RequestContext, type ServedApi } from '../server/dispatcher.ts'
import { replicationApis } from './replication-apis.ts'

export interface ControllerServices {
  readonly controller: Controller
  /** Answers when what was decided is committed; fails with NOT_CONTROLLER where it is not. */
  readonly handle: <R>(
    context: RequestContext,
    run: (context: CoreContext) => Handled<R>,
  ) => R | Promise<R>
  readonly quorumApis: readonly ServedApi[]
}

export function controllerApis(services: ControllerServices): ServedApi[] {
  const { controller, handle } = services
  const apis: ServedApi[] = [
    ...services.quorumApis,
    servedApi({
      request: brokerRegistrationRequest,
      response: brokerRegistrationResponse,
      handle: (request, from) =>
        handle(from, context => controller.handleBrokerRegistration(request, context)),
      failed: ({ code }) => ({ throttleTimeMs: 0, errorCode: code }),
    }),
    servedApi({
      request: brokerHeartbeatRequest,
      response: brokerHeartbeatResponse,
      handle: (request, from) =>
        handle(from, context => controller.handleBrokerHeartbeat(request, context)),
      failed: ({ code }) => ({
        throttleTimeMs: 0,
        errorCode: code,
        isCaughtUp: false,
        shouldShutDown: false,
      }),
    }),
    servedApi({
      request: unregisterBrokerRequest,
      response: unregisterBrokerResponse,
      handle: (request, from) => handle(from, () => controller.handleUnregisterBroker(request)),
      failed: ({ code, reason }) => ({ throttleTimeMs: 0, errorCode: code, errorMessage: reason }),
    }),
    servedApi({
      request: createTopicsRequest,
      response: createTopicsResponse,
      handle: (request, from) => handle(from, () => controller.handleCreateTopics(request)),
      failed: createTopicsFailure,
    }),
    servedApi({
      request: deleteTopicsRequest,
      response: deleteTopicsResponse,
      handle: (request, from) =>
        handle(from, context => controller.handleDeleteTopics(request, context)),
      failed: deleteTopicsFailure,
    }),
    servedApi({
      request: createPartitionsRequest,
      response: createPartitionsResponse,
      handle: (request, from) => handle(from, () => controller.handleCreatePartitions(request)),
      failed: createPartitionsFailure,
    }),
    servedApi({
      request: alterConfigsRequest,
      response: alterConfigsResponse,
      handle: (request, from) => handle(from, () => controller.handleAlterConfigs(request)),
      failed: alterConfigsFailure,
    }),
    servedApi({
      request: incrementalAlterConfigsRequest,
      response: incrementalAlterConfigsResponse,
      handle: (request, from) =>
        handle(from, () => controller.handleIncrementalAlterConfigs(request)),
      failed: alterConfigsFailure,
    }),
    servedApi({
      request: allocateProducerIdsRequest,
      response: allocateProducerIdsResponse,
      handle: (request, from) => handle(from, () => controller.handleAllocateProducerIds(request)),
      failed: ({ code }) => ({
        throttleTimeMs: 0,
        errorCode: code,
        producerIdStart: -1n,
        producerIdLen: 0,
      }),
    }),
    ...replicationApis(services),
  ]
  apis.push(
    apiVersions({
      apis: () => apis,
      features: () => advertisedFeatures(controller.image),
    }),
  )
  return apis
}
