/**
 * Schedules that chance alone hardly ever finds: each waits for a moment that lasts microseconds
 * (a vote was given, a leader elected, a record committed, a replica joined the ISR) and strikes
 * there. The seed decides which, when and how; what they do, networks and power supplies do too.
 */
import type { PlotMeans } from './plot-means.ts'
import { lateController, regicide, rollingRestart, splitElection } from './quorum-plots.ts'
import {
  hastyReturn,
  holdNews,
  lateReplica,
  leaderReturns,
  leaderUnheard,
} from './replica-plots.ts'
import type { PlotName } from './world-shape.ts'

export const plots: Readonly<Record<PlotName, (means: PlotMeans) => Promise<void>>> = {
  'split-election': splitElection,
  regicide,
  'late-controller': lateController,
  'rolling-restart': rollingRestart,
  'held-news': holdNews,
  'late-replica': lateReplica,
  'leader-returns': leaderReturns,
  'leader-unheard': leaderUnheard,
  'hasty-return': hastyReturn,
}
