/**
 * Follows partitions that have no end. One Fetch for all that a broker leads, without waiting at
 * the broker: its connection is shared with whoever else reads from the cluster.
 */
import type { Client } from '../../engine/client/client.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { problemOf } from '../contract/problem.ts'
import { placeBatches } from './batch-places.ts'
import { fetchFromLeader } from './await-leader.ts'
import type { Fetched } from './fetch-batches.ts'
import { lookAtBatches } from './look-at-batches.ts'
import type { PartitionScan } from './partition-scan.ts'
import type { ScanContext } from './scan-context.ts'
import { scanForward } from './scan-forward.ts'

const NEVER = 0x7fff_ffff_ffff_ffffn
/** Between two looks while nothing comes. */
const IDLE_MS = 100
const OUTAGE_MS = 500
const NOBODY = -1
const PARTITION_BYTES = 256 * 1024
const BROKER_BYTES = 4 * 1024 * 1024

/** Resolves when the scan is stopped, or when every partition has failed. */
export async function scanTail(
  context: ScanContext,
  scans: readonly PartitionScan[],
): Promise<void> {
  const { signal } = context
  /** One for each broker, which nobody else's silence holds up. */
  const rounds = new Map<number, Promise<void>>()
  const busy = new Set<PartitionScan>()
  let bug: { readonly error: unknown } | null = null
  while (!signal.aborted) {
    const open = scans.filter(scan => !scan.over)
    if (open.length === 0) return
    const free = open.filter(scan => !busy.has(scan))
    for (const [leaderId, share] of await byLeader(context, free)) {
      if (rounds.has(leaderId)) continue
      for (const scan of share) busy.add(scan)
      const round = followOnce(context, leaderId, share)
        .catch((error: unknown) => {
          // Handed on to whoever awaits the scan.
          bug = { error }
        })
        .finally(() => {
          rounds.delete(leaderId)
          for (const scan of share) busy.delete(scan)
        })
      rounds.set(leaderId, round)
    }
    await Promise.race(rounds.values())
    if (bug !== null) throw (bug as { readonly error: unknown }).error
  }
}

/** By the broker that leads them; -1 for those of which nobody knows who does. */
async function byLeader(
  { client }: ScanContext,
  scans: readonly PartitionScan[],
): Promise<ReadonlyMap<number, PartitionScan[]>> {
  const shares = new Map<number, PartitionScan[]>()
  for (const scan of scans) {
    const leaderId = await leaderOf(client, scan)
    const share = shares.get(leaderId)
    if (share === undefined) shares.set(leaderId, [scan])
    else share.push(scan)
  }
  return shares
}

async function leaderOf(client: Client, scan: PartitionScan): Promise<number> {
  try {
    return await client.leader(scan.topic, scan.partition)
  } catch (error) {
    // Waiting for a leader; a topic that is gone is told by the state of its partitions.
    if (!(error instanceof KafkaError || error instanceof OperationalError)) throw error
    if (error instanceof KafkaError && !error.retriable) scan.fail(problemOf(error))
    else scan.wait(problemOf(error))
    return NOBODY
  }
}

async function followOnce(
  context: ScanContext,
  leaderId: number,
  scans: readonly PartitionScan[],
): Promise<void> {
  const { wait, signal } = context
  if (leaderId === NOBODY) await wait(OUTAGE_MS, signal)
  else if (!(await follow(context, leaderId, scans))) await wait(IDLE_MS, signal)
}

/** Whether records came. */
async function follow(
  context: ScanContext,
  leaderId: number,
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
  const answers = await fetchFromLeader(context, { leaderId, scans, places, options })
  let came = false
  for (const [index, answer] of (answers ?? []).entries()) {
    const scan = scans[index]!
    if (answer.type === 'batches') came = (await take(context, scan, answer)) || came
    // The next look of a single reader finds where the log begins now.
    else if (answer.type === 'out-of-range') await scanForward(context, scan)
    else if (answer.passes) {
      scan.wait(answer.problem)
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
