/** Long work that goes on whether or not anyone looks: what the status bar lists. */
import type { Problem } from '../define.ts'

export type JobKind =
  | 'search'
  | 'export'
  | 'statistics'
  | 'produce'
  | 'replay'
  /** Acts on several topics. */
  | 'delete'
  | 'purge'
  | 'configure'
  | 'reassignment'

/** `stopping`: told to stop, and not yet there. `done` reached its end; `stopped` did not. */
export type JobState = 'running' | 'stopping' | 'done' | 'stopped' | 'failed'

export interface JobSummary {
  readonly jobId: string
  readonly kind: JobKind
  readonly cluster: string
  /** What it is about: a topic, or several joined by a comma. */
  readonly subject: string
  /** The thing that it works for, as a search's id: where a click leads. */
  readonly target: string | null
  readonly state: JobState
  readonly progress: JobProgress
  /** Of `progress.unit`, over the last seconds; over the whole time once it has ended. */
  readonly ratePerSecond: number | null
  /** At this rate; null where total or rate is unknown, and after the end. */
  readonly timeLeftMs: number | null
  readonly startedAtMs: bigint
  readonly endedAtMs: bigint | null
  /** Why it failed. */
  readonly problem: Problem | null
}

export interface JobProgress {
  readonly unit: 'records' | 'offsets' | 'bytes' | 'partitions' | 'topics'
  readonly done: bigint
  /** Null where nobody knows, as at a rate until someone stops it. */
  readonly total: bigint | null
  /** What came of it so far: records found, written or refused; null where that says nothing. */
  readonly found: bigint | null
  /** Things that went wrong on the way without ending it. */
  readonly errorCount: bigint
}
