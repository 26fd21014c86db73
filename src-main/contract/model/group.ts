/** Consumer groups as the pages show them. */
import type { Problem } from '../define.ts'

/** In Kafka's own spelling. */
export type GroupState =
  | 'Unknown'
  | 'PreparingRebalance'
  | 'CompletingRebalance'
  | 'Stable'
  | 'Dead'
  | 'Empty'
  | 'Assigning'
  | 'Reconciling'
  | 'NotReady'

export interface GroupSummary {
  readonly groupId: string
  readonly state: GroupState
  /** `classic`, `consumer`, `share`, `streams`; null where the cluster does not say. */
  readonly type: string | null
  /** `consumer` for consumers; Connect and Schema Registry have their own. */
  readonly protocolType: string
}

/** What costs requests per group; asked for visible rows. */
export interface GroupFigures {
  readonly groupId: string
  readonly state: GroupState
  readonly memberCount: number
  readonly coordinator: number | null
  readonly topics: readonly string[]
  /** Over partitions with a committed offset; null when there is none. */
  readonly totalLag: bigint | null
  /** Partitions whose lag could not be found. */
  readonly unknownLagCount: number
  readonly problem: Problem | null
}

export interface GroupDescription {
  readonly groupId: string
  readonly state: GroupState
  readonly type: string | null
  readonly protocolType: string
  /** The assignor that was chosen, as `range`; empty outside of Stable. */
  readonly protocol: string
  readonly coordinator: number | null
  readonly members: readonly GroupMember[]
  readonly partitions: readonly GroupPartition[]
  readonly totalLag: bigint | null
  readonly unknownLagCount: number
  readonly observedAtMs: bigint
}

export interface GroupMember {
  readonly memberId: string
  /** Set for a static member (KIP-345). */
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** What it asked for; null when its metadata is not the consumer protocol's. */
  readonly subscribedTopics: readonly string[] | null
  /** What it holds; null when its assignment is not the consumer protocol's. */
  readonly assignment: readonly TopicPartitions[] | null
  /** The assignment's raw bytes where it could not be decoded. */
  readonly assignmentBytes: Uint8Array | null
}

export interface TopicPartitions {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** A partition that the group committed for, or that a member holds. */
export interface GroupPartition {
  readonly topic: string
  readonly partition: number
  readonly committedOffset: bigint | null
  readonly committedLeaderEpoch: number | null
  /** Text that the client stored beside its offset. */
  readonly metadata: string
  readonly logStartOffset: bigint | null
  readonly highWatermark: bigint | null
  /** High watermark minus committed offset, never below 0; null where one is unknown. */
  readonly lag: bigint | null
  /** Committed before the log start: those records are gone. */
  readonly fellOffLog: boolean
  /** Who holds it, or null. */
  readonly memberId: string | null
  readonly problem: Problem | null
}
