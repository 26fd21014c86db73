/**
 * What a broker asks the controller for when a client names a topic that does not exist yet, and
 * when a coordinator needs its internal topic for the first time.
 */
import type { BrokerSettings } from '../config/settings.ts'
import type { CreateTopicsRequest } from '../protocol/messages/create-topics.ts'

type CreatableTopic = CreateTopicsRequest['topics'][number]

export function autoCreatedTopic(name: string, settings: BrokerSettings): CreatableTopic {
  switch (name) {
    case '__consumer_offsets':
      return {
        name,
        numPartitions: settings.offsetsTopicNumPartitions,
        replicationFactor: settings.offsetsTopicReplicationFactor,
        assignments: [],
        configs: [
          // A group is what its last records say, so the topic is kept by key and not by age.
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'compression.type', value: 'producer' },
          { name: 'segment.bytes', value: String(settings.offsetsTopicSegmentBytes) },
        ],
      }
    default:
      return { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }
  }
}
