/** The part of topics that is done in an inspect worker. */
import type { Handlers } from '../contract/define.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { keyMoves } from './key-moves.ts'
import type { topicWorkApi } from './topic-work-api.ts'

export function topicWork({ clientOf }: WorkContext): Handlers<typeof topicWorkApi> {
  return {
    commands: {
      'topic.key-moves': async ({ cluster, topic, count }) =>
        keyMoves(clientOf(cluster), { topic, count }),
    },
    streams: {},
  }
}
