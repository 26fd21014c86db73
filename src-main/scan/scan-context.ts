/** What every part of one running scan shares. */
import type { Client } from '../../engine/client/client.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../engine/protocol/messages/list-offsets.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { ContractError } from '../contract/define.ts'
import { EARLIEST } from '../lookups/list-offsets.ts'
import type { Wait } from '../lookups/watch.ts'
import { fetchFromLeader } from './await-leader.ts'
import { fetchProblem, type Fetched, type FetchPlace } from './fetch-batches.ts'
import type { PartitionScan } from './partition-scan.ts'
import type { Pauser } from './pauser.ts'
import type { ScanBatch } from './scan-batch.ts'

/** What looks at the records. */
export interface ScanVisitor {
  /**
   * Looks at the records of a batch in the direction of the scan. Null when it has seen all of
   * them, else the value of `PartitionScan.at` to go on from: it wants no more.
   */
  visit(batch: ScanBatch): bigint | null
  /** What it still has to get rid of before the next batch; null when it is ready. */
  drain?(): Promise<void> | null
}

export interface ScanContext {
  readonly client: Client
  readonly visitor: ScanVisitor
  readonly committedOnly: boolean
  /** Ends the scan after the batch that is being looked at. */
  readonly signal: AbortSignal
  readonly pauser: Pauser
  readonly wait: Wait
  /** Milliseconds from any beginning. */
  readonly nowMs: () => number
  /** Called when counters have changed. */
  readonly onChange: () => void
}

/** Bytes of one answer. Large, since every round trip costs; small enough for several at once. */
export const FETCH_BYTES = 2 * 1024 * 1024
const FETCH_BYTES_MIN = 64 * 1024
/** So few are likely to lie in one batch or two. */
const FEW_OFFSETS = 50n
/** A broker answers as soon as it has a byte, so this passes only where there is nothing. */
const WAIT_FOR_BYTES_MS = 250
/** How long a partition may be without a leader before it is given up. */
const OUTAGE_MS_MAX = 20_000
const RETRY_MS = 200

/**
 * Asks until an answer comes that is no passing trouble. Throws a `ContractError` where the
 * trouble stays; null when the scan was stopped meanwhile.
 */
export async function fetchPatiently(
  context: ScanContext,
  scan: PartitionScan,
  offset: bigint,
  maxBytes: number,
): Promise<Exclude<Fetched, { type: 'problem' }> | null> {
  const { client, signal, nowMs } = context
  const { topic, partition } = scan
  let failingSinceMs: number | null = null
  while (!signal.aborted) {
    const answer = await fetchFrom(context, scan, { topic, partition, offset, maxBytes })
    if (answer === null) {
      // Another one leads by now.
      failingSinceMs = null
      continue
    }
    if (signal.aborted) return null
    if (answer.type === 'out-of-range' && answer.logStartOffset < 0n)
      return { ...answer, logStartOffset: await logStartOf(context, scan) }
    if (answer.type !== 'problem') return answer
    failingSinceMs ??= nowMs()
    if (!answer.passes || nowMs() - failingSinceMs > OUTAGE_MS_MAX)
      throw new ContractError(answer.problem)
    scan.wait(answer.problem)
    client.forget()
    await context.wait(RETRY_MS, signal)
  }
  return null
}

async function fetchFrom(
  context: ScanContext,
  scan: PartitionScan,
  place: FetchPlace,
): Promise<Fetched | null> {
  const options = { committedOnly: context.committedOnly, maxWaitMs: WAIT_FOR_BYTES_MS }
  try {
    const leaderId = await context.client.leader(place.topic, place.partition)
    const asked = { leaderId, scans: [scan], places: [place], options }
    const answers = await fetchFromLeader(context, asked)
    return answers?.[0] ?? null
  } catch (error) {
    return fetchProblem(error)
  }
}

/** Apache Kafka's brokers do not tell it with the error; -1 where they do not tell it at all. */
async function logStartOf(
  { client }: ScanContext,
  { topic, partition }: PartitionScan,
): Promise<bigint> {
  const api = { request: listOffsetsRequest, response: listOffsetsResponse }
  const asked = { partitionIndex: partition, timestamp: EARLIEST }
  try {
    const value = { replicaId: -1, topics: [{ name: topic, partitions: [asked] }] }
    const { topics } = await client.request({ type: 'leader', topic, partition }, api, value)
    return topics[0]?.partitions[0]?.offset ?? -1n
  } catch (error) {
    // Waiting for a broker that went away just now: the range stays out of reach, and is told so.
    if (error instanceof KafkaError || error instanceof OperationalError) return -1n
    throw error
  }
}

/** What to ask for when so many offsets are wanted: not much more than they take. */
export function bytesFor(scan: PartitionScan, offsets: bigint | null): number {
  if (offsets === null) return FETCH_BYTES
  if (scan.bytesPerOffset === null) return offsets < FEW_OFFSETS ? FETCH_BYTES_MIN : FETCH_BYTES
  const expected = Math.ceil(Number(offsets) * scan.bytesPerOffset * 1.1)
  return Math.min(Math.max(expected, FETCH_BYTES_MIN), FETCH_BYTES)
}
