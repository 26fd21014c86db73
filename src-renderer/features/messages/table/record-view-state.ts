/** What a view of records is asked for, and what it says of itself to the page that draws it. */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { Seek, ViewEnd } from '../../../../src-main/contract/api/record.ts'
import type { Problem } from '../../../../src-main/contract/define.ts'
import type { PartitionProblem, RecordPage } from '../../../../src-main/contract/model/record.ts'
import type { RowLook } from '../../../../src-main/contract/model/search.ts'
import type { RowSource } from '../../../ui/table/column.ts'
import type { RecordPlace } from '../query/address.ts'
import type { Interruption } from './live-end.ts'
import type { KeyOfRow } from './record-key.ts'
import { DIGITS_MIN } from './offset-digits.ts'
import { NO_ROWS, type RecordLine } from './record-line.ts'

export interface RecordViewOptions {
  readonly client: ApplicationClient
  readonly cluster: string
  /** The page's own topic, which a place leaves out. */
  readonly topic: string
  readonly sources: readonly {
    readonly topic: string
    readonly partitions: readonly number[] | null
  }[]
  readonly isolation: 'read_uncommitted' | 'read_committed'
  /** `newest` looks backward from the end; everything else is where the table begins. */
  readonly from: Seek
  readonly until: ViewEnd
  /** A record that a link points at: the view begins where it is. */
  readonly at: RecordPlace | null
  /** How rows are drawn; it may change while the view stays. */
  readonly look: RowLook
  readonly keyOf: KeyOfRow
}

export interface RecordViewState {
  readonly opened: boolean
  readonly rows: RowSource<RecordLine>
  readonly order: 'newest-first' | 'oldest-first'
  /** The row that the view was asked to begin at; a new object for each wish. */
  readonly beginAt: { readonly row: number; readonly align: 'start' } | undefined
  /** Records that came and are not in the table yet. */
  readonly newCount: bigint
  /** The end of the logs, as a place in the view, as far as it is known. */
  readonly liveEnd: bigint
  /** Of the largest offset that was seen. */
  readonly digits: number
  /** The last time that a live view heard nothing; null while it never was so. */
  readonly interruption: Interruption | null
  /** What was asked for last has not been answered for a while. */
  readonly slow: boolean
  readonly problem: Problem | null
  readonly partitionProblems: readonly PartitionProblem[]
  readonly lastPage: { readonly rows: number; readonly bytes: number; readonly ms: number } | null
}

export const UNOPENED: Omit<RecordViewState, 'order'> = {
  opened: false,
  rows: NO_ROWS,
  beginAt: undefined,
  newCount: 0n,
  liveEnd: 0n,
  digits: DIGITS_MIN,
  interruption: null,
  slow: false,
  problem: null,
  partitionProblems: [],
  lastPage: null,
}

export function pageFigures({ rows, bytesRead, elapsedMs, problems }: RecordPage) {
  return {
    lastPage: { rows: rows.length, bytes: bytesRead, ms: elapsedMs },
    partitionProblems: problems,
  }
}
