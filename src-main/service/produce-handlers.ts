/** Producing: one record, many from a template or a file, and records sent once more. */
import { ProduceRuns } from '../produce/produce-runs.ts'
import type { ProduceThread } from '../produce/thread/produce-thread.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

export function produceHandlers(context: ServiceContext, thread: ProduceThread) {
  const { clusters, jobs, nowMs, wait } = context
  const runs = new ProduceRuns({ thread, jobs, nowMs, wait })
  const commands = {
    'produce.target': (input, signal) =>
      thread.pass('produce.target', input, [input.cluster], signal),
    'produce.preview': (input, signal) =>
      thread.pass('produce.preview', input, [input.cluster], signal),
    'produce.preview-file': (input, signal) =>
      thread.pass('produce.preview-file', input, [input.cluster], signal),
    'produce.send': async (input, signal) => {
      clusters.getForChange(input.cluster)
      return thread.pass('produce.send', input, [input.cluster], signal)
    },
    'produce.start': async input => {
      clusters.getForChange(input.cluster)
      return runs.start(input)
    },
    'produce.feed': ({ runId, bytes, last }) => runs.feed(runId, bytes, last),
    'produce.stop': async ({ runId }) => runs.stop(runId),
    'produce.errors': ({ runId, from, limit }) => runs.errors(runId, from, limit),
    'produce.runs': async ({ cluster, topic }) => runs.list(cluster, topic),
  } satisfies Commands
  const streams = {
    'produce.watch': ({ runId }, sink) => runs.watch(runId, sink),
  } satisfies Streams
  return { commands, streams }
}
