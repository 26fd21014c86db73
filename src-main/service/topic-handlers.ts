/** Topics: listing, figures, configurations, creation and deletion. */
import { createTopic, deleteTopics } from '../topics/topic-changes.ts'
import {
  topicConfigurationDefinitions,
  topicConfigurations,
} from '../topics/topic-configurations.ts'
import { describeTopic, topicFigures } from '../topics/topic-figures.ts'
import { listTopics } from '../topics/topic-list.ts'
import type { Commands, ServiceContext } from './handlers.ts'

export function topicHandlers({ clusters, events }: ServiceContext) {
  const commands = {
    'topic.list': async ({ cluster, known }) => listTopics(clusters.get(cluster).client, known),
    'topic.figures': async ({ cluster, topics }) =>
      topicFigures(clusters.get(cluster).client, topics),
    'topic.describe': async ({ cluster, topic }) =>
      describeTopic(clusters.get(cluster).client, topic),
    'topic.configurations': async ({ cluster, topic }) => {
      const { client, kind } = clusters.get(cluster)
      return topicConfigurations(client, topic, kind === 'local')
    },
    'topic.configuration-definitions': async ({ cluster }) => {
      clusters.get(cluster)
      return topicConfigurationDefinitions()
    },
    'topic.create': async input => {
      const created = await createTopic(clusters.getForChange(input.cluster).client, input)
      if (created.created) events.emit('topics.changed', { cluster: input.cluster })
      return created
    },
    'topic.delete': async ({ cluster, topics }) => {
      const deleted = await deleteTopics(clusters.getForChange(cluster).client, topics)
      events.emit('topics.changed', { cluster })
      return deleted
    },
  } satisfies Commands
  return { commands }
}
