/** Consumer groups. */
import { array, object } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { GroupDescription, GroupFigures, GroupSummary } from '../model/group.ts'
import { cluster, topic, groupId, intervalMs } from './names.ts'

export const groupApi = {
  commands: {
    'group.list': { input: object({ cluster }), output: returns<readonly GroupSummary[]>() },
    'group.figures': {
      input: object({ cluster, groupIds: array(groupId, { maxLength: 500 }) }),
      output: returns<readonly GroupFigures[]>(),
    },
    'group.describe': { input: object({ cluster, groupId }), output: returns<GroupDescription>() },
    /** Groups that committed offsets for a topic or hold a part of it. */
    'group.of-topic': {
      input: object({ cluster, topic }),
      output: returns<readonly GroupFigures[]>(),
    },
  },
  streams: {
    /** The whole description, at once and then whenever something in it changed. */
    'group.watch': {
      input: object({ cluster, groupId, intervalMs }),
      item: returns<GroupDescription>(),
    },
  },
  events: {},
} as const satisfies Contract
