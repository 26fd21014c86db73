/** What an inspect worker does for scans: plans, and runs them until they end or are stopped. */
import type { Handlers } from '../contract/define.ts'
import type { WorkContext } from '../lookups/work-context.ts'
import { planScan } from './plan-scan.ts'
import type { RunningScans } from './running-scans.ts'
import type { scanApi } from './scan-api.ts'
import { runSearch } from './search-work.ts'

export function scanWork(context: WorkContext, running: RunningScans): Handlers<typeof scanApi> {
  const { clientOf, scanClientOf, nowMs, wait } = context
  return {
    commands: {
      'scan.plan': async ({ cluster, ...query }, signal) =>
        planScan(clientOf(cluster), query, signal),
      'scan.stop': async ({ scanId }) => {
        running.stop(scanId)
        return null
      },
    },
    streams: {
      'scan.search': async (input, sink) =>
        running.run(input.scanId, stop =>
          runSearch({ client: scanClientOf(input.cluster), input, sink, stop, nowMs, wait }),
        ),
    },
  }
}
