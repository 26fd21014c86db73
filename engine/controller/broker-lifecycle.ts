/**
 * Brokers register, keep in touch, and leave (KIP-631, KIP-841). A broker begins fenced; it is
 * unfenced when it has replayed its own registration, and fenced again when it falls silent.
 */
import type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
} from '../protocol/messages/broker-heartbeat.ts'
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from '../protocol/messages/broker-registration.ts'
import type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponse,
} from '../protocol/messages/unregister-broker.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { errorCode, KafkaError } from '../protocol/errors.ts'
import { METADATA_VERSION_FEATURE } from './bootstrap.ts'
import {
  beginControlledShutdown,
  cordonDirectories,
  fenceBroker,
  hasLeaderships,
  leaveAfterUncleanShutdown,
  leaveIsrs,
  loseDirectories,
  unfenceBroker,
} from './broker-changes.ts'
import type { ControllerState, Handled, RequestContext } from './handled.ts'
import type { BrokerImage } from './image-entries.ts'
import { attempt, messageOf } from './item-error.ts'
import { isActive, reservedDirectories } from './partition-rules.ts'

export function registerBroker(
  state: ControllerState,
  request: BrokerRegistrationRequest,
  context: RequestContext,
): Handled<BrokerRegistrationResponse> {
  return attempt<Handled<BrokerRegistrationResponse>>(
    () => {
      validateRegistration(state, request, context.nowMs)
      const before = state.image.brokers.get(request.brokerId) ?? null
      const returning = before?.incarnationId === request.incarnationId
      const brokerEpoch = returning ? before.brokerEpoch : context.nextOffset
      // First in its batch: the broker's epoch is this record's offset.
      const records = [
        registration(request, brokerEpoch, returning ? before : null),
        ...(returning ? [] : formerRunLeaves(state, request, before)),
      ]
      // Only by its heartbeats is it alive: one that was registered in vain is in nobody's way.
      if (!returning) state.heartbeats.begin(request.brokerId, brokerEpoch, context.nowMs)
      return { records, response: { throttleTimeMs: 0, errorCode: 0, brokerEpoch } }
    },
    error => ({
      records: [],
      response: { throttleTimeMs: 0, errorCode: error.code, brokerEpoch: -1n },
    }),
  )
}

/**
 * What the process before this one was in sync with, it is not any more. It stopped cleanly if it
 * could write down the broker epoch that the controller has of it (KIP-966).
 */
function formerRunLeaves(
  state: ControllerState,
  request: BrokerRegistrationRequest,
  before: BrokerImage | null,
): readonly MetadataRecord[] {
  const clean = before !== null && hasEnded(before, request)
  return clean
    ? leaveIsrs(state, request.brokerId)
    : leaveAfterUncleanShutdown(state, request.brokerId)
}

function validateRegistration(
  state: ControllerState,
  request: BrokerRegistrationRequest,
  nowMs: number,
): void {
  const { brokerId } = request
  if (brokerId < 0) throw new KafkaError('INVALID_REGISTRATION', `${brokerId} is no id of a broker`)
  if (request.isMigratingZkBroker)
    throw new KafkaError('BROKER_ID_NOT_REGISTERED', `broker ${brokerId} is one of ZooKeeper's`)
  if (request.clusterId !== state.clusterId)
    throw new KafkaError(
      'INCONSISTENT_CLUSTER_ID',
      `broker ${brokerId} belongs to cluster ${request.clusterId}, not to ${state.clusterId}`,
    )
  if (request.listeners.length === 0)
    throw new KafkaError('INVALID_REGISTRATION', `broker ${brokerId} names no listener`)
  validateLogDirs(state, request)
  const before = state.image.brokers.get(brokerId)
  if (
    before !== undefined &&
    before.incarnationId !== request.incarnationId &&
    !hasEnded(before, request) &&
    state.heartbeats.alive(brokerId, before.brokerEpoch, nowMs)
  )
    throw new KafkaError(
      'DUPLICATE_BROKER_REGISTRATION',
      `broker ${brokerId} is registered by another process that is alive`,
    )
  if (!request.features.some(({ name }) => name === METADATA_VERSION_FEATURE))
    throw new KafkaError(
      'INVALID_REGISTRATION',
      `broker ${brokerId} does not say which ${METADATA_VERSION_FEATURE} it supports`,
    )
  for (const [name, level] of state.image.features) {
    const supported = request.features.find(feature => feature.name === name)
    const { minSupportedVersion = 0, maxSupportedVersion = 0 } = supported ?? {}
    if (level < minSupportedVersion || level > maxSupportedVersion)
      throw new KafkaError(
        'UNSUPPORTED_VERSION',
        `broker ${brokerId} does not support ${name} ${level}, ` +
          `only ${minSupportedVersion} to ${maxSupportedVersion}`,
      )
  }
}

