/**
 * One pass over partitions: every record of their ranges is given to the visitor once, several
 * partitions at a time. It ends at the ends that were given and never because nothing came; see
 * `scan-forward.ts` and `scan-backward.ts` for one partition, `scan-tail.ts` for those without end.
 */
import type { Client } from '../../engine/client/client.ts'
import { problemOf } from '../contract/problem.ts'
import type { Wait } from '../lookups/watch.ts'
import type { PartitionScan } from './partition-scan.ts'
import { Pauser } from './pauser.ts'
import { scanBackward } from './scan-backward.ts'
import type { ScanContext, ScanVisitor } from './scan-context.ts'
import { scanForward } from './scan-forward.ts'
import { scanTail } from './scan-tail.ts'

/** Partitions that are read at the same time: enough to keep several brokers and one core busy. */
const PARTITIONS_AT_ONCE = 6

export interface ScanOptions {
  readonly client: Client
  /** Its counters may be read at any time. */
  readonly scans: readonly PartitionScan[]
  readonly visitor: ScanVisitor
  /** `read_committed`: what was aborted is left out. */
  readonly committedOnly: boolean
  readonly signal: AbortSignal
  readonly wait: Wait
  readonly nowMs: () => number
  /** One after the other, for an output that has to be in order. */
  readonly inOrder?: boolean
  readonly onChange?: () => void
}

/** Resolves when everything is read, or soon after the signal; problems are the partitions' own. */
export async function scanPartitions(options: ScanOptions): Promise<void> {
  const { scans, signal, nowMs } = options
  const context: ScanContext = {
    ...options,
    pauser: new Pauser(nowMs),
    onChange: options.onChange ?? (() => {}),
  }
  const queue = scans.filter(scan => !scan.over)
  const lanes = options.inOrder === true ? 1 : Math.min(PARTITIONS_AT_ONCE, queue.length)
  const lane = async () => {
    for (let scan = queue.shift(); scan !== undefined; scan = queue.shift()) {
      if (signal.aborted) return
      await scanOne(context, scan)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const endless = scans.filter(scan => scan.end === null && !scan.over)
  if (endless.length > 0 && !signal.aborted) await scanTail(context, endless)
}

async function scanOne(context: ScanContext, scan: PartitionScan): Promise<void> {
  scan.state = 'running'
  try {
    if (scan.direction === 'backward') await scanBackward(context, scan)
    else await scanForward(context, scan)
    if (scan.complete && !scan.over) scan.state = 'done'
    else if (scan.end === null && !scan.over) scan.state = 'waiting'
  } catch (error) {
    // Waiting for the other partitions: one that cannot be read is no reason to stop.
    scan.fail(problemOf(error))
  }
  context.onChange()
}
