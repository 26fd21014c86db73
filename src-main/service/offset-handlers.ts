/** Moving committed offsets: plans, previews, what was applied, and snapshots. */
import type { ClusterRegistry } from '../clusters/cluster-registry.ts'
import { plainDigest, watch } from '../lookups/watch.ts'
import { applyOffsets, deleteGroup } from '../offsets/apply-offsets.ts'
import { exportSnapshot } from '../offsets/export-snapshot.ts'
import { describeLabGroup } from '../offsets/lab-group.ts'
import { makePlan } from '../offsets/make-plan.ts'
import type { SnapshotStore } from '../offsets/snapshots.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

const WATCH_INTERVAL_MS = 1_000

export function offsetHandlers(context: ServiceContext, snapshots: SnapshotStore) {
  const { clusters, workers, nowMs, wait } = context
  /** What a change is made with: a read-only cluster refuses it here. */
  const forChange = (cluster: string, signal: AbortSignal) => {
    const { client } = clusters.getForChange(cluster)
    return { client, cluster, snapshots, nowMs, wait, signal }
  }
  const commands = {
    'offset.plan': async input =>
      makePlan(
        {
          client: clusters.get(input.cluster).client,
          bootstrap: bootstrapOf(clusters, input.cluster),
          snapshots,
          nowMs: nowMs(),
        },
        input,
      ),
    'offset.landings': (input, signal) => workers.pass('offset.landings', input, { signal }),
    'offset.apply': async ({ cluster, groupId, changes, reason }, signal) =>
      applyOffsets(forChange(cluster, signal), groupId, changes, reason),
    'offset.delete-group': async ({ cluster, groupId }, signal) =>
      deleteGroup(forChange(cluster, signal), groupId),
    'offset.snapshots': async ({ cluster, groupId }) => snapshots.list({ cluster, groupId }),
    'offset.export-snapshot': async ({ cluster, groupId, snapshotId, format }) =>
      exportSnapshot(await snapshots.read({ cluster, groupId, id: snapshotId }), format),
  } satisfies Commands
  const streams = {
    'offset.watch-group': async ({ cluster, groupId, intervalMs = WATCH_INTERVAL_MS }, sink) => {
      const { client } = clusters.get(cluster)
      const read = () => describeLabGroup(client, groupId, nowMs())
      await watch({ sink, intervalMs, nowMs, wait, read, digest: plainDigest })
    },
  } satisfies Streams
  return { commands, streams }
}

function bootstrapOf(clusters: ClusterRegistry, id: string): string {
  return clusters.list().find(cluster => cluster.id === id)?.bootstrap ?? ''
}
