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
  /** The broker that listed it. */
  readonly coordinator: number | null
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
  /** An estimate from samples; null where there are none yet. */
  readonly lagTime: LagTime | null
  readonly trend: LagTrend | null
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
  /** The oldest record that waits, over all partitions; null where none is known. */
  readonly lagTime: LagTime | null
  /** Over all partitions together. */
  readonly trend: LagTrend | null
  /** Of the partition that takes longest. */
  readonly drain: Drain
  /** The latest over all partitions. */
  readonly commit: CommitTime
  /** Of a streams group; null for others, and where it is not known. */
  readonly topology: StreamsTopology | null
  /** The coordinator's generation (classic) or group epoch (KIP-848); null where nobody says. */
  readonly generationId: number | null
  /** Since when it is in its state; null where nobody says. */
  readonly stateSinceMs: bigint | null
  /** For how long an empty group's offsets are kept; null where the broker does not say. */
  readonly offsetsRetentionMs: number | null
  /** Grows with each rebalance that is kept: ask `group.rebalances` again. */
  readonly rebalanceVersion: number
  readonly observedAtMs: bigint
}

/** How long the next record to read has been waiting. */
export interface LagTime {
  readonly ms: number
  /**
   * `record`: from the timestamp of that very record. `batch`: between the first and last timestamp
   * of its batch. `samples`: from when the end was there, as this application has seen it.
   */
  readonly source: 'record' | 'batch' | 'samples'
}

/** How the lag moves, from samples of this application. Rates are records per second. */
export interface LagTrend {
  /** What the rates are measured over. */
  readonly windowMs: number
  readonly producedPerSecond: number
  readonly consumedPerSecond: number
  /** Records that came with the largest of the latest commits: lag rises and falls by as much. */
  readonly commitStep: number
}

export type Drain =
  | { readonly type: 'drained' }
  /** No more waits than what comes between two commits. */
  | { readonly type: 'keeping-up' }
  | { readonly type: 'in'; readonly ms: number }
  /** No more is committed than written, or less; or nobody is there to read. */
  | { readonly type: 'never'; readonly reason: 'standing' | 'growing' | 'nobody' }
  | { readonly type: 'unknown' }

/** When an offset was committed. */
export type CommitTime =
  /** As its record in `__consumer_offsets` says. */
  | { readonly type: 'recorded'; readonly atMs: bigint }
  /** This application saw it change between these two times. */
  | { readonly type: 'seen'; readonly afterMs: bigint; readonly atMs: bigint }
  | { readonly type: 'unknown'; readonly reason: string }

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
  /** Of a streams group's member, whose `assignment` is what its active tasks read; else null. */
  readonly tasks: StreamsTasks | null
  /** The assignment's raw bytes where it could not be decoded. */
  readonly assignmentBytes: Uint8Array | null
  /** When it joined; null where it was there before anyone looked. */
  readonly joinedMs: bigint | null
  /** What the last rebalance gave it and took from it; null where none was seen. */
  readonly lastMove: MemberMove | null
}

export interface MemberMove {
  readonly atMs: bigint
  readonly gained: readonly TopicPartitions[]
  readonly lost: readonly TopicPartitions[]
}

/** What runs under `subtopology_partition`, as Kafka Streams names it (KIP-1071). */
export interface StreamsTask {
  readonly subtopologyId: string
  readonly partition: number
}

export interface StreamsTasks {
  readonly active: readonly StreamsTask[]
  /** Keep a copy of the state, and read nothing. */
  readonly standby: readonly StreamsTask[]
  /** Catch up with the state, to become active. */
  readonly warmup: readonly StreamsTask[]
}

export interface StreamsTopology {
  readonly epoch: number
  /** Null where source topics lack, or do not fit together. */
  readonly subtopologies: readonly StreamsSubtopology[] | null
}

export interface StreamsSubtopology {
  readonly subtopologyId: string
  readonly sourceTopics: readonly string[]
  readonly repartitionSourceTopics: readonly string[]
  readonly repartitionSinkTopics: readonly string[]
  readonly changelogTopics: readonly string[]
}

