/**
 * The offset lab: what a group's committed offsets are to become, what that would do, what it did,
 * and the snapshots that take it back.
 */
import type { Problem } from '../define.ts'
import type { DecodedLine } from './decode.ts'
import type { GroupState } from './group.ts'

/** What stands between a group and a change of its offsets. */
export interface LabGroup {
  readonly groupId: string
  /** False where no such group is known: a commit creates it. */
  readonly exists: boolean
  readonly state: GroupState
  readonly protocolType: string
  /** At most `LAB_MEMBERS_MAX` of them. */
  readonly members: readonly LabMember[]
  readonly memberCount: number
  /** Why offsets cannot be committed now, naming the members; null where they can. */
  readonly whyNot: Problem | null
  readonly observedAtMs: bigint
}

export interface LabMember {
  readonly memberId: string
  readonly clientId: string
  readonly clientHost: string
  /** Null where its subscription is of a format of its own. */
  readonly subscribedTopics: readonly string[] | null
}

/** What happens to a partition's committed offset. */
export type OffsetAction = 'commit' | 'delete' | 'none'

/** What is worth knowing about one row, each told by the page in words of its own. */
export type OffsetNote =
  /** Asked for an offset before the log start, and given the log start. */
  | 'raised-to-start'
  /** Asked for an offset past the end, and given the end. */
  | 'lowered-to-end'
  /** No record has that timestamp or a later one: the end, as Kafka's own tool does. */
  | 'no-later-record'
  /** The group has committed nothing here so far. */
  | 'no-commit'
  /** The other group, the file or the snapshot says nothing of this partition. */
  | 'not-in-source'
  /** What is committed now lies before the log start. */
  | 'fell-off'
  /** What is committed now lies past the end. */
  | 'beyond-end'
  /** What is restored lies before the log start. */
  | 'restores-fallen'
  /** What is restored lies past the end. */
  | 'restores-beyond'
  | 'same'
  /** Set by hand. */
  | 'edited'
  /** Left out by hand. */
  | 'kept'
  /** The text that a client stored beside its offset is replaced. */
  | 'metadata-changes'
  /** A member subscribes to the topic, so that Kafka deletes none of its offsets. */
  | 'subscribed'

export interface OffsetPlanRow {
  readonly topic: string
  readonly partition: number
  readonly logStartOffset: bigint | null
  readonly highWatermark: bigint | null
  /** What is committed now; null for nothing. */
  readonly now: bigint | null
  /** What was asked for, before it was brought into the log; null where nothing was. */
  readonly asked: bigint | null
  readonly action: OffsetAction
  /** What is committed afterwards; null for nothing. */
  readonly after: bigint | null
  /** Stored beside the offset; not empty only where a snapshot has it. */
  readonly metadata: string
  readonly leaderEpoch: number | null
  /** Null where there is no offset to count from. */
  readonly moved: MovedRecords | null
  readonly notes: readonly OffsetNote[]
  /** Why nothing can be said or done about this partition. */
  readonly problem: Problem | null
}

export interface MovedRecords {
  readonly direction: 'again' | 'skipped'
  /** Offsets between the two that are in the log. */
  readonly count: bigint
  /** True where not every offset need hold a record: the topic is compacted. */
  readonly estimate: boolean
}

export interface OffsetPlan {
  readonly group: LabGroup
  readonly rows: readonly OffsetPlanRow[]
  readonly commitCount: number
  readonly deleteCount: number
  /** Of the plan as a whole: lines of the file, topics that do not exist. */
  readonly problems: readonly Problem[]
  /** The moment that a duration or a timestamp came to; null for other strategies. */
  readonly timestampMs: bigint | null
  readonly command: EqualCommand
  readonly computedAtMs: bigint
}

/** What does the same by `kafka-consumer-groups.sh`; more than one where it takes more than one. */
export interface EqualCommand {
  readonly lines: readonly string[]
  /** The content of the file that the lines read, where they do. */
  readonly file: { readonly name: string; readonly content: string } | null
  /** Where the tool would come to something else than the plan. */
  readonly caveats: readonly CommandCaveat[]
}

export type CommandCaveat =
  /** It brings every offset into the log, also restored ones. */
  | 'tool-clamps'
  /** It stores no text beside offsets. */
  | 'tool-drops-metadata'

export interface LandedValue extends DecodedLine {
  readonly sizeBytes: number
}

/** The record that a consumer would read first. */
export interface LandingRecord {
  readonly topic: string
  readonly partition: number
  /** As asked. */
  readonly offset: bigint
  readonly landing:
    | {
        readonly type: 'record'
        /** Past `offset` where that holds no record. */
        readonly offset: bigint
        readonly timestampMs: bigint
        readonly key: LandedValue
        readonly value: LandedValue
        readonly headerCount: number
        readonly transactional: boolean
      }
    /** The next record that is written. */
    | { readonly type: 'end' }
    /** Nothing was found within what one preview reads. */
    | { readonly type: 'far' }
    | { readonly type: 'problem'; readonly problem: Problem }
}

export interface AppliedOffsets {
  /** What was there before, to take it back. */
  readonly snapshot: OffsetSnapshotSummary
  readonly rows: readonly AppliedRow[]
  /** Rows whose read-back is what was asked for. */
  readonly doneCount: number
  readonly failedCount: number
}

export interface AppliedRow {
  readonly topic: string
  readonly partition: number
  readonly before: bigint | null
  /** Null for a deletion. */
  readonly asked: bigint | null
  /** What the coordinator says is committed now, read after the change. */
  readonly readBack: bigint | null
  readonly done: boolean
  readonly problem: Problem | null
}

export interface OffsetSnapshotSummary {
  readonly id: string
  readonly groupId: string
  readonly takenAtMs: bigint
  /** What was about to be done, in a form that `kafka-consumer-groups.sh` users know. */
  readonly reason: SnapshotReason
  /** Of the group, as a whole, before. */
  readonly partitionCount: number
  /** Partitions that the change was about. */
  readonly changedCount: number
  readonly topics: readonly string[]
}

export interface SnapshotReason {
  readonly type: 'reset' | 'delete-offsets' | 'delete-group' | 'restore'
  /** The strategy's name and value, as `to-datetime 2026-11-21T14:00:00.000Z`. */
  readonly strategy: string
}

export interface ExportedSnapshot {
  readonly fileName: string
  readonly content: string
}

export const LAB_MEMBERS_MAX = 100
export const LANDINGS_MAX = 200
/** About what ten thousand partitions with the longest names need. */
export const OFFSETS_FILE_CHARS_MAX = 8 * 1024 * 1024
