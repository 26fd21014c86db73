/** Topics: listing, figures, configurations, and all changes to them. */
import { activeProducers } from '../topics/active-producers.ts'
import { topicConfigurationDefinitions } from '../topics/configuration-facts.ts'
import { keyMoves } from '../topics/key-moves.ts'
import { emptyTopics, previewPurge, purge } from '../topics/purge.ts'
import { recreateTopic } from '../topics/recreate-topic.ts'
import { addPartitions, createTopic, deleteTopics, topicSettings } from '../topics/topic-changes.ts'
import { topicConfigurations } from '../topics/topic-configurations.ts'
import { describeTopic, topicFigures } from '../topics/topic-figures.ts'
import { listTopics } from '../topics/topic-list.ts'
import type { Commands, ServiceContext } from './handlers.ts'

export function topicHandlers({ clusters, events, wait }: ServiceContext) {
  const clientFor = (cluster: string) => clusters.getForChange(cluster).client
  /** Pages hear of a change even where only a part of it succeeded. */
  const changed = async <T>(cluster: string, change: Promise<T>): Promise<T> => {
    try {
      return await change
    } finally {
      events.emit('topics.changed', { cluster })
    }
  }
  const reading = {
    'topic.list': async ({ cluster, known }) => listTopics(clusters.get(cluster).client, known),
    'topic.figures': async ({ cluster, topics }) =>
      topicFigures(clusters.get(cluster).client, topics),
    'topic.describe': async ({ cluster, topic }) =>
      describeTopic(clusters.get(cluster).client, topic),
    'topic.configurations': async ({ cluster, topic }) => {
      const { client, kind } = clusters.get(cluster)
      return topicConfigurations(client, topic, kind === 'local')
    },
    'topic.configuration-definitions': async ({ cluster }) =>
      topicConfigurationDefinitions(clusters.get(cluster).kind === 'local'),
    'topic.settings': async ({ cluster, topic }) =>
      topicSettings(clusters.get(cluster).client, topic),
    'topic.key-moves': async ({ cluster, topic, count }) =>
      keyMoves(clusters.get(cluster).client, { topic, count }),
    'topic.purge-preview': async ({ cluster, topic, partitions, before }) =>
      previewPurge(clusters.get(cluster).client, { topic, partitions, before }),
    'topic.producers': async ({ cluster, topic }) =>
      activeProducers(clusters.get(cluster).client, topic),
  } satisfies Commands
  const changing = {
    'topic.create': async input => {
      const creating = createTopic(clientFor(input.cluster), input)
      return input.validateOnly ? creating : changed(input.cluster, creating)
    },
    'topic.delete': async ({ cluster, topics }) =>
      changed(cluster, deleteTopics(clientFor(cluster), topics)),
    'topic.recreate': async ({ cluster, topic }) =>
      changed(cluster, recreateTopic(clientFor(cluster), topic, wait)),
    'topic.add-partitions': async ({ cluster, topic, count, validateOnly }) => {
      const adding = addPartitions(clientFor(cluster), { topic, count, validateOnly })
      await (validateOnly ? adding : changed(cluster, adding))
      return null
    },
    'topic.purge': async ({ cluster, topic, before }) =>
      changed(cluster, purge(clientFor(cluster), { topic, before })),
    'topic.empty': async ({ cluster, topics }) =>
      changed(cluster, emptyTopics(clientFor(cluster), topics)),
  } satisfies Commands
  return { commands: { ...reading, ...changing } }
}
