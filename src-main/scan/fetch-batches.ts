/**
 * One Fetch of partitions that one broker leads. It says what came, and sorts what went wrong into
 * what passes by itself and what does not; it repeats nothing.
 */
import type { AbortedTransaction } from '../records/aborted-transactions.ts'
import type { ClientConnection } from '../../engine/client/client-connection.ts'
import { errorName, errorTable, KafkaError } from '../../engine/protocol/errors.ts'
import {
  fetchRequest,
  fetchResponse,
  type FetchResponse,
} from '../../engine/protocol/messages/fetch.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import type { Problem } from '../contract/define.ts'
import { kafkaProblem, problemOf } from '../contract/problem.ts'

const api = { request: fetchRequest, response: fetchResponse }
/** The newest version that names topics by name; ids would need Metadata of Kafka 2.8 and later. */
const NAMED_VERSION_MAX = 12
const FETCH_TIMEOUT_MS = 30_000

export interface FetchPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly maxBytes: number
}

export interface FetchOptions {
  readonly committedOnly: boolean
  /** What a broker waits for the first byte where there is none. */
  readonly maxWaitMs: number
}

export type Fetched =
  | {
      readonly type: 'batches'
      readonly records: Uint8Array
      readonly highWatermark: bigint
      readonly lastStableOffset: bigint
      /** -1 from brokers before 1.0. */
      readonly logStartOffset: bigint
      readonly aborted: readonly AbortedTransaction[]
    }
  /** The log begins later now; -1 where the broker does not say. */
  | { readonly type: 'out-of-range'; readonly logStartOffset: bigint; readonly problem: Problem }
  | { readonly type: 'problem'; readonly passes: boolean; readonly problem: Problem }

/** Answers in the order of the places. */
export async function fetchTogether(
  connection: ClientConnection,
  places: readonly FetchPlace[],
  { committedOnly, maxWaitMs }: FetchOptions,
): Promise<readonly Fetched[]> {
  const value = {
    maxWaitMs,
    minBytes: 1,
    maxBytes: places.reduce((total, { maxBytes }) => total + maxBytes, 0),
    isolationLevel: committedOnly ? 1 : 0,
    topics: byTopic(places),
  }
  const options = { versionMax: NAMED_VERSION_MAX, timeoutMs: FETCH_TIMEOUT_MS + maxWaitMs }
  try {
    const answer = await connection.request(api, value, options)
    const found = new Map<string, Fetched>()
    for (const { topic, partitions } of answer.responses)
      for (const each of partitions)
        found.set(nameOf(topic, each.partitionIndex), fetchedFrom(topic, each))
    return places.map(
      ({ topic, partition }) =>
        found.get(nameOf(topic, partition)) ?? leftOut(nameOf(topic, partition)),
    )
  } catch (error) {
    const problem = fetchProblem(error)
    return places.map(() => problem)
  }
}

/** For a broker that went away or does not lead any more: who scans asks again. */
export function fetchProblem(error: unknown): Fetched {
  if (!(error instanceof KafkaError || error instanceof OperationalError)) throw error
  const passes = error instanceof OperationalError || error.retriable
  return { type: 'problem', passes, problem: problemOf(error) }
}

function byTopic(places: readonly FetchPlace[]) {
  const topics = new Map<string, FetchPlace[]>()
  for (const place of places) {
    const list = topics.get(place.topic) ?? []
    list.push(place)
    topics.set(place.topic, list)
  }
  return [...topics].map(([topic, list]) => ({
    topic,
    partitions: list.map(({ partition, offset, maxBytes }) => ({
      partition,
      fetchOffset: offset,
      partitionMaxBytes: maxBytes,
    })),
  }))
}

type PartitionAnswer = FetchResponse['responses'][number]['partitions'][number]

function fetchedFrom(topic: string, answer: PartitionAnswer): Fetched {
  const { errorCode, highWatermark, lastStableOffset, logStartOffset, records } = answer
  if (errorCode === 0)
    return {
      type: 'batches',
      records: records ?? NO_BYTES,
      highWatermark,
      lastStableOffset,
      logStartOffset,
      aborted: answer.abortedTransactions ?? [],
    }
  const error = errorName(errorCode)
  const reason = error.toLowerCase().replaceAll('_', ' ')
  const problem = kafkaProblem(error, `${nameOf(topic, answer.partitionIndex)}: ${reason}`)
  if (error === 'OFFSET_OUT_OF_RANGE') return { type: 'out-of-range', logStartOffset, problem }
  return { type: 'problem', passes: errorTable[error].retriable, problem }
}

const NO_BYTES = new Uint8Array(0)

function leftOut(name: string): Fetched {
  const problem = kafkaProblem('UNKNOWN_SERVER_ERROR', `${name}: the broker left it out`)
  return { type: 'problem', passes: true, problem }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}-${partition}`
}
