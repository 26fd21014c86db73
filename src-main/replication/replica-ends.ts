/**
 * How far each replica of a topic has come: ListOffsets to every broker that holds one, asked as
 * Kafka's debugging consumer asks (replica id -2), whom followers answer too, and with the end of
 * their log instead of the high watermark.
 */
import type { Client } from '../../engine/client/client.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
} from '../../engine/protocol/messages/list-offsets.ts'
import type { Problem } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import { EARLIEST, LATEST } from '../lookups/list-offsets.ts'
import type { Turns } from '../lookups/unread-answer.ts'

const api = { request: listOffsetsRequest, response: listOffsetsResponse }
const debugging = { replicaId: -2 }
const consumer = { replicaId: -1 }

export interface WantedEnds {
  /** The partitions that are asked of each broker. */
  readonly byBroker: ReadonlyMap<number, readonly number[]>
  /** One that is paused answers never: its line says so instead of keeping the others waiting. */
  readonly patienceMs: (brokerId: number) => number
  /** Shared by all who ask at the same time. */
  readonly turns: Turns
}

export interface ReplicaEnds {
  /** Null where this replica could not be asked. */
  readonly logStartOffset: bigint | null
  readonly logEndOffset: bigint | null
  readonly problem: Problem | null
}

/** By broker and partition. */
export type EndsByBroker = ReadonlyMap<number, BrokerEnds>

export interface BrokerEnds {
  readonly byPartition: ReadonlyMap<number, ReplicaEnds>
  /** Why the broker as a whole told nothing. */
  readonly problem: Problem | null
}

export async function replicaEnds(
  client: Client,
  topic: string,
  { byBroker, patienceMs, turns }: WantedEnds,
): Promise<EndsByBroker> {
  const answers = await Promise.all(
    [...byBroker].map(async ([brokerId, partitions]): Promise<[number, BrokerEnds]> => {
      const question = { topic, partitions, patienceMs: patienceMs(brokerId), turns, ...debugging }
      try {
        const [starts, ends] = await Promise.all([
          ask(client, brokerId, { ...question, timestamp: EARLIEST }),
          ask(client, brokerId, { ...question, timestamp: LATEST }),
        ])
        return [brokerId, { byPartition: joined(partitions, starts, ends), problem: null }]
      } catch (error) {
        // Waiting for all brokers: one that does not answer is shown as such beside the others.
        return [brokerId, { byPartition: new Map(), problem: problemOf(error) }]
      }
    }),
  )
  return new Map(answers)
}

/** The high watermarks, as leaders tell them to consumers; a leader that is silent tells none. */
export async function highWatermarks(
  client: Client,
  topic: string,
  { byBroker, patienceMs, turns }: WantedEnds,
): Promise<ReadonlyMap<number, bigint>> {
  const told = await Promise.all(
    [...byBroker].map(async ([brokerId, partitions]) => {
      const patience = { patienceMs: patienceMs(brokerId), turns }
      const question = { topic, partitions, timestamp: LATEST, ...consumer, ...patience }
      // Waiting for all leaders: that one is silent is said where its end is asked for.
      return ask(client, brokerId, question).catch((): Told => new Map())
    }),
  )
  return new Map(
    told.flatMap(each =>
      [...each].flatMap(([partition, offset]) => {
        const value = known(offset)
        return value === null ? [] : [[partition, value] as const]
      }),
    ),
  )
}

interface Question {
  readonly replicaId: number
  readonly topic: string
  readonly partitions: readonly number[]
  readonly timestamp: bigint
  readonly patienceMs: number
  readonly turns: Turns
}

type Told = ReadonlyMap<number, { readonly offset: bigint; readonly problem: Problem | null }>

async function ask(
  client: Client,
  brokerId: number,
  { replicaId, topic, partitions, timestamp, patienceMs, turns }: Question,
): Promise<Told> {
  await turns.next()
  const answer = await client.request(
    { type: 'broker', brokerId },
    api,
    {
      replicaId,
      topics: [
        {
          name: topic,
          partitions: partitions.map(partitionIndex => ({ partitionIndex, timestamp })),
        },
      ],
    },
    { timeoutMs: patienceMs },
  )
  return new Map(
    answer.topics.flatMap(({ name, partitions: told }) =>
      told.map(({ partitionIndex, errorCode, offset }) => [
        partitionIndex,
        { offset, problem: codeProblem(errorCode, `${name}-${partitionIndex}`) },
      ]),
    ),
  )
}

function joined(
  partitions: readonly number[],
  starts: Told,
  ends: Told,
): BrokerEnds['byPartition'] {
  return new Map(
    partitions.map(partition => {
      const start = starts.get(partition)
      const end = ends.get(partition)
      return [
        partition,
        {
          logStartOffset: known(start),
          logEndOffset: known(end),
          problem: end?.problem ?? start?.problem ?? null,
        },
      ]
    }),
  )
}

function known(told: { offset: bigint; problem: Problem | null } | undefined): bigint | null {
  return told === undefined || told.problem !== null || told.offset < 0n ? null : told.offset
}
