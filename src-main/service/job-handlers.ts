/** Long work: what runs, how far it is, and how to stop it. */
import type { Jobs } from '../jobs/jobs.ts'
import type { Wait } from '../lookups/watch.ts'
import type { Commands, Streams } from './handlers.ts'

const UPDATE_INTERVAL_MS = 250

export function jobHandlers(jobs: Jobs, wait: Wait) {
  const commands = {
    'job.stop': async ({ jobId }) => jobs.stop(jobId),
    'job.dismiss': async ({ jobId }) => {
      jobs.dismiss(jobId)
      return null
    },
  } satisfies Commands
  const streams = {
    'job.watch': async (_input, sink) => {
      let changed = true
      let wake = () => {}
      const stop = jobs.onChange(() => {
        changed = true
        wake()
      })
      sink.signal.addEventListener('abort', () => wake())
      while (!sink.signal.aborted) {
        if (changed && !sink.congested) {
          changed = false
          sink.emit(jobs.list())
        }
        await wait(UPDATE_INTERVAL_MS, sink.signal)
        if (!changed && !sink.signal.aborted) await new Promise<void>(resolve => (wake = resolve))
      }
      stop()
    },
  } satisfies Streams
  return { commands, streams }
}