/**
 * The process before this one stopped cleanly: it has left the broker epoch behind that the
 * controller knows it by (KIP-966), so nobody has to wait for its session. Apache Kafka waits.
 */
function hasEnded(
  before: BrokerImage,
  { previousBrokerEpoch }: BrokerRegistrationRequest,
): boolean {
  return before.brokerEpoch === previousBrokerEpoch
}

/** A replica is found by the id of its folder, so no two folders may share one (KIP-858). */
function validateLogDirs(
  { image }: ControllerState,
  { brokerId, logDirs }: BrokerRegistrationRequest,
): void {
  const refuse = (complaint: string): never => {
    throw new KafkaError('INVALID_REGISTRATION', `broker ${brokerId} ${complaint}`)
  }
  if (logDirs.length === 0) refuse('names no log folder')
  for (const [index, id] of logDirs.entries()) {
    if (reservedDirectories.includes(id)) refuse(`names a log folder ${id}, which is reserved`)
    if (logDirs.indexOf(id) !== index) refuse(`names log folder ${id} more than once`)
  }
  for (const other of image.brokers.values()) {
    const shared = other.logDirs.find(id => logDirs.includes(id))
    if (other.brokerId !== brokerId && shared !== undefined)
      refuse(`names log folder ${shared}, which is broker ${other.brokerId}'s`)
  }
}

/** The same process registering again stays as fenced, and as shutting down, as it was. */
function registration(
  request: BrokerRegistrationRequest,
  brokerEpoch: bigint,
  before: BrokerImage | null,
): MetadataRecord {
  return {
    type: 'RegisterBrokerRecord',
    value: {
      brokerId: request.brokerId,
      isMigratingZkBroker: false,
      incarnationId: request.incarnationId,
      brokerEpoch,
      endPoints: request.listeners,
      features: request.features,
      rack: request.rack,
      fenced: before?.fenced ?? true,
      inControlledShutdown: before?.inControlledShutdown ?? false,
      logDirs: request.logDirs,
      cordonedLogDirs: null,
    },
  }
}

export function heartbeatBroker(
  state: ControllerState,
  request: BrokerHeartbeatRequest,
  context: RequestContext,
): Handled<BrokerHeartbeatResponse> {
  return attempt<Handled<BrokerHeartbeatResponse>>(
    () => {
      const { brokerId, brokerEpoch, currentMetadataOffset } = request
      const broker = brokerOfEpoch(state, brokerId, brokerEpoch)
      const { heartbeats } = state
      const session = heartbeats.touch(brokerId, brokerEpoch, context.nowMs, currentMetadataOffset)
      const next = nextControlState(state, broker, request)
      const records = [
        ...transition(state, broker, next),
        ...loseDirectories(state, broker, request.offlineLogDirs),
        ...cordonDirectories(broker, request.cordonedLogDirs),
      ]
      if (next === 'controlled-shutdown' && session.shutdownOffset < 0n)
        session.shutdownOffset = context.nextOffset + BigInt(records.length) - 1n
      return {
        records,
        response: {
          throttleTimeMs: 0,
          errorCode: 0,
          isCaughtUp: currentMetadataOffset >= state.registrationOffset(broker),
          isFenced: next === 'fenced' || next === 'shutdown-now',
          shouldShutDown: next === 'shutdown-now',
        },
      }
    },
    error => ({
      records: [],
      response: {
        throttleTimeMs: 0,
        errorCode: error.code,
        isCaughtUp: false,
        isFenced: true,
        shouldShutDown: false,
      },
    }),
  )
}

