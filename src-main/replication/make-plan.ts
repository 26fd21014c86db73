/** `replication.plan`: gathers where replicas are and how large, and plans over it. */
import type { Client } from '../../engine/client/client.ts'
import type { ReassignmentPlan, ReassignmentStrategy } from '../contract/model/replication.ts'
import { describeLogDirs } from '../lookups/log-dirs.ts'
import { listBrokers } from './broker-states.ts'
import { planReassignment, type PartitionNow } from './plan-reassignment.ts'

export async function makePlan(
  client: Client,
  topics: readonly string[] | null,
  strategy: ReassignmentStrategy,
): Promise<ReassignmentPlan> {
  const named =
    strategy.type === 'explicit'
      ? [...new Set(strategy.assignments.map(({ topic }) => topic))]
      : topics
  const [metadata, listed] = await Promise.all([client.metadata(named), listBrokers(client)])
  const brokers = listed.filter(({ fenced }) => fenced !== true)
  const logDirs = await describeLogDirs(
    client,
    metadata.brokers.map(({ nodeId }) => nodeId),
    named === null ? null : wantedOf(metadata.topics),
  )
  const sizes = new Map<string, number>()
  for (const { brokerId, replicas } of logDirs)
    for (const { topic, partition, sizeBytes, isFuture } of replicas)
      if (!isFuture) sizes.set(`${brokerId} ${topic} ${partition}`, sizeBytes)
  const partitions = metadata.topics.flatMap(({ name, partitions: own }): PartitionNow[] =>
    [...own]
      .sort((a, b) => a.partitionIndex - b.partitionIndex)
      .map(({ partitionIndex, leaderId, replicaNodes }) => ({
        topic: name ?? '',
        partition: partitionIndex,
        replicas: replicaNodes,
        sizeBytes: sizes.get(`${leaderId} ${name} ${partitionIndex}`) ?? null,
      })),
  )
  return planReassignment({ partitions, brokers, strategy })
}

function wantedOf(
  topics: readonly {
    readonly name: string | null
    readonly partitions: readonly { readonly partitionIndex: number }[]
  }[],
): ReadonlyMap<string, readonly number[]> {
  return new Map(
    topics.map(({ name, partitions }) => [
      name ?? '',
      partitions.map(({ partitionIndex }) => partitionIndex),
    ]),
  )
}
