/** Exports. */
import { ContractError } from '../contract/define.ts'
import { Exports } from '../export/exports.ts'
import type { Searches } from '../scan/searches.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

const WATCH_INTERVAL_MS = 250

export interface ExportHandlersOptions {
  readonly searches: Searches
  /** Whether a browser can come for a download: not on the desktop. */
  readonly downloads: boolean
}

export function exportHandlers(context: ServiceContext, options: ExportHandlersOptions) {
  const { jobs, workers, nowMs, wait, clusters } = context
  const exporting = new Exports({ jobs, workers, nowMs, searches: options.searches })
  const commands = {
    'export.start': async (input, signal) => {
      clusters.get(input.what.cluster)
      if (input.target === 'download' && !options.downloads)
        throw new ContractError({
          code: 'UNSUPPORTED',
          message: 'no browser is here to download to',
          remedy: 'Write a file instead.',
        })
      return exporting.start(input, signal)
    },
    'export.stop': async ({ exportId }) => exporting.stop(exportId),
    'export.get': async ({ exportId }) => exporting.get(exportId),
    'export.list': async () => exporting.list(),
  } satisfies Commands
  const streams = {
    'export.watch': async ({ exportId }, sink) => {
      for (;;) {
        const summary = exporting.get(exportId)
        sink.emit(summary)
        if (summary.state !== 'running' && summary.state !== 'ready') return
        await wait(WATCH_INTERVAL_MS, sink.signal)
        if (sink.signal.aborted) return
      }
    },
  } satisfies Streams
  return { commands, streams, exporting }
}
