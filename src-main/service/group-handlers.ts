/** Consumer groups. */
import { describeGroup } from '../groups/group-description.ts'
import { groupFigures, groupsOfTopic, listGroups } from '../groups/groups.ts'
import { plainDigest, watch } from '../lookups/watch.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

const WATCH_INTERVAL_MS = 1_000

export function groupHandlers({ clusters, nowMs, wait }: ServiceContext) {
  const commands = {
    'group.list': async ({ cluster }) => listGroups(clusters.get(cluster).client),
    'group.figures': async ({ cluster, groupIds }) =>
      groupFigures(clusters.get(cluster).client, groupIds, nowMs()),
    'group.describe': async ({ cluster, groupId }) =>
      describeGroup(clusters.get(cluster).client, groupId, nowMs()),
    'group.of-topic': async ({ cluster, topic }) =>
      groupsOfTopic(clusters.get(cluster).client, topic, nowMs()),
  } satisfies Commands
  const streams = {
    'group.watch': async ({ cluster, groupId, intervalMs = WATCH_INTERVAL_MS }, sink) => {
      const { client } = clusters.get(cluster)
      const read = () => describeGroup(client, groupId, nowMs())
      await watch({ sink, intervalMs, nowMs, wait, read, digest: plainDigest })
    },
  } satisfies Streams
  return { commands, streams }
}
