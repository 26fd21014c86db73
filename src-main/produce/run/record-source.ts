/** Where the records of a run come from: a template, a file that is being fed, another topic. */
import type { Problem } from '../../contract/define.ts'
import type { MadeRecord } from '../made-record.ts'

export interface RecordSink {
  /** `number` names the record in errors. */
  add(record: MadeRecord, number: number): void
  /** One that could not be made. */
  fail(number: number, problem: Problem): void
}

export interface RecordSource {
  /**
   * Gives at most `max` records or failures, and how many. It answers at once where it can, waits
   * for the first where it has to, and gives null when there are no more.
   */
  pull(max: number, sink: RecordSink): number | null | Promise<number | null>
  /** A pull that waits comes back at once with null, and nothing is read any more. */
  close(): void
}
