/** `topic.figures` and `topic.describe`: what of topics has to be asked of their brokers. */
import type { Client } from '../../engine/client/client.ts'
import type { Problem } from '../contract/define.ts'
import type {
  PartitionDescription,
  TopicDescription,
  TopicFigures,
} from '../contract/model/topic.ts'
import {
  describeMetadata,
  leadersOf,
  noLeader,
  type MetadataTopic,
} from '../lookups/cluster-topics.ts'
import {
  EARLIEST,
  LATEST,
  MAX_TIMESTAMP,
  listOffsets,
  type FoundOffset,
  type OffsetTable,
} from '../lookups/list-offsets.ts'
import { describeLogDirs, type BrokerLogDirs, type ReplicaOnDisk } from '../lookups/log-dirs.ts'
import { topicConfigValues } from './topic-configurations.ts'
import { summaryOf } from './topic-list.ts'

/** Topics that do not exist (any more) are left out. */
export async function topicFigures(
  client: Client,
  names: readonly string[],
): Promise<readonly TopicFigures[]> {
  if (names.length === 0) return []
  const { topics } = await client.metadata(names)
  const found = topics.filter(({ errorCode }) => errorCode === 0)
  const facts = await gatherFacts(client, found)
  return found.map(topic => figuresOf(topic, facts))
}

export async function describeTopic(client: Client, name: string): Promise<TopicDescription> {
  const topic = await describeMetadata(client, name)
  const facts = await gatherFacts(client, [topic])
  const { id, internal, replicationFactor } = summaryOf(topic)
  const partitions = [...topic.partitions]
    .sort((a, b) => a.partitionIndex - b.partitionIndex)
    .map(partition => describePartition(name, partition, facts))
  return { name, id, internal, replicationFactor, partitions, figures: figuresOf(topic, facts) }
}

interface Facts {
  readonly starts: OffsetTable
  readonly ends: OffsetTable
  readonly newest: OffsetTable
  /** By `broker topic partition`. */
  readonly replicas: ReadonlyMap<string, ReplicaOnDisk>
  readonly logDirsProblem: Problem | null
  readonly cleanupPolicies: ReadonlyMap<string, string>
}

async function gatherFacts(client: Client, topics: readonly MetadataTopic[]): Promise<Facts> {
  const leaders = topics.map(leadersOf)
  const names = leaders.map(({ topic }) => topic)
  const brokerIds = new Set(
    topics.flatMap(({ partitions }) => partitions.flatMap(({ replicaNodes }) => replicaNodes)),
  )
  const wanted = new Map(leaders.map(({ topic, leaders: each }) => [topic, [...each.keys()]]))
  const [starts, ends, newest, logDirs, cleanupPolicies] = await Promise.all([
    listOffsets(client, leaders, EARLIEST),
    listOffsets(client, leaders, LATEST),
    listOffsets(client, leaders, MAX_TIMESTAMP),
    describeLogDirs(client, [...brokerIds], wanted),
    topicConfigValues(client, names, 'cleanup.policy'),
  ])
  return {
    starts,
    ends,
    newest,
    replicas: replicasByPlace(logDirs),
    logDirsProblem: logDirs.find(({ problem }) => problem !== null)?.problem ?? null,
    cleanupPolicies,
  }
}

function replicasByPlace(logDirs: readonly BrokerLogDirs[]): Map<string, ReplicaOnDisk> {
  const replicas = new Map<string, ReplicaOnDisk>()
  for (const { brokerId, replicas: own } of logDirs)
    for (const replica of own)
      if (!replica.isFuture)
        replicas.set(place(brokerId, replica.topic, replica.partition), replica)
  return replicas
}

function place(brokerId: number, topic: string, partition: number): string {
  return `${brokerId} ${topic} ${partition}`
}

function figuresOf(topic: MetadataTopic, facts: Facts): TopicFigures {
  const name = topic.name ?? ''
  const cleanupPolicy = facts.cleanupPolicies.get(name) ?? null
  let count = 0n
  let missingPartitionCount = 0
  let sizeBytes = 0
  let replicatedSizeBytes = 0
  let leadersWithSize = 0
  let lastRecordTimestampMs: bigint | null = null
  for (const { partitionIndex, leaderId, replicaNodes } of topic.partitions) {
    const start = offsetIn(facts.starts, name, partitionIndex)
    const end = offsetIn(facts.ends, name, partitionIndex)
    if (start === null || end === null) missingPartitionCount += 1
    else count += end - start
    for (const broker of replicaNodes) {
      const size = facts.replicas.get(place(broker, name, partitionIndex))?.sizeBytes
      replicatedSizeBytes += size ?? 0
      if (broker !== leaderId || size === undefined) continue
      sizeBytes += size
      leadersWithSize += 1
    }
    const timestampMs = timestampIn(facts.newest, name, partitionIndex)
    if (timestampMs !== null && timestampMs > (lastRecordTimestampMs ?? -1n))
      lastRecordTimestampMs = timestampMs
  }
  const { partitions } = topic
  const known = missingPartitionCount < partitions.length
  const estimate = cleanupPolicy === null || cleanupPolicy.includes('compact')
  return {
    name,
    sizeBytes: leadersWithSize > 0 ? sizeBytes : null,
    replicatedSizeBytes: leadersWithSize > 0 ? replicatedSizeBytes : null,
    recordCount: known ? { count, estimate, missingPartitionCount } : null,
    cleanupPolicy,
    lastRecordTimestampMs,
    problem: firstProblem(facts.ends, name) ?? facts.logDirsProblem,
  }
}

function describePartition(
  topic: string,
  partition: MetadataTopic['partitions'][number],
  facts: Facts,
): PartitionDescription {
  const { partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes } = partition
  const onDisk = (broker: number) => facts.replicas.get(place(broker, topic, partitionIndex))
  return {
    partition: partitionIndex,
    leader: leaderId < 0 ? null : leaderId,
    leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
    replicas: replicaNodes.map(broker => ({
      broker,
      isLeader: broker === leaderId,
      inSync: isrNodes.includes(broker),
      offline: partition.offlineReplicas.includes(broker),
      sizeBytes: onDisk(broker)?.sizeBytes ?? null,
      offsetLag: onDisk(broker)?.offsetLag ?? null,
      logDir: onDisk(broker)?.logDir ?? null,
    })),
    logStartOffset: offsetIn(facts.starts, topic, partitionIndex),
    highWatermark: offsetIn(facts.ends, topic, partitionIndex),
    sizeBytes: onDisk(leaderId)?.sizeBytes ?? null,
    lastRecordTimestampMs: timestampIn(facts.newest, topic, partitionIndex),
    problem:
      leaderId < 0
        ? noLeader(topic, partitionIndex)
        : problemIn(facts.ends.get(topic)?.get(partitionIndex)),
  }
}

export function offsetIn(table: OffsetTable, topic: string, partition: number): bigint | null {
  const found = table.get(topic)?.get(partition)
  return found?.type === 'found' && found.offset >= 0n ? found.offset : null
}

function timestampIn(table: OffsetTable, topic: string, partition: number): bigint | null {
  const found = table.get(topic)?.get(partition)
  return found?.type === 'found' && found.timestampMs >= 0n ? found.timestampMs : null
}

function problemIn(found: FoundOffset | undefined): Problem | null {
  return found?.type === 'problem' ? found.problem : null
}

function firstProblem(table: OffsetTable, topic: string): Problem | null {
  for (const found of table.get(topic)?.values() ?? [])
    if (found.type === 'problem') return found.problem
  return null
}
