/** What an operator may set about classic groups and offsets, under Kafka's own names. */
export interface GroupConfig {
  /** `group.min.session.timeout.ms` */
  readonly minSessionTimeoutMs: number
  /** `group.max.session.timeout.ms` */
  readonly maxSessionTimeoutMs: number
  /** `group.initial.rebalance.delay.ms`: how long an empty group waits for more members. */
  readonly initialRebalanceDelayMs: number
  /** `group.max.size` */
  readonly maxSize: number
  /** `offset.metadata.max.bytes`: compared with the string's length, as Kafka does. */
  readonly offsetMetadataMaxBytes: number
  /** `max.message.bytes` of `__consumer_offsets`: no record of ours is longer, batch and all. */
  readonly maxMessageBytes: number
  /** `offsets.retention.minutes`, in milliseconds. */
  readonly offsetsRetentionMs: number
  /** `offsets.retention.check.interval.ms` */
  readonly offsetsRetentionCheckIntervalMs: number
}

/** Apache Kafka's defaults, but for the initial delay, which its development settings have at 0. */
export const defaultGroupConfig: GroupConfig = {
  minSessionTimeoutMs: 6_000,
  maxSessionTimeoutMs: 1_800_000,
  initialRebalanceDelayMs: 0,
  maxSize: 2_147_483_647,
  offsetMetadataMaxBytes: 4_096,
  maxMessageBytes: 1_048_588,
  offsetsRetentionMs: 7 * 24 * 60 * 60 * 1_000,
  offsetsRetentionCheckIntervalMs: 600_000,
}

/** A member that joined for the first time and cannot heartbeat yet may wait this long for a rebalance. */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1_000
