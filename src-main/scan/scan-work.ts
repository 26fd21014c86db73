/** What an inspect worker does for scans: plans, and runs them until they end or are stopped. */
import type { Handlers } from '../contract/define.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { runStatistics } from '../statistics/statistics-work.ts'
import { planScan } from './plan-scan.ts'
import type { scanApi } from './scan-api.ts'
import { runExport } from '../export/export-work.ts'
import { runSearch } from './search-work.ts'

export function scanWork(context: WorkContext): Handlers<typeof scanApi> {
  const { clientOf, scanClientOf, nowMs, wait } = context
  const running = new Map<string, AbortController>()
  /** Runs until it ends; `scan.stop` finds it meanwhile. */
  const stoppable = async (scanId: string, run: (stop: AbortController) => Promise<void>) => {
    const stop = new AbortController()
    running.set(scanId, stop)
    try {
      await run(stop)
    } finally {
      running.delete(scanId)
    }
  }
  return {
    commands: {
      'scan.plan': async ({ cluster, ...query }, signal) =>
        planScan(clientOf(cluster), query, signal),
      'scan.stop': async ({ scanId }) => {
        running.get(scanId)?.abort()
        return null
      },
    },
    streams: {
      'scan.statistics': async (input, sink) =>
        stoppable(input.scanId, stop =>
          runStatistics({ client: scanClientOf(input.cluster), input, sink, stop, nowMs, wait }),
        ),
      'scan.export': async (input, sink) =>
        stoppable(input.scanId, stop =>
          runExport({ client: scanClientOf(input.cluster), input, sink, stop, nowMs, wait }),
        ),
      'scan.search': async (input, sink) =>
        stoppable(input.scanId, stop =>
          runSearch({ client: scanClientOf(input.cluster), input, sink, stop, nowMs, wait }),
        ),
    },
  }
}
