/** Moving committed offsets: inspect workers do it, and their answers pass through. */
import { plainDigest, watch } from '../lookups/watch.ts'
import { describeLabGroup } from '../offsets/lab-group.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

const WATCH_INTERVAL_MS = 1_000

/** `folder`: where snapshots are kept; null where offsets cannot be changed for want of one. */
export function offsetHandlers(context: ServiceContext, folder: string | null) {
  const { clusters, workers, nowMs, wait } = context
  const asked = <Q extends { readonly cluster: string }>(question: Q) => {
    const { cluster } = question
    const bootstrap = clusters.list().find(each => each.id === cluster)?.bootstrap ?? ''
    return { cluster, surroundings: { folder, bootstrap }, question }
  }
  /** A read-only cluster refuses it here. */
  const askedToChange = <Q extends { readonly cluster: string }>(question: Q) => {
    clusters.getForChange(question.cluster)
    return asked(question)
  }
  const commands = {
    'offset.landings': (input, signal) => workers.pass('offset.landings', input, { signal }),
    'offset.plan': (input, signal) => workers.pass('offset.plan', asked(input), { signal }),
    'offset.apply': async (input, signal) =>
      workers.pass('offset.apply', askedToChange(input), { signal }),
    'offset.delete-group': async (input, signal) =>
      workers.pass('offset.delete-group', askedToChange(input), { signal }),
    'offset.snapshots': (input, signal) =>
      workers.pass('offset.snapshots', asked(input), { signal }),
    'offset.export-snapshot': (input, signal) =>
      workers.pass('offset.export-snapshot', asked(input), { signal }),
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
