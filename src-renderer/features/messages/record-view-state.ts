/** What a view of records says of itself to the page that draws it. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { PartitionProblem, RecordPage, RecordRow } from '../../../src-main/contract/model/record.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { RowSource } from '../../ui/table/column.ts'
import type { From, RecordPlace, Until } from './messages-search.ts'
import type { RowAt } from './record-run.ts'

export interface RecordViewOptions {
  readonly client: ApplicationClient
  readonly cluster: string
  readonly topic: string
  readonly partitions: readonly number[] | null
  readonly from: From
  readonly until: Until
  /** A record that a link points at: the view begins where it is. */
  readonly at: RecordPlace | null
}

/** One line: a record, or an offset that holds none. */
export type RecordLine = RecordRow | { readonly gapAt: bigint }

export interface RecordViewState {
  readonly opened: boolean
  readonly rows: RowSource<RecordLine>
  readonly order: 'newest-first' | 'oldest-first'
  /** The row that the view was asked to begin at; a new object for each wish. */
  readonly beginAt: { readonly row: number; readonly align: 'start' } | undefined
  /** Records that came and are not in the table yet. */
  readonly newCount: bigint
  readonly problem: Problem | null
  readonly partitionProblems: readonly PartitionProblem[]
  readonly lastPage: { readonly rows: number; readonly bytes: number; readonly ms: number } | null
}

export const NO_ROWS: RowSource<RecordLine> = {
  count: 0,
  at: () => undefined,
  keyAt: () => '',
  indexOf: () => -1,
}

export function lineOf(row: RowAt, position: bigint): RecordLine | undefined {
  return row === 'gap' ? { gapAt: position } : row
}

export function pageFigures({ rows, bytesRead, elapsedMs, problems }: RecordPage) {
  return {
    lastPage: { rows: rows.length, bytes: bytesRead, ms: elapsedMs },
    partitionProblems: problems,
  }
}
