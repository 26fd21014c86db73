/** Statistics of a topic: one scan over all of it, as a job. */
import { object } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { TopicStatistics } from '../model/statistics.ts'
import { cluster, partitions, topic } from './names.ts'

export const statisticsApi = {
  commands: {
    /** Begins one, or returns the one that runs for the topic already. */
    'statistics.start': {
      input: object({ cluster, topic, partitions }),
      output: returns<TopicStatistics>(),
    },
    'statistics.stop': { input: object({ cluster, topic }), output: returns<TopicStatistics>() },
    /** The running or the last one since the application started; null when there is none. */
    'statistics.get': {
      input: object({ cluster, topic }),
      output: returns<TopicStatistics | null>(),
    },
  },
  streams: {
    /** At once, then about once a second while one runs, and whenever one begins. Null: none yet. */
    'statistics.watch': {
      input: object({ cluster, topic }),
      item: returns<TopicStatistics | null>(),
    },
  },
  events: {},
} as const satisfies Contract
