/** Topics: listing, figures, configurations, and all changes to them. */
import { activeProducers } from '../topics/active-producers.ts'
import { topicConfigurationDefinitions } from '../topics/configuration-facts.ts'
import { previewPurge, purge } from '../topics/purge.ts'
import { recreateTopic } from '../topics/recreate-topic.ts'
import { TopicActs } from '../topics/topic-acts.ts'
import { addPartitions, createTopic, topicSettings } from '../topics/topic-changes.ts'
import { topicConfigurations } from '../topics/topic-configurations.ts'
import { describeTopic, topicFigures } from '../topics/topic-figures.ts'
import { listTopics } from '../topics/topic-list.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

export function topicHandlers(context: ServiceContext) {
  const { clusters, events, workers, wait } = context
  const acts = new TopicActs(context)
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
    'topic.key-moves': (input, signal) => workers.pass('topic.key-moves', input, { signal }),
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
    'topic.recreate': async ({ cluster, topic }) =>
      changed(cluster, recreateTopic(clientFor(cluster), topic, wait)),
    'topic.add-partitions': async ({ cluster, topic, count, validateOnly }) => {
      const adding = addPartitions(clientFor(cluster), { topic, count, validateOnly })
      await (validateOnly ? adding : changed(cluster, adding))
      return null
    },
    'topic.purge': async ({ cluster, topic, before }) =>
      changed(cluster, purge(clientFor(cluster), { topic, before })),
    'topic.act': async input => acts.start(input),
  } satisfies Commands
  const streams = {
    'topic.act-results': ({ jobId, from }, sink) => acts.watch(jobId, from, sink),
  } satisfies Streams
  return { commands: { ...reading, ...changing }, streams }
}
