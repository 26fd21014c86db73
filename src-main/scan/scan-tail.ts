/**
 * Follows partitions that have no end. One Fetch for all that a broker leads, without waiting at
 * the broker: its connection is shared with whoever else reads from the cluster.
 */
import type { ClientConnection } from '../../engine/client/client-connection.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { placeBatches } from './batch-places.ts'
import { fetchTogether, type Fetched } from './fetch-batches.ts'
import { lookAtBatches } from './look-at-batches.ts'
import type { PartitionScan } from './partition-scan.ts'
import { orStopped, type ScanContext } from './scan-context.ts'
import { scanForward } from './scan-forward.ts'

const NEVER = 0x7fff_ffff_ffff_ffffn
/** Between two looks while nothing comes. */
const IDLE_MS = 100
const OUTAGE_MS = 500
const PARTITION_BYTES = 256 * 1024
const BROKER_BYTES = 4 * 1024 * 1024

/** Resolves when the scan is stopped, or when every partition has failed. */
export async function scanTail(
  context: ScanContext,
  scans: readonly PartitionScan[],
): Promise<void> {
  const { signal } = context
  while (!signal.aborted) {
    const open = scans.filter(scan => !scan.over)
    if (open.length === 0) return
    const came = await Promise.all(
      [...(await byConnection(context, open))].map(([connection, share]) =>
        follow(context, connection, share),
      ),
    )
    if (!came.includes(true)) await context.wait(IDLE_MS, signal)
  }
}

async function byConnection(
  { client, wait, signal }: ScanContext,
  scans: readonly PartitionScan[],
): Promise<ReadonlyMap<ClientConnection, PartitionScan[]>> {
  const shares = new Map<ClientConnection, PartitionScan[]>()
  let unreachable = false
  for (const scan of scans) {
    const { topic, partition } = scan
    try {
      const connection = await client.connection({ type: 'leader', topic, partition })
      const share = shares.get(connection)
      if (share === undefined) shares.set(connection, [scan])
      else share.push(scan)
    } catch (error) {
      // Waiting for a leader; a topic that is gone is told by the state of its partitions.
      if (!(error instanceof KafkaError || error instanceof OperationalError)) throw error
      unreachable = true
      if (error instanceof KafkaError && !error.retriable)
        scan.fail({ code: error.error, message: error.message })
    }
  }
  if (unreachable) await wait(OUTAGE_MS, signal)
  return shares
}

/** Whether records came. */
async function follow(
  context: ScanContext,
  connection: ClientConnection,
  scans: readonly PartitionScan[],
): Promise<boolean> {
  const share = Math.floor(BROKER_BYTES / scans.length)
  const maxBytes = Math.max(16 * 1024, Math.min(PARTITION_BYTES, share))
  const places = scans.map(({ topic, partition, at }) => ({
    topic,
    partition,
    offset: at,
    maxBytes,
  }))
  const options = { committedOnly: context.committedOnly, maxWaitMs: 0 }
  const answers = await orStopped(fetchTogether(connection, places, options), context.signal)
  let came = false
  for (const [index, answer] of (answers ?? []).entries()) {
    const scan = scans[index]!
    if (answer.type === 'batches') came = (await take(context, scan, answer)) || came
    // The next look of a single reader finds where the log begins now.
    else if (answer.type === 'out-of-range') await scanForward(context, scan)
    else if (answer.passes) {
      context.client.forget()
      await context.wait(OUTAGE_MS, context.signal)
    } else scan.fail(answer.problem)
  }
  return came
}

async function take(
  context: ScanContext,
  scan: PartitionScan,
  { records, aborted }: Extract<Fetched, { type: 'batches' }>,
): Promise<boolean> {
  if (records.length === 0) {
    scan.state = 'waiting'
    return false
  }
  scan.state = 'running'
  const { batches, end, lost } = placeBatches(records)
  scan.bytes += end
  const range = { from: scan.at, to: NEVER }
  const answer = { bytes: records, batches, aborted }
  if (!(await lookAtBatches(context, scan, answer, range))) return true
  const last = batches.at(-1)
  if (last !== undefined && last.lastOffset >= scan.at) scan.at = last.lastOffset + 1n
  if (lost !== null) scan.fail(lost)
  return last !== undefined
}
