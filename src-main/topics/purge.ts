/** `topic.purge-preview`, `topic.purge`, and a purge of whole topics: records that go from the front (KIP-107). */
import type { Client } from '../../engine/client/client.ts'
import {
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '../../engine/protocol/messages/delete-records.ts'
import type { Problem } from '../contract/define.ts'
import type {
  PurgeBound,
  PurgedPartition,
  PurgePartition,
  PurgePreview,
} from '../contract/model/topic.ts'
import { kafkaProblem, problemOf } from '../contract/problem.ts'
import {
  byLeader,
  codeProblem,
  describeMetadata,
  leadersOf,
  noLeader,
  type MetadataTopic,
  type TopicLeaders,
} from '../lookups/cluster-topics.ts'
import { EARLIEST, LATEST, listOffsets, type OffsetTable } from '../lookups/list-offsets.ts'
import { describeLogDirs } from '../lookups/log-dirs.ts'
import type { TopicResult } from './topic-changes.ts'
import { topicConfigValues } from './topic-configurations.ts'

const api = { request: deleteRecordsRequest, response: deleteRecordsResponse }
const TIMEOUT_MS = 30_000
const TO_HIGH_WATERMARK = -1n

interface PurgeScope {
  readonly topic: string
  /** Null for all. */
  readonly partitions: readonly number[] | null
  readonly before: PurgeBound
}

/** Throws a `ContractError` where the topic cannot be described. */
export async function previewPurge(client: Client, scope: PurgeScope): Promise<PurgePreview> {
  const { topic, before } = scope
  const metadata = await describeMetadata(client, topic)
  const chosen = chosenLeaders(metadata, scope.partitions)
  const [starts, ends, found, sizes, policies] = await Promise.all([
    listOffsets(client, [chosen], EARLIEST),
    listOffsets(client, [chosen], LATEST),
    before.type === 'timestamp'
      ? listOffsets(client, [chosen], before.timestampMs)
      : Promise.resolve(null),
    leaderSizes(client, chosen),
    topicConfigValues(client, [topic], 'cleanup.policy'),
  ])
  const cleanupPolicy = policies.get(topic) ?? null
  const partitions = [...chosen.leaders.keys()].map(partition =>
    previewPartition({ topic, partition, before, starts, ends, found, sizes }),
  )
  const sized = partitions.filter(({ sizeBytes }) => sizeBytes !== null)
  return {
    refusal: refusalOf(metadata, cleanupPolicy),
    cleanupPolicy,
    partitions,
    recordCount: partitions.reduce((sum, { recordCount }) => sum + recordCount, 0n),
    sizeBytes:
      sized.length === 0 ? null : sized.reduce((sum, { sizeBytes }) => sum + sizeBytes!, 0),
  }
}

/** One entry for each partition asked for, in order. */
export async function purge(
  client: Client,
  { topic, before }: { topic: string; before: readonly { partition: number; offset: bigint }[] },
): Promise<readonly PurgedPartition[]> {
  const metadata = await describeMetadata(client, topic)
  const offsets = new Map(before.map(({ partition, offset }) => [partition, offset]))
  const leaders = chosenLeaders(metadata, [...offsets.keys()])
  const purged = await deleteRecords(client, [leaders], (_topic, partition) =>
    offsets.get(partition)!,
  )
  return [...offsets.keys()].map(
    partition =>
      purged.get(topic)?.get(partition) ?? {
        partition,
        logStartOffset: null,
        recordCount: 0n,
        problem: kafkaProblem('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${partition} does not exist`),
      },
  )
}

export interface EmptiedTopic extends TopicResult {
  readonly recordCount: bigint
}

/** All records of several topics; each is answered for. */
export async function emptyTopics(
  client: Client,
  names: readonly string[],
): Promise<readonly EmptiedTopic[]> {
  const [{ topics }, policies] = await Promise.all([
    client.metadata(names),
    topicConfigValues(client, names, 'cleanup.policy'),
  ])
  const refusals = new Map(
    topics.map(topic => {
      const name = topic.name ?? ''
      const problem = codeProblem(topic.errorCode, `topic ${name}`)
      return [name, problem ?? refusalOf(topic, policies.get(name) ?? null)]
    }),
  )
  const allowed = topics.filter(({ name }) => refusals.get(name ?? '') === null)
  const purged = await deleteRecords(client, allowed.map(leadersOf), () => TO_HIGH_WATERMARK)
  return names.map(name => {
    const partitions = [...(purged.get(name)?.values() ?? [])]
    return {
      name,
      recordCount: partitions.reduce((sum, { recordCount }) => sum + recordCount, 0n),
      problem:
        refusals.get(name) ?? partitions.find(({ problem }) => problem !== null)?.problem ?? null,
    }
  })
}

/** Why Apache Kafka refuses DeleteRecords for a whole topic. */
function refusalOf(topic: MetadataTopic, cleanupPolicy: string | null): Problem | null {
  const name = topic.name ?? ''
  if (topic.isInternal)
    return kafkaProblem('INVALID_TOPIC_EXCEPTION', `topic ${name} is internal: its records stay`)
  if (cleanupPolicy === null || cleanupPolicy === '' || cleanupPolicy.includes('delete'))
    return null
  return {
    code: 'POLICY_VIOLATION',
    message: `topic ${name} has cleanup.policy=${cleanupPolicy}, without delete`,
    remedy:
      'Records of a topic that is only compacted go by tombstones, or when delete is added to ' +
      'its cleanup.policy.',
  }
}

interface PreviewParts {
  readonly topic: string
  readonly partition: number
  readonly before: PurgeBound
  readonly starts: OffsetTable
  readonly ends: OffsetTable
  /** Of the timestamp, where one bounds it. */
  readonly found: OffsetTable | null
  readonly sizes: ReadonlyMap<number, number>
}

function previewPartition(parts: PreviewParts): PurgePartition {
  const { topic, partition, before, sizes } = parts
  const at = (table: OffsetTable | null) => table?.get(topic)?.get(partition)
  const [start, end, found] = [at(parts.starts), at(parts.ends), at(parts.found)]
  const problem = [start, end, found].find(each => each?.type === 'problem')
  if (start?.type !== 'found' || end?.type !== 'found' || problem?.type === 'problem')
    return {
      partition,
      logStartOffset: null,
      highWatermark: null,
      beforeOffset: null,
      recordCount: 0n,
      sizeBytes: null,
      problem: problem?.type === 'problem' ? problem.problem : noLeader(topic, partition),
    }
  // A timestamp that no record has or exceeds: everything is older.
  const wanted =
    before.type === 'offset'
      ? before.offset
      : found?.type === 'found' && found.offset >= 0n
        ? found.offset
        : end.offset
  const beforeOffset = clamp(wanted, start.offset, end.offset)
  const recordCount = beforeOffset - start.offset
  const size = sizes.get(partition)
  const all = end.offset - start.offset
  return {
    partition,
    logStartOffset: start.offset,
    highWatermark: end.offset,
    beforeOffset,
    recordCount,
    sizeBytes:
      size === undefined
        ? null
        : all === 0n
          ? 0
          : Math.round((size * Number(recordCount)) / Number(all)),
    problem: null,
  }
}

function clamp(offset: bigint, least: bigint, most: bigint): bigint {
  if (offset < least) return least
  return offset > most ? most : offset
}

function chosenLeaders(topic: MetadataTopic, partitions: readonly number[] | null): TopicLeaders {
  const all = leadersOf(topic)
  if (partitions === null) return all
  const wanted = new Set(partitions)
  return {
    topic: all.topic,
    leaders: new Map([...all.leaders].filter(([partition]) => wanted.has(partition))),
  }
}

async function leaderSizes(
  client: Client,
  { topic, leaders }: TopicLeaders,
): Promise<ReadonlyMap<number, number>> {
  const brokerIds = new Set([...leaders.values()].filter(leader => leader >= 0))
  const wanted = new Map([[topic, [...leaders.keys()]]])
  const sizes = new Map<number, number>()
  for (const { brokerId, replicas } of await describeLogDirs(client, [...brokerIds], wanted))
    for (const { partition, sizeBytes, isFuture } of replicas)
      if (!isFuture && leaders.get(partition) === brokerId) sizes.set(partition, sizeBytes)
  return sizes
}

type Purged = ReadonlyMap<string, ReadonlyMap<number, PurgedPartition>>

async function deleteRecords(
  client: Client,
  topics: readonly TopicLeaders[],
  offsetOf: (topic: string, partition: number) => bigint,
): Promise<Purged> {
  const starts = await listOffsets(client, topics, EARLIEST)
  const purged = new Map<string, Map<number, PurgedPartition>>(
    topics.map(({ topic }) => [topic, new Map()]),
  )
  const keep = (
    topic: string,
    partition: number,
    lowWatermark: bigint,
    problem: Problem | null,
  ) => {
    const start = starts.get(topic)?.get(partition)
    const startOffset = start?.type === 'found' ? start.offset : lowWatermark
    purged.get(topic)!.set(partition, {
      partition,
      logStartOffset: problem === null ? lowWatermark : null,
      recordCount: problem === null && lowWatermark > startOffset ? lowWatermark - startOffset : 0n,
      problem,
    })
  }
  const asked = [...byLeader(topics)].map(async ([leader, share]) => {
    const all = share.flatMap(({ topic, leaders }) =>
      [...leaders.keys()].map(partition => ({ topic, partition })),
    )
    if (leader < 0) {
      for (const { topic, partition } of all)
        keep(topic, partition, -1n, noLeader(topic, partition))
      return
    }
    try {
      const answer = await client.request({ type: 'broker', brokerId: leader }, api, {
        topics: share.map(({ topic, leaders }) => ({
          name: topic,
          partitions: [...leaders.keys()].map(partitionIndex => ({
            partitionIndex,
            offset: offsetOf(topic, partitionIndex),
          })),
        })),
        timeoutMs: TIMEOUT_MS,
      })
      for (const { name, partitions } of answer.topics)
        for (const { partitionIndex, lowWatermark, errorCode } of partitions)
          keep(
            name,
            partitionIndex,
            lowWatermark,
            codeProblem(errorCode, `${name}-${partitionIndex}`),
          )
    } catch (error) {
      // Waiting for all brokers: what one did not do is said beside what the others did.
      const problem = problemOf(error)
      for (const { topic, partition } of all) keep(topic, partition, -1n, problem)
    }
  })
  await Promise.all(asked)
  return purged
}
