/** The part of the offset lab that is done in an inspect worker, which is all but the watching. */
import type { Handlers } from '../contract/define.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { applyOffsets, deleteGroup } from './apply-offsets.ts'
import { exportSnapshot } from './export-snapshot.ts'
import { findLandings } from './landings.ts'
import { makePlan } from './make-plan.ts'
import type { offsetWorkApi } from './offset-work-api.ts'
import { snapshotStore } from './snapshots.ts'

export function offsetWork({ clientOf, nowMs, wait }: WorkContext): Handlers<typeof offsetWorkApi> {
  const forChange = (cluster: string, folder: string | null, signal: AbortSignal) => ({
    client: clientOf(cluster),
    cluster,
    snapshots: snapshotStore(folder),
    nowMs,
    wait,
    signal,
  })
  return {
    commands: {
      'offset.landings': async ({ cluster, places }, signal) =>
        findLandings(clientOf(cluster), places, signal),
      'offset.plan': async ({ cluster, surroundings: { folder, bootstrap }, question }) =>
        makePlan(
          {
            client: clientOf(cluster),
            bootstrap,
            snapshots: snapshotStore(folder),
            nowMs: nowMs(),
          },
          question,
        ),
      'offset.apply': async ({ cluster, surroundings: { folder }, question }, signal) => {
        const { groupId, changes, reason } = question
        return applyOffsets(forChange(cluster, folder, signal), groupId, changes, reason)
      },
      'offset.delete-group': async ({ cluster, surroundings: { folder }, question }, signal) =>
        deleteGroup(forChange(cluster, folder, signal), question.groupId),
      'offset.snapshots': async ({ surroundings: { folder }, question }) =>
        snapshotStore(folder).list(question),
      'offset.export-snapshot': async ({ surroundings: { folder }, question }) => {
        const { cluster, groupId, snapshotId, format } = question
        const snapshot = await snapshotStore(folder).read({ cluster, groupId, id: snapshotId })
        return exportSnapshot(snapshot, format)
      },
    },
    streams: {},
  }
}
