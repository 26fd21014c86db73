/** Asks the leaders of many partitions for an offset, all brokers at once. */
import type { Client } from '../../engine/client/client.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../engine/protocol/messages/list-offsets.ts'
import type { Problem } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'
import { askInTime, PATIENCE_MS } from './broker-patience.ts'
import { byLeader, codeProblem, noLeader, type TopicLeaders } from './cluster-topics.ts'

/** Kafka's timestamps with a meaning of their own. */
export const LATEST = -1n
export const EARLIEST = -2n
export const MAX_TIMESTAMP = -3n

export type FoundOffset =
  | { readonly type: 'found'; readonly offset: bigint; readonly timestampMs: bigint }
  | { readonly type: 'problem'; readonly problem: Problem }

export type OffsetTable = ReadonlyMap<string, ReadonlyMap<number, FoundOffset>>

const api = { request: listOffsetsRequest, response: listOffsetsResponse }
/** A time is looked for in files, which may be many and on a slow disk. */
const TIME_PATIENCE_MS = 15_000

/**
 * One entry for each partition that was asked for. An offset is -1 where no record has such a
 * timestamp. A broker that does not answer in time is a problem of its partitions alone.
 */
export async function listOffsets(
  client: Client,
  topics: readonly TopicLeaders[],
  timestampMs: bigint,
  isolation: 'read_uncommitted' | 'read_committed' = 'read_uncommitted',
): Promise<OffsetTable> {
  const table = new Map<string, Map<number, FoundOffset>>(
    topics.map(({ topic }) => [topic, new Map()]),
  )
  const asked = [...byLeader(topics)].map(async ([leader, share]) => {
    for (const [topic, found] of await askLeader(client, leader, share, {
      timestampMs,
      isolation,
    }))
      for (const [partition, offset] of found) table.get(topic)!.set(partition, offset)
  })
  await Promise.all(asked)
  return table
}

async function askLeader(
  client: Client,
  leader: number,
  topics: readonly TopicLeaders[],
  { timestampMs, isolation }: { readonly timestampMs: bigint; readonly isolation: string },
): Promise<OffsetTable> {
  if (leader < 0) return problems(topics, noLeader)
  try {
    const question = {
      replicaId: -1,
      // Versions before 2 know no transactions, and so none that are open.
      ...(isolation === 'read_committed' ? { isolationLevel: 1 } : {}),
      topics: topics.map(({ topic, leaders }) => ({
        name: topic,
        partitions: [...leaders.keys()].map(partitionIndex => ({
          partitionIndex,
          timestamp: timestampMs,
        })),
      })),
    }
    const answer = await askInTime(
      client,
      leader,
      connection => connection.request(api, question),
      timestampMs === LATEST || timestampMs === EARLIEST ? PATIENCE_MS : TIME_PATIENCE_MS,
    )
    return new Map(
      answer.topics.map(({ name, partitions }) => [
        name,
        new Map(
          partitions.map(({ partitionIndex, errorCode, offset, timestamp }) => {
            const problem = codeProblem(errorCode, `${name}-${partitionIndex}`)
            const found: FoundOffset =
              problem === null
                ? { type: 'found', offset, timestampMs: timestamp }
                : { type: 'problem', problem }
            return [partitionIndex, found]
          }),
        ),
      ]),
    )
  } catch (error) {
    // Waiting for all brokers: one that does not answer is no reason to lose the others' answers.
    const problem = problemOf(error)
    return problems(topics, () => problem)
  }
}

function problems(
  topics: readonly TopicLeaders[],
  problem: (topic: string, partition: number) => Problem,
): OffsetTable {
  return new Map(
    topics.map(({ topic, leaders }) => [
      topic,
      new Map(
        [...leaders.keys()].map(partition => [
          partition,
          { type: 'problem', problem: problem(topic, partition) },
        ]),
      ),
    ]),
  )
}
