/** Topics: listing, figures, configurations, creation and deletion. */
import { array, boolean, integer, nullable, object, optional, string } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { ConfigurationEntry, TopicConfigurationDefinition } from '../model/configuration.ts'
import type {
  CreatedTopic,
  DeletedTopic,
  TopicDescription,
  TopicFigures,
  TopicListing,
} from '../model/topic.ts'
import { cluster, topic } from './names.ts'

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
        partitionCount: nullable(integer({ min: 1, max: 100_000 })),
        replicationFactor: nullable(integer({ min: 1, max: 32_767 })),
        configurations,
        validateOnly: boolean,
      }),
      output: returns<CreatedTopic>(),
    },
    /** One that cannot be deleted does not keep the others. */
    'topic.delete': {
      input: object({ cluster, topics: array(topic, { maxLength: 1_000 }) }),
      output: returns<readonly DeletedTopic[]>(),
    },
  },
  streams: {},
  events: {
    /** Topics were created or deleted from here. */
    'topics.changed': returns<{ readonly cluster: string }>(),
  },
} as const satisfies Contract
