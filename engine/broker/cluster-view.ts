/**
 * The metadata image as clients are shown it: who is there, under which address, what leads what.
 */
import type { BrokerImage, PartitionImage, TopicImage } from '../controller/image-entries.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import { internalTopics } from '../controller/topic-names.ts'
import { errorCode } from '../protocol/errors.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'

/** The listener that clients use, and brokers among each other. */
export const CLIENT_LISTENER = 'PLAINTEXT'
export const NO_LEADER = -1

export interface BrokerEndpoint {
  readonly brokerId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly fenced: boolean
}

export class ClusterView {
  readonly image: MetadataImage

  constructor(image: MetadataImage) {
    this.image = image
  }

  topicByName(name: string): TopicImage | null {
    return this.image.topicsByName.get(name) ?? null
  }

  topicById(topicId: string): TopicImage | null {
    return this.image.topicsById.get(topicId) ?? null
  }

  topicName(topicId: string): string | null {
    return this.image.topicsById.get(topicId)?.name ?? null
  }

  isInternalTopic(name: string): boolean {
    return internalTopics.has(name)
  }

  /** Brokers that clients may be sent to. Fenced ones are hidden, unless they are asked for. */
  brokers(options: { readonly fenced?: boolean } = {}): BrokerEndpoint[] {
    const shown: BrokerEndpoint[] = []
    for (const broker of this.image.brokers.values()) {
      if (broker.fenced && options.fenced !== true) continue
      const endpoint = endpointOf(broker)
      if (endpoint !== null) shown.push(endpoint)
    }
    return shown
  }

  broker(brokerId: number): BrokerEndpoint | null {
    const broker = this.image.brokers.get(brokerId)
    return broker === undefined || broker.fenced ? null : endpointOf(broker)
  }

  /** A partition's state as Metadata and DescribeTopicPartitions tell it. */
  partitionState(partition: PartitionImage): {
    readonly errorCode: number
    readonly leaderId: number
    readonly offlineReplicas: readonly number[]
  } {
    const leads = partition.leader !== NO_LEADER && this.broker(partition.leader) !== null
    return {
      errorCode: leads ? 0 : errorCode('LEADER_NOT_AVAILABLE'),
      leaderId: leads ? partition.leader : NO_LEADER,
      offlineReplicas: partition.replicas.filter(id => this.broker(id) === null),
    }
  }

  /** A broker for clients to send controller requests to: any can, since they are passed on. */
  anyBrokerId(seed: number): number {
    const ids = this.brokers().map(({ brokerId }) => brokerId)
    return ids.length === 0 ? -1 : ids[seed % ids.length]!
  }
}

function endpointOf(broker: BrokerImage): BrokerEndpoint | null {
  const endpoint = broker.endPoints.find(({ name }) => name === CLIENT_LISTENER)
  if (endpoint === undefined) return null
  const { brokerId, rack, fenced } = broker
  return { brokerId, host: endpoint.host, port: endpoint.port, rack, fenced }
}
