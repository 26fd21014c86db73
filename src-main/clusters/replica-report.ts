/**
 * What only a broker of the local cluster tells of its replicas: exact times, and the partition
 * epoch. An addition, asked for where it exists.
 */
export interface ReplicaReport {
  readonly partition: number
  readonly role: 'leader' | 'follower'
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly logStartOffset: bigint
  readonly logEndOffset: bigint
  readonly highWatermark: bigint
  /** Of a leader alone. */
  readonly followers: readonly FollowerReport[]
}

export interface FollowerReport {
  readonly brokerId: number
  readonly logEndOffset: bigint
  readonly lastCaughtUpMs: number | null
  readonly lastFetchMs: number | null
}

/** Asks one broker for its replicas of a topic; null where it cannot tell. */
export type AskReplicas = (
  brokerId: number,
  topic: string,
) => Promise<readonly ReplicaReport[] | null>
