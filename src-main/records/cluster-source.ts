/** Reads batches from a cluster's leaders: plain Fetch requests, without a session. */
import type { Client } from '../../engine/client/client.ts'
import {
  fetchRequest,
  fetchResponse,
  type FetchResponse,
} from '../../engine/protocol/messages/fetch.ts'
import { wholeBatches } from '../../engine/protocol/records/record-batch.ts'
import type { Problem } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { codeProblem, noLeader } from '../lookups/cluster-topics.ts'
import { AbortedTransactions, type AbortedTransaction } from './aborted-transactions.ts'
import { pause } from './pause.ts'
import type { ReadPartition, RecordSource, WantedBatches } from './record-source.ts'
import { emptyBatch, rowBatch } from './row-batch.ts'
import type { ShowOptions } from './show-options.ts'
import { partitionKey, type Slot } from './slot.ts'
import { unlessAborted } from './unless-aborted.ts'

const api = { request: fetchRequest, response: fetchResponse }
/** The newest version that names topics by name; ids would need Metadata of Kafka 2.8 and later. */
const NAMED_VERSION_MAX = 12
const ANSWER_BYTES_MAX = 32 * 1024 * 1024
const FETCH_TIMEOUT_MS = 15_000
/** A disk may be slow; of a broker that is silent more is known by the offsets it was asked for. */
const FETCH_PATIENCE_MS = 5_000

export type Isolation = 'read_uncommitted' | 'read_committed'

export interface FetchOptions {
  readonly client: Client
  readonly slots: readonly Slot[]
  readonly isolation: Isolation
  readonly signal: AbortSignal
}

export type FetchedPartition =
  | { readonly type: 'problem'; readonly problem: Problem }
  | {
      readonly type: 'fetched'
      readonly records: Uint8Array
      /** The high watermark, or the last stable offset. */
      readonly endOffset: bigint
      /** None unless committed records alone are read. */
      readonly aborted: readonly AbortedTransaction[]
    }

export function clusterSource(options: FetchOptions, show: ShowOptions): RecordSource {
  return {
    async read(wanted) {
      const fetched = await fetchPartitions(options, wanted)
      return new Map(
        [...fetched].map(([slot, answer]) => [
          slot,
          readPartition(slot, options.slots[slot]!.topic, answer, show),
        ]),
      )
    },
    pause: () => pause(options.signal),
  }
}

function readPartition(
  slot: number,
  topic: string,
  answer: FetchedPartition,
  show: ShowOptions,
): ReadPartition {
  if (answer.type === 'problem') return answer
  const { records, endOffset } = answer
  const aborted = new AbortedTransactions(answer.aborted)
  try {
    const batches = [...wholeBatches(records)].map(({ at }) =>
      aborted.covers(records, at)
        ? emptyBatch(records, at)
        : rowBatch(records, at, { slot, topic, show }),
    )
    return { type: 'batches', batches, endOffset, sizeBytes: records.length }
  } catch (error) {
    // Bytes that are no batches are this partition's problem, and the page shows the others.
    return { type: 'problem', problem: problemOf(error) }
  }
}

/** Raw batches by slot; partitions that nobody leads answer with a problem. */
export async function fetchPartitions(
  options: FetchOptions,
  wanted: readonly WantedBatches[],
): Promise<Map<number, FetchedPartition>> {
  const { slots, signal } = options
  const shares = new Map<number, WantedBatches[]>()
  for (const each of wanted) {
    const { leader } = slots[each.slot]!
    const share = shares.get(leader) ?? []
    share.push(each)
    shares.set(leader, share)
  }
  const answers = [...shares].map(([leader, share]) => fetchFromLeader(options, leader, share))
  return new Map((await unlessAborted(Promise.all(answers), signal)).flat())
}

type Answer = readonly [slot: number, fetched: FetchedPartition]

async function fetchFromLeader(
  { client, slots, isolation }: FetchOptions,
  leader: number,
  wanted: readonly WantedBatches[],
): Promise<readonly Answer[]> {
  const failed = (problemFor: (slot: Slot) => Problem): Answer[] =>
    wanted.map(({ slot }) => [slot, { type: 'problem', problem: problemFor(slots[slot]!) }])
  if (leader < 0) return failed(({ topic, partition }) => noLeader(topic, partition))
  try {
    const question = {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: ANSWER_BYTES_MAX,
      isolationLevel: isolation === 'read_committed' ? 1 : 0,
      topics: topicsOf(wanted, slots),
    }
    const options = { versionMax: NAMED_VERSION_MAX, timeoutMs: FETCH_TIMEOUT_MS }
    const { responses } = await askInTime(
      client,
      leader,
      connection => connection.request(api, question, options),
      FETCH_PATIENCE_MS,
    )
    const slotOf = new Map(
      wanted.map(({ slot }) => [partitionKey(slots[slot]!.topic, slots[slot]!.partition), slot]),
    )
    return responses.flatMap(({ topic, partitions }) =>
      partitions.map((answer): Answer => [
        slotOf.get(partitionKey(topic, answer.partitionIndex))!,
        fetchedOf(answer, `${topic}-${answer.partitionIndex}`, isolation),
      ]),
    )
  } catch (error) {
    // Waiting for all brokers: one that does not answer is no reason to lose the others' records.
    const problem = problemOf(error)
    return failed(() => problem)
  }
}

function topicsOf(wanted: readonly WantedBatches[], slots: readonly Slot[]) {
  const topics = new Map<string, WantedBatches[]>()
  for (const each of wanted) {
    const { topic } = slots[each.slot]!
    const share = topics.get(topic) ?? []
    share.push(each)
    topics.set(topic, share)
  }
  return [...topics].map(([topic, share]) => ({
    topic,
    partitions: share.map(({ slot, offset, maxBytes }) => ({
      partition: slots[slot]!.partition,
      fetchOffset: offset,
      partitionMaxBytes: maxBytes,
    })),
  }))
}

type PartitionAnswer = FetchResponse['responses'][number]['partitions'][number]

function fetchedOf(
  { errorCode, highWatermark, lastStableOffset, abortedTransactions, records }: PartitionAnswer,
  name: string,
  isolation: Isolation,
): FetchedPartition {
  const problem = codeProblem(errorCode, name)
  if (problem !== null) return { type: 'problem', problem }
  const committedOnly = isolation === 'read_committed' && lastStableOffset >= 0n
  return {
    type: 'fetched',
    records: records ?? new Uint8Array(0),
    endOffset: committedOnly ? lastStableOffset : highWatermark,
    aborted: committedOnly ? (abortedTransactions ?? []) : [],
  }
}
