/** Records that are made here: what a page sends, what came of it, and runs of many. */
import type { Problem } from '../define.ts'
import type { CompressionCodec } from './record.ts'

export type { CompressionCodec }

/** What a topic's records have to respect, for the panel's words and warnings. */
export interface ProduceTarget {
  readonly topic: string
  readonly internal: boolean
  readonly partitions: readonly ProducePartition[]
  readonly replicationFactor: number
  /** Null where the configurations may not be read. */
  readonly limits: ProduceLimits | null
}

export interface ProducePartition {
  readonly partition: number
  /** Null where nobody leads: sending there waits and then gives up. */
  readonly leader: number | null
  readonly inSyncCount: number
}

export interface ProduceLimits {
  readonly compacted: boolean
  /** Of a batch as it is stored, compressed: `max.message.bytes` of the topic. */
  readonly maxMessageBytes: number
  /** True when the topic sets it itself, and false when it is the brokers' `message.max.bytes`. */
  readonly maxMessageBytesOfTopic: boolean
  /** `producer` keeps what the producer chose. */
  readonly compressionType: string
  /** True where the broker replaces timestamps by its own. */
  readonly logAppendTime: boolean
  readonly minInSyncReplicas: number
}

/** A place inside a field of a draft, for errors. */
export interface DraftPlace {
  readonly part: 'key' | 'value' | 'header' | 'variable' | 'timestamp' | 'partition' | 'line'
  /** Of the header, the variable or the line, counted from zero. */
  readonly index: number | null
  /** Where in its text the trouble begins, in UTF-16 units, and how long it is. */
  readonly at: number | null
  readonly length: number | null
}

export interface DraftProblem {
  readonly place: DraftPlace
  readonly problem: Problem
}

/** A record as it would be sent, rendered and encoded. Bytes are cut at `SAMPLE_BYTES_MAX`. */
export interface RecordSample {
  readonly key: SampleBytes | null
  readonly value: SampleBytes | null
  readonly headers: readonly { readonly key: string; readonly value: SampleBytes | null }[]
  /** Null where each record gets another, or any: `sticky`, `round-robin`, random. */
  readonly partition: number | null
  readonly timestampMs: bigint
  /** Key, value and headers. */
  readonly sizeBytes: number
}

export interface SampleBytes {
  readonly bytes: Uint8Array
  readonly sizeBytes: number
}

export interface ProducePreview {
  readonly samples: readonly RecordSample[]
  /** What keeps it from being sent. */
  readonly problems: readonly DraftProblem[]
}

/** The beginning of a file, read as it would be sent. */
export interface FilePreview {
  /** Columns of a CSV, or the fields that the first lines of NDJSON have. */
  readonly columns: readonly string[]
  /** The first rows, as text by column; null where a row lacks the field. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** The delimiter that was found, for CSV. */
  readonly delimiter: string | null
  readonly samples: readonly RecordSample[]
  readonly problems: readonly DraftProblem[]
}

/** What came of one record. */
export interface SentRecord {
  readonly index: number
  readonly partition: number
  /** Null with acks 0, where nobody says, and for a record that was not written. */
  readonly offset: bigint | null
  /** As stored: the broker's own where the topic says LogAppendTime. */
  readonly timestampMs: bigint
  /** Null for a record that was written, or with acks 0 handed over. */
  readonly problem: Problem | null
}

export interface ProduceAnswer {
  readonly records: readonly SentRecord[]
  /** From the first byte sent to the last answer. */
  readonly elapsedMs: number
  /** Null without idempotence. */
  readonly producerId: bigint | null
  /** Attempts after the first, over all batches. */
  readonly retryCount: number
}

export type RunKind = 'template' | 'file' | 'replay'
export type RunState = 'running' | 'stopping' | 'done' | 'stopped' | 'failed'

/** A run of many records; it is a job too, under `jobId`. */
export interface ProduceRun {
  readonly runId: string
  readonly jobId: string
  readonly kind: RunKind
  readonly cluster: string
  readonly topic: string
  readonly state: RunState
  readonly startedAtMs: bigint
  readonly endedAtMs: bigint | null
  /** Records to be sent; null where only time, a stop or the end of a file decides. */
  readonly total: bigint | null
  /** Records acknowledged; with acks 0, handed over. */
  readonly sentCount: bigint
  readonly sentBytes: bigint
  readonly failedCount: bigint
  /** Over the last seconds while it runs, over the whole run after it. */
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  readonly retryCount: number
  /** Bytes of the file that were taken, where there is one. */
  readonly readBytes: bigint | null
  /** The last record that was acknowledged, to look at. */
  readonly last: { readonly partition: number; readonly offset: bigint } | null
  /** The first errors; `produce.errors` has up to `RUN_ERRORS_MAX` of them. */
  readonly errors: readonly RunError[]
  /** Why it failed as a whole. */
  readonly problem: Problem | null
}

export interface RunError {
  /** The record's place in the run, counted from zero; of a file, its line counted from one. */
  readonly record: bigint
  readonly problem: Problem
}
