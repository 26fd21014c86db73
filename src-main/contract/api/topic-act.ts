/** Acts on several topics at once. Each is a job, which goes on when the page is left. */
import {
  array,
  integer,
  literal,
  nullable,
  object,
  string,
  union,
  type CheckedBy,
} from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { TopicActProgress } from '../model/topic-act.ts'
import { cluster, INT32_MAX, topic } from './names.ts'

const TOPICS_MAX = 100_000

const act = union({
  delete: {},
  /** All records that are there when its turn comes. */
  purge: {},
  configure: {
    change: object({
      name: string({ minLength: 1, maxLength: 249 }),
      operation: literal('set', 'reset'),
      value: nullable(string({ maxLength: 32_767 })),
    }),
  },
})
export type TopicAct = CheckedBy<typeof act>
export type TopicConfigurationChange = Extract<TopicAct, { type: 'configure' }>['change']

const jobId = string({ minLength: 1, maxLength: 64 })

export const topicActApi = {
  commands: {
    /** The job, which `job.stop` ends between two topics: what was done stays done. */
    'topic.act': {
      input: object({ cluster, topics: array(topic, { maxLength: TOPICS_MAX }), act }),
      output: returns<{ readonly jobId: string }>(),
    },
  },
  streams: {
    /**
     * Results from that one on, as they come, to the end of the job. `NOT_FOUND` when the job is
     * none of these, or is off the list.
     */
    'topic.act-results': {
      input: object({ jobId, from: integer({ min: 0, max: INT32_MAX }) }),
      item: returns<TopicActProgress>(),
    },
  },
  events: {},
} as const satisfies Contract
