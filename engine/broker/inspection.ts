/** What only a broker itself can tell of its inside: its wire, its connections, its logs. */
import type { BrokerSettings } from '../config/settings.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import { describeLog, type LogDescription } from '../log/describe-log.ts'
import type { LogFolder } from '../log/log-folder.ts'
import type { Connection } from '../server/connection.ts'
import type { WireTap } from '../server/wire-tap.ts'
import type { Partition } from './partition.ts'
import type { Replicas } from './replicas.ts'

export interface LogSummary {
  readonly topic: string
  readonly partition: number
  readonly sizeBytes: number
  readonly segmentCount: number
}

/** One replica as its broker sees it. */
export interface ReplicaReport {
  readonly partition: number
  readonly role: 'leader' | 'follower'
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly logStartOffset: bigint
  readonly logEndOffset: bigint
  readonly highWatermark: bigint
  /** What the leader knows of the others; empty from a follower. */
  readonly followers: readonly FollowerReport[]
}

export interface FollowerReport {
  readonly brokerId: number
  /** -1 while it has not fetched from this leader. */
  readonly logEndOffset: bigint
  /** Since 1970; null for never. */
  readonly lastCaughtUpMs: number | null
  readonly lastFetchMs: number | null
}

export interface BrokerInspection {
  /** Watches what goes over the wire; closed until somebody opens it. */
  readonly tap: WireTap
  connections(): readonly Connection[]
  /** Null where this broker holds no replica of it. */
  log(topic: string, partition: number): LogDescription | null
  logs(): readonly LogSummary[]
  /** The replicas of a topic that this broker holds; of these partitions where some are named. */
  replicas(topic: string, partitions?: readonly number[]): readonly ReplicaReport[]
}

export function logInspection(
  folder: LogFolder,
  replicas: Replicas,
  image: MetadataImage,
  of: {
    readonly settings: () => BrokerSettings
    readonly timestampOf: (nowMs: number) => number
  },
): Pick<BrokerInspection, 'log' | 'logs' | 'replicas'> {
  const partitionEpochOf = (topic: string, index: number) =>
    image.topicsByName.get(topic)?.partitions[index]?.partitionEpoch ?? -1
  return {
    log(topic, index) {
      const partition = replicas.find(topic, index)
      if (partition === null) return null
      const checkIntervalMs = of.settings().logRetentionCheckIntervalMs
      return describeLog(partition.log, { highWatermark: partition.highWatermark, checkIntervalMs })
    },
    logs: () =>
      [...folder.logs()].map(({ topic, partition, sizeBytes, segmentCount }) => {
        return { topic, partition, sizeBytes, segmentCount }
      }),
    replicas: (topic, partitions) =>
      (
        partitions?.flatMap(index => replicas.find(topic, index) ?? []) ?? replicas.ofTopic(topic)
      ).map(each => replicaReport(each, partitionEpochOf, of.timestampOf)),
  }
}

function replicaReport(
  { index, leading, leaderEpoch, log, highWatermark, topic }: Partition,
  partitionEpochOf: (topic: string, index: number) => number,
  timestampOf: (nowMs: number) => number,
): ReplicaReport {
  return {
    partition: index,
    role: leading === null ? 'follower' : 'leader',
    leaderEpoch,
    partitionEpoch: leading?.partitionEpoch ?? partitionEpochOf(topic, index),
    logStartOffset: log.logStartOffset,
    logEndOffset: log.logEndOffset,
    highWatermark,
    followers: (leading?.followers() ?? []).map(each => ({
      brokerId: each.brokerId,
      logEndOffset: each.logEndOffset,
      lastCaughtUpMs: each.lastCaughtUpMs === 0 ? null : timestampOf(each.lastCaughtUpMs),
      lastFetchMs: each.lastFetchMs === 0 ? null : timestampOf(each.lastFetchMs),
    })),
  }
}
