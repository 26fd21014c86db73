/**
 * The active controller's mind: what the cluster is to become. Each handler takes a request and
 * gives the records that the metadata log must hold and the response that is due once they are
 * committed. Nothing changes until those records come back through `replay`.
 *
 * The shell around it has the log, the sockets and the clock. For each request, in order: handle,
 * append the records as one batch, replay them, answer.
 */
import { configResourceTypes, describeTopicConfigs } from '../config/describe.ts'
import {
  brokerSettings,
  type BrokerConfigLayers,
  type BrokerSettings,
  type ConfigMap,
} from '../config/settings.ts'
import type { Random } from '../ports/random.ts'
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '../protocol/messages/allocate-producer-ids.ts'
import type {
  AlterConfigsRequest,
  AlterConfigsResponse,
} from '../protocol/messages/alter-configs.ts'
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../protocol/messages/alter-partition-reassignments.ts'
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
} from '../protocol/messages/alter-partition.ts'
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from '../protocol/messages/assign-replicas-to-dirs.ts'
import type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
} from '../protocol/messages/broker-heartbeat.ts'
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from '../protocol/messages/broker-registration.ts'
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from '../protocol/messages/create-partitions.ts'
import type {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from '../protocol/messages/create-topics.ts'
import type {
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from '../protocol/messages/delete-topics.ts'
import type {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from '../protocol/messages/elect-leaders.ts'
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../protocol/messages/incremental-alter-configs.ts'
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../protocol/messages/list-partition-reassignments.ts'
import type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponse,
} from '../protocol/messages/unregister-broker.ts'
import type {
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from '../protocol/messages/update-features.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { allocateProducerIds } from './allocate-producer-ids.ts'
import { alterConfigs, incrementalAlterConfigs } from './alter-configs.ts'
import { bootstrapRecords } from './bootstrap.ts'
import { alterPartition } from './alter-partition.ts'
import {
  alterPartitionReassignments,
  listPartitionReassignments,
} from './alter-partition-reassignments.ts'
import { assignReplicasToDirs } from './assign-replicas-to-dirs.ts'
import { fenceBroker } from './broker-changes.ts'
import { heartbeatBroker, registerBroker, unregisterBroker } from './broker-lifecycle.ts'
import { createPartitions } from './create-partitions.ts'
import { createTopics } from './create-topics.ts'
import { deleteTopics } from './delete-topics.ts'
import { electLeaders } from './elect-leaders.ts'
import type { ControllerState, CreatedTopicConfig, Handled, RequestContext } from './handled.ts'
import { HeartbeatTracker } from './heartbeat-tracker.ts'
import type { BrokerImage } from './image-entries.ts'
import { MetadataImage, type MetadataChange } from './metadata-image.ts'
import { PeriodicElections } from './periodic-elections.ts'
import { TopicNames } from './topic-names.ts'
import { updateFeatures } from './update-features.ts'

export interface ControllerOptions {
  readonly clusterId: string
  /** What the controller was started with; new topics take their defaults from it. */
  readonly staticConfigs: ConfigMap
  readonly random: Random
}

const noConfigs: ConfigMap = new Map()

export class Controller implements ControllerState {
  readonly clusterId: string
  readonly random: Random
  readonly image = new MetadataImage()
  readonly names = new TopicNames()
  readonly heartbeats: HeartbeatTracker
  readonly #elections = new PeriodicElections(this)
  readonly #staticConfigs: ConfigMap
  // Both follow from the configurations, and are worked out again when those change.
  #settings: BrokerSettings | null = null
  #inheritedTopicConfigs: readonly CreatedTopicConfig[] | null = null
  #active = false
  /** Offset of the last record that registered each broker; none where a snapshot stands for it. */
  readonly #registeredAt = new Map<number, bigint>()

  /** Fails with INVALID_CONFIG when a static configuration is none. */
  constructor({ clusterId, staticConfigs, random }: ControllerOptions) {
    this.clusterId = clusterId
    this.random = random
    this.#staticConfigs = staticConfigs
    this.heartbeats = new HeartbeatTracker(this.settings().brokerSessionTimeoutMs)
  }

  /** The records that an empty metadata log begins with. */
  bootstrapRecords(): readonly MetadataRecord[] {
    return bootstrapRecords(this.image, this.settings().minInsyncReplicas)
  }

  /** Applies one record of the metadata log, the controller's own ones included. */
  replay(record: MetadataRecord, offset: bigint, epoch = 0): MetadataChange | null {
    const change = this.image.replay(record, offset, epoch)
    if (record.type === 'RegisterBrokerRecord')
      this.#registeredAt.set(record.value.brokerId, offset)
    if (change !== null) this.#note(change)
    return change
  }

  /** Takes a snapshot of the metadata log in place of all that was replayed. */
  load(
    records: Iterable<MetadataRecord>,
    last: { readonly lastOffset: bigint; readonly lastEpoch: number },
  ): readonly MetadataChange[] {
    const changes = this.image.load(records, last)
    for (const change of changes) this.#note(change)
    return changes
  }

  #note(change: MetadataChange): void {
    switch (change.type) {
      case 'topic-created':
        this.names.add(change.topic.name)
        break
      case 'topic-deleted':
        this.names.delete(change.topic.name)
        break
      case 'broker-unregistered':
        this.heartbeats.end(change.before.brokerId)
        this.#registeredAt.delete(change.before.brokerId)
        break
      case 'config-changed':
        if (change.resourceType === configResourceTypes.BROKER) this.#forgetSettings()
        break
      default:
    }
  }

  /** Every broker's session begins anew: what it told an earlier controller is not known here. */
  activate(nowMs: number): void {
    for (const { brokerId, brokerEpoch } of this.image.brokers.values())
      this.heartbeats.begin(brokerId, brokerEpoch, nowMs)
    this.#elections.begin(nowMs)
    this.#active = true
  }

  /** From here on another controller watches the brokers. */
  deactivate(): void {
    this.#elections.end()
    this.#active = false
  }

  /** When `tick` next has something to look at, or null while another controller is active. */
  nextDeadlineMs(): number | null {
    const electionsMs = this.#elections.nextDeadlineMs()
    const fenceMs = this.#nextToFence()?.deadlineMs ?? null
    if (electionsMs === null || fenceMs === null) return electionsMs ?? fenceMs
    return Math.min(electionsMs, fenceMs)
  }

  /**
   * Fences the broker that is overdue the longest, then holds the elections that are due. One step
   * at a time, since who leads in a broker's place depends on who is left: replay the records and
   * call again until there are none.
   */
  tick(nowMs: number): readonly MetadataRecord[] {
    const next = this.#nextToFence()
    if (next === null || nowMs < next.deadlineMs) return this.#elections.tick(nowMs)
    return fenceBroker(this, next.broker)
  }

  handleBrokerRegistration(
    request: BrokerRegistrationRequest,
    context: RequestContext,
  ): Handled<BrokerRegistrationResponse> {
    return registerBroker(this, request, context)
  }

  handleBrokerHeartbeat(
    request: BrokerHeartbeatRequest,
    context: RequestContext,
  ): Handled<BrokerHeartbeatResponse> {
    return heartbeatBroker(this, request, context)
  }

  handleUnregisterBroker(request: UnregisterBrokerRequest): Handled<UnregisterBrokerResponse> {
    return unregisterBroker(this, request)
  }

  handleCreateTopics(request: CreateTopicsRequest): Handled<CreateTopicsResponse> {
    return createTopics(this, request)
  }

  handleDeleteTopics(
    request: DeleteTopicsRequest,
    context: RequestContext,
  ): Handled<DeleteTopicsResponse> {
    return deleteTopics(this, request, context)
  }

  handleCreatePartitions(request: CreatePartitionsRequest): Handled<CreatePartitionsResponse> {
    return createPartitions(this, request)
  }

  handleIncrementalAlterConfigs(
    request: IncrementalAlterConfigsRequest,
  ): Handled<IncrementalAlterConfigsResponse> {
    return incrementalAlterConfigs(this, request)
  }

  handleAlterConfigs(request: AlterConfigsRequest): Handled<AlterConfigsResponse> {
    return alterConfigs(this, request)
  }

  handleAllocateProducerIds(
    request: AllocateProducerIdsRequest,
  ): Handled<AllocateProducerIdsResponse> {
    return allocateProducerIds(this, request)
  }

  handleAlterPartition(
    request: AlterPartitionRequest,
    context: RequestContext,
  ): Handled<AlterPartitionResponse> {
    return alterPartition(this, request, context)
  }

  handleElectLeaders(
    request: ElectLeadersRequest,
    context: RequestContext,
  ): Handled<ElectLeadersResponse> {
    return electLeaders(this, request, context)
  }

  handleAlterPartitionReassignments(
    request: AlterPartitionReassignmentsRequest,
  ): Handled<AlterPartitionReassignmentsResponse> {
    return alterPartitionReassignments(this, request)
  }

  handleListPartitionReassignments(
    request: ListPartitionReassignmentsRequest,
  ): Handled<ListPartitionReassignmentsResponse> {
    return { records: [], response: listPartitionReassignments(this.image, request) }
  }

  handleUpdateFeatures(
    request: UpdateFeaturesRequest,
    context: RequestContext,
  ): Handled<UpdateFeaturesResponse> {
    return updateFeatures(this, request, context)
  }

  handleAssignReplicasToDirs(
    request: AssignReplicasToDirsRequest,
  ): Handled<AssignReplicasToDirsResponse> {
    return assignReplicasToDirs(this, request)
  }

  registrationOffset({ brokerId, brokerEpoch }: BrokerImage): bigint {
    return this.#registeredAt.get(brokerId) ?? brokerEpoch
  }

  configLayers(): BrokerConfigLayers {
    return {
      dynamicBroker: noConfigs,
      dynamicDefault: this.image.configs(configResourceTypes.BROKER, ''),
      staticBroker: this.#staticConfigs,
    }
  }

  settings(): BrokerSettings {
    this.#settings ??= brokerSettings(this.configLayers())
    return this.#settings
  }

  inheritedTopicConfigs(): readonly CreatedTopicConfig[] {
    this.#inheritedTopicConfigs ??= describeTopicConfigs(noConfigs, this.configLayers()).map(
      ({ name, value, readOnly, configSource, isSensitive }) => ({
        name,
        value,
        readOnly,
        configSource,
        isSensitive,
      }),
    )
    return this.#inheritedTopicConfigs
  }

  #forgetSettings(): void {
    this.#settings = null
    this.#inheritedTopicConfigs = null
  }

  #nextToFence(): { readonly broker: BrokerImage; readonly deadlineMs: number } | null {
    if (!this.#active) return null
    let next: { broker: BrokerImage; deadlineMs: number } | null = null
    for (const broker of this.image.brokers.values()) {
      if (broker.fenced) continue
      const deadlineMs = this.heartbeats.deadlineMs(broker.brokerId)
      if (deadlineMs === null) continue
      if (next === null || deadlineMs < next.deadlineMs) next = { broker, deadlineMs }
    }
    return next
  }
}
