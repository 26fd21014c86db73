/** Exports: records as a file. */
import type { Problem } from '../define.ts'
import type { ScanProgress } from './search.ts'

/**
 * - `ndjson`: one JSON object a line, numbers exactly as stored
 * - `json`: the same objects in one array
 * - `csv`: RFC 4180, with a line of names
 * - `raw`: values alone, bytes as stored, each followed by the separator
 */
export type ExportFormat = 'ndjson' | 'json' | 'csv' | 'raw'

export interface ExportSummary {
  readonly exportId: string
  readonly cluster: string
  readonly topics: readonly string[]
  readonly format: ExportFormat
  /**
   * - `ready`: a download that waits for the browser to ask for `downloadPath`
   * - `stopped`, `failed`: nothing is left of the file
   */
  readonly state: 'ready' | 'running' | 'done' | 'stopped' | 'failed'
  readonly problem: Problem | null
  /** Where the file is, once it is done; null for a download. */
  readonly file: string | null
  readonly fileName: string
  /** What the browser opens, without its token; null for a file. */
  readonly downloadPath: string | null
  readonly jobId: string | null
  readonly writtenRecords: bigint
  readonly writtenBytes: number
  readonly startedAtMs: bigint
  readonly progress: ScanProgress | null
}
