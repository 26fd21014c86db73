/** A Fetch that is waited for while its leader may stand still, or lose its partitions to another. */
import { KafkaError } from '../../engine/protocol/errors.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import { problemOf } from '../contract/problem.ts'
import { silence } from '../lookups/broker-patience.ts'
import { BrokerQuestion } from '../lookups/broker-question.ts'
import { within } from '../lookups/patience.ts'
import { fetchTogether, type Fetched, type FetchOptions, type FetchPlace } from './fetch-batches.ts'
import { orStopped } from './or-stopped.ts'
import type { PartitionScan } from './partition-scan.ts'
import type { ScanContext } from './scan-context.ts'

/** From then on a leader counts as silent, and is looked after so often. */
const SILENT_MS = 2_000

export interface LeaderFetch {
  readonly leaderId: number
  readonly scans: readonly PartitionScan[]
  /** Of each of the scans. */
  readonly places: readonly FetchPlace[]
  readonly options: FetchOptions
}

/**
 * Null when the scan was stopped meanwhile, or when another broker leads by now: a leader that is
 * silent keeps its connections open, and answers when nobody wants to know any more. Meanwhile its
 * partitions say that they wait.
 */
export async function fetchFromLeader(
  context: ScanContext,
  { leaderId, scans, places, options }: LeaderFetch,
): Promise<readonly Fetched[] | null> {
  const { client, signal, onChange } = context
  const target = { type: 'broker', brokerId: leaderId } as const
  const question = new BrokerQuestion(client, target, connection =>
    fetchTogether(connection, places, options),
  )
  const { ended } = question
  while (!signal.aborted) {
    await orStopped(within(SILENT_MS, ended), signal)
    if (signal.aborted) break
    if (question.hasEnded) {
      for (const scan of scans) scan.heard()
      return question.answer
    }
    if (question.silentForMs < SILENT_MS) continue
    for (const scan of scans) scan.wait(problemOf(silence(leaderId)))
    onChange()
    const moved = await Promise.race([ended.then(() => false), hasMoved(context, leaderId, scans)])
    if (moved) return null
  }
  return null
}

/** Also where nobody leads any more. */
async function hasMoved(
  { client }: ScanContext,
  leaderId: number,
  scans: readonly PartitionScan[],
): Promise<boolean> {
  const names = [...new Set(scans.map(({ topic }) => topic))]
  try {
    await client.metadata(names)
    for (const { topic, partition } of scans)
      if ((await client.leader(topic, partition)) !== leaderId) return true
    return false
  } catch (error) {
    // Waiting for an election, or for anybody to tell of it.
    if (error instanceof OperationalError) return false
    if (error instanceof KafkaError) return error.error === 'LEADER_NOT_AVAILABLE'
    throw error
  }
}
