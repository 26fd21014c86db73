/** Reads batches from a cluster's leaders: plain Fetch requests, without a session. */
import type { Client } from '../../engine/client/client.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import { wholeBatches } from '../../engine/protocol/records/record-batch.ts'
import { problemOf } from '../contract/problem.ts'
import { codeProblem, noLeader, type TopicLeaders } from '../lookups/cluster-topics.ts'
import type { ReadPartition, RecordSource, WantedBatches } from './record-source.ts'
import { rowBatch } from './row-batch.ts'

const api = { request: fetchRequest, response: fetchResponse }
/** The newest version that names topics by name; ids would need Metadata of Kafka 2.8 and later. */
const NAMED_VERSION_MAX = 12
const ANSWER_BYTES_MAX = 32 * 1024 * 1024
const FETCH_TIMEOUT_MS = 15_000

export interface ClusterSourceOptions {
  readonly client: Client
  readonly leaders: TopicLeaders
  readonly previewBytes: number
  readonly signal: AbortSignal
}

export type FetchedPartition =
  | { readonly type: 'problem'; readonly problem: ReturnType<typeof problemOf> }
  | { readonly type: 'fetched'; readonly records: Uint8Array; readonly highWatermark: bigint }

export function clusterSource(options: ClusterSourceOptions): RecordSource {
  const { client, leaders, previewBytes, signal } = options
  return {
    async read(wanted) {
      const fetched = await fetchPartitions(client, leaders, wanted)
      signal.throwIfAborted()
      return new Map(
        [...fetched].map(([partition, answer]) => [
          partition,
          readPartition(partition, answer, previewBytes),
        ]),
      )
    },
  }
}

function readPartition(
  partition: number,
  answer: FetchedPartition,
  previewBytes: number,
): ReadPartition {
  if (answer.type === 'problem') return answer
  const { records, highWatermark } = answer
  try {
    const batches = [...wholeBatches(records)].map(({ at }) =>
      rowBatch(records, at, { partition, previewBytes }),
    )
    return { type: 'batches', batches, highWatermark, sizeBytes: records.length }
  } catch (error) {
    // Bytes that are no batches are this partition's problem, and the page shows the others.
    return { type: 'problem', problem: problemOf(error) }
  }
}

/** Raw batches of one topic's partitions; partitions that nobody leads answer with a problem. */
export async function fetchPartitions(
  client: Client,
  { topic, leaders }: TopicLeaders,
  wanted: readonly WantedBatches[],
): Promise<Map<number, FetchedPartition>> {
  const shares = new Map<number, WantedBatches[]>()
  for (const each of wanted) {
    const leader = leaders.get(each.partition) ?? -1
    shares.set(leader, [...(shares.get(leader) ?? []), each])
  }
  const fetched = new Map<number, FetchedPartition>()
  const asked = [...shares].map(async ([leader, share]) => {
    for (const [partition, answer] of await fetchFromLeader(client, leader, topic, share))
      fetched.set(partition, answer)
  })
  await Promise.all(asked)
  return fetched
}

async function fetchFromLeader(
  client: Client,
  leader: number,
  topic: string,
  wanted: readonly WantedBatches[],
): Promise<ReadonlyMap<number, FetchedPartition>> {
  if (leader < 0)
    return new Map(
      wanted.map(({ partition }) => [
        partition,
        { type: 'problem', problem: noLeader(topic, partition) },
      ]),
    )
  try {
    const answer = await client.request(
      { type: 'broker', brokerId: leader },
      api,
      {
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: ANSWER_BYTES_MAX,
        isolationLevel: 0,
        topics: [
          {
            topic,
            partitions: wanted.map(({ partition, offset, maxBytes }) => ({
              partition,
              fetchOffset: offset,
              partitionMaxBytes: maxBytes,
            })),
          },
        ],
      },
      { versionMax: NAMED_VERSION_MAX, timeoutMs: FETCH_TIMEOUT_MS },
    )
    const partitions = answer.responses.flatMap(response => response.partitions)
    return new Map(
      partitions.map(({ partitionIndex, errorCode, highWatermark, records }) => {
        const problem = codeProblem(errorCode, `${topic}-${partitionIndex}`)
        const fetched: FetchedPartition =
          problem === null
            ? { type: 'fetched', records: records ?? new Uint8Array(0), highWatermark }
            : { type: 'problem', problem }
        return [partitionIndex, fetched]
      }),
    )
  } catch (error) {
    // Waiting for all brokers: one that does not answer is no reason to lose the others' records.
    const problem = problemOf(error)
    return new Map(wanted.map(({ partition }) => [partition, { type: 'problem', problem }]))
  }
}
