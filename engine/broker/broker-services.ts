/** What a broker's handlers work with. Put together in `broker.ts`. */
import type { BrokerConfigLayers, BrokerSettings } from '../config/settings.ts'
import type { Clock } from '../ports/clock.ts'
import type { FetchPurgatory } from '../replica/fetch-purgatory.ts'
import type { FollowerWaits } from '../replica/follower-waits.ts'
import type { FetchSessionCache } from '../replica/fetch-sessions.ts'
import type { BufferPool } from '../support/buffer-pool.ts'
import type { ClusterView } from './cluster-view.ts'
import type { ControllerChannel } from './controller-channel.ts'
import type { GroupService } from './group-service.ts'
import type { Partition } from './partition.ts'
import type { ProducerIds } from './producer-ids.ts'
import type { Replicas } from './replicas.ts'
import type { Replication } from './replication.ts'
import type { TopicCreation } from './topic-creation.ts'
import type { Traffic } from './traffic.ts'

export interface BrokerServices {
  readonly brokerId: number
  readonly clusterId: string
  readonly clock: Clock
  /** What the configuration in force says. */
  settings(): BrokerSettings
  configLayers(): BrokerConfigLayers
  readonly cluster: ClusterView
  readonly replicas: Replicas
  readonly buffers: BufferPool
  /** Consumers that wait for commits. */
  readonly fetchPurgatory: FetchPurgatory<Partition>
  /** Followers that wait for appends. */
  readonly followerWaits: FollowerWaits
  readonly replication: Replication
  readonly fetchSessions: FetchSessionCache
  readonly groups: GroupService
  readonly controller: ControllerChannel
  /** Settles when this broker knows all that the controller has decided so far. */
  readonly catchUpWithController: () => Promise<void>
  readonly topicCreation: TopicCreation
  readonly producerIds: ProducerIds
  readonly traffic: Traffic
}
