/** Searches: what one looks for, how far it is, and what it found. */
import type { FieldColumn } from '../api/record.ts'
import type { SearchQuery } from '../api/search.ts'
import type { Problem } from '../define.ts'
import type { DecoderChoice } from './decode.ts'
import type { PartitionProblem, RecordRow } from './record.ts'

export type RecordPart = 'key' | 'value' | 'headers'

/** All that is given must hold. An empty filter is met by every record. */
export interface RecordFilter {
  readonly text?: TextFilter
  readonly conditions?: readonly FieldCondition[]
  /** CEL, true for a record that is wanted. See `EXPRESSION_VARIABLES` for what it may name. */
  readonly expression?: string
  readonly key?: KeyFilter
  readonly values?: 'tombstones' | 'no-tombstones'
}

/**
 * - `text`: these characters, as UTF-8. Without `caseSensitive`, upper and lower case are the same.
 * - `bytes`: hexadecimal, with or without spaces: `00 2a ff`
 * - `regex`: RE2 syntax, which has no look-around and no back-references and cannot hang
 */
export interface TextFilter {
  readonly needle: string
  readonly mode: 'text' | 'bytes' | 'regex'
  readonly caseSensitive: boolean
  /** Headers are searched in their keys and in their values. */
  readonly in: readonly RecordPart[]
}

export type ConditionOperator =
  | 'equals'
  | 'not-equals'
  | 'contains'
  | 'not-contains'
  | 'exists'
  | 'missing'
  | 'less'
  | 'at-most'
  | 'greater'
  | 'at-least'

/**
 * A condition on one field of a decoded key or value, or on a header. Numbers are compared by their
 * exact decimal value, whatever their length; `equals` with a value that reads as a number meets
 * that number and that string alike. `not-equals`, `not-contains` and `missing` are met by records
 * without the field too: each is the exact opposite of its counterpart.
 */
export interface FieldCondition {
  readonly part: 'key' | 'value' | 'header'
  /**
   * As `customer.id` or `items[0].sku`; see `src-main/contract/field-path.ts`. Empty: the whole.
   * Of a header its name: where several have it, one of them has to meet the condition.
   */
  readonly path: string
  readonly operator: ConditionOperator
  /** As text; left out with `exists` and `missing`. */
  readonly value?: string
}

/**
 * One key, byte for byte. A partitioner narrows the search to the partition that it puts the key
 * into; where the key is not found there, the others are searched too, and `keyPartitions` says so.
 * - `java`: murmur2 of the Java producer and kafkajs's default
 * - `librdkafka`: CRC32, the default (`consistent_random`) of librdkafka, kcat, Python and Go clients
 * - `all`: every partition
 */
export interface KeyFilter {
  readonly bytes: Uint8Array
  readonly partitioner: 'java' | 'librdkafka' | 'all'
}

/**
 * - `running`: reads
 * - `waiting`: is at the end of a live search, and goes on with what comes
 * - `full`: found as many rows as it may keep, and waits; going on counts without keeping
 * - `enough`: found as many rows as it was asked to stop after
 * - `stopped`: someone stopped it
 * - `finished`: has read everything once, but for what is `unread`; of that it goes on with what
 *   failed on the way
 * - `failed`: `problem` says why; it can be continued from where it stood
 */
export type SearchState =
  | 'running'
  | 'waiting'
  | 'full'
  | 'enough'
  | 'stopped'
  | 'finished'
  | 'failed'

export interface SearchSummary {
  readonly searchId: string
  readonly cluster: string
  /** Topics, in the order in which they were given. */
  readonly topics: readonly string[]
  /** As it was started, so that it can be run again. */
  readonly query: SearchQuery
  /** It has no end. */
  readonly live: boolean
  readonly pinned: boolean
  readonly startedAtMs: bigint
  readonly progress: SearchProgress
}

/** Partitions that one progress tells of. */
export const PARTITIONS_SHOWN_MAX = 500

