/** Topics: listing, figures, configurations, creation and deletion. */
import {
  array,
  boolean,
  integer,
  nullable,
  object,
  offset,
  optional,
  string,
  timestampMs,
  union,
} from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { ConfigurationEntry, TopicConfigurationDefinition } from '../model/configuration.ts'
import type {
  ActiveProducers,
  CreatedTopic,
  KeyMoves,
  PurgedPartition,
  PurgePreview,
  RecreatedTopic,
  TopicDescription,
  TopicFigures,
  TopicListing,
  TopicSettings,
} from '../model/topic.ts'
import { cluster, partition, partitions, topic } from './names.ts'

const partitionCount = integer({ min: 1, max: 100_000 })

const configurations = array(
  object({ name: string({ minLength: 1, maxLength: 249 }), value: string({ maxLength: 32_767 }) }),
  { maxLength: 200 },
)

export const topicApi = {
  commands: {
    'topic.list': {
      /** `known`: the version of the listing that the page has already. */
      input: object({ cluster, known: optional(string({ maxLength: 64 })) }),
      output: returns<TopicListing>(),
    },
    /** For the rows that are visible; unknown names are left out of the answer. */
    'topic.figures': {
      input: object({ cluster, topics: array(topic, { maxLength: 500 }) }),
      output: returns<readonly TopicFigures[]>(),
    },
    'topic.describe': { input: object({ cluster, topic }), output: returns<TopicDescription>() },
    'topic.configurations': {
      input: object({ cluster, topic }),
      output: returns<readonly ConfigurationEntry[]>(),
    },
    /** What a topic can be created with. */
    'topic.configuration-definitions': {
      input: object({ cluster }),
      output: returns<readonly TopicConfigurationDefinition[]>(),
    },
    'topic.create': {
      input: object({
        cluster,
        topic,
        /** Null is the cluster's default. */
        partitionCount: nullable(partitionCount),
        replicationFactor: nullable(integer({ min: 1, max: 32_767 })),
        configurations,
        validateOnly: boolean,
      }),
      output: returns<CreatedTopic>(),
    },
    /** What a topic like this one is created with. */
    'topic.settings': { input: object({ cluster, topic }), output: returns<TopicSettings>() },
    /** Deletes a topic and creates it with the same settings; its id is another one then. */
    'topic.recreate': { input: object({ cluster, topic }), output: returns<RecreatedTopic>() },
    /** `count` is the number of partitions afterwards. */
    'topic.add-partitions': {
      input: object({ cluster, topic, count: partitionCount, validateOnly: boolean }),
      output: returns<null>(),
    },
    'topic.key-moves': {
      input: object({ cluster, topic, count: partitionCount }),
      output: returns<KeyMoves>(),
    },
    'topic.purge-preview': {
      input: object({
        cluster,
        topic,
        partitions,
        before: union({ end: {}, offset: { offset }, timestamp: { timestampMs } }),
      }),
      output: returns<PurgePreview>(),
    },
    /** Records before these offsets go, as a preview said; one partition does not keep the others. */
    'topic.purge': {
      input: object({
        cluster,
        topic,
        before: array(object({ partition, offset }), { maxLength: 100_000 }),
      }),
      output: returns<readonly PurgedPartition[]>(),
    },
    'topic.producers': { input: object({ cluster, topic }), output: returns<ActiveProducers>() },
  },
  streams: {},
  events: {
    /** Topics were created, deleted, emptied or enlarged from here. */
    'topics.changed': returns<{ readonly cluster: string }>(),
  },
} as const satisfies Contract
