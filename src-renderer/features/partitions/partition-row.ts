/** A partition as the table shows it. */
import type { PartitionState } from '../../../src-main/contract/model/replication.ts'
import type {
  PartitionReplication,
  ReplicaProgress,
} from '../../../src-main/contract/model/replication.ts'
import { isInState } from '../../replication/partition-states.ts'
import type { SortValue } from '../../ui/table/sort-search.ts'

export interface PartitionRow {
  readonly partition: number
  readonly replication: PartitionReplication
  /** Undefined while it is not asked for: its column is hidden. */
  readonly lastRecordTimestampMs: bigint | null | undefined
}

export interface RowFilter {
  readonly state: PartitionState | undefined
  /** One that holds a replica. */
  readonly broker: number | undefined
}

export function fits({ replication }: PartitionRow, { state, broker }: RowFilter): boolean {
  return (
    (state === undefined || isInState(replication, state)) &&
    (broker === undefined || replication.replicas.some(each => each.broker === broker))
  )
}

export function startOf(row: PartitionRow): bigint | null {
  return leaderReplica(row)?.logStartOffset ?? null
}

export function highWatermarkOf({ replication }: PartitionRow): bigint | null {
  return replication.highWatermark
}

/** The end of the leader's log. */
export function logEndOf(row: PartitionRow): bigint | null {
  return leaderReplica(row)?.logEndOffset ?? null
}

/** Bytes on the leader's disk. */
export function sizeOf(row: PartitionRow): number | null {
  return leaderReplica(row)?.sizeBytes ?? null
}

export function inSyncOf({ replication }: PartitionRow): readonly number[] {
  return replication.replicas.filter(({ inSync }) => inSync).map(({ broker }) => broker)
}

export interface Behind {
  readonly replica: ReplicaProgress
  /** Null where it is not known: nobody tells both ends. */
  readonly lag: bigint | null
  /** Whether it is counted from where the replica's log ended when it was last seen. */
  readonly estimated: boolean
}

/** The follower that is furthest behind, one of whom nothing is known before all; null for none. */
export function furthestBehind({ replication }: PartitionRow): Behind | null {
  let furthest: Behind | null = null
  const leaderEnd = replication.replicas.find(({ isLeader }) => isLeader)?.logEndOffset ?? null
  for (const replica of replication.replicas) {
    if (replica.isLeader) continue
    const { lag, seenEndOffset } = replica
    const estimated = lag === null && leaderEnd !== null && seenEndOffset !== null
    const behind = estimated ? larger(leaderEnd - seenEndOffset, 0n) : lag
    if (behind === null) return { replica, lag: null, estimated: false }
    if (behind > (furthest?.lag ?? 0n)) furthest = { replica, lag: behind, estimated }
  }
  return furthest
}

export function recordsIn(row: PartitionRow): bigint | null {
  const start = startOf(row)
  const end = highWatermarkOf(row)
  return start === null || end === null ? null : end - start
}

function lagOf(row: PartitionRow): bigint | null {
  const behind = furthestBehind(row)
  return behind === null ? 0n : behind.lag
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

export function partitionValue(row: PartitionRow, column: string): SortValue {
  switch (column) {
    case 'leader':
      return row.replication.leader
    case 'epoch':
      return row.replication.leaderEpoch
    case 'start':
      return startOf(row)
    case 'end':
      return highWatermarkOf(row)
    case 'lag':
      return row.replication.leader === null ? null : lagOf(row)
    case 'records':
      return recordsIn(row)
    case 'size':
      return sizeOf(row)
    case 'last':
      return row.lastRecordTimestampMs ?? null
    default:
      return row.partition
  }
}

function leaderReplica({ replication }: PartitionRow): ReplicaProgress | undefined {
  return replication.replicas.find(({ isLeader }) => isLeader)
}
