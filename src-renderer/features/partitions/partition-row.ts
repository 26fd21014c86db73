/** A partition as the table shows it: how it is replicated, and what costs more to be asked for. */
import type {
  PartitionReplication,
  ReplicaProgress,
} from '../../../src-main/contract/model/replication.ts'
import type { PartitionDescription } from '../../../src-main/contract/model/topic.ts'
import type { SortValue } from '../../ui/table/sort-search.ts'

export interface PartitionRow {
  readonly partition: number
  /** Null until its leader has told sizes and offsets: one that is paused takes its time. */
  readonly description: PartitionDescription | null
  readonly replication: PartitionReplication | null
}

export function joinRows(
  descriptions: readonly PartitionDescription[],
  replications: readonly PartitionReplication[],
): readonly PartitionRow[] {
  const described = new Map(descriptions.map(each => [each.partition, each]))
  const replicated = new Map(replications.map(each => [each.partition, each]))
  const partitions = new Set([...described.keys(), ...replicated.keys()])
  return [...partitions]
    .sort((a, b) => a - b)
    .map(partition => ({
      partition,
      description: described.get(partition) ?? null,
      replication: replicated.get(partition) ?? null,
    }))
}

export function leaderOf({ replication, description }: PartitionRow): number | null {
  return replication === null ? (description?.leader ?? null) : replication.leader
}

export function startOf({ replication, description }: PartitionRow): bigint | null {
  const leader = replication?.replicas.find(({ isLeader }) => isLeader)
  return leader?.logStartOffset ?? description?.logStartOffset ?? null
}

export function highWatermarkOf({ replication, description }: PartitionRow): bigint | null {
  return replication?.highWatermark ?? description?.highWatermark ?? null
}

/** The end of the leader's log. */
export function logEndOf({ replication }: PartitionRow): bigint | null {
  return replication?.replicas.find(({ isLeader }) => isLeader)?.logEndOffset ?? null
}

export function inSyncOf({ replication, description }: PartitionRow): readonly number[] {
  const replicas = replication?.replicas ?? description?.replicas ?? []
  return replicas.filter(({ inSync }) => inSync).map(({ broker }) => broker)
}

export function factorOf({ replication, description }: PartitionRow): number {
  return (replication?.replicas ?? description?.replicas ?? []).length
}

/** The follower that is furthest behind; null while none is known to be. */
export function furthestBehind({ replication }: PartitionRow): ReplicaProgress | null {
  let furthest: ReplicaProgress | null = null
  for (const replica of replication?.replicas ?? [])
    if (replica.lag !== null && replica.lag > (furthest?.lag ?? 0n)) furthest = replica
  return furthest
}

export function recordsIn(row: PartitionRow): bigint | null {
  const start = startOf(row)
  const end = highWatermarkOf(row)
  return start === null || end === null ? null : end - start
}

export function partitionValue(row: PartitionRow, column: string): SortValue {
  switch (column) {
    case 'leader':
      return leaderOf(row)
    case 'epoch':
      return row.replication?.leaderEpoch ?? null
    case 'start':
      return startOf(row)
    case 'end':
      return highWatermarkOf(row)
    case 'lag':
      return row.replication === null ? null : (furthestBehind(row)?.lag ?? 0n)
    case 'records':
      return recordsIn(row)
    case 'size':
      return row.description?.sizeBytes ?? null
    case 'last':
      return row.description?.lastRecordTimestampMs ?? null
    default:
      return row.partition
  }
}