export interface ScanProgress {
  /** Offsets passed and to pass; gaps of compaction are offsets too, and cost nothing. */
  readonly doneOffsets: bigint
  /** Null for a live search. */
  readonly totalOffsets: bigint | null
  /** 0 to 100. Null for a live search. */
  readonly percent: number | null
  readonly recordsRead: bigint
  /** As they came over the network. */
  readonly bytesRead: number
  /** Over the last seconds while it runs; over the whole once it is over. */
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  /** Null where it is not known, and when there is nothing left. */
  readonly timeLeftMs: number | null
  /** Time spent reading; time between a stop and going on is not in it. */
  readonly elapsedMs: number
  /** `PARTITIONS_SHOWN_MAX` of them at most: those that run and those that failed come first. */
  readonly partitions: readonly PartitionScanProgress[]
  readonly partitionCount: number
  /** Offsets that could not be read, at most 1,000 of them. */
  readonly unreadable: readonly UnreadableOffsets[]
  readonly unreadableCount: bigint
  /**
   * Partitions that were not read, or not to their end: those that failed, those that are
   * `silent` now, and those that nobody could be asked about at the beginning, which count in nothing
   * above. `PARTITIONS_SHOWN_MAX` at most.
   */
  readonly unread: readonly PartitionProblem[]
  readonly unreadCount: number
}

export interface SearchProgress extends ScanProgress {
  readonly state: SearchState
  /** Why it failed. */
  readonly problem: Problem | null
  /** How often a thread of it ended and it went on by itself from where it stood. */
  readonly resumedCount: number
  /** Records that meet the filter. */
  readonly found: bigint
  /** Of these, rows that can be read with `search.rows`. */
  readonly kept: number
  readonly keptBytes: number
  /** One entry for each kind of error of the filter. They never stop a search. */
  readonly filterErrors: readonly FilterError[]
  /** Records that the filter could not judge, and that were therefore not found. */
  readonly filterErrorCount: bigint
  /** What was computed for a key filter; null without one, or for all partitions. */
  readonly keyPartitions: KeyPartitions | null
}

export interface KeyPartitions {
  readonly partitions: readonly TopicPartition[]
  /** Not found there: all the others are searched as well. */
  readonly widened: boolean
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface PartitionScanProgress extends TopicPartition {
  /**
   * `idle`: has not been begun; `skipped`: the key filter rules it out; `silent`: it has no leader, or
   * one that does not answer, and goes on when there is one that does.
   */
  readonly state: 'idle' | 'running' | 'waiting' | 'silent' | 'done' | 'skipped' | 'failed'
  /** From `start` up to and without `end`; `end` is null for a live search. */
  readonly start: bigint
  readonly end: bigint | null
  /** The next offset that is read; backward, the one after it. */
  readonly at: bigint
  readonly doneOffsets: bigint
  readonly recordsRead: bigint
  readonly bytesRead: number
  readonly recordsPerSecond: number
  readonly found: bigint
  readonly problem: Problem | null
}

export interface UnreadableOffsets extends TopicPartition {
  readonly from: bigint
  readonly to: bigint
  /** Says why: a checksum that does not fit, a codec's complaint. */
  readonly problem: Problem
}

export interface FilterError {
  readonly message: string
  readonly count: bigint
  /** The record that caused the first of them. */
  readonly first: TopicPartition & { readonly offset: bigint }
}

export interface SearchRows {
  /** Rows from `from` on, in the order that was asked for. */
  readonly rows: readonly RecordRow[]
  readonly from: number
  /** Of all rows kept now. */
  readonly kept: number
  /** Grows when rows are added: an order other than `found` may have changed before `from`. */
  readonly version: number
  /** What the rows were drawn with, while they were found. */
  readonly look: RowLook
}

/** Field columns, in the order of a row's `fields`, and decoders. */
export interface RowLook {
  readonly fields: readonly FieldColumn[]
  readonly decoders: { readonly key: DecoderChoice; readonly value: DecoderChoice }
}

export interface ExpressionCheck {
  readonly valid: boolean
  readonly problem: Problem | null
  /** Where in the expression, in characters; null where that is not known. */
  readonly range: { readonly from: number; readonly to: number } | null
}
