/** Consumer groups. */
import { array, integer, nullable, object } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type {
  GroupDescription,
  GroupFigures,
  GroupSummary,
  LagHistory,
  Rebalance,
} from '../model/group.ts'
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
    /** Lag over the last `spanMs`, in at most about `pointsMax` points; `topic` null for the sum. */
    'group.history': {
      input: object({
        cluster,
        groupId,
        topic: nullable(topic),
        spanMs: integer({ min: 60_000, max: 30 * 86_400_000 }),
        pointsMax: integer({ min: 10, max: 5_000 }),
      }),
      output: returns<LagHistory>(),
    },
    /** The latest rebalances of a group, the newest first. */
    'group.rebalances': {
      input: object({ cluster, groupId, limit: integer({ min: 1, max: 500 }) }),
      output: returns<readonly Rebalance[]>(),
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