/** Fails with STALE_BROKER_EPOCH for one that has been replaced, or is not registered. */
export function brokerOfEpoch(
  state: ControllerState,
  brokerId: number,
  brokerEpoch: bigint,
): BrokerImage {
  const broker = state.image.brokers.get(brokerId)
  if (broker === undefined)
    throw new KafkaError('STALE_BROKER_EPOCH', `broker ${brokerId} is not registered`)
  if (broker.brokerEpoch !== brokerEpoch)
    throw new KafkaError(
      'STALE_BROKER_EPOCH',
      `broker ${brokerId} has broker epoch ${broker.brokerEpoch}, not ${brokerEpoch}`,
    )
  return broker
}

/** Kafka's BrokerControlState. */
export type ControlState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now'

export function controlState(broker: BrokerImage): ControlState {
  if (broker.fenced) return 'fenced'
  return broker.inControlledShutdown ? 'controlled-shutdown' : 'unfenced'
}

function nextControlState(
  state: ControllerState,
  broker: BrokerImage,
  request: BrokerHeartbeatRequest,
): ControlState {
  const { wantFence, wantShutDown, currentMetadataOffset } = request
  const leads = (): boolean => hasLeaderships(state.image, broker.brokerId)
  const current = controlState(broker)
  switch (current) {
    case 'fenced':
      // There is no way back from a shutdown but to register anew.
      if (wantShutDown || broker.inControlledShutdown) return 'shutdown-now'
      // It must know of its own registration before it may serve (KIP-631).
      return !wantFence && currentMetadataOffset >= state.registrationOffset(broker)
        ? 'unfenced'
        : 'fenced'
    case 'unfenced':
      if (wantFence) return wantShutDown ? 'shutdown-now' : 'fenced'
      if (!wantShutDown) return 'unfenced'
      return leads() ? 'controlled-shutdown' : 'shutdown-now'
    default:
      return leads() || !othersHaveHeard(state, broker) ? current : 'shutdown-now'
  }
}

/** A broker leaves once every other one that stays has replayed who leads in its place. */
function othersHaveHeard(state: ControllerState, broker: BrokerImage): boolean {
  const shutdownOffset = state.heartbeats.session(broker.brokerId)?.shutdownOffset ?? -1n
  for (const other of state.image.brokers.values()) {
    if (other.brokerId === broker.brokerId || !isActive(other)) continue
    const session = state.heartbeats.session(other.brokerId)
    if (session !== null && session.metadataOffset < shutdownOffset) return false
  }
  return true
}

function transition(
  state: ControllerState,
  broker: BrokerImage,
  next: ControlState,
): readonly MetadataRecord[] {
  if (next === controlState(broker)) return []
  switch (next) {
    case 'unfenced':
      return unfenceBroker(state, broker)
    case 'controlled-shutdown':
      return beginControlledShutdown(state, broker)
    case 'fenced':
    case 'shutdown-now':
      return broker.fenced ? [] : fenceBroker(state, broker)
  }
}

/** Removes a broker that will not come back. Its replicas stay assigned to it. */
export function unregisterBroker(
  state: ControllerState,
  request: UnregisterBrokerRequest,
): Handled<UnregisterBrokerResponse> {
  return attempt<Handled<UnregisterBrokerResponse>>(
    () => {
      const { brokerId } = request
      const broker = state.image.brokers.get(brokerId)
      if (broker === undefined)
        throw new KafkaError('BROKER_ID_NOT_REGISTERED', `broker ${brokerId} is not registered`)
      const gone: MetadataRecord = {
        type: 'UnregisterBrokerRecord',
        value: { brokerId, brokerEpoch: broker.brokerEpoch },
      }
      return {
        records: [gone, ...leaveIsrs(state, brokerId)],
        response: { throttleTimeMs: 0, errorCode: errorCode('NONE'), errorMessage: null },
      }
    },
    error => ({
      records: [],
      response: { throttleTimeMs: 0, errorCode: error.code, errorMessage: messageOf(error) },
    }),
  )
}