export interface TopicPartitions {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** A partition that the group committed for, or that a member holds. */
export interface GroupPartition {
  readonly topic: string
  readonly partition: number
  /** The offset to go on from. Of a share group: below it every record is finished (KIP-932). */
  readonly committedOffset: bigint | null
  readonly committedLeaderEpoch: number | null
  /** Text that the client stored beside its offset. */
  readonly metadata: string
  readonly logStartOffset: bigint | null
  readonly highWatermark: bigint | null
  /**
   * High watermark minus committed offset, never below 0; null where one is unknown. Of a share
   * group as its coordinator says, where it does: records above the start may be finished too.
   */
  readonly lag: bigint | null
  /** Committed before the log start: those records are gone. */
  readonly fellOffLog: boolean
  /** Who holds it alone, or null. */
  readonly memberId: string | null
  /** Who reads it together, in a share group; else empty. */
  readonly sharedBy: readonly string[]
  /** Since when; null where it was so before anyone looked. */
  readonly heldSinceMs: bigint | null
  /** 0 ms without lag; null where it is not known. */
  readonly lagTime: LagTime | null
  readonly trend: LagTrend | null
  readonly drain: Drain
  readonly commit: CommitTime
  readonly problem: Problem | null
}

/** What is kept of a group's lag, in columns: null where nobody measured. */
export interface LagHistory {
  readonly topic: string | null
  /** Topics of the group with a history of their own. */
  readonly topics: readonly string[]
  readonly timesMs: readonly number[]
  readonly lags: readonly (number | null)[]
  /** The highest within each step; the same as `lags` where nothing was put together. */
  readonly peaks: readonly (number | null)[]
  /** The lag in time, an estimate from samples. */
  readonly lagTimesMs: readonly (number | null)[]
  /** What one step spans where points were put together, else null. */
  readonly stepMs: number | null
  readonly keeping: HistoryKeeping
}

/** Where lag history and rebalances are kept, and what taking them costs. */
export interface HistoryKeeping {
  /** `memory`: nothing outlives the application, for the reason in `note`. */
  readonly store: 'database' | 'memory'
  /** Worth saying: why memory, or that a damaged file was set aside. */
  readonly note: string | null
  readonly sizeBytes: number
  readonly sizeMaxBytes: number
  readonly oldestMs: number | null
  readonly keptMs: number
  /** Every group is looked at so often now; 0 before the first time. */
  readonly intervalMs: number
  /** How long the last look took, and at how many groups. */
  readonly roundMs: number
  readonly groupCount: number
}

/** One rebalance, or another change of who holds what. */
export interface Rebalance {
  readonly id: number
  /** `coordinator`: as the coordinator says it happened. `polling`: from what differed in between. */
  readonly source: 'coordinator' | 'polling'
  /** `stable`: members have their partitions. `empty`: nobody is left. `cut-off`: began anew. */
  readonly outcome: 'stable' | 'empty' | 'cut-off'
  readonly generationId: number | null
  readonly leaderId: string | null
  /** The assignor, as `range`. */
  readonly protocol: string | null
  /** With polling, the last time that the group was seen as before. */
  readonly startedMs: bigint
  /** When all had joined; null where nobody says or it did not come to that. */
  readonly formedMs: bigint | null
  readonly finishedMs: bigint
  /** In the coordinator's words, the cause first. */
  readonly reasons: readonly string[]
  readonly members: readonly RebalanceMember[]
  /** Partitions that another member holds than before, or none; null where before is not known. */
  readonly movedCount: number | null
  readonly partitionCount: number
}

export interface RebalanceMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly change: 'joined' | 'rejoined' | 'stayed' | 'replaced' | 'left' | 'removed'
  /** Why it joined, left or was removed; empty where nobody says. */
  readonly reason: string
  readonly joinedMs: bigint | null
  readonly syncedMs: bigint | null
  /** How many partitions it holds after it. */
  readonly heldCount: number
  readonly gained: readonly TopicPartitions[]
  readonly lost: readonly TopicPartitions[]
}
