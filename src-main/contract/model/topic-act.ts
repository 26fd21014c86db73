/** One act on several topics, done as a job: what came of each topic. */
import type { Problem } from '../define.ts'
import type { ConfigurationEntry } from './configuration.ts'
import type { JobState } from './job.ts'

export type TopicActType = 'delete' | 'purge' | 'configure'

export interface TopicActResult {
  readonly name: string
  readonly problem: Problem | null
  /** Offsets that a purge took; null for other acts. */
  readonly recordCount: bigint | null
  /** The configuration as it was read back; null for other acts, and where it was not told. */
  readonly readBack: Pick<ConfigurationEntry, 'value' | 'unit' | 'type'> | null
}

export interface TopicActProgress {
  readonly act: TopicActType
  readonly state: JobState
  /** Why the job as a whole failed. */
  readonly problem: Problem | null
  /** Topics that the act was asked for. */
  readonly askedCount: number
  /** Where in all results these belong: what was sent before is not sent again. */
  readonly from: number
  readonly results: readonly TopicActResult[]
}
