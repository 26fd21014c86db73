/** What of topics is done in an inspect worker: whatever decodes their records. */
import { topicApi } from '../contract/api/topic.ts'
import type { Contract } from '../contract/define.ts'

export const topicWorkApi = {
  commands: { 'topic.key-moves': topicApi.commands['topic.key-moves'] },
  streams: {},
  events: {},
} as const satisfies Contract
